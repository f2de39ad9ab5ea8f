package store

import (
	"context"
	"fmt"
	"strings"

	"foyer/registration"
)

// nobodyAgreed stands in registrations.agreed for somebody who came instead of another and has agreed to nothing yet.
const nobodyAgreed = "[]"

// Agree keeps what one of an order's people has agreed to themselves. The first word counts: a second call, as a double click makes it,
// changes nothing. It fails with CodeConflict when the place is another's since r was read, or was cancelled.
func (s *Store) Agree(ctx context.Context, o *registration.Order, r *registration.Registration, given []registration.Consent, actor string) error {
	return s.Write(ctx, Locks{Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		var n int
		if err := tx.Row(`SELECT COUNT(*) FROM registrations WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0`, o.ID, r.ID, r.Version).Scan(&n); err != nil {
			return fmt.Errorf("find person: %w", err)
		}
		if n == 0 {
			return moved("person")
		}
		return agree(tx, o, r.ID, r.Person.Name, given, actor)
	})
}

// agree writes it down for a person who has not agreed yet.
func agree(tx *Tx, o *registration.Order, id, name string, given []registration.Consent, actor string) error {
	n, err := tx.Exec(`UPDATE registrations SET agreed = $3 WHERE order_id = $1 AND id = $2 AND agreed IN ('', '[]')`,
		o.ID, id, string(registration.AppendConsents(nil, given)))
	if err != nil {
		return fmt.Errorf("keep consents: %w", err)
	}
	if n == 0 {
		return nil
	}
	return auditRow(tx, audit{actor: actor, what: "registration", eventID: o.EventID, orderID: o.ID, to: "agreed", reason: name + " (" + versionsOf(given) + ")"})
}

// agreedOf reads what somebody has agreed to themselves.
func agreedOf(text string) (given []registration.Consent, err error) {
	if text != "" {
		err = fromJSON(text, &given)
	}
	return given, err
}

// versionsOf names what was agreed to, for the audit: it stays when the place goes to somebody else.
func versionsOf(given []registration.Consent) string {
	all := make([]string, len(given))
	for i, c := range given {
		all[i] = c.ID + " " + c.Version
	}
	return strings.Join(all, ", ")
}
