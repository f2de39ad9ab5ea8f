package store

import (
	"testing"

	"foyer/payments"
	"foyer/registration"
)

func TestOrderViewHasEverythingAboutOneOrder(t *testing.T) {
	onBoth(t, func(b *books) {
		event := b.event("sample-2027", registration.Test)
		id, code := b.order(event, sample{state: registration.OrderPaid, extras: 1})
		failed := b.payment(event, id, try{state: payments.Failed})
		pay := b.payment(event, id, try{state: payments.Confirmed})
		refund := b.refund(event, id, pay, payments.RefundDone, 1000, true)
		b.attention(event, id, pay, payments.AttentionMismatch)
		other, _ := b.paid(event)
		for _, m := range []Mail{{Kind: payments.MailRegistered, OrderID: id}, {Kind: payments.MailRegistered, OrderID: other}, {Kind: payments.MailRefunded, OrderID: id, RefundID: refund}} {
			mustWrite(b.t, b.Store, Locks{}, func(tx *Tx) error { return addMail(tx, m) })
		}
		v, err := b.OrderView(b.t.Context(), event, code)
		if err != nil {
			b.t.Fatal(err)
		}
		if v.Order.ID != id || len(v.Order.Registrations) != 1 || v.Order.Payer.Name != "홍길동" || v.Category != "student" || v.Places != placesSold || v.Taken["hall"] != 1 || v.PaidAt.IsZero() {
			b.t.Errorf("order: %+v", v)
		}
		if len(v.Charges) != 1 || v.Charges[0].Prices[registration.KRW] != 150000 {
			b.t.Errorf("charges: %+v", v.Charges)
		}
		if len(v.Payments) != 2 || v.Payments[0].ID != failed || v.Payments[1].ID != pay || v.Payments[0].Attention || !v.Payments[1].Attention ||
			v.Payments[1].ReceiptNo != "TEST-sample-2027-R-000001" || v.Payments[1].Channel != "korea" || v.Newest().ID != pay {
			b.t.Errorf("payments: %+v", v.Payments)
		}
		if r := v.Payments[1].Refunds; len(r) != 1 || r[0].ID != refund || r[0].ReceiptNo != "TEST-sample-2027-C-000001" {
			b.t.Errorf("refunds: %+v", r)
		}
		if len(v.Receipts) != 2 || v.Receipts[1].Corrects != v.Receipts[0].No {
			b.t.Errorf("receipts: %+v", v.Receipts)
		}
		if len(v.Audit) != 2+2+3+3+2 || v.Audit[0].What != "order" || v.Audit[0].OrderCode != code {
			b.t.Errorf("audit: %+v", v.Audit)
		}
		if len(v.Attention) != 1 || v.Attention[0].Email != v.Order.Payer.Email {
			b.t.Errorf("attention: %+v", v.Attention)
		}
		if len(v.Mails) != 2 || v.Mails[0].Kind != payments.MailRegistered || v.Mails[1].Kind != payments.MailRefunded || v.Mails[0].State != "open" {
			b.t.Errorf("mails: %+v", v.Mails)
		}
	})
}

func TestOrderViewOfAnotherEventIsNotFound(t *testing.T) {
	onBoth(t, func(b *books) {
		event, other := b.event("sample-2027", registration.Test), b.event("other-2027", registration.Test)
		_, code := b.order(event, sample{state: registration.OrderPending})
		for event, code := range map[string]string{other: code, event: "XXXX-XXXX"} {
			if _, err := b.OrderView(b.t.Context(), event, code); codeOf(err) != registration.CodeNotFound {
				b.t.Errorf("got %v", err)
			}
		}
	})
}

func TestWhatAnOrderComesToIsItsPriceOfToday(t *testing.T) {
	const krw, usd = registration.KRW, registration.USD
	both := registration.Prices{krw: 150000, usd: 12000}
	tests := map[string]struct {
		total                registration.Prices
		fixed, newest, first registration.Currency
		want                 registration.Money
	}{
		"the currency of the first money stays":              {both, usd, krw, krw, registration.Money{Minor: 12000, Cur: usd}},
		"a payment has only its currency to say":             {both, "", usd, krw, registration.Money{Minor: 12000, Cur: usd}},
		"a change that was begun and given up costs nothing": {registration.Prices{krw: 0, usd: 0}, "", krw, usd, registration.Money{Cur: krw}},
		"nothing was begun":                                  {both, "", "", krw, registration.Money{Minor: 150000, Cur: krw}},
		"no price in the first channel's currency":           {registration.Prices{usd: 12000}, "", "", krw, registration.Money{Minor: 12000, Cur: usd}},
		"no price in the payment's currency any more":        {registration.Prices{usd: 12000}, "", krw, krw, registration.Money{Minor: 12000, Cur: usd}},
		"no price at all":                                    {nil, "", "", krw, registration.Money{Cur: krw}},
	}
	for name, tc := range tests {
		if got := owed(tc.total, tc.fixed, tc.newest, tc.first); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
