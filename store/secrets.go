package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// secretText writes secrets in lower case without padding, fit for addresses.
var secretText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ErrSealed means that a sealed value cannot be opened: wrong key, wrong place or damage.
var ErrSealed = errors.New("a sealed value cannot be opened")

// Seal encrypts a channel's credential with AES-256-GCM. The result opens only for the same channel and field.
func (k *Keys) Seal(plaintext, channelID, field string) (string, error) {
	d := k.all[0]
	box := d.seal.Seal(nil, nil, []byte(plaintext), sealedFor(channelID, field))
	return "v1." + d.id + "." + base64.RawURLEncoding.EncodeToString(box), nil
}

// Open decrypts what Seal made, under the newest or an older key. It fails with ErrSealed, which tells nothing of the value.
func (k *Keys) Open(sealed, channelID, field string) (string, error) {
	id, box, err := sealedParts(sealed)
	if err != nil {
		return "", err
	}
	for _, d := range k.all {
		if d.id != id {
			continue
		}
		plain, err := d.seal.Open(nil, nil, box, sealedFor(channelID, field))
		if err != nil {
			return "", fmt.Errorf("%w: %s of channel %s", ErrSealed, field, channelID)
		}
		return string(plain), nil
	}
	return "", fmt.Errorf("%w: %s of channel %s belongs to key %s", ErrSealed, field, channelID, id)
}

// Stale reports whether a sealed value belongs to an older key and should be sealed anew.
func (k *Keys) Stale(sealed string) bool {
	id, _, err := sealedParts(sealed)
	return err == nil && id != k.all[0].id
}

func sealedParts(sealed string) (id string, box []byte, err error) {
	version, rest, _ := strings.Cut(sealed, ".")
	id, text, ok := strings.Cut(rest, ".")
	if version != "v1" || !ok {
		return "", nil, fmt.Errorf("%w: unknown form", ErrSealed)
	}
	if box, err = base64.RawURLEncoding.DecodeString(text); err != nil {
		return "", nil, fmt.Errorf("%w: unknown form", ErrSealed)
	}
	return id, box, nil
}

// sealedFor binds a sealed value to its place. The length keeps two places from having the same text.
func sealedFor(channelID, field string) []byte {
	return []byte(strconv.Itoa(len(channelID)) + ":" + channelID + ":" + field)
}

// OrderSecret is the part of an order's address that lets its owner in: 160 bits, lower-case base32. A higher version
// makes the earlier addresses worthless.
func (k *Keys) OrderSecret(orderID string, version int64) string {
	return k.all[0].orderSecret(orderID, version)
}

func (d derived) orderSecret(orderID string, version int64) string {
	mac := hmac.New(sha256.New, d.order)
	fmt.Fprintf(mac, "%d:%s", version, orderID)
	return secretText.EncodeToString(mac.Sum(nil)[:20])
}

// CheckOrderSecret reports, in constant time, whether got is the order's secret under the newest or an older key.
func (k *Keys) CheckOrderSecret(got, orderID string, version int64) bool {
	ok := 0
	for _, d := range k.all {
		ok |= subtle.ConstantTimeCompare([]byte(d.orderSecret(orderID, version)), []byte(got))
	}
	return ok == 1
}

// WaitingSecret is the secret in the address of an entry of a waiting list.
func (k *Keys) WaitingSecret(entryID string) string { return k.OrderSecret("waiting/"+entryID, 1) }

// CheckWaitingSecret reports, in constant time, whether got is the entry's secret under the newest or an older key.
func (k *Keys) CheckWaitingSecret(got, entryID string) bool {
	return k.CheckOrderSecret(got, "waiting/"+entryID, 1)
}

// PersonSecret is the secret in the address of one person of an order. A higher version makes the earlier addresses worthless.
func (k *Keys) PersonSecret(registrationID string, version int64) string {
	return k.OrderSecret("person/"+registrationID, version)
}

// CheckPersonSecret reports, in constant time, whether got is the person's secret under the newest or an older key.
func (k *Keys) CheckPersonSecret(got, registrationID string, version int64) bool {
	return k.CheckOrderSecret(got, "person/"+registrationID, version)
}

// Token makes an unguessable name: 128 random bits as 26 letters and digits.
func Token() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: the runtime ends the program first
	return secretText.EncodeToString(b)
}

// timeText writes times so that later ones sort after earlier ones.
var timeText = base32.NewEncoding("234567abcdefghijklmnopqrstuvwxyz").WithPadding(base32.NoPadding)

// timePrefix is how many letters of a TimedToken are its time; timedForm is as long as the whole.
const (
	timePrefix = 8
	timedForm  = "tttttttt" + "rrrrrrrrrrrrrrrrrrrrrrrrrr"
)

// TimedToken is a Token after the time of its making, to about a thirtieth of a second. As tokens made at one time stand side by side in an
// index, writing many of them touches few of its pages. The time is no secret, and nothing relies on it.
func TimedToken() string {
	var t [5]byte
	n := uint64(time.Now().UnixMilli()) >> 5
	for i := range t {
		t[i] = byte(n >> (8 * (4 - i)))
	}
	return timeText.EncodeToString(t[:]) + Token()
}

// draftHash is how many letters of a token's hash name its draft: 128 bits, as many as the token has.
const draftHash = 32

// DraftID is the form in which a draft's token is kept and in which orders name it: its time, if it has one, and a hash of the whole.
func DraftID(token string) string {
	if len(token) != len(timedForm) {
		return Hash(token)
	}
	return token[:timePrefix] + Hash(token)[:draftHash]
}

// Hash is the form in which a token is kept, so that a copy of the database lets nobody in: SHA-256 in hex.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
