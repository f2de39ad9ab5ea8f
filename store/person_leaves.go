package store

import (
	"fmt"
	"slices"

	"foyer/registration"
)

// MailProof asks one of the people of an order for their proof, by their own link.
const MailProof = "evidence_wanted"

// PersonDraft stands where codes to telephones have a draft, for somebody who proves theirs on their own page.
func PersonDraft(registrationID string) string { return "person:" + registrationID }

// ended takes away what is only theirs when somebody leaves their place to another: evidence, a member number, the proof of their telephone
// and their consents. Their files go with their answers. Money, places and papers stay with the place. wanted reports whether the one who
// comes has to hand something in.
func (c *PersonChange) ended(tx *Tx, e *registration.Event, o *registration.Order, before *registration.Registration) (wanted bool, err error) {
	if _, err := tx.Exec(`UPDATE phone_codes SET draft_id = '', verified_at = 0 WHERE draft_id = $1 OR draft_id IN
		(SELECT o.draft_id FROM orders o WHERE o.id = $2 AND o.payer = '' AND o.people = 1)`, PersonDraft(before.ID), o.ID); err != nil {
		return false, fmt.Errorf("forget telephone: %w", err)
	}
	if _, err := tx.Exec(`UPDATE registrations SET agreed = $2 WHERE id = $1`, before.ID, nobodyAgreed); err != nil {
		return false, fmt.Errorf("forget consents: %w", err)
	}
	if !e.Approves() {
		return false, nil
	}
	return proveAgain(tx, e, o, before)
}

// proveAgain makes the evidence of a place what it is for somebody who has handed in nothing. An order that can be paid already stays so:
// staff look at the new proof as at one that comes after payment.
func proveAgain(tx *Tx, e *registration.Event, o *registration.Order, before *registration.Registration) (wanted bool, err error) {
	var state registration.OrderState
	if err := tx.Row(`SELECT state FROM orders WHERE id = $1`, o.ID).Scan(&state); err != nil {
		return false, fmt.Errorf("read order: %w", err)
	}
	position := slices.IndexFunc(o.Registrations, func(r registration.Registration) bool { return r.ID == before.ID })
	if _, err := tx.Exec(`DELETE FROM files WHERE order_id = $1 AND id IN (SELECT file_id FROM evidence WHERE order_id = $1 AND position = $2)`, o.ID, position); err != nil {
		return false, fmt.Errorf("drop file: %w", err)
	}
	if _, err := tx.Exec(`DELETE FROM evidence WHERE order_id = $1 AND position = $2`, o.ID, position); err != nil {
		return false, fmt.Errorf("drop evidence: %w", err)
	}
	category := e.Category(before.Category())
	if category == nil || category.Approval == registration.ApprovalDesk {
		return false, nil
	}
	p := askedOf(category)
	p.position, p.before = position, p.before && state == registration.OrderAwaiting
	return p.kind != "", p.insert(tx, e.ID, o.ID)
}
