package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"foyer/registration"
)

// Correction is what staff make of what one person of an order has told, or of the answers that were given once for the order.
type Correction struct {
	Registration string               // id; "" for the order's own answers
	Person       registration.Person  // of the registration
	Answers      registration.Answers // all that there are to be
	Files        map[string]NewFile   // by question, each in the place of the file before
	Actor        string
}

// Correct writes what staff have corrected of o, an order of e. Options that take places take them here, and give them back; prices and
// documents stay as they are, and the person has still to look through their details. What is as it was already changes nothing. The audit
// says what became of name, e-mail address and affiliation, and of all else only which field it is.
//
// It fails with CodeFull when an option has no places left, and with CodeConflict when somebody else has changed the same since o was read,
// the order holds no places any more or, key change.pending, places are to move while a change of the order waits for its money.
func (s *Store) Correct(ctx context.Context, e *registration.Event, o *registration.Order, c Correction) error {
	person, was, err := c.before(o)
	if err != nil || (person == c.Person && was.Equal(c.Answers) && len(c.Files) == 0) {
		return err
	}
	takes, gives := was.MovedPlaces(e, c.Answers)
	touched := maps.Clone(takes)
	maps.Copy(touched, gives)
	if err := s.touchKept(ctx, o.ID, touched); err != nil {
		return err
	}
	return s.Write(ctx, Locks{Quotas: quotaIDs(o.EventID, touched), Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		answers := registration.Answers{}
		maps.Copy(answers, c.Answers)
		if err := moveChosen(tx, o, takes, gives); err != nil {
			return err
		}
		for _, question := range slices.Sorted(maps.Keys(c.Files)) {
			if err := answerFile(tx, o, answers, question, c.Files[question]); err != nil {
				return err
			}
		}
		if err := c.write(tx, e, o, answers); err != nil {
			return err
		}
		return auditRow(tx, audit{
			actor: c.Actor, what: "registration", eventID: o.EventID, orderID: o.ID, to: "corrected", reason: corrected(person, c.Person, was, answers),
		})
	})
}

// before is what the order says of that which is to be corrected.
func (c *Correction) before(o *registration.Order) (registration.Person, registration.Answers, error) {
	if c.Registration == "" {
		return registration.Person{}, o.Answers, nil
	}
	r := o.Registration(c.Registration)
	if r == nil {
		return registration.Person{}, nil, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	return r.Person, r.Answers, nil
}

// write puts the corrected values in the place of those that are still as they were read.
func (c *Correction) write(tx *Tx, e *registration.Event, o *registration.Order, answers registration.Answers) error {
	if c.Registration == "" {
		return writeOnce(tx, e, o, answers)
	}
	before := o.Registration(c.Registration)
	if err := unchanged(tx, before); err != nil {
		return err
	}
	if err := dropFiles(tx, e, o, before.Answers, answers); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE registrations SET person = $4, answers = $5 WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0`+holdsPlaces,
		o.ID, before.ID, before.Version, toJSON(c.Person), answersText(answers))
	if err := oneRow(n, err, "person"); err != nil {
		return err
	}
	return findAgain(tx, o.ID)
}

// holdsPlaces is the condition that an order, $1, still holds places.
const holdsPlaces = ` AND EXISTS (SELECT 1 FROM orders o WHERE o.id = $1 AND o.places <> 'none')`

// writeOnce puts answers that were given once for the order in the place of those that are still as they were read.
func writeOnce(tx *Tx, e *registration.Event, o *registration.Order, answers registration.Answers) error {
	var text string
	if err := tx.Row(`SELECT answers FROM orders WHERE id = $1`, o.ID).Scan(&text); err != nil {
		return fmt.Errorf("read answers: %w", err)
	}
	if now, err := answersOf(text); err != nil || !now.Equal(o.Answers) {
		return orElse(err, moved("answers"))
	}
	if err := dropFiles(tx, e, o, o.Answers, answers); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE orders SET answers = $2 WHERE id = $1`+holdsPlaces, o.ID, answersText(answers))
	return oneRow(n, err, "answers")
}

// oneRow is the outcome of a guarded update of one row.
func oneRow(n int64, err error, what string) error {
	if err != nil {
		return fmt.Errorf("correct %s: %w", what, err)
	}
	if n != 1 {
		return moved(what)
	}
	return nil
}

// moveChosen takes places for options that are chosen now, and gives back those of options that are not chosen any more.
func moveChosen(tx *Tx, o *registration.Order, takes, gives map[string]int64) error {
	if len(takes)+len(gives) == 0 {
		return nil
	}
	if open, err := openAmendment(tx, o.ID); err != nil || open != nil {
		return orElse(err, registration.Fail(registration.CodeConflict, "change.pending"))
	}
	b := &book{tx: tx, around: around{orderID: o.ID}}
	if err := b.readPlaces(); err != nil {
		return err
	}
	if b.places == placesNone {
		return moved("order")
	}
	if err := takePlaces(tx, o.EventID, takes, b.places == placesSold); err != nil {
		return err
	}
	after, back := placesAfter(b.taken, takes, gives)
	giveBack := giveBackHeld
	if b.places == placesSold {
		giveBack = giveBackSold
	}
	if err := movePlaces(tx, giveBack, o.EventID, back); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE orders SET taken = $2 WHERE id = $1 AND places = $3`, o.ID, toJSON(after), b.places)
	return oneRow(n, err, "places")
}

// corrected says what was changed of what somebody has told, for the audit.
func corrected(before, after registration.Person, was, is registration.Answers) string {
	var all []string
	for _, p := range [][2]string{{before.Name, after.Name}, {before.Email, after.Email}, {before.Affiliation, after.Affiliation}} {
		if p[0] != p[1] {
			all = append(all, p[0]+" → "+p[1])
		}
	}
	for _, f := range registration.PersonFieldNames {
		if f != registration.FieldAffiliation && *before.Field(f) != *after.Field(f) {
			all = append(all, f)
		}
	}
	asked := maps.Clone(was)
	if asked == nil {
		asked = registration.Answers{}
	}
	maps.Copy(asked, is)
	for _, id := range slices.Sorted(maps.Keys(asked)) {
		if !slices.Equal(was[id], is[id]) {
			all = append(all, "answer."+id)
		}
	}
	return strings.Join(all, ", ")
}
