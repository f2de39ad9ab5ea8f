package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// placeMany makes that many orders by staff.
func (d *desk) placeMany(n int) (ids []string) {
	d.t.Helper()
	for range n {
		o := d.newOrder("student", 1)
		o.Actor, o.Reason = staff, "from a list"
		p, err := d.store.Place(d.ctx, o)
		if err != nil {
			d.t.Fatal(err)
		}
		ids = append(ids, p.OrderID)
	}
	return ids
}

// byTransfer is the way in which their money has come.
func (d *desk) byTransfer() payments.Choice {
	return payments.Choice{ChannelID: d.event.ID + "/desk", Method: payments.MethodBankTransfer, Attempt: 1}
}

// rowsOf gives every row about an order, with the name of each column. What can only be its own is replaced: names of the order's things by
// what they are, ids of rows that nothing refers to by nothing. Where and until when somebody was to pay is left out.
func (d *desk) rowsOf(orderID string) (all []string) {
	d.t.Helper()
	names := []string{orderID, "ORDER"}
	for table, columns := range map[string]string{
		"orders": "id, code, draft_id", "registrations": "id, check_in", "charges": "id", "payments": "id, token, order_no", "receipts": "no",
	} {
		column := "order_id"
		if table == "orders" {
			column = "id"
		}
		for _, row := range d.texts(`SELECT `+columns+` FROM `+table+` WHERE `+column+` = $1`, orderID) {
			for i, value := range row[1:] {
				names = append(names, value, fmt.Sprintf("%s %d", strings.ToUpper(table), i))
			}
		}
	}
	own := strings.NewReplacer(names...)
	for _, table := range []string{"orders", "registrations", "charges", "payments", "receipts", "audit", "jobs"} {
		column := map[string]string{"orders": "id", "jobs": "about"}[table]
		if column == "" {
			column = "order_id"
		}
		order := map[string]string{"receipts": "no"}[table]
		if order == "" {
			order = "id"
		}
		for _, row := range d.texts(`SELECT * FROM `+table+` WHERE `+column+` = $1 ORDER BY `+order, orderID) {
			text := table
			for i, value := range row[1:] {
				name := strings.Split(row[0], " ")[i]
				if name == "id" && (table == "audit" || table == "jobs") || slices.Contains([]string{"search", "number", "hold_until", "account", "deadline", "last_capture"}, name) {
					continue
				}
				text += fmt.Sprintf(" %s=%q", name, own.Replace(value))
			}
			all = append(all, text)
		}
	}
	return all
}

// texts gives the rows of a query as texts, each after the names of its columns.
func (d *desk) texts(query string, args ...any) (all [][]string) {
	d.t.Helper()
	rows, err := d.store.Rows(d.ctx, query, args...)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		d.t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			d.t.Fatal(err)
		}
		row := []string{strings.Join(names, " ")}
		for _, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			row = append(row, fmt.Sprint(v))
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	return all
}

