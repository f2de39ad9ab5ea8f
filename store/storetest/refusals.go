package storetest

import (
	"sync"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// refusals are the cases about one person of a group who is not approved.
var refusals = map[string]func(*testing.T, Opener){
	"a refused person is taken out of a group once, and the others pay what is left":                refusedOut,
	"a refused person has another category instead, at its price":                                   refusedMoved,
	"the last person who is refused ends the order":                                                 refusedLast,
	"accepting, refusing and replacing people of groups in any order keeps places, papers and sums": refusedAnyhow,
}

func (d *desk) refuse(o *registration.Order, i int, lines []registration.Line) error {
	r := o.Registrations[i]
	return d.store.RefusePerson(d.ctx, o, store.PersonRefusal{
		RegistrationID: r.ID, Version: d.of(o.ID, r.ID).Version(), Lines: lines, Reason: "재학 기간이 지났습니다.", Actor: approver,
	})
}

func refusedOut(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	d.accept("7", "8")
	v := d.voucher(registration.Voucher{Percent: 10, Uses: 5, PerPerson: 5})
	n := d.group("fellow", "student", "fellow")
	n.Quote, n.Papers, n.More[0].Papers = d.newOrderWith(v, "fellow", 1).Quote, []string{"7"}, []string{"8"}
	id := d.placeOf(n).OrderID
	d.wantOrder(id, registration.OrderAwaiting, registration.Held)
	o := d.order(id)
	var mu sync.Mutex
	took := 0
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			err := d.refuse(o, 0, nil)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				took++
			case !isCode(err, registration.CodeConflict):
				t.Errorf("refuse: %v", err)
			}
		})
	}
	wg.Wait()
	left := registration.Quotes{n.More[0].Quote, n.More[1].Quote}.Prices()
	after := d.order(id)
	if took != 1 || after.State != registration.OrderAwaiting || !after.Prices.Equal(left) || !after.Registrations[0].Gone {
		t.Errorf("%d of six refusals count; the order is %s at %v, want %v", took, after.State, after.Prices, left)
	}
	d.wantLeft("hall", 7)
	d.wantLeft("banquet", 999)
	d.wantStanding(store.PapersUncovered, "7")
	if held, _ := d.uses(); held != 0 {
		t.Errorf("%d uses of the code are held", held)
	}
	if n := d.told(id, store.MailRefusedPerson); n != 2 {
		t.Errorf("%d mails tell of it, want that to the payer and that to the person", n)
	}
	d.hand(id, o.Registrations[2].ID)
	d.wantOrder(id, registration.OrderPending, registration.Cancelled)
	p := d.comeBack(d.start(id, 1))
	if p.Captured.Minor != left[registration.KRW] {
		t.Errorf("captured %v, want %v", p.Captured, left)
	}
	d.examined()
}

func refusedMoved(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	e := *d.event
	e.Quotas = append(e.Quotas, registration.Quota{ID: "students", Places: 1, Of: []string{"student"}})
	d.apply(e)
	n := d.group("fellow", "fellow", "fellow")
	id := d.placeOf(n).OrderID
	o := d.order(id)
	student := d.newOrder("student", 0).Quote.Lines
	if err := d.refuse(o, 0, student); err != nil {
		t.Fatal(err)
	}
	if err := d.refuse(o, 1, nil); !isCode(err, registration.CodeConflict) {
		t.Errorf("an order that has changed since was changed: %v", err)
	}
	if err := d.refuse(d.order(id), 1, student); !isCode(err, registration.CodeFull) {
		t.Errorf("a second student for one place: %v", err)
	}
	d.wantLeft("students", 0)
	d.wantLeft("hall", 6)
	after := d.order(id)
	if after.Registrations[0].Category() != "student" || after.Registrations[0].Gone || after.Prices[registration.KRW] != 150000+150000+150000+50000 {
		t.Errorf("the order is at %v with a %s", after.Prices, after.Registrations[0].Category())
	}
	d.hand(id, o.Registrations[1].ID)
	d.hand(id, o.Registrations[2].ID)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	d.examined()
}

func refusedLast(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	id := d.placeOf(d.group("fellow", "fellow")).OrderID
	for i := range 2 {
		if err := d.refuse(d.order(id), i, nil); err != nil {
			t.Fatal(err)
		}
	}
	d.wantOrder(id, registration.OrderCancelled, registration.Cancelled)
	d.wantLeft("hall", 9)
	if n := d.told(id, store.MailNotApproved); n != 1 {
		t.Errorf("%d mails about the end", n)
	}
	d.examined()
}

func refusedAnyhow(t *testing.T, open Opener) {
	d := newDesk(t, open, 10000)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	d.accept("7")
	rapid.Check(t, func(r *rapid.T) {
		n := d.group(rapid.SliceOfN(rapid.SampledFrom([]string{"fellow", "student", "invited"}), 2, 5).Draw(r, "categories")...)
		n.Papers = rapid.SampledFrom([][]string{nil, {"7"}}).Draw(r, "papers")
		id := d.placeOf(n).OrderID
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			o := d.order(id)
			i := rapid.IntRange(0, len(o.Registrations)-1).Draw(r, "who")
			x := d.of(id, o.Registrations[i].ID)
			var err error
			switch rapid.SampledFrom([]string{"give", "accept", "ask", "out", "move", "replace", "pay"}).Draw(r, "step") {
			case "give":
				f := pdf("evidence", "card")
				err = d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: o.Registrations[i].ID, File: &f})
			case "accept":
				err = d.store.AcceptEvidence(d.ctx, id, o.Registrations[i].ID, x.Version(), approver)
			case "ask":
				err = d.store.AskEvidence(d.ctx, id, o.Registrations[i].ID, x.Version(), "다시", approver)
			case "out":
				err = d.refuse(o, i, nil)
			case "move":
				err = d.refuse(o, i, d.newOrder("student", 1).Quote.Lines)
			case "replace":
				if len(o.Registrations) > 1 {
					err = d.replace(o, i, member(90+i))
				}
			case "pay":
				if o.State == registration.OrderPending {
					d.comeBack(d.start(id, 1))
				}
			}
			for _, code := range []registration.Code{registration.CodeConflict, registration.CodeNotFound, registration.CodeInvalid} {
				if isCode(err, code) {
					err = nil
				}
			}
			if err != nil {
				r.Fatal(err)
			}
		}
		findings, err := d.store.Doctor(d.ctx)
		if err != nil || len(findings) > 0 {
			r.Fatalf("doctor: %v, %v", findings, err)
		}
		o := d.order(id)
		if o.State != registration.OrderCancelled && !o.Prices.Equal(registration.Total(registration.LinesOf(o.Parts()))) {
			r.Fatalf("the order is at %v, its people at %v", o.Prices, registration.Total(registration.LinesOf(o.Parts())))
		}
		if _, err := d.store.Cancel(d.ctx, id, approver, "", payments.Back{}); err != nil {
			r.Fatal(err)
		}
		d.wantLeft("hall", 10000)
		d.wantLeft("banquet", 1000)
		d.wantStanding(store.PapersUncovered, "7")
	})
}
