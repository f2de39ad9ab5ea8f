package store

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestSealedValueOpensOnlyInItsPlace(t *testing.T) {
	k := testKeys(t, "a")
	sealed, err := k.Seal("sk_비밀", "ch1", "secret_key")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := k.Seal("sk_비밀", "ch1", "secret_key"); again == sealed || strings.Contains(sealed, "sk_") {
		t.Error("sealing twice gives the same text, or shows the value")
	}
	if got, err := k.Open(sealed, "ch1", "secret_key"); err != nil || got != "sk_비밀" {
		t.Errorf("Open = %q, %v", got, err)
	}
	damaged := sealed[:len(sealed)-2] + "AA"
	if damaged == sealed {
		damaged = sealed[:len(sealed)-2] + "BB"
	}
	for name, open := range map[string]func() (string, error){
		"other channel": func() (string, error) { return k.Open(sealed, "ch2", "secret_key") },
		"other field":   func() (string, error) { return k.Open(sealed, "ch1", "client_key") },
		"shifted place": func() (string, error) { return k.Open(sealed, "ch1:secret", "key") },
		"other key":     func() (string, error) { return testKeys(t, "b").Open(sealed, "ch1", "secret_key") },
		"damaged":       func() (string, error) { return k.Open(damaged, "ch1", "secret_key") },
		"plain":         func() (string, error) { return k.Open("sk_live", "ch1", "secret_key") },
		"empty":         func() (string, error) { return k.Open("", "ch1", "secret_key") },
	} {
		if got, err := open(); !errors.Is(err, ErrSealed) || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	old, both, fresh := testKeys(t, "a"), testKeys(t, "ba"), testKeys(t, "b")
	sealed, err := old.Seal("v", "c", "f")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := both.Open(sealed, "c", "f"); got != "v" || err != nil || !both.Stale(sealed) || old.Stale(sealed) {
		t.Errorf("old value under both keys: %q, %v, stale %v", got, err, both.Stale(sealed))
	}
	anew, err := both.Seal("v", "c", "f")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fresh.Open(anew, "c", "f"); got != "v" || err != nil || both.Stale(anew) {
		t.Errorf("new value under the new key: %q, %v", got, err)
	}
	link := old.OrderSecret("o", 1)
	if !both.CheckOrderSecret(link, "o", 1) || fresh.CheckOrderSecret(link, "o", 1) {
		t.Error("an old link must work while rotating, and only then")
	}
	if both.OrderSecret("o", 1) != fresh.OrderSecret("o", 1) {
		t.Error("new links must belong to the new key")
	}
}

func TestOrderSecretBelongsToOneOrderAndVersion(t *testing.T) {
	k := testKeys(t, "a")
	secret := k.OrderSecret("order", 1)
	if !regexp.MustCompile(`^[a-z2-7]{32}$`).MatchString(secret) {
		t.Errorf("secret = %q", secret)
	}
	if !k.CheckOrderSecret(secret, "order", 1) {
		t.Error("the right secret is refused")
	}
	for _, got := range []string{"", secret[:31], secret + "a", strings.ToUpper(secret), k.OrderSecret("order", 2), k.OrderSecret("other", 1)} {
		if k.CheckOrderSecret(got, "order", 1) {
			t.Errorf("%q is accepted", got)
		}
	}
}

func TestTokensAreUnguessableNames(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := Token()
		if seen[token] || !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(token) {
			t.Fatalf("token = %q", token)
		}
		seen[token] = true
	}
	if h := Hash("x"); len(h) != 64 || h == Hash("y") || h != Hash("x") {
		t.Errorf("Hash = %q", h)
	}
}

func TestTimedTokensSortByTimeAndAreKeptAsHashes(t *testing.T) {
	first := TimedToken()
	time.Sleep(40 * time.Millisecond) // the time itself is what is tested
	second := TimedToken()
	if first[:timePrefix] >= second[:timePrefix] || len(first) != len(timedForm) {
		t.Errorf("%s, then %s", first, second)
	}
	if id := DraftID(first); !strings.HasPrefix(id, first[:timePrefix]) || strings.Contains(id, first[timePrefix:]) {
		t.Errorf("id of %s = %s", first, id)
	}
	if token := Token(); DraftID(token) != Hash(token) {
		t.Error("the id of a token without a time is not its hash")
	}
}
