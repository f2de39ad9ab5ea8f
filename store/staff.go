package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"foyer/registration"

	"golang.org/x/text/unicode/norm"
)

// Role says what somebody who signs in may do.
type Role string

// The roles of staff.
const (
	RoleOwner     Role = "owner"     // everything
	RoleAdmin     Role = "admin"     // may also cancel and refund
	RoleOrganizer Role = "organizer" // sees, edits and exports
	RoleDesk      Role = "desk"      // checks in
)

// Known reports whether r is one of the roles.
func (r Role) Known() bool {
	switch r {
	case RoleOwner, RoleAdmin, RoleOrganizer, RoleDesk:
		return true
	}
	return false
}

// Staff is somebody who signs in.
type Staff struct {
	ID      string
	Email   string
	Role    Role
	EventID string // the one event that this person may see, "" for all
}

// MayRefund reports whether this person may cancel orders and refund money.
func (s Staff) MayRefund() bool { return s.Role == RoleOwner || s.Role == RoleAdmin }

// MayEdit reports whether this person may see and edit the orders of the events that MaySee allows.
func (s Staff) MayEdit() bool { return s.MayRefund() || s.Role == RoleOrganizer }

// MayExport reports whether this person may take lists out.
func (s Staff) MayExport() bool { return s.MayEdit() }

// MaySee reports whether the event is one of this person's. What they may do there is for the other methods to say.
func (s Staff) MaySee(eventID string) bool {
	return s.ID != "" && s.Role.Known() && (s.EventID == "" || s.EventID == eventID)
}

// Actor names the person in the audit.
func (s Staff) Actor() string { return "staff:" + s.Email }

// ErrRole means that a role is none of owner, admin, organizer and desk; ErrEmail that a text is no e-mail address.
var (
	ErrRole  = errors.New("the role must be owner, admin, organizer or desk")
	ErrEmail = errors.New("this is not an e-mail address")
)

// emailKey is an address as staff is found by: NFC, lower case.
func emailKey(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(clip(email, 320))))
}

// AddStaff lets somebody sign in, in all events or, with a slug, in one. For an address that is known it changes role, event
// and password, and ends that person's sessions and unused sign-in links; it counts from the next request.
//
// It fails with ErrEmail, ErrRole or ErrPassword, and with CodeNotFound when there is no event of that slug.
func (s *Store) AddStaff(ctx context.Context, email string, role Role, eventSlug, password string) error {
	email = emailKey(email)
	if name, domain, ok := strings.Cut(email, "@"); !ok || name == "" || domain == "" || strings.ContainsAny(email, " \t\r\n\x00") {
		return ErrEmail
	}
	if !role.Known() {
		return ErrRole
	}
	eventID := ""
	if eventSlug != "" {
		e, err := s.Event(ctx, eventSlug)
		if err != nil {
			return err
		}
		eventID = e.ID
	}
	phc, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	st := Staff{ID: newID(), Email: email, Role: role, EventID: eventID}
	return s.Write(ctx, Locks{}, func(tx *Tx) error { return putStaff(tx, st, phc) })
}

// putStaff adds a person, or changes the one who has the address.
func putStaff(tx *Tx, st Staff, phc string) error {
	n, err := tx.Exec(`INSERT INTO staff (id, email, role, event_id, password, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (email) DO NOTHING`, st.ID, st.Email, st.Role, null(st.EventID), phc, ms(tx.Now()))
	if err != nil {
		return fmt.Errorf("insert staff: %w", err)
	}
	from := ""
	if n == 0 {
		if from, err = changeStaff(tx, st, phc); err != nil {
			return err
		}
	}
	return auditRow(tx, audit{actor: "system", what: "staff", eventID: st.EventID, from: from, to: string(st.Role), reason: st.Email})
}

// changeStaff gives the person of that address another role, event and password, and returns the role before.
func changeStaff(tx *Tx, st Staff, phc string) (from string, err error) {
	var id string
	if err := tx.Row(`SELECT id, role FROM staff WHERE email = $1`, st.Email).Scan(&id, &from); err != nil {
		return "", fmt.Errorf("read staff: %w", err)
	}
	n, err := tx.Exec(`UPDATE staff SET role = $3, event_id = $4, password = $5, updated_at = $6 WHERE id = $1 AND role = $2`,
		id, from, st.Role, null(st.EventID), phc, ms(tx.Now()))
	if err != nil {
		return "", fmt.Errorf("change staff: %w", err)
	}
	if n == 0 {
		return "", moved("staff")
	}
	return from, endSessions(tx, id)
}

// SignIn gives the person of that address and password. CodeInvalid for a wrong address and for a wrong password alike, after
// the same time; whoever calls it limits how often.
func (s *Store) SignIn(ctx context.Context, email, password string) (Staff, error) {
	var st Staff
	phc := ""
	row := s.Row(ctx, `SELECT id, email, role, COALESCE(event_id, ''), password FROM staff WHERE email = $1`, emailKey(email))
	err := row.Scan(&st.ID, &st.Email, &st.Role, &st.EventID, &phc)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Staff{}, fmt.Errorf("read staff: %w", err)
	}
	known := err == nil
	if !known {
		phc = strangerHash
	}
	ok, err := checkPassword(ctx, phc, password)
	if err != nil {
		return Staff{}, err
	}
	if !known || !ok {
		return Staff{}, registration.Fail(registration.CodeInvalid, "sign_in.wrong")
	}
	return st, nil
}

// StaffByEmail finds a person by address; CodeNotFound when there is none.
func (s *Store) StaffByEmail(ctx context.Context, email string) (Staff, error) {
	return scanStaff(s.Row(ctx, `SELECT `+staffColumns+` FROM staff st WHERE st.email = $1`, emailKey(email)))
}

const staffColumns = `st.id, st.email, st.role, COALESCE(st.event_id, '')`

func scanStaff(row scanner) (Staff, error) {
	var st Staff
	err := row.Scan(&st.ID, &st.Email, &st.Role, &st.EventID)
	return st, notFound(err, "staff.unknown")
}
