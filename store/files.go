package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"foyer/registration"
)

// NewFile is a file as it was uploaded.
type NewFile struct {
	Field string // of the form
	Name  string // as registration.FileName writes it
	Type  registration.FileType
	Data  []byte
}

// File is a file that somebody has handed in.
type File struct {
	ID, EventID, OrderID string
	Name                 string
	Type                 registration.FileType
	Size                 int64
	SHA256               string // in hexadecimal
	Content              []byte
}

// draftFiles bounds what the files of all drafts may take together, in bytes: anybody may upload before anybody has paid.
const draftFiles = 1 << 30

// KeepDraftFile stores a file of a draft, in the place of the one that the same field had before, and gives its id.
//
// It fails with CodeInvalid when the draft is gone and with CodeUnavailable when drafts hold too much already.
func (s *Store) KeepDraftFile(ctx context.Context, draftID, eventID string, f NewFile) (id string, err error) {
	id = newID()
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		var known, held int64
		if err := tx.Row(`SELECT COUNT(*) FROM drafts WHERE id = $1 AND event_id = $2`, draftID, eventID).Scan(&known); err != nil {
			return fmt.Errorf("look for the draft: %w", err)
		}
		if known == 0 {
			return registration.Fail(registration.CodeInvalid, "draft.unknown")
		}
		if err := dropDraftFile(tx, draftID, f.Field); err != nil {
			return err
		}
		if err := tx.Row(`SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files WHERE draft_id <> ''`).Scan(&held); err != nil {
			return fmt.Errorf("add files up: %w", err)
		}
		if held+int64(len(f.Data)) > draftFiles {
			return registration.Fail(registration.CodeUnavailable, "error.busy")
		}
		return insertFile(tx, fileRow{id: id, event: eventID, draft: draftID, NewFile: f})
	})
	return id, err
}

// DropDraftFile deletes the file that a field of a draft has. A second call is harmless.
func (s *Store) DropDraftFile(ctx context.Context, draftID, field string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error { return dropDraftFile(tx, draftID, field) })
}

func dropDraftFile(tx *Tx, draftID, field string) error {
	if _, err := tx.Exec(`DELETE FROM files WHERE draft_id = $1 AND draft_id <> '' AND field = $2`, draftID, field); err != nil {
		return fmt.Errorf("drop file: %w", err)
	}
	return nil
}

// fileRow is a file with whose it is.
type fileRow struct {
	NewFile
	id, event, draft, order string
}

func insertFile(tx *Tx, r fileRow) error {
	sum := sha256.Sum256(r.Data)
	_, err := tx.Exec(`INSERT INTO files (id, event_id, draft_id, order_id, field, name, media, size, sha256, created_at, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, r.id, r.event, r.draft, r.order, clip(r.Field, 80), r.Name,
		r.Type.Media, int64(len(r.Data)), hex.EncodeToString(sum[:]), ms(tx.Now()), r.Data)
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	return nil
}

// bindFiles gives files of a draft to the order that it becomes; CodeInvalid when one is not there any more.
func bindFiles(tx *Tx, draftID, orderID string, ids []string) error {
	for _, id := range ids {
		n, err := tx.Exec(`UPDATE files SET draft_id = '', order_id = $3 WHERE id = $1 AND draft_id = $2 AND draft_id <> ''`, id, draftID, orderID)
		if err != nil {
			return fmt.Errorf("bind file: %w", err)
		}
		if n == 0 {
			return registration.Fail(registration.CodeInvalid, "register.questions")
		}
	}
	return nil
}

// File reads a file of an order of the event; CodeNotFound when there is none. A draft's file is nobody's to see.
func (s *Store) File(ctx context.Context, eventID, id string) (File, error) {
	f := File{ID: id}
	err := s.Row(ctx, `SELECT event_id, order_id, name, media, size, sha256, content FROM files WHERE id = $1 AND event_id = $2 AND order_id <> ''`,
		clip(id, 64), eventID).Scan(&f.EventID, &f.OrderID, &f.Name, &f.Type.Media, &f.Size, &f.SHA256, &f.Content)
	return f, notFound(err, "file.unknown")
}

// pruneFiles deletes the files of drafts that are gone, and member lists that nobody took.
func pruneFiles(tx *Tx) error {
	if _, err := tx.Exec(`DELETE FROM files WHERE draft_id <> '' AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.id = files.draft_id)
		AND (field <> $1 OR created_at < $2)`, memberFiles, ms(tx.Now().Add(-settlementLife))); err != nil {
		return fmt.Errorf("prune files: %w", err)
	}
	return nil
}

// EvidenceLife is how long files of evidence are kept after the event's last day. What was decided stays.
const EvidenceLife = 30 * 24 * time.Hour

// PruneEvidence deletes the files of evidence of events that are over for long, of one event at a time, and says how many.
func (s *Store) PruneEvidence(ctx context.Context) (int64, error) {
	rows, err := s.Rows(ctx, `SELECT DISTINCT event_id FROM evidence WHERE file_id <> '' ORDER BY event_id`)
	if err != nil {
		return 0, fmt.Errorf("look for evidence: %w", err)
	}
	ids, err := scanAll(rows, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return 0, fmt.Errorf("look for evidence: %w", err)
	}
	for _, id := range ids {
		e, err := s.EventByID(ctx, id)
		if err != nil {
			return 0, err
		}
		if s.Now().Before(e.Ends.In(e.Location()).AddDate(0, 0, 1).Add(EvidenceLife)) {
			continue
		}
		if n, err := s.forgetEvidence(ctx, id); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

func (s *Store) forgetEvidence(ctx context.Context, eventID string) (n int64, err error) {
	err = s.Write(ctx, Locks{}, func(tx *Tx) (err error) {
		if n, err = tx.Exec(`DELETE FROM files WHERE id IN (SELECT file_id FROM evidence WHERE event_id = $1 AND file_id <> '')`, eventID); err != nil {
			return fmt.Errorf("delete files: %w", err)
		}
		_, err = tx.Exec(`UPDATE evidence SET file_id = '' WHERE event_id = $1 AND file_id <> ''`, eventID)
		return err
	})
	return n, err
}
