package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func testKeys(tb testing.TB, letters string) *Keys {
	tb.Helper()
	k, err := ParseKeys(keyText(letters))
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// keyText is one key for each letter, newest first.
func keyText(letters string) string {
	var parts []string
	for _, l := range []byte(letters) {
		parts = append(parts, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{l}, 32)))
	}
	return strings.Join(parts, ",")
}

func TestParseKeysRefusesBadTextWithoutShowingIt(t *testing.T) {
	for _, text := range []string{"", "hunter2secret", keyText("a") + ",", base64.StdEncoding.EncodeToString(make([]byte, 31)), keyText("a") + ",hunter2secret"} {
		_, err := ParseKeys(text)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("ParseKeys(%q) = %v", text, err)
		}
	}
}

func TestPrintedKeysShowNothing(t *testing.T) {
	k := testKeys(t, "a")
	if got := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); got != strings.TrimSpace(strings.Repeat("Keys(hidden) ", 4)) {
		t.Errorf("printed keys: %s", got)
	}
}

func TestKeyFileIsMadeOnceAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "secret.key")
	values := make([]string, 8)
	var wg sync.WaitGroup
	for i := range values {
		wg.Go(func() {
			k, err := LoadOrCreateKeys(path)
			if err != nil {
				t.Error(err)
				return
			}
			values[i] = k.CheckValue()
		})
	}
	wg.Wait()
	for _, v := range values {
		if v == "" || v != values[0] {
			t.Errorf("different keys: %q", values)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left over: %v, %v", left, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateKeys(path); err == nil {
		t.Error("a key file that others can read was taken")
	}
}

func TestDatabaseKnowsItsKey(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for _, step := range []struct {
			keys string
			want error
		}{{"a", nil}, {"a", nil}, {"b", ErrWrongKey}, {"ba", nil}, {"ab", nil}} {
			if err := s.CheckKeys(t.Context(), testKeys(t, step.keys)); !errors.Is(err, step.want) {
				t.Errorf("CheckKeys(%s) = %v, want %v", step.keys, err, step.want)
			}
		}
		mustWrite(t, s, Locks{}, func(tx *Tx) error { return tx.AdoptKeys(testKeys(t, "ba")) })
		if err := s.CheckKeys(t.Context(), testKeys(t, "b")); err != nil {
			t.Errorf("CheckKeys after the change = %v", err)
		}
		if err := s.CheckKeys(t.Context(), testKeys(t, "a")); !errors.Is(err, ErrWrongKey) {
			t.Errorf("CheckKeys with the old key = %v, want ErrWrongKey", err)
		}
	})
}
