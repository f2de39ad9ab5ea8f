package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"foyer/registration"
)

// NewOrder is what an attendee has agreed to.
type NewOrder struct {
	Event    *registration.Event
	DraftID  string // the draft it comes from; the same draft again is the same order
	Lang     registration.Lang
	Person   registration.Person
	Quote    registration.Quote
	Consents []registration.Consent
	Hold     time.Duration // places are held so long
	HoldMax  time.Duration // and never longer than this
}

// Placed is where an order can be found.
type Placed struct {
	OrderID string
	Code    string
	Version int64 // of the secret
}

var errPlacedBefore = errors.New("the draft has an order already")

// How places belong to an order.
const (
	placesHeld = "held"
	placesSold = "sold"
	placesNone = "none"
)

// Place takes the order's places and makes it, with its registration, its charge and its audit row, in one transaction. A free
// order is paid at once. The same draft again gives the order made before.
//
// It fails with CodeFull when places are gone and with CodeUnavailable when too many writes are waiting.
func (s *Store) Place(ctx context.Context, n NewOrder) (Placed, error) {
	for range 3 {
		placed, err := s.place(ctx, n)
		switch {
		case err == nil:
			return placed, nil
		case errors.Is(err, errPlacedBefore):
			return s.PlacedFrom(ctx, n.DraftID)
		case !IsUnique(err): // else the code was taken: one chance in 2^40
			return Placed{}, err
		}
	}
	return Placed{}, errors.New("place order: no free code found")
}

// PlacedFrom finds the order that a draft has become; CodeNotFound when it has not.
func (s *Store) PlacedFrom(ctx context.Context, draftID string) (Placed, error) {
	var p Placed
	err := s.Row(ctx, `SELECT id, code, secret_version FROM orders WHERE draft_id = $1`, draftID).Scan(&p.OrderID, &p.Code, &p.Version)
	return p, notFound(err, "order.unknown")
}

func (s *Store) place(ctx context.Context, n NewOrder) (Placed, error) {
	taken := registration.PlacesOf(n.Event, n.Quote.Lines)
	placed := Placed{OrderID: newID(), Code: newCode(), Version: 1}
	row := newOrderRow(n, placed, taken)
	locks := Locks{Quotas: quotaIDs(n.Event.ID, taken), Orders: []string{placed.OrderID}}
	err := s.Write(ctx, locks, func(tx *Tx) error {
		if err := takePlaces(tx, n.Event.ID, taken, row.free); err != nil {
			return err
		}
		return row.insert(tx, n)
	})
	return placed, err
}

// quotaIDs gives the row ids of the quotas in taken, sorted.
func quotaIDs(eventID string, taken map[string]int64) []string {
	var ids []string
	for _, key := range slices.Sorted(maps.Keys(taken)) {
		ids = append(ids, quotaID(eventID, key))
	}
	return ids
}

const (
	holdPlaces    = `UPDATE quotas SET held = held + $2 WHERE id = $1 AND held + sold + $2 <= places`
	sellAtOnce    = `UPDATE quotas SET sold = sold + $2 WHERE id = $1 AND held + sold + $2 <= places`
	sellHeld      = `UPDATE quotas SET held = held - $2, sold = sold + $2 WHERE id = $1 AND held >= $2`
	giveBackHeld  = `UPDATE quotas SET held = held - $2 WHERE id = $1 AND held >= $2`
	giveBackSold  = `UPDATE quotas SET sold = sold - $2 WHERE id = $1 AND sold >= $2`
	errFullKey    = "register.full"
	errCountWrong = "quota %s does not hold the %d places that an order says it has"
)

// takePlaces holds (or sells at once) the places of an order, all or none; CodeFull when one quota has too few.
func takePlaces(tx *Tx, eventID string, taken map[string]int64, sell bool) error {
	query := holdPlaces
	if sell {
		query = sellAtOnce
	}
	for _, key := range slices.Sorted(maps.Keys(taken)) {
		id := quotaID(eventID, key)
		if err := tx.NeedQuota(id); err != nil {
			return err
		}
		n, err := tx.Exec(query, id, taken[key])
		if err != nil {
			return fmt.Errorf("take places: %w", err)
		}
		if n == 0 {
			return registration.Fail(registration.CodeFull, errFullKey)
		}
	}
	return nil
}

