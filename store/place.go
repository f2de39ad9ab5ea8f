package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	Answers  registration.Answers // of the person
	ForOrder registration.Answers // to what is asked once for the order
	Papers   []string             // numbers of the papers that the person covers
	Offer    *WaitingEntry        // of the waiting list, from which the order takes its places; nil for none
	Proof    registration.Proof   // of the person, for a category with approval
	Hold     time.Duration        // places are held so long
	HoldMax  time.Duration        // and never longer than this

	ID string    // of the order, one of NewIDs, which has its place among orders of the same moment; "" for any
	At time.Time // when it counts as made, UTC; zero: when it is

	Actor  string // who makes it, as in the audit; "" for the attendee
	Reason string // why, where staff make it
	Mail   string // kind of the mail that tells an order which is to be paid; "" for none

	Payer *registration.Person // who pays; nil: Person does
	More  []NewPerson          // further people, for whom the same payer pays
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
		case !IsUnique(err): // else the code was taken: one chance in some ten thousand
			return s.placedBefore(ctx, n.DraftID, err)
		}
	}
	return Placed{}, errors.New("place order: no free code found")
}

// placedBefore gives the order that the draft has become in spite of a refusal: what was missing may be what that order itself has taken.
func (s *Store) placedBefore(ctx context.Context, draftID string, refusal error) (Placed, error) {
	e, ok := errors.AsType[*registration.Error](refusal)
	if !ok || e.Code != registration.CodeFull && e.Code != registration.CodeConflict {
		return Placed{}, refusal
	}
	if p, err := s.PlacedFrom(ctx, draftID); err == nil {
		return p, nil
	}
	return Placed{}, refusal
}

// PlacedFrom finds the order that a draft has become; CodeNotFound when it has not.
func (s *Store) PlacedFrom(ctx context.Context, draftID string) (Placed, error) {
	var p Placed
	err := s.Row(ctx, `SELECT id, code, secret_version FROM orders WHERE draft_id = $1`, draftID).Scan(&p.OrderID, &p.Code, &p.Version)
	return p, notFound(err, "order.unknown")
}

func (s *Store) place(ctx context.Context, n NewOrder) (Placed, error) {
	taken := n.places()
	n.takePapers(taken)
	placed := Placed{OrderID: cmp.Or(n.ID, newID()), Code: s.codes.next(s.Now()), Version: 1}
	n.Hold = n.holdFor(s.Now())
	row := newOrderRow(n, placed, taken)
	locks := Locks{Quotas: n.offerQuotas(row.quotas), Orders: []string{placed.OrderID}}
	place := func(tx *Tx) error {
		if err := n.take(tx, taken, row.free); err != nil {
			return err
		}
		if err := row.insert(tx); err != nil {
			return err
		}
		return n.noteKept(tx, placed.OrderID, taken)
	}
	if !n.plain() {
		people := n.rows(placed.OrderID)
		return placed, s.Write(ctx, locks, func(tx *Tx) error {
			shown, err := n.prove(tx)
			if err != nil {
				return err
			}
			row = newOrderRow(n, placed, taken) // a second run begins afresh
			row.await(shown)
			if err := place(tx); err != nil {
				return err
			}
			if err := n.rest(tx, placed.OrderID, people); err != nil {
				return err
			}
			return shown.insert(tx, n.Event.ID, placed.OrderID, !n.alone())
		})
	}
	return placed, s.write(ctx, locks, row, place)
}

// plain reports whether the order has nothing beyond what every order has, and can be made together with others.
func (n *NewOrder) plain() bool {
	return n.Quote.Voucher == nil && len(n.Answers) == 0 && len(n.ForOrder) == 0 && len(n.Papers) == 0 && n.Mail == "" && n.alone() && n.Offer == nil &&
		n.Event.ApprovalOf(n.Quote.Lines[0].ID) == registration.ApprovalDesk
}

