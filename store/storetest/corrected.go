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

// corrections are the cases about what staff mend of people and answers.
var corrections = map[string]func(*testing.T, Opener){
	"a corrected answer moves the places of its options":              correctedPlaces,
	"of two who correct the same at once one is told so":              correctedOnce,
	"corrections never take more places of an option than there are":  correctedTogether,
	"a corrected hold and a cancelled order give back what they have": correctedEnds,
	"answers to a question that is gone are still found":              answeredQuestions,
	"a file of staff takes the place of the one before":               correctedFile,
	"what is told with the order is kept as a whole or not at all":    toldWhole,
	"details told at once never take more places than there are":      toldTogether,
	"another category gives back the options that it is not asked":    leftOptions,
}

// riding makes an order of one student whose answer about the bus is this.
func (d *desk) riding(answer string) string {
	d.t.Helper()
	n := d.newOrder("student", 0)
	n.Answers = registration.Answers{"bus": {answer}}
	return d.placeOf(n).OrderID
}

// correct gives the first person of an order another answer about the bus; o is the order as staff have seen it.
func (d *desk) correct(o *registration.Order, answer string) error {
	r := o.Registrations[0]
	return d.store.Correct(d.ctx, d.event, o, store.Correction{
		Registration: r.ID, Person: r.Person, Answers: registration.Answers{"bus": {answer}}, Actor: "staff:a@example.org",
	})
}

func correctedPlaces(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(2)
	paid, held := d.riding("no"), d.riding("yes")
	d.comeBack(d.start(paid, 1))
	d.wantLeft("bus.yes", 1)
	for _, step := range []struct {
		order, answer string
		left          int64
	}{{paid, "yes", 0}, {paid, "yes", 0}, {held, "no", 1}, {held, "yes", 0}} {
		if err := d.correct(d.order(step.order), step.answer); err != nil {
			t.Fatal(err)
		}
		d.wantLeft("bus.yes", step.left)
		d.wantHealthy()
	}
	third := d.order(d.riding("no"))
	if err := d.correct(third, "yes"); !isCode(err, registration.CodeFull) {
		t.Errorf("a third: %v, want it full", err)
	}
	if got := d.order(third.ID).Registrations[0].Answers["bus"]; got[0] != "no" {
		t.Errorf("what was refused is kept: %v", got)
	}
	if n := len(d.texts(`SELECT reason FROM audit WHERE to_state = 'corrected' AND reason = 'answer.bus'`)); n != 3 {
		t.Errorf("%d rows of the audit, want one for each of three changes", n)
	}
	d.wantLeft("hall", 7)
	d.wantHealthy()
}

func correctedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(5)
	id := d.riding("no")
	seen := d.order(id)
	var mu sync.Mutex
	told := 0
	var all []func() error
	for range 6 {
		all = append(all, func() error {
			err := d.correct(seen, "yes")
			if isCode(err, registration.CodeConflict) {
				mu.Lock()
				told++
				mu.Unlock()
				return nil
			}
			return err
		})
	}
	d.together(all...)
	if told != 5 {
		t.Errorf("%d of six were told, want 5", told)
	}
	d.wantLeft("bus.yes", 4)
	d.wantHealthy()
}

func correctedTogether(t *testing.T, open Opener) {
	d := newDesk(t, open, 40)
	d.asking(3)
	var all []func() error
	for range 8 {
		o := d.order(d.riding("no"))
		all = append(all, func() error { return d.correct(o, "yes") }, func() error {
			n := d.newOrder("student", 0)
			n.Answers = registration.Answers{"bus": {"yes"}}
			_, err := d.store.Place(d.ctx, n)
			return err
		})
	}
	d.together(all...)
	d.wantLeft("bus.yes", 0)
	d.wantHealthy()
}

func correctedEnds(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(5)
	ending, paid := d.riding("no"), d.riding("no")
	d.comeBack(d.start(paid, 1))
	for _, id := range []string{ending, paid} {
		if err := d.correct(d.order(id), "yes"); err != nil {
			t.Fatal(err)
		}
	}
	var moving []func() error
	for i := range 4 { // holds end while staff correct them
		o := d.order(d.riding([]string{"yes", "no"}[i%2]))
		moving = append(moving, func() error { return d.correct(o, []string{"no", "yes"}[i%2]) }, func() error { _, err := d.store.ExpireHolds(d.ctx); return err })
	}
	d.clock.Pass(hold + time.Second)
	d.together(moving...)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.cancel(paid, payments.Back{}); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("bus.yes", 5)
	d.wantLeft("hall", 10)
	if err := d.correct(d.order(ending), "no"); !isCode(err, registration.CodeConflict) {
		t.Errorf("an expired order: %v, want a conflict", err)
	}
	d.wantHealthy()
}

func correctedFile(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	e := *d.event
	e.Questions = []registration.Question{{ID: "cv", Kind: registration.AskFile, Per: registration.PerOrder}}
	d.apply(e)
	o := d.order(d.place().OrderID)
	for i, name := range []string{"first", "second", ""} {
		c := store.Correction{Actor: "staff:a@example.org"} // no answer any more
		if name != "" {
			c.Answers, c.Files = o.Answers, map[string]store.NewFile{"cv": pdf("answer.cv", name)}
		}
		if err := d.store.Correct(d.ctx, d.event, o, c); err != nil {
			t.Fatal(err)
		}
		o = d.order(o.ID)
		want := fmt.Sprint(min(2-i, 1))
		if got := d.texts(`SELECT CAST(COUNT(*) AS TEXT) FROM files WHERE order_id = $1`, o.ID); got[0][1] != want || fmt.Sprint(len(o.Answers["cv"])) != want {
			t.Errorf("after %q the order has %s files and the answer %v", name, got[0][1], o.Answers["cv"])
		}
	}
	d.wantHealthy()
}
