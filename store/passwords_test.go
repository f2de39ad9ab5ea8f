package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestPasswordIsCheckedAgainstItsOwnHash(t *testing.T) {
	const password = "비밀번호는 열두 글자 이상"
	phc, err := hashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash is %q", phc)
	}
	decomposed := norm.NFD.String(password) // as some keyboards send it
	for try, want := range map[string]bool{password: true, decomposed: true, password + " ": false, "": false, strings.Repeat("x", 1<<20): false} {
		got, err := checkPassword(t.Context(), phc, try)
		if err != nil || got != want {
			t.Errorf("%.40q: %v, %v, want %v", try, got, err, want)
		}
	}
}

func TestTwoHashesOfOnePasswordDiffer(t *testing.T) {
	one, err1 := hashPassword(t.Context(), "correct horse battery")
	two, err2 := hashPassword(t.Context(), "correct horse battery")
	if err := errors.Join(err1, err2); err != nil || one == two {
		t.Errorf("%q, %q, %v", one, two, err)
	}
}

func TestPasswordTooShortOrTooLongIsRefused(t *testing.T) {
	for _, password := range []string{"", "eleven char", "열한글자뿐이네요아아", strings.Repeat("x", maxPassword+1)} {
		if _, err := hashPassword(t.Context(), password); !errors.Is(err, ErrPassword) {
			t.Errorf("%.20q: %v", password, err)
		}
	}
}

func TestStrangerCostsAsMuchAsAnybody(t *testing.T) {
	got, salt, key, err := parsePHC(strangerHash)
	if err != nil || got != hashing || len(salt) != 16 || len(key) != 32 {
		t.Errorf("the hash for strangers has %+v, %d, %d, %v", got, len(salt), len(key), err)
	}
}

func TestDamagedHashLetsNobodyIn(t *testing.T) {
	for _, phc := range []string{"", "x", "$argon2id$v=19$m=1,t=1,p=1$$", "$argon2id$v=18$m=8,t=1,p=1$AAAA$AAAA", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=8,t=0,p=0$AAAA$AAAA"} {
		if ok, err := checkPassword(t.Context(), phc, ""); ok || err == nil {
			t.Errorf("%q: %v, %v", phc, ok, err)
		}
	}
}

func TestWaitingForAHashEndsWithTheContext(t *testing.T) {
	for range cap(hashes) {
		hashes <- struct{}{}
	}
	defer func() {
		for range cap(hashes) {
			<-hashes
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hashPassword(ctx, "correct horse battery"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
