package store

import (
	"context"
	"fmt"

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

// uncover takes the papers off those whom a change cancels.
func (a *Amendment) uncover(tx *Tx) error {
	for _, position := range a.leaving() {
		if _, err := tx.Exec(`DELETE FROM coverings WHERE order_id = $1 AND position = $2`, a.OrderID, position); err != nil {
			return fmt.Errorf("uncover papers: %w", err)
		}
	}
	return nil
}
