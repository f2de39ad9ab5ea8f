package store

import (
	"database/sql"
	"errors"
	"fmt"

	"foyer/registration"
)

// reask lets evidence rest that somebody's new category does not ask for, and asks for it again when their category does. What staff have
// decided stays as it is.
func (a *Amendment) reask(tx *Tx, e *registration.Event) error {
	if e == nil || !e.Approves() {
		return nil
	}
	for i, p := range a.After {
		was, is := registration.Registration{Lines: a.Before[i].Lines}, registration.Registration{Lines: p.Lines}
		if p.Cancelled || was.Category() == is.Category() {
			continue
		}
		if err := reask(tx, e, a.OrderID, p.ID, is.Category()); err != nil {
			return err
		}
	}
	return nil
}

func reask(tx *Tx, e *registration.Event, orderID, registrationID, category string) error {
	var kind, number, file string
	var from registration.EvidenceState
	err := tx.Row(`SELECT kind, state, number, file_id FROM evidence WHERE registration_id = $1 AND order_id = $2`, registrationID, orderID).Scan(&kind, &from, &number, &file)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read evidence: %w", err)
	}
	to := from
	switch asks := e.Asks(category, kind); {
	case !asks && (from == registration.EvidenceMissing || from == registration.EvidenceGiven):
		to = registration.EvidenceNone
	case asks && from == registration.EvidenceNone:
		if to = registration.EvidenceMissing; kind == "" || number != "" || file != "" {
			to = registration.EvidenceGiven
		}
	}
	if to == from {
		return nil
	}
	n, err := tx.Exec(`UPDATE evidence SET state = $3 WHERE registration_id = $1 AND state = $2 AND order_id = $4`, registrationID, string(from), string(to), orderID)
	if err != nil {
		return fmt.Errorf("let evidence rest: %w", err)
	}
	if n == 0 {
		return moved("evidence")
	}
	return auditRow(tx, audit{actor: "system", what: "evidence", eventID: e.ID, orderID: orderID, from: string(from), to: string(to)})
}
