package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/payments/sandbox"
)

func TestBooksSurviveARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "books.jsonl")
	kept := func(c *sandbox.Config) { c.File = file }
	g := start(t, kept)
	g.SetWebhook("test_ck_quiet", "")
	p := g.paid("demo", "order-kept", "3000", "kr")
	p.cancel(`{"cancelReason":"x","cancelAmount":1000}`, "Idempotency-Key", "c1")
	open := g.open("demo", "order-open", "1000", "metadata", `{"a":"b"}`)
	before := g.Books()
	// Not closed: what is in the file now is what a killed process leaves.
	again := start(t, kept)
	if diff := cmp.Diff(before, again.Books()); diff != "" {
		t.Fatalf("books changed (-before +after):\n%s", diff)
	}
	p.g, open.g = again, again
	r := p.confirm("Idempotency-Key", "confirm-order-kept")
	want(t, "first answer of the key", r.text("status"), "DONE")
	want(t, "status", p.status(), "PARTIAL_CANCELED")
	want(t, "window still open", open.choose("kr").Query().Get("paymentKey"), open.key)
}

func TestHalfWrittenLastLineIsLeftOut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "books.jsonl")
	kept := func(c *sandbox.Config) { c.File = file }
	p := start(t, kept).paid("demo", "order-torn", "1000", "kr")
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"payment":{"id":"half`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p.g = start(t, kept)
	want(t, "payments", len(p.g.Books().Payments), 1)
	want(t, "captured", p.book().Captured, int64(1000))
	p.g.paid("demo", "order-next", "1000", "kr")
	want(t, "after another restart", len(start(t, kept).Books().Payments), 2)
}

func TestAnotherFileIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(file, []byte("dear diary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sandbox.New(sandbox.Config{File: file})
	if err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("error is %v", err)
	}
	text, err := os.ReadFile(file)
	want(t, "read", err, nil)
	want(t, "file", string(text), "dear diary\n")
}

func TestNothingIsAnsweredThatIsNotKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "books.jsonl")
	g := start(t, func(c *sandbox.Config) { c.File = file })
	p := g.open("demo", "order-disk", "1000")
	p.choose("kr")
	if err := g.Close(); err != nil { // the file is gone from under it
		t.Fatal(err)
	}
	want(t, "confirm", p.confirm().status, 500)
	want(t, "captured", p.book().Captured, int64(0))
}
