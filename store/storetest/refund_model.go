package storetest

import (
	"fmt"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// RefundProperty lets people of an order buy, change up and down, and cancel one after the other or together at random times, in one of two
// currencies, and holds that what the bank has given back in the end is what a plain reading of the rule says.
func RefundProperty(t *testing.T, open Opener) {
	d, events := newDesk(t, open, 1000), 0
	rapid.Check(t, func(rt *rapid.T) {
		d.t = rt
		events++
		cur := rapid.SampledFrom([]registration.Currency{registration.KRW, registration.USD}).Draw(rt, "currency")
		x := &reading{desk: d, rt: rt, cur: cur, channel: map[registration.Currency]string{registration.KRW: "korea", registration.USD: "world"}[cur]}
		x.sell(events)
		x.buy()
		rt.Repeat(map[string]func(*rapid.T){
			"time passes":   x.pass,
			"change":        x.change,
			"cancel person": x.cancelPerson,
			"cancel":        x.cancelAll,
			"":              x.compareBack,
		})
	})
}

// reading is an order with what a person with the rule before them would know: what each of its people costs, and what went back.
type reading struct {
	*desk
	rt      *rapid.T
	cur     registration.Currency
	channel string
	id      string
	half    time.Time // the last second of all
	none    time.Time // the last second of half
	costs   []int64   // of each person; 0 after cancelling
	gone    []bool
	paid    int64
	back    int64
	ended   bool
}

const refundFee = 700

// sell makes the event: all goes back until a day, half until another.
func (x *reading) sell(n int) {
	e := sampleEvent(1000)
	e.Slug = fmt.Sprint("refunds-", n)
	e.Categories[1].Prices["regular"] = registration.Prices{registration.KRW: 90_001, registration.USD: 7_001}
	e.Channels = append(e.Channels, registration.ChannelOffer{ID: "world", Gateway: "bank", Currency: registration.USD, Methods: []string{"card"}})
	x.half, x.none = x.clock.Now().Add(10*time.Hour), x.clock.Now().Add(20*time.Hour)
	e.Refunds = registration.RefundPolicy{
		Steps: []registration.RefundStep{{Until: x.half, Percent: 100}, {Until: x.none, Percent: 50}}, Fee: registration.Prices{x.cur: refundFee},
	}
	x.apply(e)
}

func (x *reading) buy() {
	categories := rapid.SliceOfN(rapid.SampledFrom([]string{"student", "guest"}), 1, 3).Draw(x.rt, "people")
	p, err := x.store.Place(x.ctx, x.group(categories...))
	x.must(err)
	x.id = p.OrderID
	x.pay()
	for _, r := range x.order(x.id).Registrations {
		x.costs, x.gone = append(x.costs, registration.Total(r.Lines)[x.cur]), append(x.gone, false)
	}
}

// pay pays what the order asks for.
func (x *reading) pay() {
	before, err := x.store.Payments(x.ctx, x.id)
	x.must(err)
	p := x.comeBack(x.choose(x.id, x.channel, payments.MethodCard, len(before)+1))
	x.wantPayment(p.ID, payments.Confirmed)
	x.paid += p.Captured.Minor
}

func (x *reading) must(err error) {
	if err != nil {
		x.rt.Fatal(err)
	}
}

func (x *reading) pass(*rapid.T) {
	x.clock.Pass(time.Duration(rapid.IntRange(1, 8).Draw(x.rt, "hours")) * time.Hour)
}

// share is what the rule gives back of an amount now.
func (x *reading) share(n int64) int64 {
	switch now := x.clock.Now(); {
	case now.Before(x.half.Add(time.Second)):
		return n
	case now.Before(x.none.Add(time.Second)):
		return (n + 1) / 2
	}
	return 0
}

// one is a person who is still there.
func (x *reading) one() int {
	i := rapid.IntRange(0, len(x.costs)-1).Draw(x.rt, "person")
	if x.ended || x.gone[i] {
		x.rt.Skip("gone")
	}
	return i
}

// keeps is what the order has and has not given back, as its pages say.
func (x *reading) keeps() registration.Money {
	return registration.Money{Minor: x.paid - x.back, Cur: x.cur}
}

// change chooses anew as the order's page does.
func (x *reading) change(*rapid.T) {
	i := x.one()
	o := x.order(x.id)
	r := &o.Registrations[i]
	lines, err := x.event.Amend(r, registration.Cart{
		Category: rapid.SampledFrom([]string{"student", "guest"}).Draw(x.rt, "category"), Extras: map[string]int64{"banquet": rapid.Int64Range(0, 3).Draw(x.rt, "banquets")},
	}, nil, x.clock.Now())
	x.must(err)
	less := registration.Money{Minor: min(max(registration.Total(r.Lines)[x.cur]-registration.Total(lines)[x.cur], 0), x.keeps().Minor), Cur: x.cur}
	made, err := x.store.Amend(x.ctx, x.id, store.NewAmendment{
		Parts: []registration.Part{{ID: r.ID, Lines: lines}}, Seen: o.Parts(), Actor: payments.ActorAttendee, Hold: hold, Max: hold,
		Back: payments.Back{Some: x.event.Refunds.ChangeRefund(r.Category(), less, x.clock.Now())},
	})
	x.must(err)
	if made.Due != nil {
		x.pay()
	}
	is := registration.Total(lines)[x.cur]
	x.back += x.share(max(x.costs[i]-is, 0))
	x.costs[i] = is
}

func (x *reading) cancelPerson(*rapid.T) {
	i := x.one()
	o := x.order(x.id)
	kept := x.keeps()
	_, err := x.store.Amend(x.ctx, x.id, store.NewAmendment{
		Parts: []registration.Part{{ID: o.Registrations[i].ID, Cancelled: true}}, Seen: o.Parts(), Actor: payments.ActorAttendee,
		Back: payments.Back{Some: x.event.Refunds.PersonRefund(o, o.Registrations[i].ID, kept, x.clock.Now()), Kept: &kept},
	})
	if isCode(err, registration.CodeInvalid) {
		return // the last one
	}
	x.must(err)
	x.leaves(i)
}

// leaves is somebody going who has what the rule gives back, less the fee.
func (x *reading) leaves(i int) {
	x.back += max(x.share(x.costs[i])-refundFee, 0)
	x.costs[i], x.gone[i] = 0, true
}

func (x *reading) cancelAll(*rapid.T) {
	if x.ended {
		x.rt.Skip("cancelled")
	}
	kept := x.keeps()
	back := x.event.Refunds.OrderRefund(x.order(x.id), kept, x.clock.Now())
	x.must(x.cancel(x.id, payments.Back{Some: back, Kept: &kept}))
	x.ended = true
	for i, gone := range x.gone {
		if !gone {
			x.leaves(i)
		}
	}
}

// compareBack compares what the bank has given back with the reading.
func (x *reading) compareBack(*rapid.T) {
	x.reconcile()
	list, err := x.store.Payments(x.ctx, x.id)
	x.must(err)
	took, back := int64(0), int64(0)
	for _, p := range list {
		a := x.bank.Account(p.OrderNo)
		took, back = took+a.Captured.Minor, back+a.Refunded
	}
	if took != x.paid || back != x.back || back > took {
		x.rt.Fatalf("of %d %s the bank gave %d back, the rule says %d of %d", took, x.cur, back, x.back, x.paid)
	}
}
