package storetest

import (
	"context"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// sendMails ends the jobs of all mails, as a mail server that takes them does.
func (d *desk) sendMails() {
	d.t.Helper()
	send := map[string]store.JobFunc{store.JobMail: func(context.Context, store.Job) error { return nil }}
	if _, err := d.store.RunDueJobs(d.ctx, send, store.RunOptions{}); err != nil {
		d.t.Fatal(err)
	}
}

// differenceOver is a difference that falls away in each way: its payer is told once, and only when a mail had asked for it.
func differenceOver(t *testing.T, open Opener) {
	ends := map[string]func(*testing.T, *desk, string){
		"withdrawn": func(t *testing.T, d *desk, id string) {
			for range 2 {
				if err := d.store.Withdraw(d.ctx, id, approver, ""); err != nil {
					t.Fatal(err)
				}
			}
		},
		"lapsed": func(_ *testing.T, d *desk, _ string) {
			d.clock.Pass(hold + time.Second)
			d.expireHolds(1)
			d.expireHolds(0)
		},
		"accepted after all": func(t *testing.T, d *desk, id string) {
			x := d.evidence(id)
			for range 2 {
				if err := d.store.AcceptEvidence(d.ctx, id, x.RegistrationID, x.Version(), approver); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
	for name, end := range ends {
		for how, want := range map[string]int{"asked by mail": 1, "before the mail has left": 0, "the attendee's own": 0} {
			t.Run(name+", "+how, func(t *testing.T) {
				d := newDesk(t, open, 5)
				d.approving(registration.ApprovalAfter, registration.EvidenceStudentID)
				o := d.placeOf(d.newOrder("fellow", 0))
				d.comeBack(d.start(o.OrderID, 1))
				actor := approver
				if how == "the attendee's own" {
					if actor = payments.ActorAttendee; name == "accepted after all" {
						return // it goes on
					}
				}
				cart := registration.Cart{Category: "fellow", Extras: map[string]int64{"banquet": 1}}
				if a, err := d.changeTo(o.OrderID, cart, actor, payments.Back{}); err != nil || a.State != registration.AmendmentPending {
					t.Fatalf("change: %+v, %v", a, err)
				}
				if how != "before the mail has left" {
					d.sendMails()
				}
				end(t, d, o.OrderID)
				if n := d.told(o.OrderID, payments.MailAmendOver); n != want {
					t.Errorf("%d mails tell that it is over, want %d", n, want)
				}
				d.wantHealthy()
			})
		}
	}
}

// differencePaid is a difference that does not fall away, and one that ends with its order, of which another mail tells.
func differencePaid(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	for i, end := range []func(string) error{
		func(id string) error { d.comeBack(d.start(id, 2)); return nil },
		func(id string) error { return d.cancel(id, payments.Back{All: true}) },
	} {
		o, _ := d.paid()
		if _, err := d.changeTo(o.OrderID, registration.Cart{Category: "student", Extras: map[string]int64{"banquet": 1}}, approver, payments.Back{}); err != nil {
			t.Fatal(err)
		}
		d.sendMails()
		if err := end(o.OrderID); err != nil {
			t.Fatal(err)
		}
		if n := d.told(o.OrderID, payments.MailAmendOver); n != 0 {
			t.Errorf("%d: %d mails tell that it is over", i, n)
		}
	}
}
