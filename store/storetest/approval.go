package storetest

import (
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// approvals are the cases of evidence and approval.
var approvals = map[string]func(*testing.T, Opener){
	"nobody pays before an approval, and one approval is enough":           approvedOnce,
	"a refused order gives its places back once and tells its payer":       refusedOnce,
	"approval, refusal and the attendee's cancelling at once have one end": decidedOnce,
	"a free order that was approved is paid":                               approvedFree,
	"a decision is about the evidence that was seen":                       decidedAsSeen,
	"evidence after payment stops nobody from paying":                      evidenceAfter,
	"a refused evidence asks for the difference, once":                     differenceAsked,
	"an accepted evidence ends the difference that was asked for":          differenceDropped,
	"evidence rests while its person's category does not ask for it":       evidenceRests,
}

const approver = "staff:a@example.org"

// approving gives the desk's event a category whose evidence of that kind is looked at so.
func (d *desk) approving(a registration.Approval, kind string) {
	d.t.Helper()
	e := *d.event
	e.Categories = append(e.Categories, registration.Category{
		ID: "fellow", Name: registration.Text{Ko: "회원", En: "Fellow"}, Evidence: kind, Approval: a,
		Prices: map[string]registration.Prices{"regular": {registration.KRW: 150000}},
	}, registration.Category{
		ID: "invited", Name: registration.Text{Ko: "초청", En: "Invited"}, Approval: registration.ApprovalBefore,
		Prices: map[string]registration.Prices{"regular": {registration.KRW: 0}},
	})
	e.Quotas[1].Of = []string{"student", "guest", "fellow", "invited"}
	d.apply(e)
}

func (d *desk) placeOf(n store.NewOrder) store.Placed {
	d.t.Helper()
	p, err := d.store.Place(d.ctx, n)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// evidence is that of the order's first person.
func (d *desk) evidence(orderID string) store.Evidence {
	d.t.Helper()
	all, err := d.store.EvidenceOf(d.ctx, orderID)
	if err != nil || len(all) != 1 {
		d.t.Fatalf("evidence %+v: %v", all, err)
	}
	return all[0]
}

func (d *desk) wantHealthy() {
	d.t.Helper()
	findings, err := d.store.Doctor(d.ctx)
	if err != nil || len(findings) > 0 {
		d.t.Errorf("doctor: %v, %v", findings, err)
	}
}

// told counts the mails of a kind about an order.
func (d *desk) told(orderID, kind string) (n int) {
	d.t.Helper()
	view, err := d.store.OrderView(d.ctx, d.event.ID, d.order(orderID).Code)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, m := range view.Mails {
		if m.Kind == kind {
			n++
		}
	}
	return n
}

func approvedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	o := d.placeOf(d.newOrder("fellow", 0))
	d.wantOrder(o.OrderID, registration.OrderAwaiting, registration.Held)
	d.clock.Pass(30 * 24 * time.Hour) // nothing expires while staff think
	if n, err := d.store.ExpireHolds(d.ctx); n != 0 || err != nil {
		t.Fatalf("expired %d: %v", n, err)
	}
	if _, err := d.cashier.Start(d.ctx, o.OrderID, payments.Choice{ChannelID: d.event.ID + "/korea", Method: payments.MethodCard, Attempt: 1}, "attendee"); !isCode(err, registration.CodeConflict) {
		t.Errorf("a payment before the approval: %v", err)
	}
	x := d.evidence(o.OrderID)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if err := d.store.AcceptEvidence(d.ctx, o.OrderID, x.RegistrationID, x.Version(), approver); err != nil {
				t.Errorf("accept: %v", err)
			}
		})
	}
	wg.Wait()
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held)
	if got := d.order(o.OrderID).HoldUntil.Sub(d.clock.Now()); got != 72*time.Hour {
		t.Errorf("places are held for %v, want three days", got)
	}
	if n := d.told(o.OrderID, store.MailApproved); n != 1 {
		t.Errorf("%d mails about the approval", n)
	}
	d.wantHealthy()
	d.comeBack(d.start(o.OrderID, 1))
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	d.wantLeft("hall", 4)
	d.wantHealthy()
}

func refusedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	o := d.placeOf(d.newOrder("fellow", 0))
	x := d.evidence(o.OrderID)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if err := d.store.RefuseApproval(d.ctx, o.OrderID, x.RegistrationID, x.Version(), "재학 기간이 지났습니다.", approver); err != nil {
				t.Errorf("refuse: %v", err)
			}
		})
	}
	wg.Wait()
	d.wantOrder(o.OrderID, registration.OrderCancelled, registration.Cancelled)
	d.wantLeft("hall", 5)
	if n := d.told(o.OrderID, store.MailNotApproved); n != 1 {
		t.Errorf("%d mails about the refusal", n)
	}
	if got := d.evidence(o.OrderID); got.State != registration.EvidenceRefused || got.Reason != "재학 기간이 지났습니다." {
		t.Errorf("evidence is %+v", got)
	}
	if err := d.store.AcceptEvidence(d.ctx, o.OrderID, x.RegistrationID, d.evidence(o.OrderID).Version(), approver); !isCode(err, registration.CodeConflict) {
		t.Errorf("accepted after all: %v", err)
	}
	d.wantHealthy()
}

func decidedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 50)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	for range 8 {
		o := d.placeOf(d.newOrder("fellow", 0))
		x := d.evidence(o.OrderID)
		var wg sync.WaitGroup
		for _, act := range []func() error{
			func() error { return d.store.AcceptEvidence(d.ctx, o.OrderID, x.RegistrationID, x.Version(), approver) },
			func() error {
				return d.store.RefuseApproval(d.ctx, o.OrderID, x.RegistrationID, x.Version(), "아니요", approver)
			},
			func() error {
				_, err := d.store.Cancel(d.ctx, o.OrderID, payments.ActorAttendee, "", payments.Back{})
				return err
			},
		} {
			wg.Go(func() {
				if err := act(); err != nil && !isCode(err, registration.CodeConflict) {
					t.Errorf("decide: %v", err)
				}
			})
		}
		wg.Wait()
		if s := d.order(o.OrderID).State; s != registration.OrderCancelled {
			t.Errorf("order is %s; the attendee has cancelled it", s)
		}
	}
	d.wantLeft("hall", 50)
	d.wantHealthy()
}

func approvedFree(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	o := d.placeOf(d.newOrder("invited", 0))
	d.wantOrder(o.OrderID, registration.OrderAwaiting, registration.Held)
	x := d.evidence(o.OrderID)
	for range 2 {
		if err := d.store.AcceptEvidence(d.ctx, o.OrderID, x.RegistrationID, x.Version(), approver); err != nil {
			t.Fatal(err)
		}
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if n := d.told(o.OrderID, payments.MailRegistered); n != 1 {
		t.Errorf("%d confirmations", n)
	}
	d.wantLeft("hall", 4)
	d.wantHealthy()
}

// pdf is a file that is one as far as anybody looks.
func pdf(field, text string) store.NewFile {
	return store.NewFile{Field: field, Name: "학생증.pdf", Type: registration.FileType{Media: "application/pdf", Ext: ".pdf"}, Data: []byte("%PDF-1.7 " + text)}
}

func decidedAsSeen(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	o := d.placeOf(d.newOrder("fellow", 0))
	seen := d.evidence(o.OrderID)
	f := pdf("evidence", "one")
	give := func() {
		t.Helper()
		d.clock.Pass(time.Minute)
		if err := d.store.GiveEvidence(d.ctx, o.OrderID, store.Given{RegistrationID: seen.RegistrationID, File: &f}); err != nil {
			t.Fatal(err)
		}
	}
	give()
	if err := d.store.AcceptEvidence(d.ctx, o.OrderID, seen.RegistrationID, seen.Version(), approver); !isCode(err, registration.CodeConflict) {
		t.Errorf("what nobody has seen was accepted: %v", err)
	}
	first := d.evidence(o.OrderID)
	if err := d.store.AskEvidence(d.ctx, o.OrderID, seen.RegistrationID, first.Version(), "흐려서 읽을 수 없습니다.", approver); err != nil {
		t.Fatal(err)
	}
	if got := d.evidence(o.OrderID); got.State != registration.EvidenceRefused || d.told(o.OrderID, store.MailEvidence) != 1 {
		t.Errorf("evidence %+v", got)
	}
	give()
	now := d.evidence(o.OrderID)
	if _, err := d.store.File(d.ctx, d.event.ID, first.FileID); !isCode(err, registration.CodeNotFound) {
		t.Errorf("the file before is still there: %v", err)
	}
	kept, err := d.store.File(d.ctx, d.event.ID, now.FileID)
	if err != nil || string(kept.Content) != "%PDF-1.7 one" || kept.Name != "학생증.pdf" || now.State != registration.EvidenceGiven {
		t.Errorf("file %+v of %+v: %v", kept, now, err)
	}
	if err := d.store.AcceptEvidence(d.ctx, o.OrderID, now.RegistrationID, now.Version(), approver); err != nil {
		t.Fatal(err)
	}
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held)
	if err := d.store.GiveEvidence(d.ctx, o.OrderID, store.Given{RegistrationID: seen.RegistrationID, File: &f}); !isCode(err, registration.CodeConflict) {
		t.Errorf("another file after the end: %v", err)
	}
	d.wantHealthy()
}

