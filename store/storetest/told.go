package storetest

import (
	"sync"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// tell keeps what the owner of an order of one has told, with answers about themselves and once for the order.
func (d *desk) tell(o *registration.Order, name string, own, once registration.Answers) error {
	r := o.Registrations[0]
	p := r.Person
	p.Name = name
	return d.store.ChangePerson(d.ctx, o, store.PersonChange{Registration: r.ID, Version: r.Version, Person: p, Answers: own, Once: &once, Actor: "attendee"})
}

func answer(question, value string) registration.Answers {
	return registration.Answers{question: {value}}
}

func toldWhole(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(1)
	id := d.riding("no")
	d.comeBack(d.start(id, 1))
	seen := d.order(id)
	if err := d.tell(seen, "First", answer("bus", "no"), answer("note", "a")); err != nil {
		t.Fatal(err)
	}
	if err := d.tell(seen, "Second", answer("bus", "yes"), answer("note", "b")); !isCode(err, registration.CodeConflict) {
		t.Errorf("told of what is not there any more: %v, want a conflict", err)
	}
	late := d.order(id) // whose answers of the order somebody else changes
	if err := d.store.Correct(d.ctx, d.event, late, store.Correction{Answers: answer("note", "c"), Actor: "staff:a@example.org"}); err != nil {
		t.Fatal(err)
	}
	if err := d.tell(late, "Third", answer("bus", "yes"), answer("note", "d")); !isCode(err, registration.CodeConflict) {
		t.Errorf("told of answers that are not there any more: %v, want a conflict", err)
	}
	d.wantTold(id, "First", "no", "c")
	if n := len(d.texts(`SELECT reason FROM audit WHERE to_state = 'completed' AND reason LIKE 'First: %First, answer.note'`)); n != 1 {
		t.Errorf("%d rows of the audit say what was told, want one: %q", n, d.texts(`SELECT reason FROM audit WHERE to_state = 'completed'`))
	}
	d.wantLeft("bus.yes", 1)
	other := d.order(d.riding("no"))
	if err := d.tell(d.order(id), "Fourth", answer("bus", "yes"), answer("note", "e")); err != nil {
		t.Fatal(err)
	}
	if err := d.tell(other, "Other", answer("bus", "yes"), answer("note", "f")); !isCode(err, registration.CodeFull) {
		t.Errorf("the last place twice: %v, want it full", err)
	}
	d.wantTold(id, "Fourth", "yes", "e")
	if got := d.order(other.ID); got.Registrations[0].Person.Name == "Other" || len(got.Answers) != 0 {
		t.Errorf("what was refused is kept: %+v", got)
	}
	d.wantLeft("bus.yes", 0)
	if err := d.tell(d.order(id), "Fourth", answer("bus", "no"), registration.Answers{}); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("bus.yes", 1)
	d.wantHealthy()
}

// wantTold compares what an order of one has told.
func (d *desk) wantTold(id, name, bus, note string) {
	d.t.Helper()
	o := d.order(id)
	r := o.Registrations[0]
	if r.Person.Name != name || !r.Answers.Equal(answer("bus", bus)) || !o.Answers.Equal(answer("note", note)) {
		d.t.Errorf("told: %s, %v and %v; want %s, %s and %s", r.Person.Name, r.Answers, o.Answers, name, bus, note)
	}
}

func toldTogether(t *testing.T, open Opener) {
	d := newDesk(t, open, 40)
	d.asking(3)
	var mu sync.Mutex
	taken := 0
	var all []func() error
	for range 8 {
		o := d.order(d.riding("no"))
		all = append(all, func() error {
			err := d.tell(o, "Kim", answer("bus", "yes"), answer("note", "x"))
			switch {
			case isCode(err, registration.CodeFull):
				return nil
			case err == nil:
				mu.Lock()
				taken++
				mu.Unlock()
			}
			return err
		})
	}
	d.together(all...)
	if taken != 3 {
		t.Errorf("%d of eight have a place, want 3", taken)
	}
	d.wantLeft("bus.yes", 0)
	d.wantHealthy()
}

func leftOptions(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(2)
	e := *d.event
	e.Questions[0].Categories = []string{"student"}
	d.apply(e)
	taken, none, waiting := d.riding("yes"), d.riding("no"), d.riding("yes")
	for _, id := range []string{taken, none, waiting} {
		d.comeBack(d.start(id, 1))
	}
	d.wantLeft("bus.yes", 0)
	lines := func(minor int64) []registration.Line {
		return []registration.Line{{Kind: registration.LineCategory, ID: "guest", Name: registration.Text{Ko: "일반", En: "Regular"}, Quantity: 1, Unit: registration.Prices{registration.KRW: minor}}}
	}
	change := func(id string, minor int64) store.Amended {
		a, err := d.store.Amend(d.ctx, id, store.NewAmendment{
			Parts: []registration.Part{{ID: d.order(id).Registrations[0].ID, Lines: lines(minor)}}, Actor: staff, Reason: "test", Hold: hold, Max: hold,
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	change(taken, 150000)
	change(none, 150000)
	d.wantLeft("bus.yes", 1)
	for _, id := range []string{taken, none} {
		if got := d.order(id).Registrations[0].Answers; len(got) != 0 {
			t.Errorf("a guest has answered %v", got)
		}
	}
	if a := change(waiting, 250000); a.State != registration.AmendmentPending {
		t.Fatalf("the dearer change is %s", a.State)
	}
	d.wantLeft("bus.yes", 1)
	d.comeBack(d.start(waiting, 2))
	d.wantLeft("bus.yes", 2)
	if got := d.order(waiting).Registrations[0].Answers; len(got) != 0 {
		t.Errorf("a guest has answered %v", got)
	}
	d.wantHealthy()
	for _, id := range []string{taken, none, waiting} {
		if err := d.cancel(id, payments.Back{}); err != nil {
			t.Fatal(err)
		}
	}
	d.wantLeft("bus.yes", 2)
	d.wantLeft("hall", 10)
	d.wantHealthy()
}
