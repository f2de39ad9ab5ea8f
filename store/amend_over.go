package store

import (
	"fmt"

	"foyer/payments"
)

// mailOver tells the payer that a difference is not asked for any more, when a mail has asked for it.
func (a *Amendment) mailOver(tx *Tx) error {
	if a.Actor == payments.ActorAttendee {
		return nil
	}
	asked, err := a.mailed(tx)
	if err != nil || !asked {
		return err
	}
	return addMail(tx, Mail{Kind: payments.MailAmendOver, OrderID: a.OrderID, Note: a.ID})
}

// mailed reports whether a mail that asks for the difference has left, or is leaving. What still waits to be sent will say nothing. Jobs of
// mails are deleted after a while, and only when they are done.
func (a *Amendment) mailed(tx *Tx) (bool, error) {
	rows, err := tx.Rows(`SELECT state, lease <> '', payload FROM jobs WHERE about = $1 AND about <> '' AND kind = $2 AND created_at >= $3`, a.OrderID, JobMail, ms(a.CreatedAt))
	if err != nil {
		return false, fmt.Errorf("look for mails: %w", err)
	}
	left, stuck := 0, 0
	_, err = scanAll(rows, func(row scanner) (none struct{}, err error) {
		var state string
		var leased bool
		var payload []byte
		if err := row.Scan(&state, &leased, &payload); err != nil {
			return none, err
		}
		var m Mail
		err = fromJSON(string(payload), &m)
		switch {
		case m.Kind != payments.MailAmendDue:
		case state == "done" || leased:
			left++
		default:
			stuck++
		}
		return none, err
	})
	return left > 0 || stuck == 0, err
}
