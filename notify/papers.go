package notify

import (
	"time"

	"foyer/registration"
)

// PapersMissing asks a contact author to see to it that their accepted papers are covered by a registration.
type PapersMissing struct {
	Addressing
	Event    *registration.Event
	Papers   []registration.Paper // that nobody covers
	Deadline time.Time            // UTC; zero when there is none
	Over     bool                 // the deadline has passed: only the organizer can help
	Link     string               // the event's page
}

var papersWords = struct{ Title, Intro, Paper, Until, How, Over, Open registration.Text }{
	Title: registration.Text{Ko: "{event}: 저자 등록이 필요한 논문이 있습니다", En: "{event}: author registration is missing for your paper"},
	Intro: registration.Text{Ko: "채택된 논문은 저자 한 분 이상이 등록하셔야 합니다. 아래 논문은 아직 등록한 저자가 없습니다.",
		En: "Each accepted paper needs the registration of at least one of its authors. Nobody has registered for the following so far."},
	Paper: registration.Text{Ko: "논문 {number}", En: "Paper {number}"},
	Until: registration.Text{Ko: "등록 기한", En: "Deadline"},
	How:   registration.Text{Ko: "저자 가운데 한 분이 등록하면서 위의 논문 번호를 입력해 주십시오. 이미 등록하셨는데 번호를 입력하지 않으셨다면 이 메일에 답장해 주십시오.", En: "One of the authors registers and enters the paper's number in the form. If you have registered without entering it, please reply to this mail."},
	Over:  registration.Text{Ko: "등록 기한이 지났습니다. 이 메일에 답장해 주십시오.", En: "The deadline has passed. Please reply to this mail."},
	Open:  registration.Text{Ko: "등록하기", En: "Register"},
}

// Mail composes the request.
func (p PapersMissing) Mail() Mail {
	w, lang := papersWords, p.Lang
	l := p.start()
	if p.Event.Mode != registration.Live {
		l.Test = commonWords.TestLine.In(lang)
	}
	l.say(w.Intro.In(lang))
	var facts []fact
	for _, paper := range p.Papers {
		facts = append(facts, fact{fill(w.Paper.In(lang), "number", paper.Number), oneLine(paper.Title)})
	}
	if !p.Deadline.IsZero() {
		facts = append(facts, fact{w.Until.In(lang), deadline(p.Deadline, p.Event.Location(), lang)})
	}
	l.list(facts...)
	if p.Over {
		l.say(w.Over.In(lang))
	} else {
		l.say(w.How.In(lang))
		l.offer(w.Open.In(lang), p.Link)
	}
	organizerFoot(l, p.Event)
	return p.finish(l, fill(w.Title.In(lang), "event", p.Event.Name.In(lang)))
}
