package store

import (
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// handOver ends the address of an order that belongs to somebody else now, who is its payer too, mails them the new one, and tells whoever
// had it.
func handOver(tx *Tx, o *registration.Order, before *registration.Registration, actor string) error {
	n, err := tx.Exec(`UPDATE orders SET secret_version = secret_version + 1, payer = '' WHERE id = $1 AND secret_version = $2 AND state = 'paid' AND people = 1`,
		o.ID, o.SecretVersion)
	if err != nil {
		return fmt.Errorf("end address: %w", err)
	}
	if n == 0 {
		return moved("order")
	}
	if err := findAgain(tx, o.ID); err != nil {
		return err
	}
	for _, m := range []Mail{
		{Kind: payments.MailTransferred, OrderID: o.ID, Email: before.Person.Email, Name: before.Person.Name},
		{Kind: payments.MailRegistered, OrderID: o.ID},
	} {
		if err := addMail(tx, m); err != nil {
			return err
		}
	}
	return auditRow(tx, audit{actor: actor, what: "registration", eventID: o.EventID, orderID: o.ID, to: "transferred"})
}
