package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// leaving are the cases about somebody who leaves their place to another.
var leaving = map[string]func(*testing.T, Opener){
	"a proof does not pass to another person":                                leftProof,
	"a member number and a proved telephone end with whoever had them":       leftNumber,
	"who comes instead before an approval is asked, and the order waits":     leftWaiting,
	"a place is replaced, cancelled and paid at once, and nothing is lost":   leftAtOnce,
	"a member number serves one person of a group, and is free with a place": numberInGroup,
}

// replace puts somebody else in a place of the order as it is.
func (d *desk) replace(o *registration.Order, i int, who registration.Person) error {
	r := o.Registrations[i]
	return d.store.ChangePerson(d.ctx, o, store.PersonChange{
		Registration: r.ID, Version: r.Version, Person: who, Answers: registration.Answers{}, Another: true, Payer: len(o.Registrations) == 1, Actor: payments.ActorAttendee,
	})
}

// of is the evidence of one person of an order.
func (d *desk) of(orderID, registrationID string) store.Evidence {
	d.t.Helper()
	all, err := d.store.EvidenceOf(d.ctx, orderID)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, x := range all {
		if x.RegistrationID == registrationID {
			return x
		}
	}
	return store.Evidence{}
}

// hand gives a file for one person, and staff accept it.
func (d *desk) hand(orderID, registrationID string) store.Evidence {
	d.t.Helper()
	f := pdf("evidence", registrationID)
	if err := d.store.GiveEvidence(d.ctx, orderID, store.Given{RegistrationID: registrationID, File: &f}); err != nil {
		d.t.Fatal(err)
	}
	x := d.of(orderID, registrationID)
	if err := d.store.AcceptEvidence(d.ctx, orderID, registrationID, x.Version(), approver); err != nil {
		d.t.Fatal(err)
	}
	return d.of(orderID, registrationID)
}

func leftProof(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	d.accept("7")
	for name, n := range map[string]store.NewOrder{"alone": d.newOrder("fellow", 0), "a group": d.group("fellow", "fellow")} {
		id := d.placeOf(n).OrderID
		d.comeBack(d.start(id, 1))
		before := d.order(id)
		r := before.Registrations[0]
		had := d.hand(id, r.ID)
		if err := d.replace(before, 0, member(50)); err != nil {
			t.Fatal(name, err)
		}
		x := d.of(id, r.ID)
		if x.State != registration.EvidenceMissing || x.FileID != "" || x.Before || !x.DecidedAt.IsZero() || x.Reason != "" {
			t.Errorf("%s: the other person's evidence is %+v", name, x)
		}
		if _, err := d.store.File(d.ctx, d.event.ID, had.FileID); !isCode(err, registration.CodeNotFound) {
			t.Errorf("%s: the former person's file is there: %v", name, err)
		}
		after := d.order(id)
		if after.State != registration.OrderPaid || !after.Prices.Equal(before.Prices) || len(d.refunds(id)) != 0 {
			t.Errorf("%s: the order is %s at %v", name, after.State, after.Prices)
		}
		if len(n.More) > 0 && d.of(id, before.Registrations[1].ID).State != registration.EvidenceMissing {
			t.Errorf("%s: somebody else's evidence has changed", name)
		}
	}
	d.examined()
}

func leftNumber(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalAfter, registration.EvidenceMemberNumber)
	d.members(registration.Member{Number: "K-1", Name: "홍길동"}, registration.Member{Number: "K-2", Name: "새사람"})
	n := d.newOrder("fellow", 0)
	n.Proof = registration.Proof{Number: "K-1"}
	n.Person.Phone = phone
	m := d.ask(n.DraftID, phone)
	d.wantCheck(n.DraftID, phone, m.Code, "")
	id := d.placeOf(n).OrderID
	d.comeBack(d.start(id, 1))
	o := d.order(id)
	if err := d.replace(o, 0, registration.Person{Name: "새사람", Email: "new@example.org", Phone: phone}); err != nil {
		t.Fatal(err)
	}
	if at, err := d.store.PhoneVerified(d.ctx, id, phone); err != nil || !at.IsZero() {
		t.Errorf("the telephone counts as proved since %v (%v)", at, err)
	}
	again := d.newOrder("fellow", 0)
	again.Proof = registration.Proof{Number: "K1"}
	d.placeOf(again) // whoever has left registers anew, with the same number
	who := o.Registrations[0].ID
	if err := d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: who, Number: "K-1", Name: "새사람"}); !isCode(err, registration.CodeInvalid) {
		t.Errorf("the former number was taken: %v", err)
	}
	if err := d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: who, Number: "K-2", Name: "새사람"}); err != nil {
		t.Fatal(err)
	}
	d.clock.Pass(2 * time.Minute)
	own := d.ask(store.PersonDraft(who), phone)
	d.wantCheck(store.PersonDraft(who), phone, own.Code, "")
	if at, err := d.store.PhoneVerified(d.ctx, id, phone); err != nil || at.IsZero() {
		t.Errorf("the telephone that was proved anew does not count: %v", err)
	}
	d.clock.Pass(100 * time.Hour)
	d.expireHolds(1)
	if _, err := d.store.PrunePhoneCodes(d.ctx); err != nil {
		t.Fatal(err)
	}
	if at, err := d.store.PhoneVerified(d.ctx, id, phone); err != nil || at.IsZero() {
		t.Errorf("the proof was forgotten: %v", err)
	}
	d.examined()
}

