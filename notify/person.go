package notify

import (
	"time"

	"foyer/registration"
)

// OwnLink gives one of the people of an order their own private address. Somebody else has paid for them.
type OwnLink struct {
	Addressing
	About                 // Link is the person's own
	Payer       string    // who has registered them
	Category    string    // in the mail's language
	ProofUntil  time.Time // until when a proof that is missing can be handed in, in UTC; zero when none is
	Agrees      bool      // they have still to agree for themselves
	Attachments []Attachment
}

var ownLinkWords = struct{ Title, Done, Do, Proof, Category, Secret, View registration.Text }{
	Title:    registration.Text{Ko: "{event} 등록 안내 ({code})", En: "Your registration for {event} ({code})"},
	Done:     registration.Text{Ko: "{payer} 측에서 귀하를 {event}에 등록하였습니다.", En: "{payer} has registered you for {event}."},
	Do:       registration.Text{Ko: "아래 주소에서 등록 내용을 확인하시고, 빠진 정보를 입력해 주십시오. 현장 확인용 QR 코드도 그 주소에 있습니다.", En: "Open the address below to check your registration and to fill in what is missing. The QR code for the desk is there, too."},
	Proof:    registration.Text{Ko: "등록 구분에 필요한 증빙도 그 주소에서 {time}까지 제출해 주십시오.", En: "Your category needs a proof: please send it there, too, by {time}."},
	Category: registration.Text{Ko: "등록 구분", En: "Category"},
	Secret:   registration.Text{Ko: "이 주소는 본인만 사용하는 것이므로 다른 사람에게 알려 주지 마십시오.", En: "This address is yours alone, so please do not pass it on."},
	View:     registration.Text{Ko: "내 등록 확인하기", En: "Check my registration"},
}

// Mail composes the letter.
func (o OwnLink) Mail() Mail {
	w, lang := ownLinkWords, o.Lang
	l := startOrder(o.Addressing, o.About)
	l.say(o.fill(w.Done, lang, "payer", oneLine(o.Payer)))
	l.list(append(o.facts(lang), fact{w.Category.In(lang), o.Category})...)
	l.say(w.Do.In(lang))
	if o.Agrees {
		l.say(commonWords.Agree.In(lang))
	}
	if !o.ProofUntil.IsZero() {
		l.say(fill(w.Proof.In(lang), "time", deadline(o.ProofUntil, o.Event.Location(), lang)))
	}
	l.say(w.Secret.In(lang))
	l.offer(w.View.In(lang), o.Link)
	organizerFoot(l, o.Event)
	m := o.finish(l, o.fill(w.Title, lang))
	m.Attachments = o.Attachments
	return m
}

// Replaced tells somebody that another person takes part in their place, or that their registration in another's order was cancelled.
type Replaced struct {
	Addressing
	About
	Payer string
	Gone  bool // nobody comes instead
}

var replacedWords = struct{ Title, Done, GoneTitle, Gone, Ask registration.Text }{
	GoneTitle: registration.Text{Ko: "{event} 참가 등록이 취소되었습니다 ({code})", En: "Your registration was cancelled: {event} ({code})"},
	Gone:      registration.Text{Ko: "{payer} 명의의 주문에 들어 있던 {event} 참가 등록이 취소되었습니다. 받으신 주소와 QR 코드는 더 이상 사용할 수 없습니다.", En: "Your registration for {event}, which {payer} paid for, was cancelled. The address and the QR code that you had no longer work."},
	Title:     registration.Text{Ko: "{event} 참가자가 변경되었습니다 ({code})", En: "Somebody else takes your place: {event} ({code})"},
	Done:      registration.Text{Ko: "{payer} 측에서 {event} 참가자를 다른 분으로 변경하였습니다. 이전에 받으신 주소와 QR 코드는 더 이상 사용할 수 없습니다.", En: "{payer} has put another person in your place for {event}. The address and the QR code that you had no longer work."},
	Ask:       registration.Text{Ko: "자세한 사항은 등록을 맡은 분께 문의해 주십시오.", En: "If you did not expect this, ask whoever registered you."},
}

// Mail composes the notice.
func (r Replaced) Mail() Mail {
	w, lang := replacedWords, r.Lang
	l := startOrder(r.Addressing, r.About)
	title, done := w.Title, w.Done
	if r.Gone {
		title, done = w.GoneTitle, w.Gone
	}
	l.say(r.fill(done, lang, "payer", oneLine(r.Payer)))
	l.say(w.Ask.In(lang))
	organizerFoot(l, r.Event)
	return r.finish(l, r.fill(title, lang))
}
