package storetest

import (
	"slices"
	"testing"

	"foyer/registration"
)

func answeredQuestions(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(5)
	d.riding("no")
	n := d.newOrder("student", 0)
	n.Answers, n.ForOrder = registration.Answers{"diet": {"채식"}, "bus": {"yes"}}, registration.Answers{"invoice": {"사무국"}}
	d.placeOf(n)
	if got, err := d.store.AnsweredQuestions(d.ctx, d.event.ID); err != nil || !slices.Equal(got, []string{"bus", "diet", "invoice"}) {
		t.Errorf("answered were %v: %v", got, err)
	}
	if got, err := d.store.AnsweredQuestions(d.ctx, "another"); err != nil || len(got) > 0 {
		t.Errorf("another event has %v: %v", got, err)
	}
}
