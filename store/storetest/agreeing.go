package storetest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// agreeing are the cases about what people agree to for themselves.
var agreeing = map[string]func(*testing.T, Opener){
	"who comes instead has agreed to nothing, and agrees once":           agreeInstead,
	"a consent and another person in the place at once stay with theirs": agreeAtOnce,
}

// agreement is a consent to a version of the terms.
func (d *desk) agreement(version string) []registration.Consent {
	return []registration.Consent{{ID: "terms", Version: version, At: d.clock.Now().UTC()}}
}

func (d *desk) agree(o *registration.Order, i int, version string) error {
	return d.store.Agree(d.ctx, o, &o.Registrations[i], d.agreement(version), payments.ActorAttendee)
}

func agreeInstead(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	for name, n := range map[string]store.NewOrder{"alone": d.newOrder("student", 0), "a group": d.group("student", "student")} {
		n.Consents = d.agreement("first")
		id := d.placeOf(n).OrderID
		d.comeBack(d.start(id, 1))
		before := d.order(id)
		if before.Registrations[0].Consents != nil {
			t.Errorf("%s: consents of their own: %v", name, before.Registrations[0].Consents)
		}
		if err := d.replace(before, 0, member(50)); err != nil {
			t.Fatal(name, err)
		}
		if err := d.agree(before, 0, "late"); !isCode(err, registration.CodeConflict) {
			t.Errorf("%s: whoever has left agrees: %v", name, err)
		}
		o := d.order(id)
		if got := o.Registrations[0].Consents; got == nil || len(got) != 0 {
			t.Errorf("%s: the other person has agreed to %v", name, got)
		}
		for _, version := range []string{"v2", "v3"} {
			if err := d.agree(o, 0, version); err != nil {
				t.Fatal(name, err)
			}
		}
		d.clock.Pass(time.Hour)
		r := d.order(id).Registrations[0]
		err := d.store.ChangePerson(d.ctx, d.order(id), store.PersonChange{Registration: r.ID, Version: r.Version, Person: r.Person, Consents: d.agreement("v4"), Actor: payments.ActorAttendee})
		if err != nil {
			t.Fatal(name, err)
		}
		o = d.order(id)
		if got := o.Registrations[0].Consents; len(got) != 1 || got[0].Version != "v2" || got[0].At.IsZero() || o.Consents[0].Version != "first" {
			t.Errorf("%s: kept %v, and %v with the order", name, got, o.Consents)
		}
		agreed := 0
		rows, err := d.store.AuditOf(d.ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range rows {
			if a.What == "registration" && a.To == "agreed" {
				agreed++
				if !strings.Contains(a.Reason, "terms v2") {
					t.Errorf("%s: the audit says %q", name, a.Reason)
				}
			}
		}
		if agreed != 1 {
			t.Errorf("%s: %d rows in the audit", name, agreed)
		}
		listed := d.people(store.OrderFilter{Query: o.Code})
		if listed[0].Registration.Consents[0].Version != "v2" || listed[0].Order.Agreed[0][0].Version != "v2" {
			t.Errorf("%s: the list has %v and %v", name, listed[0].Registration.Consents, listed[0].Order.Agreed)
		}
		if len(n.More) == 0 {
			continue
		}
		if listed[1].Registration.Consents != nil || listed[1].Order.Agreed[1] != nil {
			t.Error("somebody else in the group has agreed")
		}
		r = o.Registrations[1]
		if err := d.store.ChangePerson(d.ctx, o, store.PersonChange{Registration: r.ID, Version: r.Version, Person: r.Person, Consents: d.agreement("v5"), Actor: payments.ActorAttendee}); err != nil {
			t.Fatal(err)
		}
		if got := d.order(id).Registrations[1].Consents; len(got) != 1 || got[0].Version != "v5" {
			t.Errorf("with their details somebody has agreed to %v", got)
		}
	}
	d.examined()
}

func agreeAtOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 60)
	for range 8 {
		id := d.placeOf(d.group("student", "student")).OrderID
		d.comeBack(d.start(id, 1))
		o := d.order(id)
		var wg sync.WaitGroup
		for _, act := range []func() error{
			func() error { return d.agree(o, 0, "v1") }, func() error { return d.agree(o, 0, "v1") }, func() error { return d.replace(o, 0, member(70)) },
		} {
			wg.Go(func() {
				if err := act(); err != nil && !isCode(err, registration.CodeConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := d.order(id).Registrations[0]; got.Person.Name != member(70).Name || got.Consents == nil || len(got.Consents) != 0 {
			t.Errorf("%s has agreed to %v", got.Person.Name, got.Consents)
		}
	}
	d.examined()
}
