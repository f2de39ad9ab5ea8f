package store

import (
	"context"
	"fmt"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

// leaving lists the positions of the registrations that a change cancels.
func (a *Amendment) leaving() []int {
	var all []int
	for i := range a.After {
		if a.After[i].Cancelled && !a.Before[i].Cancelled {
			all = append(all, i)
		}
	}
	return all
}

// mailLeaving tells those whom a change cancels, beside the payer.
func (a *Amendment) mailLeaving(tx *Tx, o *registration.Order) error {
	for _, position := range a.leaving() {
		p := o.Registrations[position].Person
		if foldEmail(p.Email) == foldEmail(o.Payer.Email) {
			continue
		}
		if err := addMail(tx, Mail{Kind: payments.MailPersonGone, OrderID: o.ID, Email: p.Email, Name: p.Name}); err != nil {
			return err
		}
	}
	return nil
}

// givePapers adds the papers that those cancelled have covered to what the change gives back.
func (s *Store) givePapers(ctx context.Context, o *registration.Order, a *Amendment) error {
	gone := a.leaving()
	if len(gone) == 0 {
		return nil
	}
	mine, err := s.PapersOf(ctx, o.ID)
	for _, c := range mine {
		for _, position := range gone {
			if c.Position == int64(position) {
				registration.TakePapers(a.Gives, []string{c.Number})
			}
		}
	}
	return err
}

// coverAnew takes the papers off those whom a change cancels, and writes down those that it adds.
func (a *Amendment) coverAnew(tx *Tx, eventID string) error {
	for _, position := range a.leaving() {
		if _, err := tx.Exec(`DELETE FROM coverings WHERE order_id = $1 AND position = $2`, a.OrderID, position); err != nil {
			return fmt.Errorf("uncover papers: %w", err)
		}
	}
	for position, p := range a.After {
		if err := cover(tx, eventID, a.OrderID, position, p.Papers); err != nil {
			return err
		}
	}
	return nil
}

// coversByChange finds the changes that wait for their money and hold any of these papers, as coverings of an order that is not paid.
func (s *Store) coversByChange(ctx context.Context, eventID string, numbers []string) (all []Covering, err error) {
	rows, err := s.Rows(ctx, `SELECT a.after, a.order_id, o.code, o.name, o.email FROM amendments a JOIN orders o ON o.id = a.order_id
		WHERE a.state = 'pending' AND o.event_id = $1 AND a.takes LIKE '%"`+registration.PaperQuota("")+`%' ORDER BY a.id`, eventID)
	if err != nil {
		return nil, fmt.Errorf("find papers of changes: %w", err)
	}
	_, err = scanAll(rows, func(row scanner) (none struct{}, err error) {
		var text string
		var parts []registration.Part
		c := Covering{State: registration.OrderPending}
		if err := row.Scan(&text, &c.OrderID, &c.Code, &c.Name, &c.Email); err != nil {
			return none, err
		}
		err = fromJSON(text, &parts)
		for position, p := range parts {
			for _, n := range p.Papers {
				if c.Position, c.Number = int64(position), n; slices.Contains(numbers, n) {
					all = append(all, c)
				}
			}
		}
		return none, err
	})
	return all, err
}