// movePlaces runs one of the counter updates on every quota of an order. A counter that does not fit is a bug that must not pass.
func movePlaces(tx *Tx, query, eventID string, taken map[string]int64) error {
	for _, key := range slices.Sorted(maps.Keys(taken)) {
		id := quotaID(eventID, key)
		if err := tx.NeedQuota(id); err != nil {
			return err
		}
		n, err := tx.Exec(query, id, taken[key])
		if err != nil {
			return fmt.Errorf("move places: %w", err)
		}
		if n == 0 {
			return fmt.Errorf(errCountWrong, id, taken[key])
		}
	}
	return nil
}

// orderRow is an order's row, written down before the writer's turn so that little is left to do in it.
type orderRow struct {
	Placed
	free                                bool
	state                               registration.OrderState
	places                              string
	taken, prices, consents             string
	registration, person, lines, search string
	checkIn, charge                     string
}

func newOrderRow(n NewOrder, p Placed, taken map[string]int64) orderRow {
	o := registration.Order{Prices: n.Quote.Prices}
	r := orderRow{
		Placed: p, free: o.Free(), state: registration.OrderPending, places: placesHeld,
		taken: toJSON(taken), prices: toJSON(n.Quote.Prices), consents: toJSON(n.Consents),
		registration: newID(), person: toJSON(n.Person), lines: toJSON(n.Quote.Lines),
		search:  folded(n.Person.Name, n.Person.FamilyName, n.Person.GivenName, n.Person.Email, n.Person.Affiliation, p.Code),
		checkIn: Token(), charge: newID(),
	}
	if r.free {
		r.state, r.places = registration.OrderPaid, placesSold
	}
	return r
}

func (r *orderRow) insert(tx *Tx, n NewOrder) error {
	now := tx.Now()
	paidAt := int64(0)
	if r.free {
		paidAt = ms(now)
	}
	rows, err := tx.Exec(`INSERT INTO orders (id, event_id, code, secret_version, draft_id, state, places, taken, category, lang,
			name, email, affiliation, search, consents, prices, currency, placed_at, hold_until, hold_limit, extensions, paid_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', $17, $18, $19, 0, $20)
		ON CONFLICT (draft_id) DO NOTHING`,
		r.OrderID, n.Event.ID, r.Code, r.Version, n.DraftID, r.state, r.places, r.taken, n.Quote.Lines[0].ID, n.Lang,
		n.Person.Name, strings.ToLower(n.Person.Email), n.Person.Affiliation, r.search, r.consents, r.prices,
		ms(now), ms(now.Add(n.Hold)), ms(now.Add(max(n.HoldMax, n.Hold))), paidAt)
	if err != nil {
		return fmt.Errorf("insert order: %w", err)
	}
	if rows == 0 {
		return errPlacedBefore
	}
	if _, err := tx.Exec(`INSERT INTO registrations (id, order_id, position, person, lines, check_in) VALUES ($1, $2, 0, $3, $4, $5)`,
		r.registration, r.OrderID, r.person, r.lines, r.checkIn); err != nil {
		return fmt.Errorf("insert registration: %w", err)
	}
	if _, err := tx.Exec(`INSERT INTO charges (id, order_id, no, prices, created_at) VALUES ($1, $2, 1, $3, $4)`,
		r.charge, r.OrderID, r.prices, ms(now)); err != nil {
		return fmt.Errorf("insert charge: %w", err)
	}
	if err := auditRow(tx, audit{actor: "attendee", what: "order", eventID: n.Event.ID, orderID: r.OrderID, to: string(r.state)}); err != nil {
		return err
	}
	if r.free {
		return addMail(tx, Mail{Kind: "registered", OrderID: r.OrderID})
	}
	return nil
}
