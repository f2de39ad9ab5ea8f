package notify

import (
	"os"
	"path/filepath"
	"testing"

	"foyer/registration"
)

func TestAFolderKeepsEachMailOnceAsAFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := Mail{
		To: registration.Person{Name: "홍길동", Email: "gildong@example.org"}, From: Address{Email: "office@example.org"}, Lang: registration.Korean,
		Subject: "등록", Text: "본문", MessageID: "job-1@example.org",
	}
	for range 2 {
		if err := f.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "job-1.eml" {
		t.Errorf("files %v (%v), want job-1.eml alone", files, err)
	}
}
