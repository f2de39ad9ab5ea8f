package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"foyer/documents"
	"foyer/handlers"
	"foyer/notify"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// letter is everything that a mail about one order may speak of.
type letter struct {
	notify.Addressing
	notify.About
	links    handlers.Links
	order    *registration.Order
	payments []payments.Payment
	refunds  []payments.Refund
	receipts []store.Receipt
}

// read reads the order of a mail as it is now.
func (m *mailer) read(ctx context.Context, job string, what store.Mail) (*letter, error) {
	o, err := m.store.Order(ctx, what.OrderID)
	if err != nil {
		return nil, err
	}
	e, err := m.store.EventByID(ctx, o.EventID)
	if err != nil {
		return nil, err
	}
	l := &letter{links: m.links, order: o, Addressing: m.addressing(job, e, o.Payer, o.Lang), About: notify.About{Event: e, Code: o.Code, Link: m.orderLink(o)}}
	if l.payments, err = m.store.Payments(ctx, o.ID); err != nil {
		return nil, err
	}
	if l.refunds, err = m.store.RefundsOf(ctx, o.ID); err != nil {
		return nil, err
	}
	l.receipts, err = m.store.Receipts(ctx, o.ID)
	return l, err
}

// registered is the confirmation of a paid or free order; none for an order that is not paid any more.
func (l *letter) registered() (notify.Mail, bool, error) {
	if l.order.State != registration.OrderPaid {
		return notify.Mail{}, false, nil
	}
	r := notify.Registered{Addressing: l.Addressing, About: l.About, Registrations: whole(l.order)}
	if !l.group() {
		_, r.Agrees = l.order.Agreed(l.Event, &l.order.Registrations[0])
	}
	if cur := l.order.Prices.Currencies(); len(cur) > 0 {
		r.Total.Cur = cur[0]
	}
	for _, p := range l.payments {
		if p.State == payments.Confirmed {
			r.Total = registration.Money{Minor: p.Amount.Minor + r.Total.Minor, Cur: p.Amount.Cur} // that of its changes too
			if r.PaidAt = p.PaidAt; r.PaidAt.IsZero() {
				r.PaidAt = p.ConfirmedAt
			}
			r.Method = handlers.MethodText(l.Lang, p.Method)
		}
	}
	for _, doc := range l.receipts {
		if doc.Kind == string(documents.KindReceipt) {
			r.ReceiptNo = doc.No
		}
	}
	var err error
	r.Attachments, err = l.attachments()
	return r.Mail(), true, err
}

// deposit tells where the money goes; nothing once the order or the account does not wait for it any more.
func (l *letter) deposit() (notify.Mail, bool, error) {
	var p *payments.Payment // the newest that waits
	for i := range l.payments {
		if l.payments[i].State == payments.AwaitingDeposit {
			p = &l.payments[i]
		}
	}
	if p == nil || l.order.State != registration.OrderPending {
		return notify.Mail{}, false, nil
	}
	m := notify.Deposit{
		Addressing: l.Addressing, About: l.About, Amount: p.Amount, Bank: p.Account.Bank, AccountNumber: p.Account.Number, Owner: p.Account.Holder,
		Deadline: p.Deadline, OwnAccount: p.Asked == payments.MethodBankTransfer, OnSite: p.Asked == payments.MethodOnSite,
	}
	return m.Mail(), true, nil
}

// refunded says that a refund is done, with its correction document.
func (l *letter) refunded(refundID string) (notify.Mail, bool, error) {
	r, p, err := l.refund(refundID)
	if err != nil || r.State != payments.RefundDone {
		return notify.Mail{}, false, err
	}
	m := notify.Refunded{
		Addressing: l.Addressing, About: l.About, Amount: r.Amount, CorrectionNo: r.ReceiptNo, State: l.order.State,
		Method: handlers.MethodText(l.Lang, p.Method), Account: p.IntoAccount(),
		Partial: payments.Refunded(p, l.refundsOf(p.ID)).Minor < p.Captured.Minor,
	}
	for _, doc := range l.receipts {
		if doc.Kind == string(documents.KindReceipt) && doc.PaymentID == p.ID {
			m.ReceiptNo = doc.No
		}
		if doc.No == r.ReceiptNo {
			file, err := paperFile(doc)
			if err != nil {
				return notify.Mail{}, false, err
			}
			m.Attachments = append(m.Attachments, file)
		}
	}
	return m.Mail(), true, nil
}

