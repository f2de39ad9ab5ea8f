package store

import (
	"context"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// part reads one kind of what belongs to orders.
type part func(*views, context.Context, queryer) error

// Parts of a view: all of it, and what the ledger shows of an order.
var (
	wholeView  = []part{(*views).registrations, (*views).charges, (*views).amendments, (*views).payments, (*views).refunds, (*views).receipts, (*views).audit, (*views).attention, (*views).evidence}
	ledgerView = []part{(*views).registrations, (*views).payments, (*views).refunds, (*views).receipts, (*views).attention}
)

// readViews reads the orders that where picks (of table o) with the given parts: one query for each table. Give it a snapshot, so
// that all of it is of one moment.
func readViews(ctx context.Context, q queryer, parts []part, where string, args ...any) ([]*OrderView, error) {
	list, err := collect(ctx, q, scanView, `SELECT `+orderColumns+`, category, places, taken, paid_at FROM orders o WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	v := newViews(list)
	for _, fill := range parts {
		if err := fill(v, ctx, q); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func scanView(row scanner) (*OrderView, error) {
	v := &OrderView{}
	var taken string
	var paid int64
	var err error
	if v.Order, err = scanOrder(wide{row, []any{&v.Category, &v.Places, &taken, &paid}}); err != nil {
		return nil, err
	}
	v.PaidAt = at(paid)
	return v, fromJSON(taken, &v.Taken)
}

// views are orders that are being filled with what belongs to them.
type views struct {
	byID map[string]*OrderView
	in   string // placeholders of the ids
	ids  []any
}

func newViews(list []*OrderView) *views {
	v := &views{byID: map[string]*OrderView{}}
	var ids []string
	for _, o := range list {
		v.byID[o.Order.ID] = o
		ids = append(ids, o.Order.ID)
	}
	v.in, v.ids = placeholders(ids)
	return v
}

// fill reads the rows of one table that belong to the orders.
func fill[T any](ctx context.Context, q queryer, v *views, what string, one func(scanner) (T, error), query string, put func(T)) error {
	all, err := collect(ctx, q, one, query, v.ids...)
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	for _, x := range all {
		put(x)
	}
	return nil
}

func (v *views) registrations(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "registrations", scanRegistration, `SELECT r.id, r.order_id, r.person, r.lines, r.check_in, r.answers, r.cancelled_at, r.version, r.completed_at, r.agreed, o.places
		FROM registrations r JOIN orders o ON o.id = r.order_id WHERE r.order_id IN (`+v.in+`) ORDER BY r.order_id, r.position`,
		func(r registration.Registration) {
			o := v.byID[r.OrderID].Order
			o.Registrations = append(o.Registrations, r)
			payerIsFirst(o)
		})
}

func (v *views) charges(ctx context.Context, q queryer) error {
	one := func(row scanner) (c payments.Charge, err error) {
		var prices string
		if err := row.Scan(&c.ID, &c.OrderID, &c.No, &prices); err != nil {
			return c, err
		}
		return c, fromJSON(prices, &c.Prices)
	}
	return fill(ctx, q, v, "charges", one, `SELECT id, order_id, no, prices FROM charges WHERE order_id IN (`+v.in+`) ORDER BY order_id, no`,
		func(c payments.Charge) { v.byID[c.OrderID].Charges = append(v.byID[c.OrderID].Charges, c) })
}

func (v *views) payments(ctx context.Context, q queryer) error {
	one := func(row scanner) (p PaymentView, err error) {
		p.Payment, err = scanPayment(wide{row, []any{&p.Channel}})
		return p, err
	}
	return fill(ctx, q, v, "payments", one, `SELECT `+paymentColumns+`, (SELECT c.key FROM channels c WHERE c.id = payments.channel_id)
		FROM payments WHERE order_id IN (`+v.in+`) ORDER BY order_id, attempt`,
		func(p PaymentView) { v.byID[p.OrderID].Payments = append(v.byID[p.OrderID].Payments, p) })
}

func (v *views) refunds(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "refunds", scanRefund, `SELECT `+refundColumns+refundsFrom+` WHERE r.order_id IN (`+v.in+`) ORDER BY r.order_id, r.id`,
		func(r payments.Refund) {
			if p := v.payment(r.OrderID, r.PaymentID); p != nil {
				p.Refunds = append(p.Refunds, r)
			}
		})
}

// receiptFacts are the columns of scanReceipt with an empty body.
const receiptFacts = `no, kind, order_id, payment_id, COALESCE(refund_id, ''), corrects, amount, currency, issued_at, '{}'`

func (v *views) receipts(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "receipts", scanReceipt, `SELECT `+receiptFacts+` FROM receipts WHERE order_id IN (`+v.in+`) ORDER BY order_id, issued_at, no`,
		func(r Receipt) {
			o := v.byID[r.OrderID]
			o.Receipts = append(o.Receipts, r)
			if p := v.payment(r.OrderID, r.PaymentID); p != nil && r.Kind == kindReceipt {
				p.ReceiptNo = r.No
			}
		})
}

func (v *views) audit(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "audit", scanAudit, `SELECT `+auditColumns+auditFrom+` WHERE a.order_id IN (`+v.in+`) ORDER BY a.order_id, a.id`,
		func(a AuditRow) { v.byID[a.OrderID].Audit = append(v.byID[a.OrderID].Audit, a) })
}

func (v *views) attention(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "attention", scanAttention, `SELECT `+attentionColumns+attentionFrom+` WHERE n.payment_id IN
		(SELECT id FROM payments WHERE order_id IN (`+v.in+`)) ORDER BY n.since, n.id`,
		func(e AttentionEntry) {
			o := v.byID[e.OrderID]
			if o == nil {
				return
			}
			o.Attention = append(o.Attention, e)
			if p := v.payment(e.OrderID, e.PaymentID); p != nil {
				p.Attention = true
			}
		})
}

func (v *views) evidence(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "evidence", scanEvidence, `SELECT `+evidenceColumns+evidenceFrom+` WHERE v.order_id IN (`+v.in+`) ORDER BY v.order_id, r.position`,
		func(e Evidence) { v.byID[e.OrderID].Evidence = append(v.byID[e.OrderID].Evidence, e) })
}

// payment finds a payment of an order that is being filled.
func (v *views) payment(orderID, paymentID string) *PaymentView {
	list := v.byID[orderID].Payments
	for i := range list {
		if list[i].ID == paymentID {
			return &list[i]
		}
	}
	return nil
}

// viewsAtOnce is how many orders one page of eachView holds.
const viewsAtOnce = 200

// eachView runs fn on every order of an event with the given parts, in the order of their making. It reads by key,
// a page at a time, so that a million orders need no more memory than a few.
func eachView(ctx context.Context, q queryer, parts []part, eventID string, fn func(*OrderView) error) error {
	placed, id := int64(0), ""
	for {
		page, err := readViews(ctx, q, parts, `o.event_id = $1 AND (o.placed_at, o.id) > ($2, $3) ORDER BY o.placed_at, o.id LIMIT $4`,
			eventID, placed, id, viewsAtOnce)
		if err != nil {
			return err
		}
		for _, v := range page {
			if err := fn(v); err != nil {
				return err
			}
		}
		if len(page) < viewsAtOnce {
			return nil
		}
		last := page[len(page)-1].Order
		placed, id = ms(last.PlacedAt), last.ID
	}
}
