package notify

import (
	"time"

	"foyer/registration"
)

// Proof asks one of the people of a group for what proves their category, by their own link.
type Proof struct {
	Addressing
	About            // Link is the person's own
	Payer     string // who has registered them
	Until     time.Time
	Different bool   // another proof is wanted than the one that was handed in
	Reason    string // why, as staff wrote it
}

var proofWords = struct{ Title, Wanted, Again, AgainTitle, Reason, Until, View registration.Text }{
	Title:      registration.Text{Ko: "{event} 증빙을 제출해 주십시오 ({code})", En: "Please send your proof: {event} ({code})"},
	Wanted:     registration.Text{Ko: "{payer} 측에서 귀하를 {event}에 등록하였습니다. 등록 구분에 필요한 증빙을 아래 주소에서 제출해 주십시오.", En: "{payer} has registered you for {event}. Your category needs a proof: please send it at the address below."},
	AgainTitle: approvalWords.AsksTitle,
	Again:      approvalWords.Asks,
	Reason:     approvalWords.Reason,
	Until:      approvalWords.AskUntil,
	View:       registration.Text{Ko: "증빙 제출하기", En: "Send my proof"},
}

// Mail composes the letter.
func (p Proof) Mail() Mail {
	w, lang := proofWords, p.Lang
	title, text := w.Title, w.Wanted
	if p.Different {
		title, text = w.AgainTitle, w.Again
	}
	l := startOrder(p.Addressing, p.About)
	l.say(p.fill(text, lang, "payer", oneLine(p.Payer)))
	facts := append([]fact{{w.Reason.In(lang), p.Reason}}, p.facts(lang)...)
	l.list(append(facts, fact{w.Until.In(lang), deadline(p.Until, p.Event.Location(), lang)})...)
	l.say(ownLinkWords.Secret.In(lang))
	l.offer(w.View.In(lang), p.Link)
	organizerFoot(l, p.Event)
	return p.finish(l, p.fill(title, lang))
}

// RefusedPerson tells that one person of a group was not approved: its payer, or that person.
type RefusedPerson struct {
	Addressing
	About                         // Link is the order's, "" for the person
	Person   string               // who was not approved
	Payer    string               // who has registered them
	Own      bool                 // it goes to the person
	Category string               // that they have instead, in the mail's language; "" when they are no longer registered
	Reason   string               // as staff wrote it
	Totals   []registration.Money // what the order comes to now
}

var refusedPersonWords = struct {
	Title, Out, Moved, Rest, OwnTitle, OwnOut, OwnMoved, Ask, AskHost, Reason, Total registration.Text
}{
	Title:    registration.Text{Ko: "{person} 님의 등록이 승인되지 않았습니다: {event} ({code})", En: "{person} was not approved: {event} ({code})"},
	Out:      registration.Text{Ko: "{person} 님의 등록이 승인되지 않아 명단에서 제외하였습니다.", En: "{person} was not approved and has been taken out of your group."},
	Moved:    registration.Text{Ko: "{person} 님의 자격이 확인되지 않아 등록 구분을 변경하였습니다. 새 등록 구분: {category}", En: "{person}'s category could not be approved and is “{category}” now."},
	Rest:     registration.Text{Ko: "다른 참가자의 등록은 그대로이며, 등록비 합계가 달라졌습니다.", En: "The other participants stay registered. The total has changed."},
	OwnTitle: registration.Text{Ko: "{event} 등록 안내 ({code})", En: "About your registration for {event} ({code})"},
	OwnOut:   registration.Text{Ko: "{payer} 측에서 신청한 귀하의 {event} 등록이 승인되지 않아 취소되었습니다.", En: "Your registration for {event}, made by {payer}, was not approved and has been cancelled."},
	OwnMoved: registration.Text{Ko: "{event} 등록 자격이 확인되지 않아 등록 구분이 변경되었습니다. 새 등록 구분: {category}", En: "Your category for {event} could not be approved and is “{category}” now."},
	Ask:      registration.Text{Ko: "자세한 것은 등록을 맡은 분이나 주최 기관에 문의해 주십시오.", En: "If you have questions, ask whoever registered you, or the organizer."},
	AskHost:  registration.Text{Ko: "자세한 것은 주최 기관에 문의해 주십시오.", En: "If you have questions, ask the organizer."},
	Reason:   approvalWords.Reason,
	Total:    registration.Text{Ko: "등록비 합계", En: "Total"},
}

// Mail composes the notice.
func (r RefusedPerson) Mail() Mail {
	w, lang := refusedPersonWords, r.Lang
	say := func(t registration.Text) string {
		return r.fill(t, lang, "person", oneLine(r.Person), "payer", oneLine(r.Payer), "category", r.Category)
	}
	l := startOrder(r.Addressing, r.About)
	out, moved, rest, title := w.Out, w.Moved, w.Rest, w.Title
	if r.Own {
		out, moved, rest, title = w.OwnOut, w.OwnMoved, w.Ask, w.OwnTitle
	}
	if r.Own && r.Link != "" { // nobody else has registered them
		rest = w.AskHost
	}
	if r.Category != "" {
		out = moved
	}
	l.say(say(out))
	l.say(rest.In(lang))
	facts := append([]fact{{w.Reason.In(lang), r.Reason}}, r.facts(lang)...)
	l.list(append(facts, fact{w.Total.In(lang), each(r.Totals, lang)})...)
	if r.Link != "" {
		l.offer(commonWords.ViewOrder.In(lang), r.Link)
	}
	organizerFoot(l, r.Event)
	return r.finish(l, say(title))
}
