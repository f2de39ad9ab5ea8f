package storetest

import (
	"maps"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// mails are the cases about the mails of an order.
var mails = map[string]func(*testing.T, Opener){
	"a new link ends the old one once":           linkRenewedOnce,
	"a mail is sent again only when it has left": mailedAgain,
}

// atOnce calls fn from several goroutines; every one must succeed.
func (d *desk) atOnce(fn func() error) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := fn(); err != nil {
				d.t.Error(err)
			}
		})
	}
	wg.Wait()
}

// acts gives how often staff did each thing to the order, by the audit's word, and how many mails of each kind it has.
func (d *desk) acts(o *registration.Order) map[string]int {
	d.t.Helper()
	view, err := d.store.OrderView(d.ctx, o.EventID, o.Code)
	if err != nil {
		d.t.Fatal(err)
	}
	n := map[string]int{}
	for _, a := range view.Audit {
		if a.What == "staff" {
			n[a.To]++
		}
	}
	for _, m := range view.Mails {
		n[m.Kind]++
	}
	return n
}

func linkRenewedOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	o := d.order(d.place().OrderID)
	d.atOnce(func() error { return d.store.RenewLink(d.ctx, o, "staff:admin@example.org") })
	if v := d.order(o.ID).SecretVersion; v != o.SecretVersion+1 {
		t.Errorf("the address is number %d, was %d", v, o.SecretVersion)
	}
	if got, want := d.acts(o), map[string]int{"link_renewed": 1, payments.MailNewLink: 1}; !maps.Equal(got, want) {
		t.Errorf("acts and mails %v, want %v", got, want)
	}
}

func mailedAgain(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	o := d.order(d.place().OrderID)
	mail := store.Mail{Kind: payments.MailDeposit}
	again := func() error { return d.store.MailAgain(d.ctx, o, mail, "staff:admin@example.org") }
	d.atOnce(again)
	if got, want := d.acts(o), map[string]int{"mail_sent_again": 1, mail.Kind: 1}; !maps.Equal(got, want) {
		t.Errorf("acts and mails %v, want %v", got, want)
	}
	jobs, err := d.store.ClaimJobs(d.ctx, []string{store.JobMail}, 10, time.Minute, false)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("jobs %v, %v", jobs, err)
	}
	if err := again(); err != nil || d.acts(o)[mail.Kind] != 1 {
		t.Errorf("%d mails while the first is being sent, %v", d.acts(o)[mail.Kind], err)
	}
	for _, j := range jobs {
		if err := d.store.FinishJob(d.ctx, j); err != nil {
			t.Fatal(err)
		}
	}
	d.atOnce(again)
	if got := d.acts(o); got[mail.Kind] != 2 || got["mail_sent_again"] != 2 {
		t.Errorf("after it has left: %v", got)
	}
}
