package notify

import "foyer/registration"

// SurplusReason says why money that came cannot be used.
type SurplusReason string

// The reasons; an unknown one gets a sentence that fits them all.
const (
	SurplusTwice  SurplusReason = "twice"  // the charge was already paid
	SurplusAmount SurplusReason = "amount" // another amount or currency than asked for
	SurplusPlaces SurplusReason = "places" // it came after the hold ended and the places are gone
	SurplusOver   SurplusReason = "over"   // it came after the order was cancelled

	SurplusCalledOff SurplusReason = "called_off" // the event does not take place
)

// SurplusRefund says that money came which this order cannot use, and that it is going back by itself.
// It is sent when the automatic Refund is asked for; money that waits for staff is not announced this way.
type SurplusRefund struct {
	Addressing
	About
	Amount registration.Money // as the gateway took it
	Reason SurplusReason
	Method string // in the mail's language

	Account bool // it goes to a bank account, which the payer names on the order's page
}

var surplusWords = struct {
	Title, Twice, Amount, Places, Over, CalledOff, Other, Back, AmountLabel registration.Text
}{
	Title:       registration.Text{Ko: "{event} 결제 금액을 돌려드립니다 ({code})", En: "Your payment is being returned: {event} ({code})"},
	Twice:       registration.Text{Ko: "이미 결제가 완료된 등록에 한 번 더 결제된 금액이 확인되었습니다. 등록은 그대로 유효합니다.", En: "A second payment arrived for a registration that was already paid. Your registration remains valid."},
	Amount:      registration.Text{Ko: "안내해 드린 금액이나 통화와 다르게 결제되어 등록에 사용할 수 없었습니다.", En: "The amount or currency that was paid differs from what we asked for, so it could not be used for your registration."},
	Places:      registration.Text{Ko: "자리 확보 시간이 지난 뒤에 결제되었고 남은 자리가 없어 등록을 완료할 수 없었습니다.", En: "The payment arrived after your places were released and no places are left, so we could not register you."},
	Over:        registration.Text{Ko: "등록이 취소된 뒤에 결제된 금액이 확인되었습니다.", En: "A payment arrived after the registration was cancelled."},
	CalledOff:   registration.Text{Ko: "열리지 않게 된 행사의 결제 금액이 확인되었습니다.", En: "A payment arrived for an event that does not take place."},
	Other:       registration.Text{Ko: "등록에 사용할 수 없는 결제 금액이 확인되었습니다.", En: "A payment arrived that could not be used for your registration."},
	Back:        registration.Text{Ko: "결제된 금액은 자동으로 전액 환불되며, 따로 하실 일은 없습니다.", En: "The whole amount is being refunded automatically. There is nothing you need to do."},
	AmountLabel: registration.Text{Ko: "환불 금액", En: "Amount being refunded"},
}

// Mail composes the notice.
func (s SurplusRefund) Mail() Mail {
	w, lang := surplusWords, s.Lang
	l := startOrder(s.Addressing, s.About)
	l.say(s.why().In(lang))
	if s.Account {
		l.say(fill(commonWords.RefundAccount.In(lang), "amount", s.Amount.Format(lang)))
	} else {
		l.say(w.Back.In(lang) + " " + commonWords.RefundDays.In(lang))
	}
	l.list(
		fact{commonWords.Event.In(lang), s.Event.Name.In(lang)},
		fact{commonWords.Code.In(lang), s.Code},
		fact{w.AmountLabel.In(lang), s.Amount.Format(lang)},
		fact{commonWords.Method.In(lang), s.Method},
	)
	return finishOrder(s.Addressing, s.About, l, w.Title)
}

func (s SurplusRefund) why() registration.Text {
	switch s.Reason {
	case SurplusTwice:
		return surplusWords.Twice
	case SurplusAmount:
		return surplusWords.Amount
	case SurplusPlaces:
		return surplusWords.Places
	case SurplusOver:
		return surplusWords.Over
	case SurplusCalledOff:
		return surplusWords.CalledOff
	}
	return surplusWords.Other
}
