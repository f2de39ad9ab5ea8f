package notify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder keeps mails as files instead of sending them, one .eml each, for a demo or a rehearsal. A mail that is delivered again
// replaces its file.
type Folder struct{ dir string }

// NewFolder makes the folder.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for mails: %w", err)
	}
	return &Folder{dir}, nil
}

// Send writes the mail into the folder. It fails like an SMTP server for a recipient that cannot be one.
func (f *Folder) Send(_ context.Context, m Mail) error {
	msg, err := message(m)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(m.MessageID, "@")
	if err := msg.WriteToFile(filepath.Join(f.dir, name+".eml")); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	return nil
}
