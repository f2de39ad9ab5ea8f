package store

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"foyer/registration"
)

// aFile stores a file of an order of the event as Place would leave it.
func aFile(b *books, eventID, orderID string, data []byte) (id string) {
	b.t.Helper()
	id = newID()
	err := b.Write(b.t.Context(), Locks{}, func(tx *Tx) error {
		return insertFile(tx, fileRow{id: id, event: eventID, order: orderID, NewFile: NewFile{
			Field: "evidence", Name: "학생증.pdf", Type: registration.FileType{Media: "application/pdf"}, Data: data,
		}})
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func TestABackupHoldsTheFilesThatWereHandedIn(t *testing.T) {
	url := sqliteURL(t)
	b := openBooks(t, url)
	keys := testKeys(t, "a")
	b.UseKeys(keys)
	event := b.event("sample-2027", registration.Test)
	order, _ := b.order(event, sample{state: registration.OrderPending})
	data := bytes.Repeat([]byte("%PDF-1.7 \x00\xff\x01"), registration.MaxFile/12)
	id := aFile(b, event, order, data)
	copied := filepath.Join(t.TempDir(), "backup.db")
	if err := b.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	restored := sqliteURL(t)
	if _, err := Restore(t.Context(), restored, copied, keys, time.Now()); err != nil {
		t.Fatal(err)
	}
	f, err := reopen(t, restored).File(t.Context(), event, id)
	if err != nil || !bytes.Equal(f.Content, data) || f.Name != "학생증.pdf" || f.Size != int64(len(data)) {
		t.Errorf("restored %q of %d bytes: %v", f.Name, len(f.Content), err)
	}
}

func TestTheDoctorNoticesFilesAndApprovalsThatCannotBe(t *testing.T) {
	onBoth(t, func(b *books) {
		event := b.event("sample-2027", registration.Test)
		order, _ := b.order(event, sample{state: registration.OrderAwaiting})
		good, bad := aFile(b, event, order, []byte("%PDF-1.7 good")), aFile(b, event, order, []byte("%PDF-1.7 bad"))
		lost := aFile(b, event, "nobody's", []byte("%PDF-1.7 lost"))
		if _, err := b.raw.Exec(`UPDATE files SET size = 3 WHERE id = $1`, bad); err != nil {
			b.t.Fatal(err)
		}
		findings, err := b.Doctor(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		told := map[string]bool{}
		for _, f := range findings {
			for _, id := range f.IDs {
				told[id] = true
			}
			if f.Invariant == checkEvidence.Invariant && f.Check == checkEvidence {
				told["waits"] = true
			}
		}
		if told[good] || !told[bad] || !told[lost] || !told["waits"] {
			b.t.Errorf("findings %v", findings)
		}
	})
}
