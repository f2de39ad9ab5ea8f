package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"
)

// phones are the cases of codes that prove that somebody has a telephone.
var phones = map[string]func(*testing.T, Opener){
	"a code is good for five minutes and five tries":               codeIsChecked,
	"codes to one telephone come slowly, also when asked at once":  codesComeSlowly,
	"one address cannot have codes sent for ever":                  codesByAddress,
	"a telephone is proved for one draft and the order it becomes": phoneOfAnOrder,
}

const (
	phone   = "+821012345678"
	another = "+821098765432"
)

// ask asks for a code, and gives the message that is sent with it.
func (d *desk) ask(draft, phone string) store.CodeMessage {
	d.t.Helper()
	err := d.store.SendCode(d.ctx, store.PhoneCode{EventID: d.event.ID, DraftID: draft, Phone: phone, Lang: registration.Korean})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.texted(phone)
}

// texted does the jobs that send codes and gives the last message, which must be to the telephone.
func (d *desk) texted(phone string) (last store.CodeMessage) {
	d.t.Helper()
	do := map[string]store.JobFunc{store.JobText: func(ctx context.Context, j store.Job) (err error) {
		last, err = d.store.CodeToSend(ctx, string(j.Payload))
		return err
	}}
	if _, err := d.store.RunDueJobs(d.ctx, do, store.RunOptions{}); err != nil {
		d.t.Fatal(err)
	}
	if last.Phone != phone || len(last.Code) != 6 {
		d.t.Fatalf("message %+v", last)
	}
	return last
}

// otherCode is a code that is another one.
func otherCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func (d *desk) wantCheck(draft, phone, code, key string) {
	d.t.Helper()
	err := d.store.CheckCode(d.ctx, draft, phone, code)
	e, refused := errors.AsType[*registration.Error](err)
	if key == "" && err != nil || key != "" && (!refused || e.Code != registration.CodeInvalid || e.Key != key) {
		d.t.Errorf("code %q: %v, want %q", code, err, key)
	}
}

func codeIsChecked(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.wantCheck("draft", phone, "123456", "phone.over")
	m := d.ask("draft", phone)
	if sent, err := d.store.CodeSent(d.ctx, "draft", phone); err != nil || !sent.Equal(d.clock.Now()) {
		t.Errorf("sent at %s, %v", sent, err)
	}
	for range store.CodeTries {
		d.wantCheck("draft", phone, otherCode(m.Code), "phone.wrong")
	}
	d.wantCheck("draft", phone, m.Code, "phone.over")
	if sent, err := d.store.CodeSent(d.ctx, "draft", phone); err != nil || !sent.IsZero() {
		t.Errorf("a code that was tried too often was sent at %s, %v", sent, err)
	}
	d.clock.Pass(store.CodePause)
	second := d.ask("draft", phone)
	if second.Code == m.Code {
		t.Error("the second code is the first one") // one in a million
	}
	d.wantCheck("draft", phone, m.Code, "phone.wrong")
	d.wantCheck("draft", phone, "", "phone.wrong")
	d.wantCheck("other draft", phone, second.Code, "phone.over")
	d.wantCheck("draft", another, second.Code, "phone.over")
	d.wantCheck("draft", phone, second.Code, "")
	d.wantCheck("draft", phone, second.Code, "")
	d.clock.Pass(store.CodePause)
	third := d.ask("draft", phone)
	d.clock.Pass(store.CodeLife)
	d.wantCheck("draft", phone, third.Code, "phone.over")
	if _, err := d.store.CodeToSend(d.ctx, "none"); !isCode(err, registration.CodeNotFound) {
		t.Errorf("a code that is gone: %v", err)
	}
	d.healthy()
}

func codesComeSlowly(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	send := func(draft string) error {
		return d.store.SendCode(d.ctx, store.PhoneCode{EventID: d.event.ID, DraftID: draft, Phone: phone, Lang: registration.Korean})
	}
	for round := range store.CodesPerHour {
		var made atomic.Int32
		var asked sync.WaitGroup
		for i := range 8 {
			asked.Go(func() {
				switch err := send(fmt.Sprint("draft", i)); {
				case err == nil:
					made.Add(1)
				case !isCode(err, registration.CodeConflict):
					t.Errorf("send: %v", err)
				}
			})
		}
		asked.Wait()
		if made.Load() != 1 {
			t.Fatalf("round %d: %d codes at once, want 1", round, made.Load())
		}
		d.clock.Pass(store.CodePause - time.Second)
		if err := send("x"); !isCode(err, registration.CodeConflict) {
			t.Fatalf("a code before the pause is over: %v", err)
		}
		d.clock.Pass(time.Second)
	}
	if err := send("x"); !isCode(err, registration.CodeConflict) {
		t.Errorf("the sixth code within an hour: %v", err)
	}
	d.clock.Pass(time.Hour)
	if err := send("x"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func codesByAddress(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	q := store.PhoneCode{EventID: d.event.ID, DraftID: "draft", Address: store.Hash("192.0.2.1"), Lang: registration.Korean}
	for i := range store.CodesByAddress {
		q.Phone = fmt.Sprintf("+8210%08d", i)
		if err := d.store.SendCode(d.ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	q.Phone = another
	if err := d.store.SendCode(d.ctx, q); !isCode(err, registration.CodeConflict) {
		t.Errorf("one more: %v", err)
	}
	q.Address = store.Hash("192.0.2.2")
	if err := d.store.SendCode(d.ctx, q); err != nil {
		t.Errorf("from another address: %v", err)
	}
}

func phoneOfAnOrder(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	n := d.newOrder("student", 0)
	m := d.ask(n.DraftID, phone)
	d.wantCheck(n.DraftID, phone, m.Code, "")
	placed, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	lost := d.ask("never an order", another)
	d.wantCheck("never an order", another, lost.Code, "")
	d.clock.Pass(73 * time.Hour)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := d.store.PrunePhoneCodes(d.ctx); n != 1 || err != nil {
		t.Errorf("%d forgotten, %v, want the one without an order", n, err)
	}
	if at, err := d.store.PhoneVerified(d.ctx, placed.OrderID, phone); err != nil || at.IsZero() {
		t.Errorf("verified at %s, %v", at, err)
	}
	if at, err := d.store.PhoneVerified(d.ctx, placed.OrderID, another); err != nil || !at.IsZero() {
		t.Errorf("another telephone: verified at %s, %v", at, err)
	}
}
