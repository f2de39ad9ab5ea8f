package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"foyer/payments"
	"foyer/registration"
)

// crowd is an event with orders of all kinds, and another event that must never show through.
func crowd(b *books, n int) (event string) {
	b.t.Helper()
	event = b.event("sample-2027", registration.Live)
	other := b.event("other-2027", registration.Live)
	for i := range n {
		switch i % 6 {
		case 0:
			b.order(event, sample{state: registration.OrderPending})
		case 1:
			id, _ := b.order(event, sample{state: registration.OrderPaid, category: "member", extras: 2})
			b.payment(event, id, try{state: payments.Failed})
			b.payment(event, id, try{state: payments.Confirmed, currency: registration.USD})
			b.payment(event, id, try{state: payments.Failed})
		case 2:
			id, pay := b.paid(event)
			b.refund(event, id, pay, payments.RefundDone, 50000, true)
			b.refund(event, id, pay, payments.RefundRefused, 7, false)
		case 3:
			id, _ := b.paid(event)
			over := b.payment(event, id, try{state: payments.Surplus, currency: registration.USD})
			b.refund(event, id, over, payments.RefundDone, 12000, false)
		case 4:
			id, _ := b.order(event, sample{state: registration.OrderExpired})
			b.payment(event, id, try{state: payments.Abandoned})
		case 5:
			b.paid(other)
		}
	}
	return event
}

