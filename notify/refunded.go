package notify

import "foyer/registration"

// Refunded says that a refund is done: some or all of a payment went back.
type Refunded struct {
	Addressing
	About
	Amount       registration.Money // what goes back
	Partial      bool               // more was paid than has gone back by now
	Method       string             // in the mail's language
	Account      bool               // it went to a bank account, not to a card
	CorrectionNo string
	ReceiptNo    string                  // of the payment; may be empty
	State        registration.OrderState // of the order now: a refund by itself cancels nothing
	Attachments  []Attachment            // the correction document, where there is one; the mail lists its name
}

var refundedWords = struct {
	TitleFull, TitlePartial, Full, Partial, Amount, Stands, Ended registration.Text
}{
	TitleFull:    registration.Text{Ko: "{event} 환불이 완료되었습니다 ({code})", En: "Refunded: {event} ({code})"},
	TitlePartial: registration.Text{Ko: "{event} 부분 환불이 완료되었습니다 ({code})", En: "Partly refunded: {event} ({code})"},
	Full:         registration.Text{Ko: "결제하신 금액을 환불해 드렸습니다.", En: "Your payment has been refunded."},
	Partial:      registration.Text{Ko: "결제하신 금액 중 일부를 환불해 드렸습니다.", En: "Part of your payment has been refunded."},
	Amount:       registration.Text{Ko: "환불 금액", En: "Refunded amount"},
	Stands:       registration.Text{Ko: "등록은 그대로 유효합니다.", En: "Your registration remains valid."},
	Ended:        registration.Text{Ko: "이 등록은 취소되었습니다.", En: "This registration is cancelled."},
}

// Mail composes the notice.
func (r Refunded) Mail() Mail {
	w, lang := refundedWords, r.Lang
	title, intro := w.TitleFull, w.Full
	if r.Partial {
		title, intro = w.TitlePartial, w.Partial
	}
	l := startOrder(r.Addressing, r.About)
	text := intro.In(lang)
	if !r.Account {
		text += " " + commonWords.RefundDays.In(lang)
	}
	l.say(text)
	l.list(
		fact{commonWords.Event.In(lang), r.Event.Name.In(lang)},
		fact{commonWords.Code.In(lang), r.Code},
		fact{w.Amount.In(lang), r.Amount.Format(lang)},
		fact{commonWords.Method.In(lang), r.Method},
		fact{commonWords.Correction.In(lang), r.CorrectionNo},
		fact{commonWords.Receipt.In(lang), r.ReceiptNo},
	)
	switch r.State {
	case registration.OrderPaid:
		l.say(w.Stands.In(lang))
	case registration.OrderCancelled:
		l.say(w.Ended.In(lang))
	case registration.OrderPending, registration.OrderExpired, registration.OrderAwaiting:
	}
	l.attached(lang, r.Attachments)
	m := finishOrder(r.Addressing, r.About, l, title)
	m.Attachments = r.Attachments
	return m
}
