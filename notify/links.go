package notify

import "foyer/registration"

// Links answers "find my registration": the private addresses of the orders that belong to an e-mail address.
type Links struct {
	Addressing
	Found []Found
}

// Found is one order of that e-mail address.
type Found struct {
	Event registration.Text
	Mode  registration.Mode
	Code  string
	Link  string
}

var linksWords = struct{ Title, Intro, Open, Secret, NotYou registration.Text }{
	Title:  registration.Text{Ko: "요청하신 등록 내역의 주소입니다", En: "The links to your registrations"},
	Intro:  registration.Text{Ko: "이 이메일 주소로 접수된 등록 내역입니다.", En: "These registrations were made with this e-mail address."},
	Open:   registration.Text{Ko: "{event} ({code})", En: "{event} ({code})"},
	Secret: registration.Text{Ko: "주소를 아는 사람은 누구나 등록 내역을 볼 수 있으므로 다른 사람에게 알려 주지 마십시오.", En: "Anybody who knows such an address can see the registration, so please do not pass it on."},
	NotYou: registration.Text{Ko: "직접 요청하지 않으셨다면 이 메일을 무시하셔도 됩니다.", En: "If you did not ask for this, you can ignore this mail."},
}

// Mail composes the list. With nothing found it reports false and there is no mail to send: a mail that says "nothing
// found" would let anybody send mail to strangers, and the page answers the same either way.
//
// Each order of a test event is marked; the subject is marked when all of them are.
func (d Links) Mail() (Mail, bool) {
	if len(d.Found) == 0 {
		return Mail{}, false
	}
	w, lang := linksWords, d.Lang
	l := d.start()
	l.say(w.Intro.In(lang))
	tests := 0
	for _, f := range d.Found {
		label := fill(w.Open.In(lang), "event", f.Event.In(lang), "code", f.Code)
		if f.Mode != registration.Live {
			tests++
			label = commonWords.TestMark.In(lang) + " " + label
		}
		l.offer(label, f.Link)
	}
	if tests == len(d.Found) {
		l.Test = commonWords.TestLine.In(lang)
	}
	l.say(w.Secret.In(lang))
	l.foot(w.NotYou.In(lang))
	return d.finish(l, w.Title.In(lang)), true
}
