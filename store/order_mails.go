package store

import (
	"context"
	"encoding/json"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// RenewLink ends the address that an order has had so far and mails its payer a new one. A second call with the same o, as a double click
// makes it, changes nothing.
func (s *Store) RenewLink(ctx context.Context, o *registration.Order, actor string) error {
	return s.Write(ctx, Locks{Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE orders SET secret_version = secret_version + 1 WHERE id = $1 AND secret_version = $2`, o.ID, o.SecretVersion)
		if err != nil {
			return fmt.Errorf("renew link: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := addMail(tx, Mail{Kind: payments.MailNewLink, OrderID: o.ID}); err != nil {
			return err
		}
		return auditRow(tx, audit{actor: actor, what: "staff", eventID: o.EventID, orderID: o.ID, to: "link_renewed"})
	})
}

// MailAgain queues a mail about an order once more. While the same mail still waits to be sent it changes nothing.
func (s *Store) MailAgain(ctx context.Context, o *registration.Order, m Mail, actor string) error {
	m.OrderID = o.ID
	payload, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write mail job: %w", err)
	}
	return s.Write(ctx, Locks{Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		var waiting int64
		err := tx.Row(`SELECT COUNT(*) FROM jobs WHERE about = $1 AND kind = $2 AND state = 'open' AND payload = $3`, o.ID, JobMail, payload).Scan(&waiting)
		if err != nil {
			return fmt.Errorf("look for the mail: %w", err)
		}
		if waiting > 0 {
			return nil
		}
		if err := addMail(tx, m); err != nil {
			return err
		}
		return auditRow(tx, audit{actor: actor, what: "staff", eventID: o.EventID, orderID: o.ID, to: "mail_sent_again", reason: "console.mail.kind." + m.Kind})
	})
}
