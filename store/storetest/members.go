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

// handedIn are the cases about member numbers and files.
var handedIn = map[string]func(*testing.T, Opener){
	"a member number is used by one of many parallel orders":        memberOnce,
	"a member number comes free with its order, and is taken again": memberComesFree,
	"the number and the name must both be a member's":               memberNamed,
	"files of a draft become the order's, and go with the draft":    filesFollow,
	"files of evidence are deleted a while after the event":         evidenceForgotten,
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
