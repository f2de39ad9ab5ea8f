package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// MinPassword is the least number of characters that a password has.
const MinPassword = 12

// maxPassword bounds the bytes of a password, so that a post of megabytes costs nothing.
const maxPassword = 1024

// ErrPassword means that a password is shorter than MinPassword characters or longer than anybody can want.
var ErrPassword = errors.New("the password must have 12 characters at least and 1024 bytes at most")

// hashing is how passwords are hashed: argon2id, about 40 ms and 19 MiB each.
var hashing = argonParams{memory: 19 * 1024, time: 2, threads: 1}

// hashes bounds the hashes that run at once to one for each core, so that sign-ins cannot exhaust the memory.
var hashes = make(chan struct{}, max(1, runtime.NumCPU()))

type argonParams struct {
	memory, time uint32 // KiB, passes
	threads      uint8
}

// strangerHash is compared with the password of an address that nobody has, so that the answer takes as long.
const strangerHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// hashPassword makes the PHC string of a password. ErrPassword for one that is too short or too long.
func hashPassword(ctx context.Context, password string) (string, error) {
	password = norm.NFC.String(password)
	if utf8.RuneCountInString(password) < MinPassword || len(password) > maxPassword {
		return "", ErrPassword
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key, err := hashing.key(ctx, password, salt, 32)
	if err != nil {
		return "", err
	}
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, hashing.memory, hashing.time, hashing.threads, text(salt), text(key)), nil
}

// checkPassword reports, in constant time, whether phc was made of password.
func checkPassword(ctx context.Context, phc, password string) (bool, error) {
	params, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	password = norm.NFC.String(password)
	if len(password) > maxPassword {
		return false, nil
	}
	got, err := params.key(ctx, password, salt, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// key waits for its turn and hashes. It gives up when ctx ends first.
func (p argonParams) key(ctx context.Context, password string, salt []byte, size uint32) ([]byte, error) {
	select {
	case hashes <- struct{}{}:
		defer func() { <-hashes }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, size), nil
}

// parsePHC reads what hashPassword wrote, with the parameters that held then.
func parsePHC(phc string) (p argonParams, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	var version int
	if len(parts) != 6 || parts[1] != "argon2id" {
		return p, nil, nil, errors.New("a stored password hash has an unknown form")
	}
	_, err1 := fmt.Sscanf(parts[2], "v=%d", &version)
	_, err2 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads)
	salt, err3 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err4 := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2, err3, err4); err != nil || version != argon2.Version || len(key) == 0 || p.time == 0 || p.threads == 0 {
		return p, nil, nil, errors.New("a stored password hash has an unknown form")
	}
	return p, salt, key, nil
}
