package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"foyer/registration"
)

// AnsweredQuestions gives the ids of all questions that somebody of an event has answered, in the order of the alphabet, also of those that the
// event does not ask any more.
func (s *Store) AnsweredQuestions(ctx context.Context, eventID string) ([]string, error) {
	ids := map[string]bool{}
	one := func(row scanner) (none struct{}, err error) {
		var text string
		if err := row.Scan(&text); err != nil {
			return none, err
		}
		var given registration.Answers
		if given, err = answersOf(text); err == nil {
			for id := range given {
				ids[id] = true
			}
		}
		return none, err
	}
	const query = `SELECT answers FROM orders WHERE event_id = $1 AND answers <> ''
		UNION SELECT r.answers FROM registrations r JOIN orders o ON o.id = r.order_id WHERE o.event_id = $1 AND r.answers <> ''`
	if _, err := collect(ctx, s.reader, one, query, eventID); err != nil {
		return nil, fmt.Errorf("find the questions that were answered: %w", err)
	}
	return slices.Sorted(maps.Keys(ids)), nil
}
