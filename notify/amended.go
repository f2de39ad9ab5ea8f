package notify

import (
	"strconv"
	"time"

	"foyer/registration"
)

// Amended says that what a paid order holds has changed.
type Amended struct {
	Addressing
	About
	Holds       []registration.Line // what the order holds now
	Total       registration.Money  // what it comes to
	Paid        registration.Money  // that was paid for the change; 0 when nothing was
	ReceiptNo   string              // of that payment
	Refund      registration.Money  // what is going back; 0 when nothing is
	Account     bool                // it goes to a bank account, which the payer names on the order's page
	Asks        bool                // what is held now asks questions that have still to be answered
	Attachments []Attachment
}

var amendedWords = struct {
	Title, Done, Asks, Holds, Total, Paid, Refund registration.Text
}{
	Title:  registration.Text{Ko: "{event} 등록 내용이 변경되었습니다 ({code})", En: "Your registration has changed: {event} ({code})"},
	Done:   registration.Text{Ko: "등록 내용이 아래와 같이 변경되었습니다.", En: "Your registration has been changed as follows."},
	Asks:   registration.Text{Ko: "변경된 등록 구분에 필요한 정보가 아직 입력되지 않았습니다. 아래 주소에서 입력해 주십시오.", En: "Details that the new category needs are still missing. Please fill them in at the address below."},
	Holds:  registration.Text{Ko: "등록 내용", En: "You are registered for"},
	Total:  registration.Text{Ko: "등록비 합계", En: "Total fee"},
	Paid:   registration.Text{Ko: "추가로 결제한 금액", En: "Paid for the change"},
	Refund: registration.Text{Ko: "{amount} 환불을 진행하고 있으며, 완료되면 메일로 다시 알려 드리겠습니다.", En: "A refund of {amount} is in progress. We will mail you again when it is done."},
}

// Mail composes the notice.
func (m Amended) Mail() Mail {
	w, lang := amendedWords, m.Lang
	l := startOrder(m.Addressing, m.About)
	l.say(w.Done.In(lang))
	l.list(m.facts(lang)...)
	l.list(fact{w.Holds.In(lang), holdings(m.Holds, lang)}, fact{w.Total.In(lang), m.Total.Format(lang)}, fact{w.Paid.In(lang), some(m.Paid, lang)},
		fact{commonWords.Receipt.In(lang), m.ReceiptNo})
	if m.Asks {
		l.say(w.Asks.In(lang))
	}
	switch {
	case m.Refund.Minor > 0 && m.Account:
		l.say(fill(commonWords.RefundAccount.In(lang), "amount", m.Refund.Format(lang)))
	case m.Refund.Minor > 0:
		l.say(fill(w.Refund.In(lang), "amount", m.Refund.Format(lang)))
	}
	mail := finishOrder(m.Addressing, m.About, l, w.Title)
	mail.Attachments = m.Attachments
	return mail
}

// AmendDue asks for what a change by the organizer costs more.
type AmendDue struct {
	Addressing
	About
	Holds  []registration.Line // what the order is to hold
	Moves  []registration.Move // whom of several people it is about; none of one
	Due    []registration.Money
	Until  time.Time // UTC
	Reason string
}

var amendDueWords = struct {
	Title, Asked, Holds, Due, Pay, Reason, Else registration.Text
}{
	Title:  registration.Text{Ko: "{event} 등록 변경에 따라 추가 결제가 필요합니다 ({code})", En: "A further payment is needed: {event} ({code})"},
	Asked:  registration.Text{Ko: "주최 측이 등록 내용을 아래와 같이 변경하고자 합니다. 아래 주소에서 차액을 결제하시면 변경이 완료됩니다.", En: "The organizer asks for the following change to your registration. It takes effect once you have paid the difference at the address below."},
	Holds:  registration.Text{Ko: "변경 후 등록 내용", En: "After the change"},
	Due:    registration.Text{Ko: "추가 결제 금액", En: "To be paid"},
	Pay:    registration.Text{Ko: "차액 결제하기", En: "Pay the difference"},
	Reason: registration.Text{Ko: "사유", En: "Reason"},
	Else:   registration.Text{Ko: "기한까지 결제하지 않으시면 등록 내용은 바뀌지 않으며, 주최 측이 따로 연락드릴 수 있습니다.", En: "If it is not paid by then, your registration stays as it is, and the organizer may get in touch with you."},
}

