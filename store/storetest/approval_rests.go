package storetest

import (
	"slices"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// wantWaiting checks the ids of the orders whose evidence staff have to look at, as the list and the filter of orders have them.
func (d *desk) wantWaiting(want ...string) {
	d.t.Helper()
	list, err := d.store.EvidenceIn(d.ctx, d.event.ID, registration.EvidenceGiven, store.EvidenceCursor{}, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	counts, err := d.store.CountEvidence(d.ctx, d.event.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, TestToo: true, Evidence: registration.EvidenceGiven}, store.Cursor{}, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	var listed, filtered []string
	for _, x := range list {
		listed = append(listed, x.OrderID)
	}
	for _, r := range page.Rows {
		filtered = append(filtered, r.ID)
	}
	if !slices.Equal(listed, want) || !slices.Equal(filtered, want) || counts[registration.EvidenceGiven] != len(want) {
		d.t.Errorf("the list has %v, the filter %v, the count is %d, want %v", listed, filtered, counts[registration.EvidenceGiven], want)
	}
}

func evidenceRests(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	id := d.placeOf(d.newOrder("fellow", 0)).OrderID
	d.comeBack(d.start(id, 1))
	x, f := d.evidence(id), pdf("evidence", "card")
	give := func() error {
		return d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: x.RegistrationID, File: &f})
	}
	if err := give(); err != nil {
		t.Fatal(err)
	}
	to := func(category string, banquets int64) {
		t.Helper()
		cart := registration.Cart{Category: category, Extras: map[string]int64{"banquet": banquets}}
		if _, err := d.changeTo(id, cart, approver, payments.Back{All: true}); err != nil {
			t.Fatal(err)
		}
	}
	d.wantWaiting(id)
	to("student", 1)
	d.wantWaiting(id) // the change is not paid yet
	d.comeBack(d.start(id, 2))
	d.wantWaiting()
	for name, err := range map[string]error{"given": give(), "accepted": d.store.AcceptEvidence(d.ctx, id, x.RegistrationID, d.evidence(id).Version(), approver)} {
		if !isCode(err, registration.CodeConflict) {
			t.Errorf("evidence that nobody asks for was %s: %v", name, err)
		}
	}
	page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, TestToo: true, Evidence: registration.EvidenceNone}, store.Cursor{}, 10)
	if err != nil || len(page.Rows) != 1 || len(page.Rows[0].Evidence) != 0 || len(d.people(store.OrderFilter{Evidence: registration.EvidenceNone})) != 1 {
		t.Errorf("orders of which nothing is asked: %+v (%v)", page.Rows, err)
	}
	to("fellow", 1)
	d.wantWaiting(id)
	now := d.evidence(id)
	if err := d.store.AcceptEvidence(d.ctx, id, x.RegistrationID, now.Version(), approver); err != nil {
		t.Fatal(err)
	}
	to("student", 1)
	if got := d.evidence(id); got.State != registration.EvidenceAccepted || got.DecidedBy != approver {
		t.Errorf("what was decided is %+v", got)
	}
	d.wantHealthy()
}
