package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// Given is what an attendee hands in after registering: a file, or a member number.
type Given struct {
	RegistrationID string
	File           *NewFile
	Number         string
	Name           string // of the person, for a number
	CheckIn        string // Registration.CheckInToken of whom it is for, so that it counts for nobody else; "" for whoever has the place
}

// GiveEvidence takes what an attendee hands in for one of the order's people; the file that was there before is deleted. A member number
// that the list has is accepted at once.
//
// It fails with CodeConflict when the evidence is accepted already or the order has ended, with CodeInvalid as Place does for a number,
// and with CodeNotFound when nothing is asked for.
func (s *Store) GiveEvidence(ctx context.Context, orderID string, g Given) error {
	return s.decide(ctx, orderID, func(d *decision) error {
		x, err := d.read(g.RegistrationID)
		if err != nil {
			return err
		}
		if !x.State.Open() || d.ended() || g.CheckIn != "" && g.CheckIn != x.checkIn {
			return moved("evidence")
		}
		p := proof{kind: x.Kind}
		if g.File != nil && x.Kind == registration.EvidenceStudentID {
			if p.file, err = d.replaceFile(x, *g.File); err != nil {
				return err
			}
			p.state = registration.EvidenceGiven
		}
		if err := p.show(d.tx, d.a.event.ID, orderID, g.Name, registration.Proof{Number: g.Number}); err != nil {
			return err
		}
		if err := p.onlyOne(d.tx, orderID, x.RegistrationID); err != nil {
			return err
		}
		if p.state == "" {
			return registration.Fail(registration.CodeInvalid, "evidence.file.missing")
		}
		_, err = d.tx.Exec(`UPDATE evidence SET difference = FALSE, state = $2, number = $3, member_key = $4, file_id = $5, given_at = $6, decided_at = $7, decided_by = $8
			WHERE registration_id = $1 AND order_id = $9`, x.RegistrationID, string(p.state), p.number, p.key, p.file, ms(d.tx.Now()), p.decidedAt(d.tx), p.decidedBy(), orderID)
		if err != nil {
			return fmt.Errorf("give evidence: %w", err)
		}
		if err := d.note(x.State, p.state, payments.ActorAttendee, ""); err != nil || p.state != registration.EvidenceAccepted {
			return err
		}
		return errors.Join(d.dropDifference(x.RegistrationID, payments.ActorSystem), d.open("system"))
	})
}

// AcceptEvidence takes somebody's evidence for good, as it was seen: version is Evidence.Version. When nothing else of an order is
// waited for, the order can be paid from now on, or is paid when it is free. A difference that was asked for instead of it is not asked for
// any more, unless money for it may be on its way. A second call is harmless.
//
// It fails with CodeConflict when the evidence has changed since it was seen.
func (s *Store) AcceptEvidence(ctx context.Context, orderID, registrationID, version, actor string) error {
	return s.decide(ctx, orderID, func(d *decision) error {
		x, err := d.read(registrationID)
		if err != nil || x.State == registration.EvidenceAccepted {
			return err
		}
		if err := d.settle(x, version, registration.EvidenceAccepted, actor, ""); err != nil {
			return err
		}
		return errors.Join(d.dropDifference(registrationID, actor), d.open(actor))
	})
}

// dropDifference ends the change that staff have asked for because somebody's evidence was refused.
func (d *decision) dropDifference(registrationID, actor string) error {
	a, err := openAmendment(d.tx, d.order.ID)
	if err != nil || a == nil || a.Actor == payments.ActorAttendee || !a.changes(registrationID) {
		return err
	}
	if busy, err := a.paying(d.tx); err != nil || busy {
		return err
	}
	if err := a.move(d.tx, d.order.EventID, registration.AmendmentWithdrawn, actor, ""); err != nil {
		return err
	}
	return errors.Join(a.release(d.tx, d.order.EventID), a.mailOver(d.tx))
}

// AskEvidence refuses somebody's evidence, for a reason that is mailed to them, and waits for another. A second call with the same
// version changes nothing and fails with CodeConflict, like one about evidence that has changed since it was seen.
func (s *Store) AskEvidence(ctx context.Context, orderID, registrationID, version, reason, actor string) error {
	return s.decide(ctx, orderID, func(d *decision) error {
		x, err := d.read(registrationID)
		if err != nil {
			return err
		}
		if err := d.settle(x, version, registration.EvidenceRefused, actor, reason); err != nil {
			return err
		}
		return addMail(d.tx, Mail{Kind: MailEvidence, OrderID: orderID, Registration: registrationID})
	})
}

