package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"foyer/registration"
)

// AnswerFile keeps a file as the answer to a question: of one of an order's people, or, without one, as what was asked once for the order.
// It takes the place of the one before, whichever that is by now. It gives the answers as they are then.
//
// It fails with CodeConflict when the person was replaced or cancelled since r was read.
func (s *Store) AnswerFile(ctx context.Context, o *registration.Order, r *registration.Registration, question string, f NewFile) (answers registration.Answers, err error) {
	read, write, args := `SELECT answers FROM orders WHERE id = $1`, `UPDATE orders SET answers = $2 WHERE id = $1`, []any{o.ID}
	if r != nil {
		read = `SELECT answers FROM registrations WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0`
		write, args = `UPDATE registrations SET answers = $4 WHERE order_id = $1 AND id = $2 AND version = $3`, []any{o.ID, r.ID, r.Version}
	}
	err = s.Write(ctx, Locks{Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		var text string
		if err := tx.Row(read, args...).Scan(&text); errors.Is(err, sql.ErrNoRows) {
			return moved("person")
		} else if err != nil {
			return fmt.Errorf("read answers: %w", err)
		}
		was, err := answersOf(text)
		if err != nil {
			return err
		}
		answers = registration.Answers{}.With(was)
		if err := answerFile(tx, o, answers, question, f); err != nil {
			return err
		}
		_, err = tx.Exec(write, append(slices.Clone(args), answersText(answers))...)
		return err
	})
	return answers, err
}

// dropFiles deletes the files that answers named which have become others, and that those do not name.
func dropFiles(tx *Tx, e *registration.Event, o *registration.Order, was, is registration.Answers) error {
	kept := is.Files(e)
	for _, id := range was.Files(e) {
		if slices.Contains(kept, id) {
			continue
		}
		if _, err := tx.Exec(`DELETE FROM files WHERE id = $1 AND order_id = $2`, id, o.ID); err != nil {
			return fmt.Errorf("drop file: %w", err)
		}
	}
	return nil
}

// answerFile puts a file in the place of the one among the answers.
func answerFile(tx *Tx, o *registration.Order, answers registration.Answers, question string, f NewFile) error {
	for _, v := range answers[question] {
		if id, _, ok := registration.CutFileAnswer(v); ok {
			if _, err := tx.Exec(`DELETE FROM files WHERE id = $1 AND order_id = $2`, id, o.ID); err != nil {
				return fmt.Errorf("drop file: %w", err)
			}
		}
	}
	id := newID()
	answers[question] = []string{registration.FileAnswer(id, f.Name)}
	return insertFile(tx, fileRow{id: id, event: o.EventID, order: o.ID, NewFile: f})
}