// Mail composes the request.
func (m AmendDue) Mail() Mail {
	w, lang := amendDueWords, m.Lang
	l := startOrder(m.Addressing, m.About)
	l.say(w.Asked.In(lang))
	l.list(m.facts(lang)...)
	l.list(append(m.whose(w.Holds.In(lang)), fact{w.Due.In(lang), each(m.Due, lang)},
		fact{commonWords.PayUntil.In(lang), deadline(m.Until, m.Event.Location(), lang)}, fact{w.Reason.In(lang), oneLine(m.Reason)})...)
	l.say(w.Else.In(lang))
	return finishTo(m.Addressing, m.About, l, w.Title, w.Pay)
}

// whose says what the order is to hold: of several people whose change it is, from what to what.
func (m AmendDue) whose(label string) (facts []fact) {
	for _, x := range m.Moves {
		facts = append(facts, fact{x.Name, holdings(x.Before, m.Lang) + " → " + holdings(x.After, m.Lang)})
	}
	if len(facts) == 0 {
		facts = append(facts, fact{label, holdings(m.Holds, m.Lang)})
	}
	return facts
}

// AmendOver says that a difference that the organizer has asked for is not to be paid any more.
type AmendOver struct {
	Addressing
	About
	Holds  []registration.Line // what the order holds, as before
	Lapsed bool                // its time is over; else the organizer does without it
}

var amendOverWords = struct {
	Title, Dropped, Lapsed, Stays, Else registration.Text
}{
	Title:   registration.Text{Ko: "{event} 추가 결제 요청이 종료되었습니다 ({code})", En: "The further payment is no longer asked for: {event} ({code})"},
	Dropped: registration.Text{Ko: "앞서 요청드린 추가 결제가 필요하지 않게 되었습니다. 결제하실 금액이 없으며, 등록 내용은 그대로 유지됩니다.", En: "The further payment that we asked you for is not needed any more. There is nothing to pay, and your registration stays as it is."},
	Lapsed:  registration.Text{Ko: "앞서 요청드린 추가 결제의 기한이 지나 결제하실 수 없게 되었습니다. 등록 내용은 변경되지 않았습니다.", En: "The time for the further payment that we asked you for is over, and it cannot be paid any more. Your registration has not been changed."},
	Stays:   registration.Text{Ko: "등록 내용", En: "You are registered for"},
	Else:    registration.Text{Ko: "주최 측이 따로 연락드릴 수 있습니다.", En: "The organizer may get in touch with you."},
}

// Mail composes the notice.
func (m AmendOver) Mail() Mail {
	w, lang := amendOverWords, m.Lang
	l := startOrder(m.Addressing, m.About)
	said := w.Dropped
	if m.Lapsed {
		said = w.Lapsed
	}
	l.say(said.In(lang))
	l.list(m.facts(lang)...)
	l.list(fact{w.Stays.In(lang), holdings(m.Holds, lang)})
	if m.Lapsed {
		l.say(w.Else.In(lang))
	}
	return finishOrder(m.Addressing, m.About, l, w.Title)
}

// holdings names lines in one sentence.
func holdings(lines []registration.Line, lang registration.Lang) (text string) {
	for i, line := range lines {
		if i > 0 {
			text += ", "
		}
		text += oneLine(line.Name.In(lang))
		if line.Quantity > 1 {
			text += " × " + strconv.FormatInt(line.Quantity, 10)
		}
	}
	return text
}

// some is a sum, "" for none.
func some(m registration.Money, lang registration.Lang) string {
	if m.Minor == 0 {
		return ""
	}
	return m.Format(lang)
}