// surplus says that money which the order cannot use is going back.
func (l *letter) surplus(refundID string) (notify.Mail, bool, error) {
	r, p, err := l.refund(refundID)
	if err != nil {
		return notify.Mail{}, false, err
	}
	m := notify.SurplusRefund{Addressing: l.Addressing, About: l.About, Amount: r.Amount, Method: handlers.MethodText(l.Lang, p.Method), Account: p.IntoAccount()}
	switch {
	case p.Captured != p.Amount:
		m.Reason = notify.SurplusAmount
	case l.order.State == registration.OrderPaid:
		m.Reason = notify.SurplusTwice
	case l.Event.CalledOff():
		m.Reason = notify.SurplusCalledOff
	case l.order.State == registration.OrderExpired:
		m.Reason = notify.SurplusPlaces
	case l.order.State == registration.OrderCancelled:
		m.Reason = notify.SurplusOver
	}
	return m.Mail(), true, nil
}

// cancelled says that the order has ended, and what is going back.
func (l *letter) cancelled() (notify.Mail, bool, error) {
	m := notify.Cancelled{Addressing: l.Addressing, About: l.About}
	for _, p := range l.payments {
		m.Paid = m.Paid || p.State.HasMoney()
	}
	for _, r := range l.refunds {
		if r.Nonce != "" && r.Source == payments.ByStaff && r.State != payments.RefundRefused && r.Nonce == "cancel-"+l.order.ID {
			m.Refund.Minor += r.Amount.Minor
			m.Refund.Cur = r.Amount.Cur
			m.Account = m.Account || l.intoAccount(r.PaymentID)
		}
	}
	return m.Mail(), true, nil
}

// intoAccount reports whether a payment came through a bank account, so that its refund needs one of the payer's.
func (l *letter) intoAccount(paymentID string) bool {
	return slices.ContainsFunc(l.payments, func(p payments.Payment) bool { return p.ID == paymentID && p.IntoAccount() })
}

// newLink gives the order's new address.
func (l *letter) newLink() notify.Mail {
	return notify.NewLink{Addressing: l.Addressing, About: l.About}.Mail()
}

func (l *letter) refund(id string) (*payments.Refund, *payments.Payment, error) {
	for i := range l.refunds {
		for k := range l.payments {
			if l.refunds[i].ID == id && l.payments[k].ID == l.refunds[i].PaymentID {
				return &l.refunds[i], &l.payments[k], nil
			}
		}
	}
	return nil, nil, store.Never(fmt.Errorf("mail about a refund that the order does not have: %s", id))
}

func (l *letter) refundsOf(paymentID string) []payments.Refund {
	var all []payments.Refund
	for _, r := range l.refunds {
		if r.PaymentID == paymentID {
			all = append(all, r)
		}
	}
	return all
}

// attachments are the receipt, an entry for the calendar and a QR code for the desk for each person.
func (l *letter) attachments() ([]notify.Attachment, error) {
	var all []notify.Attachment
	for _, r := range l.receipts {
		if r.Kind != string(documents.KindReceipt) {
			continue
		}
		file, err := paperFile(r)
		if err != nil {
			return nil, err
		}
		all = append(all, file)
	}
	var ics bytes.Buffer
	if err := handlers.EventCalendar(l.Event, l.order, l.Lang, l.links).Write(&ics); err != nil {
		return nil, err
	}
	all = append(all, notify.Attachment{Name: l.Event.Slug + ".ics", ContentType: "text/calendar; charset=utf-8; method=PUBLISH", Data: ics.Bytes()})
	if len(l.order.Registrations) > 1 {
		return all, nil // each of the people has their own code
	}
	for i, reg := range l.order.Registrations {
		png, err := documents.QR(reg.CheckInToken, 480)
		if err != nil {
			return nil, err
		}
		name := "check-in-" + l.Code + ".png"
		if i > 0 {
			name = fmt.Sprintf("check-in-%s-%d.png", l.Code, i+1)
		}
		all = append(all, notify.Attachment{Name: name, ContentType: "image/png", Data: png})
	}
	return all, nil
}

// paperFile is a receipt or a correction document as a file.
func paperFile(r store.Receipt) (notify.Attachment, error) {
	doc := handlers.ReceiptDocument(r)
	var pdf bytes.Buffer
	if err := doc.WritePDF(&pdf); err != nil {
		return notify.Attachment{}, fmt.Errorf("write receipt: %w", err)
	}
	return notify.Attachment{Name: doc.FileName(), ContentType: "application/pdf", Data: pdf.Bytes()}, nil
}

// attention tells the organizer that something about the order waits on the attention list; nothing without an organizer's address.
func (l *letter) attention(kind string) (notify.Mail, bool, error) {
	office := l.Event.Organizer
	if office.Email == "" {
		return notify.Mail{}, false, nil
	}
	to := l.Addressing
	to.To = registration.Person{Name: office.Name.In(to.Lang), Email: office.Email}
	notice := notify.StaffNotice{
		Addressing: to, Event: l.Event, Code: l.order.Code, Kind: views.AttentionTitle(to.Lang, kind),
		Link: l.links.Base + views.AdminOrderPath(l.Event.Slug, l.order.Code),
	}
	return notice.Mail(), true, nil
}
