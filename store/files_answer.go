package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"

	"foyer/registration"
)

// AnswerFile keeps a file as the answer of one of an order's people to a question, in the place of the one before; nil takes it out. It
// gives the person's answers as they are then.
//
// It fails with CodeConflict when the person was replaced or cancelled since r was read.
func (s *Store) AnswerFile(ctx context.Context, o *registration.Order, r *registration.Registration, question string, f *NewFile) (answers registration.Answers, err error) {
	err = s.Write(ctx, Locks{Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		var text string
		if err := tx.Row(`SELECT answers FROM registrations WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0`, o.ID, r.ID, r.Version).Scan(&text); errors.Is(err, sql.ErrNoRows) {
			return moved("person")
		} else if err != nil {
			return fmt.Errorf("read answers: %w", err)
		}
		was, err := answersOf(text)
		if err != nil {
			return err
		}
		if answers = maps.Clone(was); answers == nil {
			answers = registration.Answers{}
		}
		if err := answerFile(tx, o, answers, question, f); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE registrations SET answers = $3 WHERE order_id = $1 AND id = $2`, o.ID, r.ID, answersText(answers))
		return err
	})
	return answers, err
}

// answerFile puts a file in the place of the one among the answers; nil takes that out.
func answerFile(tx *Tx, o *registration.Order, answers registration.Answers, question string, f *NewFile) error {
	for _, v := range answers[question] {
		if id, _, ok := registration.CutFileAnswer(v); ok {
			if _, err := tx.Exec(`DELETE FROM files WHERE id = $1 AND order_id = $2`, id, o.ID); err != nil {
				return fmt.Errorf("drop file: %w", err)
			}
		}
	}
	delete(answers, question)
	if f == nil {
		return nil
	}
	id := newID()
	answers[question] = []string{registration.FileAnswer(id, f.Name)}
	return insertFile(tx, fileRow{id: id, event: o.EventID, order: o.ID, NewFile: *f})
}
