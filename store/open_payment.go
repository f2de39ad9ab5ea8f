package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// maxExtensions is how many payments of an order may extend its hold.
const maxExtensions = 3

// Open makes the Payment of an attempt with its audit row and extends the hold, or gives the payment that the same attempt made
// before. See payments.Cashier.Start for its failures.
func (s *Store) Open(ctx context.Context, q payments.Opening) (payments.Payment, error) {
	var p payments.Payment
	err := s.Write(ctx, Locks{Orders: []string{q.OrderID}}, func(tx *Tx) error {
		payable, err := readPayable(tx, []string{q.OrderID})
		if err != nil {
			return err
		}
		var made bool
		if p, made, err = open(tx, payable[q.OrderID], q); err != nil || !made {
			return err
		}
		return insertPayment(tx, &p)
	})
	return p, err
}

// payable is an order with what was done so far to pay it.
type payable struct {
	orderPlaces
	before []payments.Payment // the first one first
	charge payments.Charge    // the newest
}

// readPayable reads orders with their payments and newest charges.
func readPayable(tx *Tx, orderIDs []string) (map[string]*payable, error) {
	all := map[string]*payable{}
	err := readOrderPlaces(tx, orderIDs, func(o orderPlaces) { all[o.order.ID] = &payable{orderPlaces: o} })
	if err != nil {
		return nil, err
	}
	err = readPaymentsOf(tx, orderIDs, func(p payments.Payment) { all[p.OrderID].before = append(all[p.OrderID].before, p) })
	if err != nil {
		return nil, err
	}
	err = readMany(tx, `SELECT `+chargeColumns+` FROM charges WHERE order_id`, `no`, orderIDs, scanCharge,
		func(c payments.Charge) { all[c.OrderID].charge = c })
	if err != nil {
		return nil, fmt.Errorf("read charges: %w", err)
	}
	return all, nil
}