func sameRows(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	ids := d.placeMany(4)
	p, err := d.cashier.Start(d.ctx, ids[0], d.byTransfer(), staff)
	if err != nil {
		t.Fatal(err)
	}
	d.declare(p.ID, came(p.Amount.Minor))
	for i, err := range d.cashier.StartPaid(d.ctx, ids[1:], d.byTransfer(), came(1).Reason, staff) {
		if err != nil {
			t.Errorf("order %d: %v", i, err)
		}
	}
	want := unasked(d.rowsOf(ids[0]))
	if len(want) != 12 || !strings.Contains(strings.Join(want, "\n"), `from_state="pending" to_state="paid"`) {
		t.Fatalf("the declared order has %d rows:\n%s", len(want), strings.Join(want, "\n"))
	}
	for _, id := range ids[1:] {
		if got := d.rowsOf(id); !slices.Equal(got, want) {
			t.Errorf("an order of many has the rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	d.wantNumbers(ids...)
	d.wantLeft("hall", 6)
}

// unasked takes out of an order's rows that its payer was asked for the money, which nobody is who has paid.
func unasked(rows []string) []string {
	rows = slices.DeleteFunc(rows, func(row string) bool {
		return strings.Contains(row, ` to_state="awaiting_deposit"`) || strings.Contains(row, `\"kind\":\"deposit\"`)
	})
	for i := range rows {
		rows[i] = strings.Replace(rows[i], `from_state="awaiting_deposit"`, `from_state="confirming"`, 1)
	}
	return rows
}

// begunBefore are payments that had been begun when their orders are called paid: one only, and one whose payer was told where to pay.
func begunBefore(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	ids := d.placeMany(4)
	way := d.byTransfer()
	if _, err := d.store.Open(d.ctx, d.openings(ids[0])[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := d.cashier.Start(d.ctx, ids[2], way, "attendee"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for i, err := range d.cashier.StartPaid(d.ctx, ids, way, "seen", staff) {
			if err != nil {
				t.Errorf("order %d: %v", i, err)
			}
		}
	}
	d.wantPaidOnce(ids)
	d.wantLeft("hall", 6)
}

// openings are the payments of orders whose money has come by transfer.
func (d *desk) openings(orders ...string) (all []payments.Opening) {
	d.t.Helper()
	way := d.byTransfer()
	channel, err := d.store.Channel(d.ctx, way.ChannelID)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, id := range orders {
		all = append(all, payments.Opening{OrderID: id, Channel: channel, Caps: payments.Capabilities{Manual: true, Merchant: "transfer"},
			Method: way.Method, Attempt: way.Attempt, Actor: staff})
	}
	return all
}

// surplusAtOnce opens payments of which one has money that its order cannot use: what refers to a payment finds its row.
func surplusAtOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	ids := d.placeMany(3)
	made, err := d.store.OpenAll(d.ctx, d.openings(ids...), func(b payments.Book) error {
		p := b.Payment()
		if err := b.Move(payments.Confirming, staff, ""); err != nil || p.OrderID != ids[1] {
			return err
		}
		if _, err := b.Claim(p.OrderNo); err != nil {
			return err
		}
		p.Captured, p.VerifiedAt = p.Amount, b.Now()
		if err := b.Move(payments.Surplus, staff, "twice"); err != nil {
			return err
		}
		back := &payments.Refund{PaymentID: p.ID, OrderID: p.OrderID, Amount: p.Amount, Source: payments.ByAutomatic, Actor: staff, Nonce: "x"}
		return errors.Join(b.AddRefund(back), b.Raise(payments.AttentionSurplus, "", "test"), b.Save())
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range made {
		kept, err := d.store.Payment(d.ctx, p.ID)
		want := payments.Confirming
		if i == 1 {
			want = payments.Surplus
		}
		if err != nil || kept.OrderID != ids[i] || kept.State != want || p.State != want || kept.Captured != p.Captured {
			t.Errorf("payment %d is %+v (%v), want %s", i, kept, err, want)
		}
	}
	if r := d.refunds(ids[1]); len(r) != 1 || r[0].PaymentID != made[1].ID || d.listed(payments.AttentionSurplus) != 1 {
		t.Errorf("refunds %+v", r)
	}
}

// besideOne has an order whose payer has opened a card's window, beside one whose payment by transfer has failed.
func besideOne(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	ids := d.placeMany(2)
	window := d.start(ids[0], 1)
	p, err := d.store.Open(d.ctx, d.openings(ids[1])[0])
	if err != nil {
		t.Fatal(err)
	}
	err = d.store.Change(d.ctx, p.ID, func(b payments.Book) error {
		b.Payment().NextLook = time.Time{}
		return errors.Join(b.Move(payments.Failed, staff, "x"), b.Save())
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second changes nothing
		errs := d.cashier.StartPaid(d.ctx, ids, d.byTransfer(), "seen", staff)
		if errs[0] != nil || !isCode(errs[1], registration.CodeConflict) {
			t.Errorf("%v, want the first booked and the second refused", errs)
		}
	}
	d.wantNumbers(ids[0])
	if all, err := d.store.Payments(d.ctx, ids[0]); err != nil || len(all) != 2 || all[0].ID != window.ID || all[1].State != payments.Confirmed {
		t.Errorf("payments %+v (%v), want the window and one by transfer", all, err)
	}
}

// sameLast makes the same order again when its own has taken the last place.
func sameLast(t *testing.T, open Opener) {
	d := newDesk(t, open, 1)
	for _, actor := range []string{staff, ""} {
		n := d.newOrder("student", 0)
		n.Actor = actor
		first, err := d.store.Place(d.ctx, n)
		if actor == "" {
			if !isCode(err, registration.CodeFull) {
				t.Errorf("another order: %v, want full", err)
			}
			continue
		}
		if again, err2 := d.store.Place(d.ctx, n); err != nil || err2 != nil || again != first {
			t.Errorf("%+v (%v), again %+v (%v)", first, err, again, err2)
		}
	}
	d.wantLeft("hall", 0)
}

// wantNumbers expects each order to have one receipt, numbered in their order and without gap.
func (d *desk) wantNumbers(orders ...string) {
	d.t.Helper()
	for i, id := range orders {
		want := fmt.Sprintf("TEST-sample-2027-R-%06d", i+1)
		if got := d.receipts(id); len(got) != 1 || got[0] != want {
			d.t.Errorf("order %d has the receipts %v, want %s", i, got, want)
		}
	}
}

func oneStandsInTheWay(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	ids := d.placeMany(5)
	if _, err := d.cashier.Cancel(d.ctx, ids[2], staff, "test", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	for i, err := range d.cashier.StartPaid(d.ctx, ids, d.byTransfer(), "seen", staff) {
		if refused := isCode(err, registration.CodeConflict); refused != (i == 2) || !refused && err != nil {
			t.Errorf("order %d: %v", i, err)
		}
	}
	d.wantOrder(ids[2], registration.OrderCancelled, registration.Cancelled)
	if got := d.receipts(ids[2]); got != nil {
		t.Errorf("the cancelled order has receipts %v", got)
	}
	d.wantNumbers(slices.Delete(ids, 2, 3)...)
	for name, wrong := range map[string]func() []error{
		"no reason": func() []error { return d.cashier.StartPaid(d.ctx, d.placeMany(2), d.byTransfer(), " ", staff) },
		"a card": func() []error {
			return d.cashier.StartPaid(d.ctx, d.placeMany(2), payments.Choice{ChannelID: d.event.ID + "/korea"}, "x", staff)
		},
		"no such method": func() []error {
			return d.cashier.StartPaid(d.ctx, d.placeMany(2), payments.Choice{ChannelID: d.event.ID + "/desk", Method: "cash"}, "x", staff)
		},
	} {
		for _, err := range wrong() {
			if !isCode(err, registration.CodeInvalid) {
				t.Errorf("%s: %v, want invalid", name, err)
			}
		}
	}
	if errs := d.cashier.StartPaid(d.ctx, nil, d.byTransfer(), "seen", staff); len(errs) != 0 {
		t.Errorf("no orders: %v", errs)
	}
}

func calledPaidOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	ids := d.placeMany(12)
	var wg sync.WaitGroup
	for n := range 6 {
		wg.Go(func() {
			some := slices.Clone(ids[n : n+7])
			if n%2 > 0 {
				slices.Reverse(some)
			}
			for i, err := range d.newCashier(fmt.Sprint("desk", n)).StartPaid(d.ctx, some, d.byTransfer(), "seen", staff) {
				if err != nil {
					t.Errorf("call %d, order %d: %v", n, i, err)
				}
			}
		})
	}
	wg.Wait()
	d.wantPaidOnce(ids)
}

// wantPaidOnce expects each order to be paid once, and the numbers of receipts to have no gap.
func (d *desk) wantPaidOnce(ids []string) {
	d.t.Helper()
	var numbers []string
	for _, id := range ids {
		d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
		if all, err := d.store.Payments(d.ctx, id); err != nil || len(all) != 1 || all[0].State != payments.Confirmed {
			d.t.Errorf("an order has the payments %+v (%v)", all, err)
		}
		numbers = append(numbers, d.receipts(id)...)
	}
	slices.Sort(numbers)
	for i, no := range numbers {
		if no != fmt.Sprintf("TEST-sample-2027-R-%06d", i+1) {
			d.t.Errorf("the receipts have the numbers %v", numbers)
			break
		}
	}
	if len(numbers) != len(ids) {
		d.t.Errorf("%d receipts for %d orders", len(numbers), len(ids))
	}
}

func diesBooking(t *testing.T, open Opener) {
	for fuse := 1; fuse <= 2; fuse++ { // before the write and after it
		d := newDesk(t, open, 10)
		ids := d.placeMany(3)
		p := &process{Ledger: d.store, bank: d.bank, fuse: fuse}
		dying := payments.NewCashier(p, d.newCashier("dying").Config)
		for i, err := range dying.StartPaid(d.ctx, ids, d.byTransfer(), "seen", staff) {
			if err == nil {
				t.Errorf("fuse %d, order %d: the dead process says that it is paid", fuse, i)
			}
		}
		var states []string
		for _, row := range d.texts(`SELECT DISTINCT state FROM payments`) {
			states = append(states, row[1])
		}
		if len(states) > 1 {
			t.Errorf("fuse %d: some are booked and some are not: %v", fuse, states)
		}
		for range 2 {
			for i, err := range d.cashier.StartPaid(d.ctx, ids, d.byTransfer(), "seen", staff) {
				if err != nil {
					t.Errorf("fuse %d, order %d: %v", fuse, i, err)
				}
			}
		}
		d.wantPaidOnce(ids)
	}
}