func (b *books) page(f OrderFilter, from Cursor, limit int) OrderPage {
	b.t.Helper()
	p, err := b.Orders(b.t.Context(), f, from, limit)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *books) all(f OrderFilter) (rows []OrderRow) {
	b.t.Helper()
	err := b.EachOrder(b.t.Context(), f, func(r OrderRow) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

func codes(rows []OrderRow) (codes []string) {
	for _, r := range rows {
		codes = append(codes, r.Code)
	}
	return codes
}

func TestPagesLeadThroughTheWholeListAndBack(t *testing.T) {
	onBoth(t, func(b *books) {
		f := OrderFilter{EventID: crowd(b, 36)}
		b.exec(`UPDATE orders SET placed_at = placed_at / 10 * 10`) // many at the same moment
		want := codes(b.all(f))
		if len(want) != 30 {
			b.t.Fatalf("%d orders, want 30", len(want))
		}
		var forth []string
		page := b.page(f, Cursor{}, 7)
		if page.Prev != (Cursor{}) {
			b.t.Error("the first page has one before it")
		}
		for {
			forth = append(forth, codes(page.Rows)...)
			if page.Next == (Cursor{}) {
				break
			}
			page = b.page(f, ParseCursor(page.Next.String()), 7)
		}
		if !slices.Equal(forth, want) {
			b.t.Errorf("forth: %v, want %v", forth, want)
		}
		back := codes(page.Rows)
		for page.Prev != (Cursor{}) {
			page = b.page(f, ParseCursor(page.Prev.String()), 7)
			back = append(codes(page.Rows), back...)
		}
		if !slices.Equal(back, want) {
			b.t.Errorf("back: %v, want %v", back, want)
		}
	})
}

func TestBadCursorIsTheBeginning(t *testing.T) {
	for _, text := range []string{"", "x", "after.1", "after.x.y", "sideways.1.x", "after.1." + string(make([]byte, 65)), "after.1.\x00"} {
		if got := ParseCursor(text); got != (Cursor{}) {
			t.Errorf("%q gives %v", text, got)
		}
	}
}

func TestRowTellsOfThePaymentThatCounts(t *testing.T) {
	onBoth(t, func(b *books) {
		event := crowd(b, 6)
		rows := b.all(OrderFilter{EventID: event})
		slices.Reverse(rows)
		pending, dollars, part, surplus, lapsed := rows[0], rows[1], rows[2], rows[3], rows[4]
		if pending.Payment != "" || pending.Total != (registration.Money{Minor: 150000, Cur: registration.KRW}) || pending.Paid != 0 {
			b.t.Errorf("pending: %+v", pending)
		}
		if dollars.Payment != payments.Confirmed || dollars.Channel != "abroad" || dollars.Total != (registration.Money{Minor: 12000, Cur: registration.USD}) ||
			dollars.Paid != 12000 || dollars.ReceiptNo != "sample-2027-R-000001" || dollars.GatewayID == "" || dollars.Method != "card" || dollars.PaidAt.IsZero() {
			b.t.Errorf("paid in dollars: %+v", dollars)
		}
		if x := dollars.Extras(); len(x) != 1 || x[0].ID != "banquet" || x[0].Quantity != 2 {
			b.t.Errorf("extras: %+v", x)
		}
		if part.Paid != 150000 || part.Refunded != 50000 || part.Net() != 100000 || len(part.Other) != 0 {
			b.t.Errorf("partly refunded: %+v", part)
		}
		if surplus.Net() != 150000 || !slices.Equal(surplus.Other, []Sum{{Currency: registration.USD, Paid: 12000, Refunded: 12000}}) {
			b.t.Errorf("with surplus in another currency: %+v", surplus)
		}
		if lapsed.Payment != payments.Abandoned || lapsed.ReceiptNo != "" || lapsed.Test {
			b.t.Errorf("expired: %+v", lapsed)
		}
	})
}

// filters are filters of every kind.
func filters(event string) map[string]OrderFilter {
	all := map[string]OrderFilter{"everything": {EventID: event}, "with test": {EventID: event, TestToo: true}}
	for _, s := range []registration.OrderState{registration.OrderPending, registration.OrderPaid, registration.OrderExpired, registration.OrderCancelled} {
		all["state "+string(s)] = OrderFilter{EventID: event, State: s}
	}
	for _, s := range payments.Standings {
		all["standing "+string(s)] = OrderFilter{EventID: event, Standing: s}
	}
	for _, s := range []payments.State{payments.Confirmed, payments.Failed, payments.Abandoned} {
		all["payment "+string(s)] = OrderFilter{EventID: event, Payment: s}
	}
	for _, q := range []string{"홍길동", "person1", "K7Q4", "no such thing", "4", "0001", "%"} {
		all["search "+q] = OrderFilter{EventID: event, Query: q}
	}
	all["channel"] = OrderFilter{EventID: event, Channel: "abroad"}
	all["category"] = OrderFilter{EventID: event, Category: "member"}
	all["all at once"] = OrderFilter{EventID: event, Query: "홍길동 example", State: registration.OrderPaid, Payment: payments.Confirmed, Channel: "korea", Category: "student"}
	return all
}

func TestTotalsAreTheSumOfTheExportedRows(t *testing.T) {
	onBoth(t, func(b *books) {
		for name, f := range filters(crowd(b, 30)) {
			sums := map[registration.Currency]Sum{}
			add := func(s Sum) {
				had := sums[s.Currency]
				sums[s.Currency] = Sum{s.Currency, had.Paid + s.Paid, had.Refunded + s.Refunded}
			}
			rows := b.all(f)
			for _, r := range rows {
				if r.Paid != 0 || r.Refunded != 0 {
					add(Sum{r.Total.Cur, r.Paid, r.Refunded})
				}
				for _, o := range r.Other {
					add(o)
				}
			}
			totals, err := b.Totals(b.t.Context(), f)
			if err != nil {
				b.t.Fatal(err)
			}
			got := map[registration.Currency]Sum{}
			for _, s := range totals {
				got[s.Currency] = s
			}
			if !maps.Equal(got, sums) {
				b.t.Errorf("%s: totals %v, sum of the rows %v", name, got, sums)
			}
			if n, err := b.CountOrders(b.t.Context(), f); err != nil || n != int64(len(rows)) {
				b.t.Errorf("%s: counted %d, %v, want %d", name, n, err, len(rows))
			}
		}
	})
}

// standing is an event with orders that stand in every way, several times over.
func standing(b *books) (event string) {
	event = b.event("sample-2027", registration.Live)
	states := []registration.OrderState{registration.OrderPending, registration.OrderPaid, registration.OrderExpired, registration.OrderCancelled}
	for _, s := range states {
		b.order(event, sample{state: s})
		for _, p := range []payments.State{payments.Started, payments.Confirming, payments.AwaitingDeposit, payments.Failed, payments.Unknown, payments.Surplus, payments.Expired} {
			id, _ := b.order(event, sample{state: s})
			b.payment(event, id, try{state: p})
		}
		for _, back := range []int64{1, 149999, 150000} {
			id, _ := b.order(event, sample{state: s})
			pay := b.payment(event, id, try{state: payments.Confirmed})
			b.refund(event, id, pay, payments.RefundDone, back, false)
			id, _ = b.order(event, sample{state: s})
			pay = b.payment(event, id, try{state: payments.Confirmed})
			again := b.payment(event, id, try{state: payments.Surplus})
			b.refund(event, id, again, payments.RefundDone, back, false)
			b.refund(event, id, pay, payments.RefundUnknown, 5, false)
		}
	}
	b.order(event, sample{state: registration.OrderAwaiting})
	return event
}

func TestFilterFindsWhatTheScreenCallsSo(t *testing.T) {
	onBoth(t, func(b *books) {
		event := standing(b)
		want, seen := map[payments.Standing][]string{}, 0
		for _, r := range b.all(OrderFilter{EventID: event}) {
			want[r.Standing()] = append(want[r.Standing()], r.Code)
		}
		for _, s := range payments.Standings {
			if len(want[s]) == 0 {
				b.t.Errorf("no order is %s", s)
			}
			got := codes(b.all(OrderFilter{EventID: event, Standing: s}))
			if !slices.Equal(got, want[s]) {
				b.t.Errorf("%s: the filter finds %v, the screen says it of %v", s, got, want[s])
			}
			seen += len(got)
		}
		if n := len(b.all(OrderFilter{EventID: event})); n != seen {
			b.t.Errorf("the filters find %d orders of %d", seen, n)
		}
		if got := b.all(OrderFilter{EventID: event, Standing: "no such thing"}); len(got) != 0 {
			b.t.Errorf("an unknown choice finds %d", len(got))
		}
	})
}

func TestFiltersActOnThePaymentThatCounts(t *testing.T) {
	onBoth(t, func(b *books) {
		all := filters(crowd(b, 30))
		want := map[string]int{
			"everything": 25, "state pending": 5, "state paid": 15, "state expired": 5, "state cancelled": 0, "payment confirmed": 15,
			"payment failed": 0, "payment abandoned": 5, "channel": 5, "category": 5, "all at once": 10, "search no such thing": 0, "search %": 0, "search 홍길동": 25,
		}
		for name, n := range want {
			if got := len(b.all(all[name])); got != n {
				b.t.Errorf("%s: %d orders, want %d", name, got, n)
			}
		}
	})
}

func TestTestMoneyIsInNoTotalUnlessAskedFor(t *testing.T) {
	onBoth(t, func(b *books) {
		event := b.event("sample-2027", registration.Test)
		b.paid(event)
		if totals, err := b.Totals(b.t.Context(), OrderFilter{EventID: event}); err != nil || len(totals) != 0 {
			b.t.Errorf("not asked for: %v, %v", totals, err)
		}
		totals, err := b.Totals(b.t.Context(), OrderFilter{EventID: event, TestToo: true})
		if err != nil || len(totals) != 1 || totals[0].Net() != 150000 {
			b.t.Errorf("asked for: %v, %v", totals, err)
		}
		if rows := b.all(OrderFilter{EventID: event, TestToo: true}); len(rows) != 1 || !rows[0].Test {
			b.t.Errorf("rows: %+v", rows)
		}
	})
}

func TestExportReadsMoreThanOnePage(t *testing.T) {
	b := openBooks(t, sqliteURL(t))
	event := b.event("sample-2027", registration.Live)
	b.exec(`BEGIN`)
	for range 2*rowsAtOnce + 1 {
		b.order(event, sample{state: registration.OrderPending})
	}
	b.exec(`COMMIT`)
	seen := map[string]bool{}
	for _, r := range b.all(OrderFilter{EventID: event}) {
		seen[r.Code+r.ID] = true
	}
	if len(seen) != 2*rowsAtOnce+1 {
		t.Errorf("%d orders", len(seen))
	}
	stop := fmt.Errorf("enough")
	if err := b.EachOrder(t.Context(), OrderFilter{EventID: event}, func(OrderRow) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}
