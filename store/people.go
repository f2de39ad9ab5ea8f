package store

import (
	"context"
	"fmt"
	"maps"

	"foyer/payments"
	"foyer/registration"
)

// PersonChange is what is to become of one registration's person.
type PersonChange struct {
	Registration string // id
	Version      int64  // of the registration's link, as it was read
	Person       registration.Person
	Answers      registration.Answers
	Once         *registration.Answers  // what is asked once for the order, told with it; nil to leave that
	Another      bool                   // somebody else takes the place: the link and the check-in code that were given out so far end, and what was proved with them
	Payer        bool                   // with Another, of an order of one: they have the order from now on, and its address so far ends too
	Consents     []registration.Consent // that the person gives with it; nil for none
	Actor        string
}

// ChangePerson writes what somebody has told about themselves, or puts another person in their place and mails both. Prices stay as they
// are; options that take places take them here, and give them back. Files that no answer names any more go.
//
// It fails with CodeFull when an option has no places left, and with CodeConflict when the person was changed, replaced or cancelled since o
// was read, the answers of the order are others, it holds no places any more or, key change.pending, places are to move while a change of
// the order waits for its money.
func (s *Store) ChangePerson(ctx context.Context, o *registration.Order, c PersonChange) error {
	before := o.Registration(c.Registration)
	if before == nil {
		return registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	e, err := s.EventByID(ctx, o.EventID)
	if err != nil {
		return err
	}
	once := o.Answers
	if c.Once != nil {
		once = *c.Once
	}
	takes, gives := registration.MovedPlaces(e, []registration.Answers{before.Answers, o.Answers}, []registration.Answers{c.Answers, once})
	touched := maps.Clone(takes)
	if maps.Copy(touched, gives); len(touched) > 0 {
		if err := s.touchKept(ctx, o.ID, touched); err != nil {
			return err
		}
	}
	return s.Write(ctx, Locks{Quotas: quotaIDs(o.EventID, touched), Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		if err := unchanged(tx, before); err != nil {
			return err
		}
		if err := moveChosen(tx, o, takes, gives); err != nil {
			return err
		}
		if c.Once != nil {
			if err := writeOnce(tx, e, o, once); err != nil {
				return err
			}
		}
		if err := dropFiles(tx, e, o, before.Answers, c.Answers); err != nil {
			return err
		}
		version, checkIn, completed := c.Version, before.CheckInToken, ms(tx.Now())
		if c.Another {
			version, checkIn, completed = c.Version+1, TimedToken(), 0
		}
		n, err := tx.Exec(`UPDATE registrations SET person = $4, answers = $5, version = $6, check_in = $7, completed_at = $8
			WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0
			AND EXISTS (SELECT 1 FROM orders o WHERE o.id = $1 AND o.places <> 'none')`,
			o.ID, c.Registration, c.Version, toJSON(c.Person), answersText(c.Answers), version, checkIn, completed)
		if err != nil {
			return fmt.Errorf("change person: %w", err)
		}
		if n == 0 {
			return moved("person")
		}
		if err := findAgain(tx, o.ID); err != nil {
			return err
		}
		if c.Consents != nil {
			if err := agree(tx, o, c.Registration, c.Person.Name, c.Consents, c.Actor); err != nil {
				return err
			}
		}
		if !c.Another {
			return auditRow(tx, audit{actor: c.Actor, what: "registration", eventID: o.EventID, orderID: o.ID, to: "completed", reason: c.Person.Name})
		}
		wanted, err := c.ended(tx, e, o, before)
		if err != nil {
			return err
		}
		if c.Payer {
			return handOver(tx, o, before, c.Actor)
		}
		if err := mailReplaced(tx, o, before, wanted); err != nil {
			return err
		}
		return auditRow(tx, audit{
			actor: c.Actor, what: "registration", eventID: o.EventID, orderID: o.ID, to: "replaced", reason: before.Person.Name + " → " + c.Person.Name,
		})
	})
}

// unchanged refuses a change of somebody who is not as they were when it was decided.
func unchanged(tx *Tx, before *registration.Registration) error {
	var text, answers string
	if err := tx.Row(`SELECT person, answers FROM registrations WHERE id = $1`, before.ID).Scan(&text, &answers); err != nil {
		return fmt.Errorf("read person: %w", err)
	}
	var now registration.Person
	if err := fromJSON(text, &now); err != nil {
		return err
	}
	told, err := answersOf(answers)
	if err == nil && (now != before.Person || !told.Equal(before.Answers)) {
		err = moved("person")
	}
	return err
}

// mailReplaced tells the one who leaves, and gives the one who comes their link once the order is paid, or when they have to prove something.
func mailReplaced(tx *Tx, o *registration.Order, before *registration.Registration, wanted bool) error {
	left := Mail{Kind: payments.MailReplaced, OrderID: o.ID, Email: before.Person.Email, Name: before.Person.Name}
	if err := addMail(tx, left); err != nil {
		return err
	}
	var state registration.OrderState
	if err := tx.Row(`SELECT state FROM orders WHERE id = $1`, o.ID).Scan(&state); err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	switch {
	case state == registration.OrderPaid:
		return addMail(tx, Mail{Kind: payments.MailPerson, OrderID: o.ID, Registration: before.ID})
	case wanted:
		return addMail(tx, Mail{Kind: MailProof, OrderID: o.ID, Registration: before.ID})
	}
	return nil // the link comes with the confirmation
}

// findAgain writes what the search box finds an order by, from its people as they are now. Without a payer of its own the first person pays.
func findAgain(tx *Tx, orderID string) error {
	o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, orderID))
	if err != nil {
		return err
	}
	rows, err := tx.Rows(registrationsOf, orderID)
	if err != nil {
		return fmt.Errorf("read registrations: %w", err)
	}
	if o.Registrations, err = scanAll(rows, scanRegistration); err != nil {
		return fmt.Errorf("read registrations: %w", err)
	}
	payerIsFirst(o)
	words := personWords(o.Payer)
	for _, r := range o.Registrations {
		words = append(words, personWords(r.Person)...)
	}
	_, err = tx.Exec(`UPDATE orders SET search = $2, name = $3, email = $4, affiliation = $5 WHERE id = $1`,
		orderID, folded(append(words, o.Code)...), o.Payer.Name, foldEmail(o.Payer.Email), o.Payer.Affiliation)
	if err != nil {
		return fmt.Errorf("write search: %w", err)
	}
	return nil
}

// MailPersonAgain ends a person's link and mails them a new one. A second call with the same version, as a double click makes it, changes
// nothing.
func (s *Store) MailPersonAgain(ctx context.Context, o *registration.Order, r *registration.Registration, actor string) error {
	return s.Write(ctx, Locks{Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE registrations SET version = version + 1 WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0`, o.ID, r.ID, r.Version)
		if err != nil {
			return fmt.Errorf("renew link: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := addMail(tx, Mail{Kind: payments.MailPerson, OrderID: o.ID, Registration: r.ID}); err != nil {
			return err
		}
		return auditRow(tx, audit{actor: actor, what: "registration", eventID: o.EventID, orderID: o.ID, to: "link_renewed", reason: r.Person.Name})
	})
}

// mailPeople queues each person's own link, in the transaction in which their order is paid.
func mailPeople(tx *Tx, orderID string) error {
	rows, err := tx.Rows(`SELECT id FROM registrations WHERE order_id = $1 AND cancelled_at = 0 ORDER BY position`, orderID)
	if err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	ids, err := scanAll(rows, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	for _, id := range ids {
		if err := addMail(tx, Mail{Kind: payments.MailPerson, OrderID: orderID, Registration: id}); err != nil {
			return err
		}
	}
	return nil
}
