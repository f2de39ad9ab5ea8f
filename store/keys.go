package store

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrWrongKey means that the database was made with another secret key.
var ErrWrongKey = errors.New("the database belongs to another secret key")

// keyCheckName is the row of meta that tells whether a key belongs to the database.
const keyCheckName = "key_check"

// Keys holds what is derived from the secret key, and from older ones while the key is being changed. It never gives a
// key away: printing it shows nothing.
type Keys struct{ all []derived } // newest first; never empty

// derived are the keys of one secret key, one for each purpose.
type derived struct {
	id    string // eight hex digits that name the key without telling anything about it
	seal  cipher.AEAD
	order []byte
	phone []byte // codes for telephones
	check string
}

// String hides the keys from logs.
func (k *Keys) String() string { return "Keys(hidden)" }

// GoString hides the keys from logs.
func (k *Keys) GoString() string { return k.String() }

// ParseKeys reads the text of FOYER_SECRET_KEY: one key, or "new,old" while the key is being changed; each is the base64
// form of 32 bytes. Its errors never show the text.
func ParseKeys(text string) (*Keys, error) {
	k := &Keys{}
	for part := range strings.SplitSeq(text, ",") {
		secret, err := decodeKey(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		d, err := derive(secret)
		if err != nil {
			return nil, err
		}
		k.all = append(k.all, d)
	}
	return k, nil
}

func decodeKey(text string) ([]byte, error) {
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := enc.DecodeString(text); err == nil && len(b) == 32 {
			return b, nil
		}
	}
	return nil, errors.New("a secret key must be 32 bytes in base64; make one with: openssl rand -base64 32")
}

func derive(secret []byte) (derived, error) {
	var err error
	key := func(purpose string, n int) []byte {
		b, e := hkdf.Key(sha256.New, secret, nil, "foyer "+purpose+" v1", n)
		err = errors.Join(err, e)
		return b
	}
	d := derived{
		id:    hex.EncodeToString(key("key id", 4)),
		order: key("order secret", 32),
		phone: key("phone code", 32),
		check: hex.EncodeToString(key("key check", 16)),
	}
	sealing := key("credentials", 32)
	if err != nil {
		return d, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return d, err
	}
	d.seal, err = cipher.NewGCMWithRandomNonce(block)
	return d, err
}

// LoadOrCreateKeys reads the key file at path. If there is none it makes a key and writes it so that only its owner can
// read it; when two processes do that at once, both get the same key. It refuses a file that others can read.
func LoadOrCreateKeys(path string) (*Keys, error) {
	text, err := readKeyFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if err = createKeyFile(path); err == nil {
			text, err = readKeyFile(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	k, err := ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("secret key in %s: %w", path, err)
	}
	return k, nil
}

func readKeyFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others; make it private with: chmod 600 %s", path, path)
	}
	b, err := os.ReadFile(path)
	return string(bytes.TrimSpace(b)), err
}

// createKeyFile writes a new key to path unless a file is there already. The file appears whole or not at all.
func createKeyFile(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // only its owner can read it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: the runtime ends the program first
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(secret) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncFile(filepath.Dir(path))
}

// CheckValue tells whether a key is the right one without telling the key. It is that of the newest key.
func (k *Keys) CheckValue() string { return k.all[0].check }

// matches reports whether value is the check value of one of the keys.
func (k *Keys) matches(value string) bool {
	for _, d := range k.all {
		if subtle.ConstantTimeCompare([]byte(d.check), []byte(value)) == 1 {
			return true
		}
	}
	return false
}

// CheckKeys fails with ErrWrongKey when the database was made with other keys. The first call on a database remembers
// whose it is; later calls change nothing.
func (s *Store) CheckKeys(ctx context.Context, keys *Keys) error {
	value, err := s.keyCheck(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.Write(ctx, Locks{}, func(tx *Tx) error {
			_, err := tx.Exec(`INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
				keyCheckName, keys.CheckValue())
			return err
		})
		if err == nil {
			value, err = s.keyCheck(ctx) // another node may have been first
		}
	}
	if err != nil {
		return fmt.Errorf("check secret key: %w", err)
	}
	if !keys.matches(value) {
		return ErrWrongKey
	}
	return nil
}

func (s *Store) keyCheck(ctx context.Context) (value string, err error) {
	err = s.Row(ctx, `SELECT value FROM meta WHERE name = $1`, keyCheckName).Scan(&value)
	return value, err
}

// AdoptKeys remembers the newest key as the database's own. Call it in the write that has sealed everything anew;
// from then on the older key is no longer needed.
func (tx *Tx) AdoptKeys(keys *Keys) error {
	_, err := tx.Exec(`INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		keyCheckName, keys.CheckValue())
	return err
}
