package notify

import (
	"time"

	"foyer/registration"
)

// Registered is the confirmation that an order is paid, or free. It is composed only for an order that is paid.
type Registered struct {
	Addressing
	About
	Registrations []registration.Registration
	Total         registration.Money // 0 for a free order; Cur is also the currency of the lines
	Method        string             // in the mail's language; "" for a free order
	PaidAt        time.Time          // UTC; zero for a free order
	ReceiptNo     string             // "" for a free order
	Agrees        bool               // whoever gets the mail has still to agree for themselves
	Attachments   []Attachment       // receipt, calendar file, QR code; the mail lists their names
}

var registeredWords = struct {
	Title, Free, Paid, People, Item, Count, Total, Fee, PaidAt, Keep, KeepFree, Secret registration.Text
}{
	Title:    registration.Text{Ko: "{event} 등록이 완료되었습니다 ({code})", En: "You are registered: {event} ({code})"},
	Free:     registration.Text{Ko: "{event} 등록이 완료되었습니다.", En: "You are registered for {event}."},
	Paid:     registration.Text{Ko: "결제가 확인되어 {event} 등록이 완료되었습니다.", En: "Your payment is confirmed and you are registered for {event}."},
	People:   registration.Text{Ko: "등록자: {name}", En: "Registered: {name}"},
	Item:     registration.Text{Ko: "항목", En: "Item"},
	Count:    registration.Text{Ko: "수량", En: "Quantity"},
	Total:    registration.Text{Ko: "결제 금액", En: "Total paid"},
	Fee:      registration.Text{Ko: "등록비", En: "Fee"},
	PaidAt:   registration.Text{Ko: "결제 일시", En: "Paid on"},
	Keep:     registration.Text{Ko: "이 메일을 보관해 주십시오. 아래 주소에서 등록 내역과 영수증을 언제든지 확인하실 수 있습니다.", En: "Please keep this mail. The address below shows your registration and your receipt at any time."},
	KeepFree: registration.Text{Ko: "이 메일을 보관해 주십시오. 아래 주소에서 등록 내역을 언제든지 확인하실 수 있습니다.", En: "Please keep this mail. The address below shows your registration at any time."},
	Secret:   registration.Text{Ko: "이 주소를 아는 사람은 누구나 등록 내역을 볼 수 있으므로 다른 사람에게 알려 주지 마십시오.", En: "Anybody who knows this address can see the registration, so please do not pass it on."},
}

// Mail composes the confirmation.
func (r Registered) Mail() Mail {
	w, lang := registeredWords, r.Lang
	l := startOrder(r.Addressing, r.About)
	done, keep := w.Paid, w.Keep
	if r.Total.Minor == 0 {
		done, keep = w.Free, w.KeepFree
	}
	l.say(r.fill(done, lang))
	l.list(r.facts(lang)...)
	for _, reg := range r.Registrations {
		l.Blocks = append(l.Blocks, block{Table: r.lines(reg)})
	}
	l.list(
		r.total(),
		fact{commonWords.Method.In(lang), r.Method},
		fact{w.PaidAt.In(lang), dayOrMoment(r.PaidAt, r.Event.Location(), lang)},
		fact{commonWords.Receipt.In(lang), r.ReceiptNo},
	)
	l.attached(lang, r.Attachments)
	if r.Agrees {
		l.say(commonWords.Agree.In(lang))
	}
	l.say(keep.In(lang) + " " + w.Secret.In(lang))
	m := finishOrder(r.Addressing, r.About, l, w.Title)
	m.Attachments = r.Attachments
	return m
}

// lines is one person's table of what was bought.
func (r Registered) lines(reg registration.Registration) *table {
	w, lang := registeredWords, r.Lang
	who := reg.Person.Name
	if reg.Person.Affiliation != "" {
		who += " (" + reg.Person.Affiliation + ")"
	}
	t := &table{
		Caption: oneLine(fill(w.People.In(lang), "name", who)),
		Item:    w.Item.In(lang), Count: w.Count.In(lang), Price: commonWords.Amount.In(lang),
	}
	for _, line := range reg.Lines {
		amount := ""
		if unit, ok := line.Unit[r.Total.Cur]; ok && unit == 0 {
			amount = commonWords.Free.In(lang)
		} else if ok {
			amount = registration.Money{Minor: unit * line.Quantity, Cur: r.Total.Cur}.Format(lang)
		}
		t.Rows = append(t.Rows, row{Name: oneLine(line.Name.In(lang)), Quantity: line.Quantity, Amount: amount})
	}
	return t
}

func (r Registered) total() fact {
	if r.Total.Minor == 0 {
		return fact{registeredWords.Fee.In(r.Lang), commonWords.Free.In(r.Lang)}
	}
	return fact{registeredWords.Total.In(r.Lang), r.Total.Format(r.Lang)}
}