func evidenceAfter(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	o := d.placeOf(d.newOrder("fellow", 0))
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held)
	d.comeBack(d.start(o.OrderID, 1))
	x := d.evidence(o.OrderID)
	if x.State != registration.EvidenceMissing {
		t.Errorf("evidence is %s", x.State)
	}
	if err := d.store.RefuseApproval(d.ctx, o.OrderID, x.RegistrationID, x.Version(), "아니요", approver); !isCode(err, registration.CodeConflict) {
		t.Errorf("a paid order was refused its approval: %v", err)
	}
	if err := d.store.AskEvidence(d.ctx, o.OrderID, x.RegistrationID, x.Version(), "제출해 주십시오.", approver); err != nil {
		t.Fatal(err)
	}
	counts, err := d.store.CountEvidence(d.ctx, d.event.ID)
	if err != nil || counts[registration.EvidenceRefused] != 1 || len(counts) != 1 {
		t.Errorf("counts %v: %v", counts, err)
	}
	list, err := d.store.EvidenceIn(d.ctx, d.event.ID, registration.EvidenceRefused, store.EvidenceCursor{}, 10)
	if err != nil || len(list) != 1 || list[0].Code != o.Code || list[0].Name != "홍길동" || list[0].Category != "fellow" {
		t.Errorf("list %+v: %v", list, err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	d.wantHealthy()
}

func differenceAsked(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	e := *d.event
	e.Categories = append(e.Categories, registration.Category{ID: "grown", Name: registration.Text{Ko: "일반", En: "Regular"},
		Prices: map[string]registration.Prices{"regular": {registration.KRW: 250000}}})
	d.apply(e)
	o := d.placeOf(d.newOrder("fellow", 0))
	d.comeBack(d.start(o.OrderID, 1))
	x, order := d.evidence(o.OrderID), d.order(o.OrderID)
	lines, err := d.event.Amend(&order.Registrations[0], registration.Cart{Category: "grown"}, nil, d.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	ask := store.NewAmendment{Parts: []registration.Part{{ID: x.RegistrationID, Lines: lines}}, Actor: approver, Reason: "재학 중이 아닙니다.", Hold: 14 * 24 * time.Hour}
	if err := d.store.AskDifference(d.ctx, o.OrderID, x.RegistrationID, "an older version", ask); !isCode(err, registration.CodeConflict) {
		t.Errorf("asked about what nobody has seen: %v", err)
	}
	if list, err := d.store.Amendments(d.ctx, o.OrderID); len(list) != 0 || err != nil {
		t.Errorf("a refused decision has left %v, %v", list, err)
	}
	var mu sync.Mutex
	asked := 0
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			err := d.store.AskDifference(d.ctx, o.OrderID, x.RegistrationID, x.Version(), ask)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				asked++
			case !isCode(err, registration.CodeConflict):
				t.Errorf("ask: %v", err)
			}
		})
	}
	wg.Wait()
	if got := d.evidence(o.OrderID); asked != 1 || !got.Difference || got.State != registration.EvidenceRefused {
		t.Errorf("asked %d times, evidence %+v", asked, got)
	}
	d.clock.Pass(10 * 24 * time.Hour)
	if p := d.comeBack(d.start(o.OrderID, 2)); p.Amount != won(100000) || p.State != payments.Confirmed {
		t.Errorf("payment %+v", p)
	}
	if got := d.order(o.OrderID).Registrations[0].Category(); got != "grown" {
		t.Errorf("the person is in %s", got)
	}
	d.wantHealthy()
}

func differenceDropped(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	e := *d.event
	e.Categories = append(e.Categories, registration.Category{ID: "grown", Name: registration.Text{Ko: "일반", En: "Regular"},
		Prices: map[string]registration.Prices{"regular": {registration.KRW: 250000}}})
	d.apply(e)
	o := d.placeOf(d.newOrder("fellow", 0))
	d.comeBack(d.start(o.OrderID, 1))
	x, order := d.evidence(o.OrderID), d.order(o.OrderID)
	lines, err := d.event.Amend(&order.Registrations[0], registration.Cart{Category: "grown"}, nil, d.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	ask := store.NewAmendment{Parts: []registration.Part{{ID: x.RegistrationID, Lines: lines}}, Actor: approver, Reason: "재학 중이 아닙니다.", Hold: 14 * 24 * time.Hour}
	if err := d.store.AskDifference(d.ctx, o.OrderID, x.RegistrationID, x.Version(), ask); err != nil {
		t.Fatal(err)
	}
	p := d.start(o.OrderID, 2)
	x = d.evidence(o.OrderID)
	for range 2 {
		if err := d.store.AcceptEvidence(d.ctx, o.OrderID, x.RegistrationID, x.Version(), approver); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := d.store.Amendments(d.ctx, o.OrderID); err != nil || len(list) != 1 || list[0].State != registration.AmendmentWithdrawn {
		t.Errorf("the change is %+v, %v", list, err)
	}
	if after := d.comeBack(p); after.State == payments.Confirmed {
		t.Error("what is not asked for any more was paid")
	}
	if got := d.order(o.OrderID).Registrations[0].Category(); got != "fellow" {
		t.Errorf("the person is in %s", got)
	}
	d.wantHealthy()
}
