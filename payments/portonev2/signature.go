package portonev2

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
)

// tolerance is how far a notification's time may be from ours.
const tolerance = 300 * time.Second

// signingKeys reads webhook secrets, with commas between them.
func signingKeys(list string) ([][]byte, error) {
	var all [][]byte
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		key, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimPrefix(item, "whsec_"), "="))
		if err != nil || len(key) == 0 {
			return nil, errors.New("portonev2: webhook_secret is no webhook secret: expected one that begins with whsec_")
		}
		all = append(all, key)
	}
	if len(all) == 0 {
		return nil, errors.New("portonev2: webhook_secret is missing: expected the console's webhook secret, it begins with whsec_")
	}
	return all, nil
}

// verify checks a notification's signature over its raw body, as Standard Webhooks has it: any entry of version 1 that fits any of the
// keys will do, within five minutes of now. It gives the notification's id. Every error is ErrSignature.
func verify(keys [][]byte, header http.Header, body []byte, now time.Time) (id string, err error) {
	id, at, given := one(header, "webhook-id"), one(header, "webhook-timestamp"), one(header, "webhook-signature")
	if id == "" || at == "" || given == "" {
		return "", fmt.Errorf("portonev2: notification's headers are missing or doubled: %w", payments.ErrSignature)
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || seconds < 0 {
		return "", fmt.Errorf("portonev2: notification's time is none: %w", payments.ErrSignature)
	}
	if off := now.Unix() - seconds; off > int64(tolerance/time.Second) || -off > int64(tolerance/time.Second) {
		return "", fmt.Errorf("portonev2: notification's time is %d s off: %w", off, payments.ErrSignature)
	}
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + at + "."))
		mac.Write(body)
		if signed(given, mac.Sum(nil)) {
			return id, nil
		}
	}
	return "", fmt.Errorf("portonev2: notification: %w", payments.ErrSignature)
}

// signed reports whether one of the entries of a signature header is want. Entries of other versions or shapes are passed over.
func signed(given string, want []byte) bool {
	for entry := range strings.SplitSeq(given, " ") {
		version, coded, ok := strings.Cut(entry, ",")
		if !ok || version != "v1" {
			continue
		}
		if got, err := base64.StdEncoding.DecodeString(coded); err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

// one gives the value of a header that is there exactly once, whatever the case of its name; else nothing.
func one(h http.Header, name string) string {
	var all []string
	for k, v := range h {
		if strings.EqualFold(k, name) {
			all = append(all, v...)
		}
	}
	if len(all) != 1 {
		return ""
	}
	return all[0]
}
