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
		p := askedOf(c)
		p.position = i
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

// askedOf is what a category with approval asks for, before anything is handed in.
func askedOf(c *registration.Category) proof {
	p := proof{kind: c.Evidence, before: c.Approval == registration.ApprovalBefore, state: registration.EvidenceMissing}
	if p.kind == "" {
		p.state = registration.EvidenceGiven
	}
	return p
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

// insert writes the evidence of an order that has just been made. The people of a group are asked for what is missing by their own links.
func (p proven) insert(tx *Tx, eventID, orderID string, group bool) error {
	for _, x := range p {
		if err := x.insert(tx, eventID, orderID); err != nil {
			return err
		}
	}
	if p.waits() {
		if err := addMail(tx, Mail{Kind: MailAwaiting, OrderID: orderID}); err != nil {
			return err
		}
	}
	if !group || len(p) == 0 {
		return nil
	}
	return mailWanted(tx, orderID)
}

// mailWanted asks each person of an order whose proof is missing for it.
func mailWanted(tx *Tx, orderID string) error {
	rows, err := tx.Rows(`SELECT registration_id FROM evidence WHERE order_id = $1 AND state = 'missing' AND kind <> '' ORDER BY position`, orderID)
	if err != nil {
		return fmt.Errorf("look for missing evidence: %w", err)
	}
	ids, err := scanAll(rows, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("look for missing evidence: %w", err)
	}
	for _, id := range ids {
		if err := addMail(tx, Mail{Kind: MailProof, OrderID: orderID, Registration: id}); err != nil {
			return err
		}
	}
	return nil
}

// insert writes the evidence of one registration.
func (p *proof) insert(tx *Tx, eventID, orderID string) error {
	n, err := tx.Exec(`INSERT INTO evidence (registration_id, order_id, position, event_id, kind, before_payment, state, number, member_key, file_id, reason,
			given_at, decided_at, decided_by)
		SELECT id, order_id, position, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12 FROM registrations WHERE order_id = $1 AND position = $2`,
		orderID, p.position, eventID, p.kind, p.before, string(p.state), p.number, p.key, p.file, ms(tx.Now()), p.decidedAt(tx), p.decidedBy())
	if err != nil {
		return fmt.Errorf("keep evidence: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("keep evidence: the order has no registration %d", p.position)
	}
	return auditRow(tx, audit{actor: payments.ActorAttendee, what: "evidence", eventID: eventID, orderID: orderID, to: string(p.state)})
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