// open gives the payment of an attempt, with the audit row and the longer hold of one that was not there before: its own row is not written
// yet.
func open(tx *Tx, of *payable, q payments.Opening) (p payments.Payment, made bool, err error) {
	if err := tx.NeedOrder(q.OrderID); err != nil {
		return p, false, err
	}
	if of == nil || of.charge.ID == "" {
		return p, false, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	o, before, charge := of.order, of.before, of.charge
	for _, p := range before {
		if p.Attempt == q.Attempt && p.ChannelID == q.Channel.ID && p.Asked == q.Method {
			return p, false, nil
		}
	}
	wait := unpaid{o.State, o.HoldUntil, o.HoldLimit, o.Extensions, nil}
	if charge.No > 1 {
		if wait, err = waitingChange(tx, o, charge); err != nil {
			return p, false, err
		}
	}
	if err := mayStart(wait, charge, before, q, tx.Now()); err != nil {
		return p, false, err
	}
	for _, p := range before {
		if q.Caps.Manual && p.ChannelID == q.Channel.ID && p.Asked == q.Method && waitsFor(p, charge, tx.Now()) {
			return p, false, nil
		}
	}
	p = newPayment(o, charge, q, len(before)+1, tx.Now())
	if err := extendHold(tx, o.ID, wait, q, tx.Now()); err != nil {
		return p, true, err
	}
	return p, true, auditRow(tx, audit{
		actor: q.Actor, what: "payment", eventID: p.EventID, orderID: p.OrderID, paymentID: p.ID, to: string(p.State), amount: &p.Amount,
	})
}

// unpaid is what waits for a payment: an order, or a change of a paid one.
type unpaid struct {
	state        registration.OrderState // pending while it waits
	until, limit time.Time               // of its hold
	extensions   int
	change       *Amendment // nil for an order
}

// waitingChange is the change of a paid order that a later charge is for: it waits while it is pending and its order is paid.
func waitingChange(tx *Tx, o *registration.Order, c payments.Charge) (unpaid, error) {
	a, err := openAmendment(tx, o.ID)
	if err != nil || a == nil || a.ChargeID != c.ID || o.State != registration.OrderPaid {
		return unpaid{state: o.State}, err
	}
	return unpaid{registration.OrderPending, a.HoldUntil, a.HoldLimit, a.Extensions, a}, nil
}

// waitsFor reports whether a payment waits already for what the charge owes, and still takes it: an order that was renewed has another
// price or another term.
func waitsFor(p payments.Payment, c payments.Charge, now time.Time) bool {
	return p.State == payments.AwaitingDeposit && p.ChargeID == c.ID && p.Amount.Minor == c.Prices[p.Amount.Cur] &&
		(p.Endless() || now.Before(p.Deadline))
}

// openCharge reads the order's newest charge.
func openCharge(tx *Tx, orderID string) (payments.Charge, error) {
	return scanCharge(tx.Row(`SELECT `+chargeColumns+` FROM charges WHERE order_id = $1 ORDER BY no DESC LIMIT 1`, orderID))
}

const chargeColumns = `id, order_id, no, prices`

func scanCharge(row scanner) (payments.Charge, error) {
	var c payments.Charge
	var prices string
	if err := row.Scan(&c.ID, &c.OrderID, &c.No, &prices); err != nil {
		return c, notFound(err, "order.unknown")
	}
	return c, fromJSON(prices, &c.Prices)
}

// mayStart says why a payment cannot be started, if it cannot.
func mayStart(o unpaid, c payments.Charge, before []payments.Payment, q payments.Opening, now time.Time) error {
	fail := func(key string) error { return registration.Fail(registration.CodeConflict, key) }
	for _, p := range before {
		switch {
		case p.ChargeID == c.ID && p.State == payments.Confirmed:
			return fail("order.already_paid")
		case p.State == payments.Confirming || p.State == payments.Unknown:
			return fail("order.confirming")
		}
	}
	switch o.state {
	case registration.OrderPaid:
		return fail("order.already_paid")
	case registration.OrderExpired:
		return fail("order.expired")
	case registration.OrderCancelled:
		return fail("order.cancelled")
	case registration.OrderAwaiting:
		return fail("order.awaiting_approval")
	case registration.OrderPending:
	}
	if !now.Before(o.until) && !slices.ContainsFunc(before, func(p payments.Payment) bool { return p.ChargeID == c.ID && p.Endless() }) {
		return fail("order.expired")
	}
	amount, ok := c.Prices[q.Channel.Currency]
	if !ok || amount <= 0 {
		return registration.Fail(registration.CodeInvalid, "channel.currency")
	}
	if low := q.Caps.Minimum; low.Cur == q.Channel.Currency && amount < low.Minor {
		return registration.Fail(registration.CodeInvalid, "channel.minimum")
	}
	return nil
}

func newPayment(o *registration.Order, c payments.Charge, q payments.Opening, attempt int, now time.Time) payments.Payment {
	return payments.Payment{
		ID: newID(), OrderID: o.ID, EventID: o.EventID, ChargeID: c.ID, ChargeNo: c.No, ChannelID: q.Channel.ID, Gateway: q.Channel.Gateway,
		Mode: q.Channel.Mode, Merchant: q.Caps.Merchant, Attempt: attempt, Token: Token(), OrderNo: newOrderNo(), State: payments.Started,
		Amount: registration.Money{Minor: c.Prices[q.Channel.Currency], Cur: q.Channel.Currency},
		Asked:  q.Method, Bill: q.Bill, StartedAt: now, LastCapture: now.Add(q.Channel.LastConfirm(q.Caps)), NextLook: now.Add(q.First), Lang: o.Lang,
	}
}

var insertPayments = newInsert(`INSERT INTO payments (id, order_id, event_id, charge_id, charge_no, channel_id, gateway, mode, merchant, attempt, token,
	order_no, state, amount, currency, started_at, last_capture, next_look, lang, asked, cash_receipt, candidate, sent, captured, captured_currency, verified_at,
	idempotency_key, send_open, lease_until, lease_owner, intent_at, confirmed_at, looks, reason, method, card, approve, proof, launch, account, deadline,
	paid_at, secret, gateway_id)`, 44, ``)

func insertPayment(tx *Tx, p *payments.Payment) error {
	return insertPaymentIn(tx, p, p.State, "", int64(0))
}

// insertPaymentIn writes a payment's row with a state, its sealed secret and the time at which it was first sent, all of which are beside
// the payment while it is changed.
func insertPaymentIn(tx *Tx, p *payments.Payment, state payments.State, secret string, intent int64) error {
	err := insertPayments.add(tx, []any{
		p.ID, p.OrderID, p.EventID, p.ChargeID, p.ChargeNo, p.ChannelID, p.Gateway, string(p.Mode), p.Merchant, p.Attempt, p.Token,
		p.OrderNo, string(state), p.Amount.Minor, string(p.Amount.Cur), ms(p.StartedAt), ms(p.LastCapture), ms(p.NextLook), string(p.Lang), string(p.Asked), toJSON(p.Bill),
		p.Candidate, p.Sent, p.Captured.Minor, string(p.Captured.Cur), ms(p.VerifiedAt), p.Key, p.SendOpen, ms(p.LeaseUntil), p.LeaseOwner, intent, ms(p.ConfirmedAt),
		p.Looks, p.Reason, p.Method, p.Card, p.Approve, p.Proof, string(p.Launch), toJSON(p.Account), ms(p.Deadline), ms(p.PaidAt), secret, null(p.GatewayID),
	})
	return wrapped("insert payment", err)
}

// extendHold keeps the places until the gateway can capture no more, a few times and never past the order's limit.
func extendHold(tx *Tx, orderID string, o unpaid, q payments.Opening, now time.Time) error {
	until := now.Add(q.Channel.LastConfirm(q.Caps) + q.Channel.HoldMargin())
	if until.After(o.limit) {
		until = o.limit
	}
	if o.extensions >= maxExtensions || !until.After(o.until) {
		return nil
	}
	query, id := `UPDATE orders SET hold_until = $2, extensions = extensions + 1 WHERE id = $1`, orderID
	if o.change != nil {
		query, id = `UPDATE amendments SET hold_until = $2, extensions = extensions + 1 WHERE id = $1`, o.change.ID
	}
	_, err := tx.Exec(query, id, ms(until))
	if err != nil {
		return fmt.Errorf("extend hold: %w", err)
	}
	return nil
}

// priceEnds is when an order that waits for its payment loses its price; zero when it does not.
func priceEnds(e *registration.Event, o *registration.Order) time.Time {
	if e.Unpaid != registration.UnpaidReprice || o.State != registration.OrderPending {
		return time.Time{}
	}
	return o.HoldLimit
}

// Bill reads what a gateway is told about an order; CodeNotFound when it is not there.
func (s *Store) Bill(ctx context.Context, orderID string) (payments.Bill, error) {
	o, err := s.Order(ctx, orderID)
	if err != nil {
		return payments.Bill{}, err
	}
	e, err := s.EventByID(ctx, o.EventID)
	if err != nil {
		return payments.Bill{}, err
	}
	return billOf(e, o), nil
}

func billOf(e *registration.Event, o *registration.Order) payments.Bill {
	return payments.Bill{Title: e.Name.In(o.Lang) + ", " + o.Registrations[0].Lines[0].Name.In(o.Lang) + others(o), Payer: o.Payer, Lang: o.Lang,
		Over: e.Ends.In(e.Location()).AddDate(0, 0, 1).UTC(), Ends: priceEnds(e, o)}
}

// others says how many people an order has besides the first, in the way of payment windows; "" for none.
func others(o *registration.Order) string {
	n := len(o.Registrations) - 1
	switch {
	case n < 1:
		return ""
	case o.Lang == registration.Korean:
		return fmt.Sprintf(" 외 %d명", n)
	}
	return fmt.Sprintf(" and %d more", n)
}
