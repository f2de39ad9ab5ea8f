package storetest

import (
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// daily are the cases of comparing a day with the gateway's books.
var daily = map[string]func(*testing.T, Opener){
	"a day on which both books agree has no difference":            dayAgrees,
	"what the gateway's list knows better is looked up":            dayHeals,
	"what only one side has is told, and a stranger raised once":   dayDiffers,
	"a contract's other channel is known and not compared":         dayElsewhere,
	"money without a payment is closed with a reason, and audited": strangerClosed,
}

// statement is the bank's list of everything in its books, as of the desk's now.
func (d *desk) statement() []payments.Transaction {
	all := []payments.Transaction{}
	for _, a := range d.bank.Accounts() {
		t := payments.Transaction{GatewayID: a.ID, OrderNo: a.OrderNo, Amount: a.Captured, At: d.clock.Now()}
		if a.Captured.Minor > 0 {
			all = append(all, t)
		}
		if a.Refunded > 0 {
			t.Refund, t.Amount.Minor = true, a.Refunded
			all = append(all, t)
		}
	}
	return all
}

func (d *desk) compare(list []payments.Transaction) []payments.Difference {
	d.t.Helper()
	made, err := d.cashier.CompareDay(d.ctx, d.event.ID+"/korea", d.today(), list)
	if err != nil {
		d.t.Fatal(err)
	}
	return made.Differences
}

// today is the desk's day in the event's zone.
func (d *desk) today() payments.Day {
	now := d.clock.Now().In(d.event.Location())
	return payments.DayOf(registration.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()}, d.event.Location())
}

func dayAgrees(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	_, p := d.paid()
	d.refundPart(p, 50000)
	d.refundPart(p, 20000)
	if got := d.compare(d.statement()); len(got) != 0 {
		t.Errorf("differences: %+v", got)
	}
	if got := d.compare([]payments.Transaction{}); len(got) != 3 || got[0].Kind != payments.OnlyOurs || got[0].Entry.PaymentID != p.ID {
		t.Errorf("against an empty list: %+v", got)
	}
	d.clock.Pass(48 * time.Hour)
	if got := d.compare([]payments.Transaction{}); len(got) != 0 {
		t.Errorf("on another day: %+v", got)
	}
}

// refundPart gives a part back and carries it out.
func (d *desk) refundPart(p payments.Payment, minor int64) {
	d.t.Helper()
	r, err := d.cashier.AskRefund(d.ctx, payments.RefundRequest{PaymentID: p.ID, Amount: won(minor), Source: payments.ByStaff, Actor: "staff:a@example.org"})
	if err == nil {
		r, err = d.cashier.SendRefund(d.ctx, r.ID)
	}
	if err != nil || r.State != payments.RefundDone {
		d.t.Fatalf("refund: %+v, %v", r, err)
	}
}

func dayHeals(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	_, p := d.paid()
	d.bank.GiveBack(p.OrderNo, 30000)
	o := d.place()
	late := d.start(o.OrderID, 1)
	d.bank.Capture(late, late.Amount)
	if got := d.compare(d.statement()); len(got) != 0 {
		t.Errorf("differences that a look-up settles: %+v", got)
	}
	d.wantPayment(late.ID, payments.Confirmed)
}

func dayDiffers(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	_, p := d.paid()
	list := d.statement()
	list[0].Amount = won(149000)
	stranger := payments.Transaction{GatewayID: "bank-stranger", OrderNo: "SHOP-1", Approve: "00123456", Amount: won(7000), At: d.clock.Now()}
	list = append(list, stranger)
	for range 2 {
		got := d.compare(list)
		if len(got) != 2 || got[0].Kind != payments.AmountsDiffer && got[1].Kind != payments.AmountsDiffer {
			t.Fatalf("differences: %+v", got)
		}
		for _, x := range got {
			if x.Kind == payments.AmountsDiffer && (x.Entry.PaymentID != p.ID || x.Ours != won(150000)) {
				t.Errorf("amounts: %+v", x)
			}
		}
	}
	waiting, err := d.store.Attention(d.ctx, d.event.ID)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%+v, %v", waiting, err)
	}
	if e := waiting[0]; e.Kind != payments.AttentionStranger || e.Amount != won(7000) || e.Channel != "korea" || e.OrderCode != "" ||
		e.Note != "id bank-stranger, order no SHOP-1, approval 00123456, at 2027-03-01T09:00:00Z" {
		t.Errorf("entry: %+v", e)
	}
	r, err := d.store.Ledger(d.ctx, d.event.Slug)
	if err != nil || len(r.Attention) != 1 || r.Attention[0].Order != "" {
		t.Errorf("ledger: %+v, %v", r.Attention, err)
	}
}

func dayElsewhere(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	e := sampleEvent(5)
	e.Slug = "other-2027"
	err := d.store.Apply(d.ctx, store.Applied{Event: e, Actor: "system", Merchants: map[string]string{"korea": "bank"}, Channels: []payments.Channel{{
		Key: "korea", Gateway: "bank", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	d.paid()
	other, err := d.store.Event(d.ctx, e.Slug)
	if err != nil {
		t.Fatal(err)
	}
	made, err := d.cashier.CompareDay(d.ctx, other.ID+"/korea", d.today(), d.statement())
	if err != nil || len(made.Differences) != 0 || made.Theirs != 1 {
		t.Errorf("%+v, %v", made, err)
	}
}

func strangerClosed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.compare([]payments.Transaction{{Approve: "1", Amount: won(5), At: d.clock.Now()}})
	waiting, err := d.store.Attention(d.ctx, d.event.ID)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%+v, %v", waiting, err)
	}
	if err := d.store.CloseAttention(d.ctx, waiting[0].ID, "staff:a@example.org", "shop"); err != nil {
		t.Fatal(err)
	}
	again := []payments.Transaction{{Approve: "1", Amount: won(5), At: d.clock.Now()}, {Approve: "2", Amount: won(5), At: d.clock.Now()}}
	if got := d.compare(again[:1]); len(got) != 1 || !got[0].Closed {
		t.Errorf("compared again: %+v", got)
	}
	if n, err := d.store.CountAttention(d.ctx, d.event.ID); n != 0 || err != nil {
		t.Errorf("%d left, %v", n, err)
	}
	if got := d.compare(again); len(got) != 2 || got[0].Closed == got[1].Closed {
		t.Errorf("with another stranger: %+v", got)
	}
	if n, err := d.store.CountAttention(d.ctx, d.event.ID); n != 1 || err != nil {
		t.Errorf("%d listed, %v, want the other", n, err)
	}
	findings, err := d.store.Doctor(d.ctx)
	if err != nil || len(findings) > 0 {
		t.Errorf("doctor: %v, %v", findings, err)
	}
}
