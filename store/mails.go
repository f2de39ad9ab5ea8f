package store

import (
	"encoding/json"
	"fmt"
)

// JobMail is the kind of job that sends one mail.
const JobMail = "mail"

// Mail is the payload of a mail job: what to say and about what. The text is written when it is sent.
type Mail struct {
	Kind      string `json:"kind"` // one of payments.Mail…, or "links"
	OrderID   string `json:"order_id,omitempty"`
	WaitingID string `json:"waiting_id,omitempty"` // for those about the waiting list
	RefundID  string `json:"refund_id,omitempty"`
	Note      string `json:"note,omitempty"`     // for "attention": the kind of the entry; for "amend_over": the id of the change
	Email     string `json:"email,omitempty"`    // for "links" and "papers"
	Lang      string `json:"lang,omitempty"`     // for "links" and "papers"
	EventID   string `json:"event_id,omitempty"` // for "papers"
	Name      string `json:"name,omitempty"`     // for "papers", "replaced" and "person_cancelled"

	Registration string `json:"registration,omitempty"` // for "person"
}

// MailPayLink is the kind of the mail that gives somebody the address of an order which staff have made for them, and which they pay.
const MailPayLink = "pay_link"

// insertMails queues mails. A mail has no key, so each is a job of its own.
var insertMails = newInsert(`INSERT INTO jobs (id, kind, key, state, payload, about, run_at, next_at, tries, lease, lease_until, last_error, created_at,
	ended_at)`, 14, ``)

// addMail queues a mail in the transaction of its cause.
func addMail(tx *Tx, m Mail) error {
	payload, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write mail job: %w", err)
	}
	now := ms(tx.Now())
	err = insertMails.add(tx, []any{newID(), JobMail, "", "open", payload, m.OrderID, now, int64(0), int64(0), "", int64(0), "", now, int64(0)})
	if err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	tx.due = append(tx.due, JobMail)
	return nil
}
