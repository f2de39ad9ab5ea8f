package store

import (
	"cmp"
	"fmt"
	"time"

	"foyer/registration"
)

// orderRow is everything that an order writes, made ready before the writer's turn so that little is left to do in it.
type orderRow struct {
	free    bool
	draftID string
	quotas  []string // ids of the quotas that it takes places of, sorted
	places  []int64  // how many of each
	hold    time.Duration
	ends    time.Time // nothing is held past it; zero: no such end
	holdMax time.Duration
	order   []any // columns of the four rows; the times are filled in by at
	person  []any
	charge  []any
	audit   []any
	orderID string
	made    time.Time // when it counts as made; zero: when it is
}

// The statements that make an order.
var (
	insertOrders = newInsert(`INSERT INTO orders (id, event_id, code, secret_version, draft_id, state, places, taken, category, lang, name, email,
		affiliation, search, consents, prices, currency, extensions, placed_at, hold_until, hold_limit, paid_at)`, 22, `ON CONFLICT (draft_id) DO NOTHING`)
	insertRegistrations = newInsert(`INSERT INTO registrations (id, order_id, position, person, lines, check_in)`, 6, ``)
	insertCharges       = newInsert(`INSERT INTO charges (id, order_id, no, prices, created_at)`, 5, ``)
)

// placedAt is where an order's columns begin to be times.
const placedAt = 18

func newOrderRow(n NewOrder, p Placed, taken map[string]int64) *orderRow {
	total, payer := n.total(), n.payer()
	o := registration.Order{Prices: total}
	r := &orderRow{free: o.Free(), draftID: n.DraftID, quotas: quotaIDs(n.Event.ID, taken), hold: n.Hold, holdMax: max(n.HoldMax, n.Hold), orderID: p.OrderID, made: n.At}
	for _, id := range r.quotas {
		r.places = append(r.places, taken[id[len(n.Event.ID)+1:]])
	}
	state, places := registration.OrderPending, placesHeld
	if r.free {
		state, places = registration.OrderPaid, placesSold
	}
	prices := string(total.AppendJSON(nil))
	r.order = []any{
		p.OrderID, n.Event.ID, p.Code, p.Version, n.DraftID, string(state), places, string(registration.AppendCounts(nil, taken)), n.Quote.Lines[0].ID, string(n.Lang),
		payer.Name, foldEmail(payer.Email), payer.Affiliation, n.searched(p.Code),
		string(registration.AppendConsents(nil, n.Consents)), prices, "", int64(0), nil, nil, nil, nil,
	}
	r.person = []any{newID(), p.OrderID, int64(0), string(n.Person.AppendJSON(make([]byte, 0, 256))), string(registration.AppendLines(make([]byte, 0, 256), n.Quote.Lines)), TimedToken()}
	r.charge = []any{newID(), p.OrderID, int64(1), prices, nil}
	if n.Actor == "" { // what staff make keeps its price
		r.ends = n.Event.PriceEnds(n.Quote.Phase)
	}
	r.audit = audit{actor: cmp.Or(n.Actor, "attendee"), what: "order", eventID: n.Event.ID, orderID: p.OrderID, to: string(state), reason: n.Reason}.columns(nil)
	return r
}

// at fills in when the order is made.
func (r *orderRow) at(now time.Time) {
	made := any(ms(now))
	times := r.order[placedAt:]
	times[0], times[1], times[2], times[3] = made, ms(registration.Sooner(now.Add(r.hold), r.ends)), ms(registration.Sooner(now.Add(r.holdMax), r.ends)), paidAt(r.free, now)
	if !r.made.IsZero() {
		times[0] = ms(r.made)
	}
	r.charge[len(r.charge)-1], r.audit[auditAt] = made, made
}

// insert writes the order alone; errPlacedBefore when its draft has one.
func (r *orderRow) insert(tx *Tx) error {
	r.at(tx.Now())
	n, err := insertOrders.run(tx, r.order)
	if err != nil {
		return fmt.Errorf("insert order: %w", err)
	}
	if n == 0 {
		return errPlacedBefore
	}
	if _, err := insertRegistrations.run(tx, r.person); err != nil {
		return fmt.Errorf("insert registration: %w", err)
	}
	if _, err := insertCharges.run(tx, r.charge); err != nil {
		return fmt.Errorf("insert charge: %w", err)
	}
	if _, err := insertAudit.run(tx, r.audit); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	if r.free {
		return addMail(tx, Mail{Kind: "registered", OrderID: r.orderID})
	}
	return nil
}
