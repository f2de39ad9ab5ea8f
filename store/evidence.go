package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// Evidence is what proves that one registration belongs to its category, and what staff have said about it.
type Evidence struct {
	RegistrationID string
	OrderID        string
	Kind           string // student_id, member_number, or "" when only an approval is asked for
	Before         bool   // nobody pays before it is accepted
	State          registration.EvidenceState
	Number         string // of a member
	FileID         string // "" for none
	FileName       string
	FileType       registration.FileType
	Reason         string // of the last refusal
	Difference     bool   // refused, and the price of another category was asked for
	GivenAt        time.Time
	DecidedAt      time.Time // zero until decided
	DecidedBy      string

	checkIn string // of whose place it is; another one when somebody else takes it

	// For lists.
	Code, Email string
	OrderState  registration.OrderState
	Name        string // of the person
	Affiliation string
	Category    string // id in the event file
	Listed      string // name that the member list has for the number, "" for none
	People      int64  // of the order who are not cancelled
}

// Version names what stands in the evidence now, and for whom, so that a decision is about what was seen.
func (e Evidence) Version() string {
	return fmt.Sprintf("%s.%d.%s.%.12s", e.State, ms(e.GivenAt), e.FileID, Hash(e.checkIn))
}

const evidenceColumns = `v.registration_id, v.order_id, v.kind, v.before_payment, v.state, v.number, v.file_id, COALESCE(f.name, ''), COALESCE(f.media, ''),
	v.reason, v.difference, v.given_at, v.decided_at, v.decided_by, o.code, o.email, o.state, r.person, r.lines, r.check_in,
	COALESCE((SELECT m.name FROM members m WHERE m.event_id = v.event_id AND m.number = v.member_key), ''),
	(SELECT COUNT(*) FROM registrations n WHERE n.order_id = v.order_id AND n.cancelled_at = 0)`

const evidenceFrom = ` FROM evidence v JOIN orders o ON o.id = v.order_id JOIN registrations r ON r.order_id = v.order_id AND r.position = v.position LEFT JOIN files f ON f.id = v.file_id`

func scanEvidence(row scanner) (Evidence, error) {
	var e Evidence
	var given, decided int64
	var person, lines string
	err := row.Scan(&e.RegistrationID, &e.OrderID, &e.Kind, &e.Before, &e.State, &e.Number, &e.FileID, &e.FileName, &e.FileType.Media,
		&e.Reason, &e.Difference, &given, &decided, &e.DecidedBy, &e.Code, &e.Email, &e.OrderState, &person, &lines, &e.checkIn, &e.Listed, &e.People)
	if err != nil {
		return e, err
	}
	e.GivenAt, e.DecidedAt = at(given), at(decided)
	r := registration.Registration{}
	if err := fromJSON(person, &r.Person); err != nil {
		return e, err
	}
	e.Name, e.Affiliation = r.Person.Name, r.Person.Affiliation
	err = fromJSON(lines, &r.Lines)
	e.Category = r.Category()
	return e, err
}

// EvidenceOf lists the evidence of an order, in the order of its people; none for an order without.
func (s *Store) EvidenceOf(ctx context.Context, orderID string) ([]Evidence, error) {
	rows, err := s.Rows(ctx, `SELECT `+evidenceColumns+evidenceFrom+` WHERE v.order_id = $1 ORDER BY r.position`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	return scanAll(rows, scanEvidence)
}

// EvidenceIn lists the evidence of an event's live orders in one state, the longest waiting first, from that place on, at most limit.
func (s *Store) EvidenceIn(ctx context.Context, eventID string, state registration.EvidenceState, after EvidenceCursor, limit int) ([]Evidence, error) {
	rows, err := s.Rows(ctx, `SELECT `+evidenceColumns+evidenceFrom+` WHERE v.event_id = $1 AND v.state = $2 AND (v.given_at, v.registration_id) > ($3, $4)
		AND o.state IN ('awaiting_approval', 'pending', 'paid') AND r.cancelled_at = 0 ORDER BY v.given_at, v.registration_id LIMIT $5`,
		eventID, string(state), ms(after.At), clip(after.ID, 64), limit)
	if err != nil {
		return nil, fmt.Errorf("list evidence: %w", err)
	}
	return scanAll(rows, scanEvidence)
}

// EvidenceCursor is a place in a list of evidence; the zero value is its beginning.
type EvidenceCursor struct {
	At time.Time
	ID string
}

// CountEvidence counts the evidence of an event's live orders by state.
func (s *Store) CountEvidence(ctx context.Context, eventID string) (map[registration.EvidenceState]int, error) {
	rows, err := s.Rows(ctx, `SELECT v.state, COUNT(*) FROM evidence v JOIN orders o ON o.id = v.order_id
		JOIN registrations r ON r.order_id = v.order_id AND r.position = v.position AND r.cancelled_at = 0
		WHERE v.event_id = $1 AND o.state IN ('awaiting_approval', 'pending', 'paid') GROUP BY v.state`, eventID)
	if err != nil {
		return nil, fmt.Errorf("count evidence: %w", err)
	}
	counts := map[registration.EvidenceState]int{}
	_, err = scanAll(rows, func(r scanner) (none struct{}, err error) {
		var state registration.EvidenceState
		var n int
		err = r.Scan(&state, &n)
		counts[state] = n
		return none, err
	})
	return counts, err
}