// rest writes what few orders have; people are the rows of the further people.
func (n *NewOrder) rest(tx *Tx, orderID string, people []any) error {
	code, err := n.mayUseVoucher(tx, orderID)
	if err != nil {
		return err
	}
	if code != "" || len(n.ForOrder) > 0 {
		if _, err := tx.Exec(`UPDATE orders SET voucher = $2, answers = $3 WHERE id = $1`, orderID, code, answersText(n.ForOrder)); err != nil {
			return fmt.Errorf("complete order: %w", err)
		}
	}
	if len(n.Answers) > 0 {
		if _, err := tx.Exec(`UPDATE registrations SET answers = $2 WHERE order_id = $1`, orderID, answersText(n.Answers)); err != nil {
			return fmt.Errorf("keep answers: %w", err)
		}
	}
	if err := n.bindFiles(tx, orderID); err != nil {
		return err
	}
	if err := n.tookOffer(tx, orderID); err != nil {
		return err
	}
	if err := n.cover(tx, orderID); err != nil {
		return err
	}
	if n.Mail != "" {
		if err := addMail(tx, Mail{Kind: n.Mail, OrderID: orderID}); err != nil {
			return err
		}
	}
	if n.alone() {
		return nil
	}
	return n.insertMore(tx, orderID, people)
}

// answersText writes answers for their column; "" for none.
func answersText(a registration.Answers) string {
	if len(a) == 0 {
		return ""
	}
	return toJSON(a)
}

// answersOf reads a column of answers.
func answersOf(text string) (registration.Answers, error) {
	if text == "" {
		return nil, nil
	}
	a := registration.Answers{}
	return a, fromJSON(text, &a)
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
	holdPlaces    = `UPDATE quotas SET held = held + $2 WHERE id = $1 AND held + sold + $2 <= places AND waiting = 0`
	sellAtOnce    = `UPDATE quotas SET sold = sold + $2 WHERE id = $1 AND held + sold + $2 <= places AND waiting = 0`
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
			return noneLeft(key)
		}
	}
	return nil
}

// noneLeft is the refusal of an order because of a quota that has too few places: a voucher's counts its uses, a
// paper's is whether it is covered.
func noneLeft(key string) error {
	if registration.IsVoucherQuota(key) {
		return registration.Fail(registration.CodeConflict, "voucher.used")
	}
	if registration.IsPaperQuota(key) {
		return registration.Fail(registration.CodeConflict, "papers.covered")
	}
	return full()
}

// full is the refusal of an order for which places are missing.
func full() error { return registration.Fail(registration.CodeFull, errFullKey) }

// publicLeft is how many places of a quota anybody may have: none while somebody is in line for one.
const publicLeft = `CASE WHEN waiting > 0 THEN 0 ELSE places - held - sold END`

// placesLeft counts the places of one quota inside a write that anybody may have; none when there is no such quota.
func placesLeft(tx *Tx, id string) (left int64, err error) {
	err = tx.Row(`SELECT `+publicLeft+` FROM quotas WHERE id = $1`, id).Scan(&left)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return left, err
}

// movePlaces runs one of the counter updates on every quota of an order. A counter that does not fit is a bug that must not pass.
func movePlaces(tx *Tx, query, eventID string, taken map[string]int64) error {
	for _, key := range slices.Sorted(maps.Keys(taken)) {
		if err := movePlacesOf(tx, query, quotaID(eventID, key), taken[key]); err != nil {
			return err
		}
	}
	if query != sellHeld {
		return keepAgain(tx, eventID, taken)
	}
	return nil
}

// movePlacesOf is movePlaces for one quota.
func movePlacesOf(tx *Tx, query, id string, places int64) error {
	if err := tx.NeedQuota(id); err != nil {
		return err
	}
	n, err := tx.Exec(query, id, places)
	if err != nil {
		return fmt.Errorf("move places: %w", err)
	}
	if n == 0 {
		return fmt.Errorf(errCountWrong, id, places)
	}
	return nil
}
