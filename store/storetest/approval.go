package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// approvals are the cases of evidence, approval and member lists.
var approvals = map[string]func(*testing.T, Opener){
	"nobody pays before an approval, and one approval is enough":           approvedOnce,
	"a refused order gives its places back once and tells its payer":       refusedOnce,
	"approval, refusal and the attendee's cancelling at once have one end": decidedOnce,
	"a free order that was approved is paid":                               approvedFree,
	"a decision is about the evidence that was seen":                       decidedAsSeen,
	"evidence after payment stops nobody from paying":                      evidenceAfter,
	"a refused evidence asks for the difference, once":                     differenceAsked,
	"a member number is used by one of many parallel orders":               memberOnce,
	"a member number comes free with its order, and is taken again":        memberComesFree,
	"the number and the name must both be a member's":                      memberNamed,
	"files of a draft become the order's, and go with the draft":           filesFollow,
	"files of evidence are deleted a while after the event":                evidenceForgotten,
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

// members gives the event a list.
func (d *desk) members(list ...registration.Member) {
	d.t.Helper()
	if err := d.store.ReplaceMembers(d.ctx, d.event.ID, list, approver); err != nil {
		d.t.Fatal(err)
	}
}

func memberOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 100)
	d.approving(registration.ApprovalBefore, registration.EvidenceMemberNumber)
	d.members(registration.Member{Number: "A-0017", Name: "홍 길동"}, registration.Member{Number: "A-0018", Name: "김철수"})
	var mu sync.Mutex
	took, refused := 0, 0
	var wg sync.WaitGroup
	for range 30 {
		n := d.newOrder("fellow", 0)
		n.Proof = registration.Proof{Number: "a 0017"}
		wg.Go(func() {
			_, err := d.store.Place(d.ctx, n)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				took++
			case isCode(err, registration.CodeInvalid):
				refused++
			default:
				t.Errorf("place: %v", err)
			}
		})
	}
	wg.Wait()
	if took != 1 || refused != 29 {
		t.Errorf("%d orders used the number and %d were refused", took, refused)
	}
	d.wantLeft("hall", 99)
	d.wantHealthy()
}

func memberComesFree(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.approving(registration.ApprovalBefore, registration.EvidenceMemberNumber)
	d.members(registration.Member{Number: "17", Name: "홍길동"})
	order := func() store.NewOrder {
		n := d.newOrder("fellow", 0)
		n.Proof = registration.Proof{Number: "17"}
		return n
	}
	o := d.placeOf(order())
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held) // the list has approved it
	late := d.start(o.OrderID, 1)
	d.clock.Pass(3 * time.Hour)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	other := d.placeOf(order())
	if err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{order().Quote}, hold, hold, "attendee"); !isCode(err, registration.CodeFull) {
		t.Errorf("the number is used twice: %v", err)
	}
	if p := d.comeBack(late); p.State == payments.Confirmed {
		t.Error("a late payment has used the number again")
	}
	if _, err := d.store.Cancel(d.ctx, other.OrderID, payments.ActorAttendee, "", payments.Back{}); err != nil {
		t.Fatal(err)
	}
	if err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{order().Quote}, hold, hold, "attendee"); err != nil {
		t.Errorf("the number is free again: %v", err)
	}
	d.reconcile()
	d.wantHealthy()
}