func leftWaiting(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	id := d.placeOf(d.group("fellow", "student")).OrderID
	if n := d.told(id, store.MailProof); n != 1 {
		t.Errorf("%d people were asked for their proof, want 1", n)
	}
	o := d.order(id)
	f := pdf("evidence", "card")
	if err := d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: o.Registrations[0].ID, File: &f}); err != nil {
		t.Fatal(err)
	}
	seen := d.of(id, o.Registrations[0].ID)
	if err := d.replace(o, 0, member(50)); err != nil {
		t.Fatal(err)
	}
	if err := d.store.AcceptEvidence(d.ctx, id, seen.RegistrationID, seen.Version(), approver); !isCode(err, registration.CodeConflict) {
		t.Errorf("the proof of whoever left was accepted: %v", err)
	}
	if n := d.told(id, store.MailProof); n != 2 {
		t.Errorf("%d mails ask for a proof, want 2", n)
	}
	d.wantOrder(id, registration.OrderAwaiting, registration.Held)
	d.hand(id, seen.RegistrationID)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	// from now on it can be paid, and stays so
	if err := d.replace(d.order(id), 0, member(51)); err != nil {
		t.Fatal(err)
	}
	if x := d.of(id, seen.RegistrationID); x.State != registration.EvidenceMissing || x.Before {
		t.Errorf("the evidence is %+v", x)
	}
	d.comeBack(d.start(id, 1))
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.examined()
}

func leftAtOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 60)
	d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
	d.accept("1", "2", "3", "4", "5", "6")
	for round, paper := range []string{"1", "2", "3", "4", "5", "6"} {
		n := d.group("student", "fellow", "student")
		n.Papers = []string{paper}
		id := d.placeOf(n).OrderID
		if round%2 == 0 {
			d.comeBack(d.start(id, 1))
		}
		o := d.order(id)
		x := d.of(id, o.Registrations[1].ID)
		f := pdf("evidence", "card")
		var wg sync.WaitGroup
		for _, act := range []func() error{
			func() error { return d.replace(o, 0, member(60)) },
			func() error { return d.replace(o, 1, member(61)) },
			func() error { return d.replace(o, 1, member(62)) },
			func() error {
				return d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: x.RegistrationID, File: &f, CheckIn: o.Registrations[1].CheckInToken})
			},
			func() error { return d.store.AcceptEvidence(d.ctx, id, x.RegistrationID, x.Version(), approver) },
			func() error {
				_, err := d.store.Amend(d.ctx, id, store.NewAmendment{Parts: []registration.Part{{ID: o.Registrations[0].ID, Cancelled: true}}, Actor: approver})
				return err
			},
			func() error {
				return d.store.CoverPapers(d.ctx, d.event, id, 0, nil, approver, "철회")
			},
			func() error {
				if round%2 == 0 {
					return nil
				}
				p, err := d.cashier.Start(d.ctx, id, payments.Choice{ChannelID: d.event.ID + "/korea", Method: payments.MethodCard, Attempt: 1}, payments.ActorAttendee)
				if err == nil {
					_, err = d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: d.bank.Authenticate(p)})
				}
				return err
			},
		} {
			wg.Go(func() {
				if err := act(); err != nil && !isCode(err, registration.CodeConflict) && !errors.Is(err, payments.ErrNoAnswer) {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		wg.Wait()
		if x = d.of(id, x.RegistrationID); x.Name == member(1).Name {
			t.Errorf("round %d: nobody took the place", round)
		}
		if x.State != registration.EvidenceMissing || x.FileID != "" {
			t.Errorf("round %d: a proof has passed to another person: %+v", round, x)
		}
		d.examined()
	}
}

func numberInGroup(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	d.approving(registration.ApprovalAfter, registration.EvidenceMemberNumber)
	d.members(registration.Member{Number: "K-1", Name: "참가자000"})
	n := d.group("fellow", "fellow")
	n.More[0].Person.Name = n.Person.Name // another of the same name
	id := d.placeOf(n).OrderID
	d.comeBack(d.start(id, 1))
	people := d.order(id).Registrations
	give := func(i int) error {
		return d.store.GiveEvidence(d.ctx, id, store.Given{RegistrationID: people[i].ID, Number: "K-1", Name: people[i].Person.Name})
	}
	if err := give(0); err != nil {
		t.Fatal(err)
	}
	if err := give(1); !isCode(err, registration.CodeInvalid) {
		t.Errorf("one number serves two people of one order: %v", err)
	}
	if err := give(0); !isCode(err, registration.CodeConflict) {
		t.Errorf("an accepted number was given again: %v", err)
	}
	if _, err := d.store.Amend(d.ctx, id, store.NewAmendment{Parts: []registration.Part{{ID: people[0].ID, Cancelled: true}}, Actor: approver}); err != nil {
		t.Fatal(err)
	}
	if err := d.store.MemberFits(d.ctx, d.event.ID, "K-1", "참가자000"); err != nil {
		t.Errorf("the number of whoever was cancelled is not free: %v", err)
	}
	d.examined()
}
