package store

import "context"

// StaffAct is something that somebody of the staff did and that moves no state: signing in, taking a list out, asking a gateway
// again. What moves a state has its audit row from there.
type StaffAct struct {
	Actor     string // as in the audit; "system" when nobody was signed in
	Act       string // the audit's word for it, such as "signed_in"
	EventID   string // "" when it belongs to no event
	OrderID   string
	PaymentID string
	Reason    string
}

// NoteStaff writes down what somebody of the staff did. A second call is a second row.
func (s *Store) NoteStaff(ctx context.Context, a StaffAct) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		return auditRow(tx, audit{
			actor: a.Actor, what: "staff", eventID: a.EventID, orderID: a.OrderID, paymentID: a.PaymentID, to: a.Act, reason: a.Reason,
		})
	})
}

// SignInLink gives the person whom a sign-in link lets in, without using it up. CodeNotFound when it is used, unknown or over.
func (s *Store) SignInLink(ctx context.Context, token string) (Staff, error) {
	return scanStaff(s.Row(ctx, `SELECT `+staffColumns+` FROM sign_in_links x JOIN staff st ON st.id = x.staff_id
		WHERE x.id = $1 AND x.expires_at > $2`, Hash(token), ms(s.Now())))
}