func memberNamed(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.approving(registration.ApprovalAfter, registration.EvidenceMemberNumber)
	var list []registration.Member
	for i := range 450 {
		list = append(list, registration.Member{Number: fmt.Sprintf("N%04d", i), Name: "김철수"})
	}
	d.members(append(list, registration.Member{Number: "ｋ-1", Name: "Gildong Hong"})...)
	if n, err := d.store.CountMembers(d.ctx, d.event.ID); n != 451 || err != nil {
		t.Errorf("%d members: %v", n, err)
	}
	tests := map[string]struct {
		number, name string
		ok           bool
	}{
		"unknown number":     {"N9999", "김철수", false},
		"somebody else's":    {"N0001", "홍길동", false},
		"spaces and case":    {" n 0001", "김 철수", true},
		"the other order":    {"K1", "HONG, Gildong", true},
		"an injected number": {"N0001' OR 1=1", "김철수", false},
	}
	for name, tc := range tests {
		n := d.newOrder("fellow", 0)
		n.Proof, n.Person.Name = registration.Proof{Number: tc.number}, tc.name
		if err := d.store.MemberFits(d.ctx, d.event.ID, tc.number, tc.name); (err == nil) != tc.ok {
			t.Errorf("%s: asked beforehand: %v", name, err)
		}
		_, err := d.store.Place(d.ctx, n)
		if (err == nil) != tc.ok || (err != nil && !isCode(err, registration.CodeInvalid)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.members()
	n := d.newOrder("fellow", 0)
	n.Proof = registration.Proof{Number: "any"}
	o := d.placeOf(n)
	if x := d.evidence(o.OrderID); x.State != registration.EvidenceGiven || x.Number != "any" {
		t.Errorf("without a list the evidence is %+v", x)
	}
	d.wantHealthy()
}

func filesFollow(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	e := *d.event
	e.Questions = []registration.Question{{ID: "poster", Kind: registration.AskFile, Per: registration.PerPerson}}
	d.apply(e)
	save := func(token string) string {
		t.Helper()
		if err := d.store.SaveDraft(d.ctx, token, d.event.ID, []byte("{}"), store.DraftLife); err != nil {
			t.Fatal(err)
		}
		return store.DraftID(token)
	}
	draft, left := save("one"), save("two")
	keep := func(draft, field, text string) string {
		t.Helper()
		id, err := d.store.KeepDraftFile(d.ctx, draft, d.event.ID, pdf(field, text))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	keep(draft, "evidence", "first")
	evidence, poster := keep(draft, "evidence", "second"), keep(draft, "answer.poster", "poster")
	orphan := keep(left, "evidence", "orphan")
	if _, err := d.store.File(d.ctx, d.event.ID, evidence); !isCode(err, registration.CodeNotFound) {
		t.Errorf("a draft's file can be seen: %v", err)
	}
	if _, err := d.store.KeepDraftFile(d.ctx, store.DraftID("three"), d.event.ID, pdf("evidence", "x")); !isCode(err, registration.CodeInvalid) {
		t.Errorf("a file of no draft: %v", err)
	}
	n := d.newOrder("fellow", 0)
	n.DraftID, n.Proof = draft, registration.Proof{File: registration.FileAnswer(orphan, "x.pdf")}
	if _, err := d.store.Place(d.ctx, n); !isCode(err, registration.CodeInvalid) {
		t.Errorf("somebody else's file: %v", err)
	}
	d.wantLeft("hall", 5)
	n.Proof = registration.Proof{File: registration.FileAnswer(evidence, "학생증.pdf")}
	n.Answers = registration.Answers{"poster": {registration.FileAnswer(poster, "학생증.pdf")}}
	o := d.placeOf(n)
	d.clock.Pass(store.DraftLife + time.Hour)
	if _, err := d.store.PruneDrafts(d.ctx); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{evidence: "%PDF-1.7 second", poster: "%PDF-1.7 poster"} {
		if f, err := d.store.File(d.ctx, d.event.ID, id); err != nil || string(f.Content) != want || f.OrderID != o.OrderID {
			t.Errorf("file %+v: %v", f, err)
		}
		if _, err := d.store.File(d.ctx, "other", id); !isCode(err, registration.CodeNotFound) {
			t.Errorf("another event sees it: %v", err)
		}
	}
	var files int
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM files`).Scan(&files); err != nil || files != 2 {
		t.Errorf("%d files are left: %v", files, err)
	}
	if x := d.evidence(o.OrderID); x.State != registration.EvidenceGiven || x.FileID != evidence {
		t.Errorf("evidence %+v", x)
	}
	d.wantHealthy()
}

func evidenceForgotten(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	o := d.placeOf(d.newOrder("fellow", 0))
	f := pdf("evidence", "card")
	if err := d.store.GiveEvidence(d.ctx, o.OrderID, store.Given{RegistrationID: d.evidence(o.OrderID).RegistrationID, File: &f}); err != nil {
		t.Fatal(err)
	}
	prune := func() {
		t.Helper()
		for n := int64(1); n > 0; {
			var err error
			if n, err = d.store.PruneEvidence(d.ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.clock.Pass(d.event.Ends.In(d.event.Location()).AddDate(0, 0, 25).Sub(d.clock.Now()))
	prune()
	if d.evidence(o.OrderID).FileID == "" {
		t.Error("the file went too early")
	}
	d.clock.Pass(10 * 24 * time.Hour)
	prune()
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	x := d.evidence(o.OrderID)
	if x.FileID != "" || x.State != registration.EvidenceGiven {
		t.Errorf("evidence is %+v", x)
	}
	var files int
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM files`).Scan(&files); err != nil || files != 0 {
		t.Errorf("%d files are left: %v", files, err)
	}
	d.wantHealthy()
}