// AskDifference refuses the evidence of a paid order, for a reason that its payer reads, and asks for the price of what c changes the order
// to, in one transaction; see Amend. It fails as AskEvidence and Amend do.
func (s *Store) AskDifference(ctx context.Context, orderID, registrationID, version string, c NewAmendment) error {
	_, err := s.amendWith(ctx, orderID, c, func(tx *Tx) error {
		o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, orderID))
		if err != nil {
			return err
		}
		d := &decision{tx: tx, order: o}
		x, err := d.read(registrationID)
		if err != nil {
			return err
		}
		if err := d.settle(x, version, registration.EvidenceRefused, c.Actor, c.Reason); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE evidence SET difference = TRUE WHERE registration_id = $1 AND order_id = $2`, registrationID, orderID)
		return err
	})
	return err
}

// RefuseApproval ends an order that waits for approval, for a reason that is mailed to its payer; its places are free at once. A second
// call is harmless. It fails with CodeConflict when the order does not wait any more.
func (s *Store) RefuseApproval(ctx context.Context, orderID, registrationID, version, reason, actor string) error {
	return s.decide(ctx, orderID, func(d *decision) error {
		if d.order.State == registration.OrderCancelled {
			return nil
		}
		x, err := d.read(registrationID)
		if err != nil {
			return err
		}
		if d.order.State != registration.OrderAwaiting {
			return moved("order")
		}
		if err := d.settle(x, version, registration.EvidenceRefused, actor, reason); err != nil {
			return err
		}
		_, err = cancel(d.tx, d.a, actor, reason, payments.Back{})
		return err
	})
}

// decision is a change of an order's evidence, under the order's lock.
type decision struct {
	tx    *Tx
	a     around
	order *registration.Order
}

func (s *Store) decide(ctx context.Context, orderID string, fn func(*decision) error) error {
	a, locks, err := s.aroundOrder(ctx, orderID)
	if err != nil {
		return err
	}
	return s.Write(ctx, locks, func(tx *Tx) error {
		if err := tx.NeedOrder(orderID); err != nil {
			return err
		}
		o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, orderID))
		if err != nil {
			return err
		}
		return fn(&decision{tx: tx, a: a, order: o})
	})
}

// read reads the evidence of one of the order's people; CodeNotFound when nothing is asked of them.
func (d *decision) read(registrationID string) (Evidence, error) {
	x, err := scanEvidence(d.tx.Row(`SELECT `+evidenceColumns+evidenceFrom+` WHERE v.registration_id = $1 AND v.order_id = $2`, clip(registrationID, 64), d.order.ID))
	return x, notFound(err, "evidence.unknown")
}

// ended reports whether the order takes no evidence any more.
func (d *decision) ended() bool {
	switch d.order.State {
	case registration.OrderAwaiting, registration.OrderPending, registration.OrderPaid:
		return false
	case registration.OrderExpired, registration.OrderCancelled:
	}
	return true
}

// replaceFile keeps the new file and deletes the one before.
func (d *decision) replaceFile(x Evidence, f NewFile) (id string, err error) {
	if _, err := d.tx.Exec(`DELETE FROM files WHERE id = $1 AND order_id = $2`, x.FileID, d.order.ID); err != nil {
		return "", fmt.Errorf("drop file: %w", err)
	}
	id = newID()
	return id, insertFile(d.tx, fileRow{id: id, event: d.order.EventID, order: d.order.ID, NewFile: f})
}

// settle writes what staff have decided about what they saw.
func (d *decision) settle(x Evidence, version string, to registration.EvidenceState, actor, reason string) error {
	if x.Version() != version || !x.State.CanBecome(to) || d.ended() {
		return moved("evidence")
	}
	n, err := d.tx.Exec(`UPDATE evidence SET difference = FALSE, state = $3, reason = $4, decided_at = $5, decided_by = $6 WHERE registration_id = $1 AND state = $2 AND order_id = $7`,
		x.RegistrationID, string(x.State), string(to), reason, ms(d.tx.Now()), actor, d.order.ID)
	if err != nil {
		return fmt.Errorf("decide about evidence: %w", err)
	}
	if n == 0 {
		return moved("evidence")
	}
	return d.note(x.State, to, actor, reason)
}

func (d *decision) note(from, to registration.EvidenceState, actor, reason string) error {
	return auditRow(d.tx, audit{
		actor: actor, what: "evidence", eventID: d.order.EventID, orderID: d.order.ID, from: string(from), to: string(to), reason: reason,
	})
}

// open lets an order be paid from now on, once nothing that has to come before is missing. A free one is paid.
func (d *decision) open(actor string) error {
	var missing int64
	err := d.tx.Row(`SELECT COUNT(*) FROM evidence WHERE order_id = $1 AND before_payment AND state <> 'accepted'`, d.order.ID).Scan(&missing)
	if err != nil {
		return fmt.Errorf("count missing evidence: %w", err)
	}
	if missing > 0 || d.order.State != registration.OrderAwaiting {
		return nil
	}
	b := &book{tx: d.tx, around: d.a, orderPlaces: orderPlaces{order: d.order}}
	if d.order.Free() {
		if err := b.readPlaces(); err != nil {
			return err
		}
		return errors.Join(b.PayOrder("", actor, ""), b.Mail(payments.MailRegistered, ""))
	}
	if err := b.MoveOrder(registration.OrderPending, actor, ""); err != nil {
		return err
	}
	until := d.tx.Now().Add(d.a.event.PayWithin())
	if _, err := d.tx.Exec(`UPDATE orders SET hold_until = $2, hold_limit = $3, extensions = 0 WHERE id = $1`, d.order.ID, ms(until), ms(until.Add(approvalGrace))); err != nil {
		return fmt.Errorf("hold places: %w", err)
	}
	return addMail(d.tx, Mail{Kind: MailApproved, OrderID: d.order.ID})
}

// approvalGrace is how much longer than the hold of an approved order a payment that was begun in time may keep its places.
const approvalGrace = 2 * time.Hour
