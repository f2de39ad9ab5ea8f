package notify

import "foyer/registration"

// Cancelled says that an order was cancelled, by its attendee or by staff. Of an event that does not take place it says that and why.
type Cancelled struct {
	Addressing
	About
	Refund  registration.Money // what is going back; 0 when nothing is
	Paid    bool               // the order had brought money
	Account bool               // it goes to a bank account, which the payer names on the order's page
}

var cancelledWords = struct{ Title, Done, Off, Refund, NoRefund, Unpaid registration.Text }{
	Title:    registration.Text{Ko: "{event} 등록이 취소되었습니다 ({code})", En: "Registration cancelled: {event} ({code})"},
	Done:     registration.Text{Ko: "아래 등록이 취소되었습니다.", En: "This registration has been cancelled."},
	Off:      registration.Text{Ko: "행사가 취소되어 아래 등록도 취소되었습니다.", En: "The event has been cancelled, and this registration with it."},
	Refund:   registration.Text{Ko: "{amount} 환불을 진행하고 있으며, 완료되면 메일로 다시 알려 드리겠습니다.", En: "A refund of {amount} is in progress. We will mail you again when it is done."},
	NoRefund: registration.Text{Ko: "이 취소로 환불되는 금액은 없습니다.", En: "No money is refunded with this cancellation."},
	Unpaid:   registration.Text{Ko: "결제된 금액이 없으므로 환불할 금액도 없습니다.", En: "Nothing had been paid, so there is nothing to refund."},
}

// Mail composes the notice.
func (c Cancelled) Mail() Mail {
	w, lang := cancelledWords, c.Lang
	l := startOrder(c.Addressing, c.About)
	if c.Event.CalledOff() {
		l.say(w.Off.In(lang))
		l.say(c.Event.StateText.In(lang))
	} else {
		l.say(w.Done.In(lang))
	}
	l.list(c.facts(lang)...)
	switch {
	case c.Refund.Minor > 0 && c.Account:
		l.say(fill(commonWords.RefundAccount.In(lang), "amount", c.Refund.Format(lang)))
	case c.Refund.Minor > 0:
		l.say(fill(w.Refund.In(lang), "amount", c.Refund.Format(lang)))
	case !c.Paid:
		l.say(w.Unpaid.In(lang))
	default:
		l.say(w.NoRefund.In(lang))
	}
	return finishOrder(c.Addressing, c.About, l, w.Title)
}
