package notify

import (
	"time"

	"foyer/registration"
)

// ApprovalKind says what a mail about approval tells.
type ApprovalKind string

// What is told about an approval.
const (
	ApprovalWaits   ApprovalKind = "waits"   // the order is made, staff look at it
	ApprovalGiven   ApprovalKind = "given"   // it can be paid now
	ApprovalRefused ApprovalKind = "refused" // it has ended
	ApprovalAsks    ApprovalKind = "asks"    // another proof is wanted
)

// Approval tells how an order that staff look at stands.
type Approval struct {
	Addressing
	About
	Kind   ApprovalKind
	Reason string              // of a refusal, as staff wrote it
	Prices registration.Prices // what is to be paid, in each currency in which it can be; nil to leave it out
	Until  time.Time           // until when to pay, or to hand something in, in UTC; zero to leave it out
	Wanted bool                // a proof is still to be handed in
	People bool                // by people who have links of their own
}

var approvalWords = struct {
	Waits, WaitsTitle, Wanted, People, Given, GivenTitle, Refused, RefusedTitle, Asks, AsksTitle, Reason, AskUntil registration.Text
}{
	WaitsTitle:   registration.Text{Ko: "{event} 등록 신청이 접수되었습니다 ({code})", En: "Your registration is waiting for approval: {event} ({code})"},
	Waits:        registration.Text{Ko: "{event} 등록 신청을 받았습니다. 담당자가 확인하는 동안 자리를 맡아 두며, 승인되면 결제하실 수 있도록 메일로 알려 드립니다. 지금은 결제하지 않으셔도 됩니다.", En: "We have received your registration for {event}. Your place is kept while the organizer looks at it. Once it is approved we mail you, and you can pay then; there is nothing to pay now."},
	Wanted:       registration.Text{Ko: "아직 증빙을 제출하지 않으셨습니다. 아래 주소에서 제출해 주십시오.", En: "Your proof is still missing. Please send it at the address below."},
	People:       registration.Text{Ko: "증빙이 필요한 참가자에게는 본인이 직접 제출할 수 있는 주소를 메일로 보내 드렸습니다.", En: "Participants who need a proof have been mailed a link of their own to send it."},
	GivenTitle:   registration.Text{Ko: "{event} 등록이 승인되었습니다. 결제해 주십시오 ({code})", En: "Approved, please pay: {event} ({code})"},
	Given:        registration.Text{Ko: "{event} 등록이 승인되었습니다. 아래 주소에서 결제하시면 등록이 완료됩니다.", En: "Your registration for {event} is approved. Pay at the address below to complete it."},
	RefusedTitle: registration.Text{Ko: "{event} 등록이 승인되지 않았습니다 ({code})", En: "Registration not approved: {event} ({code})"},
	Refused:      registration.Text{Ko: "{event} 등록 신청이 승인되지 않아 취소되었습니다. 결제된 금액은 없습니다.", En: "Your registration for {event} was not approved and has been cancelled. Nothing was charged."},
	AsksTitle:    registration.Text{Ko: "{event} 증빙을 다시 제출해 주십시오 ({code})", En: "Please send another proof: {event} ({code})"},
	Asks:         registration.Text{Ko: "제출하신 증빙을 확인할 수 없었습니다. 아래 주소에서 다시 제출해 주십시오.", En: "We could not accept the proof for your registration. Please send another one at the address below."},
	Reason:       registration.Text{Ko: "사유", En: "Reason"},
	AskUntil:     registration.Text{Ko: "제출 기한", En: "Send it by"},
}

// Mail composes the notice.
func (a Approval) Mail() Mail {
	w, lang := approvalWords, a.Lang
	title, text, until, link := w.WaitsTitle, w.Waits, w.AskUntil, commonWords.ViewOrder
	switch a.Kind {
	case ApprovalGiven:
		title, text, until, link = w.GivenTitle, w.Given, commonWords.PayUntil, commonWords.Pay
	case ApprovalRefused:
		title, text = w.RefusedTitle, w.Refused
	case ApprovalAsks:
		title, text = w.AsksTitle, w.Asks
	case ApprovalWaits:
	}
	l := startOrder(a.Addressing, a.About)
	l.say(a.fill(text, lang))
	switch {
	case a.Kind != ApprovalWaits || !a.Wanted:
	case a.People:
		l.say(w.People.In(lang))
	default:
		l.say(w.Wanted.In(lang))
	}
	facts := append([]fact{{w.Reason.In(lang), a.Reason}}, a.facts(lang)...)
	l.list(append(facts, fact{commonWords.Amount.In(lang), each(sums(a.Prices), lang)}, fact{until.In(lang), deadline(a.Until, a.Event.Location(), lang)})...)
	return finishTo(a.Addressing, a.About, l, title, link)
}
