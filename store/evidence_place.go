package store

import (
	"fmt"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

// MailAwaiting and the others are the mails about approval.
const (
	MailAwaiting    = "awaiting_approval" // the order is made and waits
	MailApproved    = "approved"          // it can be paid now
	MailNotApproved = "not_approved"      // it has ended, with a reason
	MailEvidence    = "evidence_again"    // another proof is wanted, with a reason
)

// proven is what a new order shows of its people: one entry for each that needs an approval.
type proven []proof

// proof is the evidence of one new registration.
type proof struct {
	position int // of the registration in its order
	kind     string
	before   bool
	state    registration.EvidenceState
	number   string
	key      string // in the member list
	file     string
}

// prove checks what a new order brings as evidence. A member number that the list has is accepted at once; one that it has not is
// refused with CodeInvalid, one that another live order uses as well.
func (n *NewOrder) prove(tx *Tx) (proven, error) {
	if n.Actor != "" {
		return nil, nil // staff know whom they register
	}
	var all proven
	for i, q := range n.quotes() {
		c := n.Event.Category(q.Lines[0].ID)
		if c == nil || c.Approval == registration.ApprovalDesk {
			continue
		}
		p := proof{position: i, kind: c.Evidence, before: c.Approval == registration.ApprovalBefore, state: registration.EvidenceMissing}
		if p.kind == "" {
			p.state = registration.EvidenceGiven
		}
		person, given := n.Person, n.Proof
		if i > 0 {
			person, given = n.More[i-1].Person, n.More[i-1].Proof
		}
		if err := p.show(tx, n.Event.ID, "", person.Name, given); err != nil {
			return nil, err
		}
		if p.key != "" && slices.ContainsFunc(all, func(x proof) bool { return x.key == p.key }) {
			return nil, errNoMember()
		}
		all = append(all, p)
	}
	return all, nil
}

// show fills in what was handed in.
func (p *proof) show(tx *Tx, eventID, orderID, name string, given registration.Proof) (err error) {
	switch p.kind {
	case registration.EvidenceStudentID:
		if id, _, ok := registration.CutFileAnswer(given.File); ok {
			p.file, p.state = id, registration.EvidenceGiven
		}
	case registration.EvidenceMemberNumber:
		if given.Number == "" {
			return nil
		}
		p.number, p.state = given.Number, registration.EvidenceGiven
		if p.key, err = claimMember(tx, eventID, orderID, given.Number, name); p.key != "" {
			p.state = registration.EvidenceAccepted
		}
	}
	return err
}

// waits reports whether nobody can pay yet.
func (p proven) waits() bool {
	for _, x := range p {
		if x.before && x.state != registration.EvidenceAccepted {
			return true
		}
	}
	return false
}

// orderState is where an order's columns have its state; its places come next.
const orderState = 5

// await makes the order one that waits for approval, where that is needed.
func (r *orderRow) await(p proven) {
	if !p.waits() {
		return
	}
	r.free = false
	r.order[orderState], r.order[orderState+1] = string(registration.OrderAwaiting), placesHeld
	r.audit[auditTo] = string(registration.OrderAwaiting)
}

// insert writes the evidence of an order that has just been made.
func (p proven) insert(tx *Tx, eventID, orderID string) error {
	for _, x := range p {
		n, err := tx.Exec(`INSERT INTO evidence (registration_id, order_id, position, event_id, kind, before_payment, state, number, member_key, file_id, reason,
				given_at, decided_at, decided_by)
			SELECT id, order_id, position, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12 FROM registrations WHERE order_id = $1 AND position = $2`,
			orderID, x.position, eventID, x.kind, x.before, string(x.state), x.number, x.key, x.file, ms(tx.Now()), x.decidedAt(tx), x.decidedBy())
		if err != nil {
			return fmt.Errorf("keep evidence: %w", err)
		}
		if n != 1 {
			return fmt.Errorf("keep evidence: the order has no registration %d", x.position)
		}
		if err := auditRow(tx, audit{actor: payments.ActorAttendee, what: "evidence", eventID: eventID, orderID: orderID, to: string(x.state)}); err != nil {
			return err
		}
	}
	if p.waits() {
		return addMail(tx, Mail{Kind: MailAwaiting, OrderID: orderID})
	}
	return nil
}

func (p *proof) decidedAt(tx *Tx) int64 {
	if p.state == registration.EvidenceAccepted {
		return ms(tx.Now())
	}
	return 0
}

func (p *proof) decidedBy() string {
	if p.state == registration.EvidenceAccepted {
		return "system"
	}
	return ""
}

// bindFiles gives the files among the answers and the evidence to the order.
func (n *NewOrder) bindFiles(tx *Tx, orderID string) error {
	whole := n.ForOrder.Files(n.Event)
	person := fileIDs(n.Answers.Files(n.Event), n.Proof)
	for i := range n.More {
		person = append(person, fileIDs(n.More[i].Answers.Files(n.Event), n.More[i].Proof)...)
	}
	return bindFiles(tx, n.DraftID, orderID, append(person, whole...))
}

// fileIDs adds the file of a proof to others.
func fileIDs(ids []string, p registration.Proof) []string {
	if id, _, ok := registration.CutFileAnswer(p.File); ok {
		ids = append(ids, id)
	}
	return ids
}
