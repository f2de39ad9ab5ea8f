package store

import (
	"context"
	"fmt"
	"strings"

	"foyer/registration"
)

// PaperRow is a paper with the order that covers it.
type PaperRow struct {
	registration.Paper
	Removed bool      // no longer among the accepted ones
	Cover   *Covering // nil: nobody covers it
}

// Covering is an order that covers a paper.
type Covering struct {
	OrderID  string
	Code     string
	Position int64 // of the registration in the order
	Number   string
	Title    string                  // "" when the paper is not listed
	State    registration.OrderState // pending also of a paid order whose change holds the paper
	Name     string                  // of the order's payer
	Email    string
}

// How papers stand, for PaperFilter.
const (
	PapersCovered   = "covered"   // by a paid order
	PapersHeld      = "held"      // by an order that waits for its payment
	PapersUncovered = "uncovered" // by nobody
	PapersRemoved   = "removed"   // taken off the list
)

// PaperFilter says which papers are listed.
type PaperFilter struct {
	Standing string // one of Papers…, "" for all that are not removed
	After    string // number after which to go on
	Limit    int
}

// standings are the conditions of PaperFilter.Standing.
var standings = map[string]string{
	"":              `NOT p.removed`,
	PapersCovered:   `NOT p.removed AND q.sold > 0`,
	PapersHeld:      `NOT p.removed AND q.held > 0`,
	PapersUncovered: `NOT p.removed AND COALESCE(q.held + q.sold, 0) = 0`,
	PapersRemoved:   `p.removed`,
}

// IsPaperStanding reports whether papers can be listed by s.
func IsPaperStanding(s string) bool { _, ok := standings[s]; return ok }

const papersAndPlaces = ` FROM papers p LEFT JOIN quotas q ON q.id = p.event_id || '/paper:' || p.number WHERE p.event_id = $1 AND `

// Papers lists the papers of an event as people count.
func (s *Store) Papers(ctx context.Context, eventID string, f PaperFilter) ([]PaperRow, error) {
	after := ""
	if f.After != "" {
		after = registration.PaperOrder(f.After)
	}
	rows, err := s.Rows(ctx, `SELECT p.number, p.title, p.authors, p.contacts, p.removed`+papersAndPlaces+standings[f.Standing]+
		` AND p.sort > $2 ORDER BY p.sort LIMIT $3`, eventID, after, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("list papers: %w", err)
	}
	list, err := scanAll(rows, scanPaper)
	if err != nil {
		return nil, fmt.Errorf("list papers: %w", err)
	}
	return list, s.fillCovers(ctx, eventID, list)
}

func scanPaper(row scanner) (p PaperRow, err error) {
	var contacts string
	if err := row.Scan(&p.Number, &p.Title, &p.Authors, &contacts, &p.Removed); err != nil {
		return p, err
	}
	return p, fromJSON(contacts, &p.Contacts)
}

// fillCovers adds the live orders that cover these papers.
func (s *Store) fillCovers(ctx context.Context, eventID string, list []PaperRow) error {
	byNumber, numbers := map[string]*PaperRow{}, []string{}
	for i := range list {
		byNumber[list[i].Number] = &list[i]
		numbers = append(numbers, list[i].Number)
	}
	covers, err := s.covers(ctx, eventID, numbers)
	for i := range covers {
		byNumber[covers[i].Number].Cover = &covers[i]
	}
	return err
}

// covers finds the live orders that cover any of these papers, or hold them for a change that is not paid yet.
func (s *Store) covers(ctx context.Context, eventID string, numbers []string) ([]Covering, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	in, args := placeholders(numbers, eventID)
	rows, err := s.Rows(ctx, coverColumns+`WHERE c.event_id = $1 AND c.number IN (`+in+`) AND o.places <> 'none'`, args...)
	if err != nil {
		return nil, fmt.Errorf("find coverings: %w", err)
	}
	found, err := scanAll(rows, scanCovering)
	if err != nil || len(found) == len(numbers) {
		return found, err
	}
	held, err := s.coversByChange(ctx, eventID, numbers)
	return append(found, held...), err
}

const coverColumns = `SELECT c.order_id, c.number, c.position, o.code, o.state, o.name, o.email, COALESCE(p.title, '')
	FROM coverings c JOIN orders o ON o.id = c.order_id LEFT JOIN papers p ON p.id = c.event_id || '/' || c.number `

func scanCovering(row scanner) (c Covering, err error) {
	err = row.Scan(&c.OrderID, &c.Number, &c.Position, &c.Code, &c.State, &c.Name, &c.Email, &c.Title)
	return c, err
}

// PapersOf lists the papers that an order has been made for, whether it still has its places or not, as people count.
func (s *Store) PapersOf(ctx context.Context, orderID string) ([]Covering, error) {
	rows, err := s.Rows(ctx, coverColumns+`WHERE c.order_id = $1 ORDER BY c.position, p.sort, c.number`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read papers of order: %w", err)
	}
	return scanAll(rows, scanCovering)
}

// PapersNamed finds the papers with these numbers among those that are not removed, by number.
func (s *Store) PapersNamed(ctx context.Context, eventID string, numbers []string) (map[string]PaperRow, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	in, args := placeholders(numbers, eventID)
	rows, err := s.Rows(ctx, `SELECT number, title, authors, contacts, removed FROM papers WHERE event_id = $1 AND NOT removed AND number IN (`+in+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("find papers: %w", err)
	}
	list, err := scanAll(rows, scanPaper)
	if err != nil {
		return nil, fmt.Errorf("find papers: %w", err)
	}
	if err := s.fillCovers(ctx, eventID, list); err != nil {
		return nil, err
	}
	found := map[string]PaperRow{}
	for _, p := range list {
		found[p.Number] = p
	}
	return found, nil
}

// PaperCounts says how the papers of an event stand.
type PaperCounts struct{ All, Covered, Held, Removed int64 }

// Uncovered are those that nobody covers.
func (c PaperCounts) Uncovered() int64 { return c.All - c.Covered - c.Held }

// CountPapers counts the papers of an event.
func (s *Store) CountPapers(ctx context.Context, eventID string) (c PaperCounts, err error) {
	sum := func(standing string) string {
		return `COALESCE(CAST(SUM(CASE WHEN ` + standings[standing] + ` THEN 1 ELSE 0 END) AS BIGINT), 0)`
	}
	err = s.Row(ctx, `SELECT `+sum("")+`, `+sum(PapersCovered)+`, `+sum(PapersHeld)+`, `+sum(PapersRemoved)+papersAndPlaces+`TRUE`, eventID).
		Scan(&c.All, &c.Covered, &c.Held, &c.Removed)
	if err != nil {
		return c, fmt.Errorf("count papers: %w", err)
	}
	return c, nil
}

// papersTaken reads the papers out of the places that an order has.
func papersTaken(taken, places string) ([]string, error) {
	if places == placesNone || !strings.Contains(taken, `"`+registration.PaperQuota("")) {
		return nil, nil
	}
	of := map[string]int64{}
	err := fromJSON(taken, &of)
	return registration.PapersIn(of), err
}
