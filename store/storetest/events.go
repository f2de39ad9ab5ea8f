package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// ofEvents are the cases about events as a whole and those who run them.
var ofEvents = map[string]func(*testing.T, Opener){
	"a cancelled event ends each order once, also after its jobs were given up": clearedOnce,
	"a cancelled event whose orders were ended stays cancelled":                 staysCancelled,
	"of many who change an event at once one wins":                              changedByOne,
	"each version of a text is kept once, the newest first":                     textsKept,
	"a session ends with its password, its time, and by hand":                   sessionsEnd,
}

// clearAll does the jobs of a clearing as the program does; broken lets all of them fail.
func (d *desk) clearAll(broken bool) {
	d.t.Helper()
	do := func(ctx context.Context, job store.Job) error {
		var j store.ClearingJob
		if err := json.Unmarshal(job.Payload, &j); err != nil || broken {
			return store.Never(errors.New("broken"))
		}
		if _, err := d.cashier.Cancel(ctx, j.Order, j.Actor, j.Reason, payments.Back{All: true}); err != nil {
			return err
		}
		return d.store.EndClearing(ctx, j, "")
	}
	if _, err := d.store.RunDueJobs(d.ctx, map[string]store.JobFunc{store.JobClear: do}, store.RunOptions{}); err != nil {
		d.t.Fatal(err)
	}
	if err := d.cashier.Wait(d.ctx); err != nil {
		d.t.Fatal(err)
	}
}

func clearedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	var paid []payments.Payment
	for range 3 {
		_, p := d.paid()
		paid = append(paid, p)
	}
	d.place()
	stands := func(waiting, done, failed int64, trouble int) {
		t.Helper()
		c, ok, err := d.store.Clearing(d.ctx, d.event.ID)
		if err != nil || !ok || c.Waiting != waiting || c.Done != done || c.Failed != failed || len(c.Trouble) != trouble {
			t.Fatalf("it stands at %+v (%v), want %d, %d, %d", c, err, waiting, done, failed)
		}
	}
	begin := func() error { return d.store.Clear(d.ctx, d.event.ID, staff, "태풍") }
	d.atOnce(begin)
	stands(4, 0, 0, 0)
	d.clearAll(true)
	stands(0, 0, 4, 4)
	d.atOnce(begin)
	stands(4, 0, 0, 0)
	d.clearAll(false)
	stands(0, 4, 0, 0)
	d.reconcile()
	if err := begin(); err != nil {
		t.Fatal(err)
	}
	stands(0, 4, 0, 0)
	for _, p := range paid {
		if a := d.bank.Account(p.OrderNo); a.Refunded != a.Captured.Minor {
			t.Errorf("the bank took %d and gave %d back", a.Captured.Minor, a.Refunded)
		}
	}
	c, _, err := d.store.Clearing(d.ctx, d.event.ID)
	if err != nil || len(c.Refunded) != 1 || c.Refunded[0] != won(3*150000) || len(c.Underway)+len(c.Refused) != 0 {
		t.Errorf("its money: %+v (%v)", c, err)
	}
	d.wantLeft("hall", 10)
	d.healthy()
}

func staysCancelled(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.place()
	on, off := *d.event, *d.event
	off.State = registration.StateCancelled
	d.apply(off)
	d.apply(on) // nobody has lost anything yet
	d.apply(off)
	if err := d.store.Clear(d.ctx, d.event.ID, staff, "태풍"); err != nil {
		t.Fatal(err)
	}
	for _, state := range []registration.EventState{registration.StateOpen, registration.StateClosed, registration.StateDraft} {
		on.State = state
		if err := d.store.Apply(d.ctx, store.Applied{Event: on, Actor: staff}); !isCode(err, registration.CodeConflict) {
			t.Errorf("after its orders were cancelled the event becomes %q: %v", state, err)
		}
	}
	d.apply(off)
}

func changedByOne(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	e := *d.event
	e.Quotas = nil // nothing else that two changes would wait for
	d.apply(e)
	f, err := d.store.EventFile(d.ctx, e.Slug)
	if err != nil {
		t.Fatal(err)
	}
	var won, n atomic.Int64
	d.atOnce(func() error {
		mine := e
		mine.Place = registration.Text{Ko: fmt.Sprint("회장 ", n.Add(1)), En: "Hall"}
		err := d.store.Apply(d.ctx, store.Applied{Event: mine, Actor: staff, Version: f.Version})
		if isCode(err, registration.CodeConflict) {
			return nil
		}
		if err == nil {
			won.Add(1)
		}
		return err
	})
	now, err := d.store.EventFile(d.ctx, e.Slug)
	if won.Load() != 1 || err != nil || now.Version != f.Version+1 {
		t.Errorf("%d changes of version %d were taken, the event is version %d (%v)", won.Load(), f.Version, now.Version, err)
	}
}

func textsKept(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	say := func(text string) {
		e := *d.event
		e.Texts.Privacy = registration.Text{Ko: text, En: text}
		d.apply(e)
		d.clock.Pass(time.Minute)
	}
	for _, text := range []string{"하나", "둘", "둘", "하나", "셋"} {
		say(text)
	}
	list, err := d.store.Texts(d.ctx, d.event.ID, store.TextPrivacy)
	if err != nil || len(list) != 3 || list[0].Text.Ko != "셋" || list[1].Text.Ko != "둘" || list[2].Text.Ko != "하나" || !list[2].Since.Before(list[1].Since) {
		t.Errorf("versions %+v (%v)", list, err)
	}
	if list[0].Version != d.event.PrivacyVersion() {
		t.Errorf("the newest is %s, people agree to %s", list[0].Version, d.event.PrivacyVersion())
	}
	d.healthy()
}

func sessionsEnd(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	add := func(role store.Role) store.Staff {
		t.Helper()
		if err := d.store.AddStaff(d.ctx, "owner@example.org", role, "", "correct horse battery"); err != nil {
			t.Fatal(err)
		}
		st, err := d.store.StaffByEmail(d.ctx, "owner@example.org")
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	st := add(store.RoleOwner)
	session := func() string {
		t.Helper()
		token, err := d.store.CreateSession(d.ctx, st.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	gone := func(what, token string) {
		t.Helper()
		if _, err := d.store.Session(d.ctx, token); !isCode(err, registration.CodeNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	before, byHand := session(), session()
	if err := d.store.EndSession(d.ctx, byHand); err != nil {
		t.Fatal(err)
	}
	gone("ended by hand", byHand)
	if _, err := d.store.Session(d.ctx, before); err != nil {
		t.Errorf("another one ended too: %v", err)
	}
	add(store.RoleDesk)
	gone("with another role", before)
	after := session()
	if now, err := d.store.Session(d.ctx, after); err != nil || now.Role != store.RoleDesk {
		t.Errorf("the session is of %+v (%v)", now, err)
	}
	d.clock.Pass(time.Hour)
	gone("over", after)
	d.healthy()
}
