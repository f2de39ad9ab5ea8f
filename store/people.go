package store

import (
	"context"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

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
