package allat

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"
)

// Bounds of what is taken from outside.
const (
	maxOrderNo = 70
	maxTicket  = 16 << 10 // allat_enc_data; its length is not published
	maxID      = 20       // seq_no has 10 digits today
)

// toEUCKR writes s in AllatPay's encoding: EUC-KR with the extensions of code page 949. What it cannot hold must have been left out
// before, by fit.
func toEUCKR(s string) string {
	out, err := korean.EUCKR.NewEncoder().String(s)
	if err != nil {
		return ""
	}
	return out
}

// fromEUCKR reads text in AllatPay's encoding; what is none becomes U+FFFD.
func fromEUCKR(s string) string {
	out, err := korean.EUCKR.NewDecoder().String(s)
	if err != nil {
		return ""
	}
	return out
}

// pair is one field of a body, in its place.
type pair struct{ name, value string }

// encode writes a body in EUC-KR, percent-encoded, the fields in their order.
func encode(fields []pair) []byte {
	var b strings.Builder
	for i, f := range fields {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(f.name + "=" + url.QueryEscape(toEUCKR(f.value)))
	}
	return []byte(b.String())
}

// decode reads a body that AllatPay or its window posted: percent-encoded EUC-KR. nil when it is no form.
func decode(body []byte) url.Values {
	raw, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	for _, values := range raw {
		for i := range values {
			values[i] = fromEUCKR(values[i])
		}
	}
	return raw
}

// fit gives as much of s as the window takes: at most limit bytes as its script counts (every sign that is not ASCII counts two), only
// what EUC-KR can hold, accents taken off where they do not fit, without control characters and quotation marks.
func fit(s string, limit int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(s, ""))), " ") {
		for _, part := range holdable(r) {
			if n++; part >= 0x80 {
				n++
			}
			if n > limit {
				return strings.TrimSpace(b.String())
			}
			b.WriteRune(part)
		}
	}
	return strings.TrimSpace(b.String())
}

// holdable is what EUC-KR can hold of a sign.
func holdable(r rune) string {
	switch {
	case unicode.IsControl(r), strings.ContainsRune("\"'`", r):
		return ""
	case r < 0x80 || toEUCKR(string(r)) != "":
		return string(r)
	}
	return strings.Map(func(part rune) rune {
		if part >= 0x80 && toEUCKR(string(part)) == "" {
			return -1
		}
		return part
	}, norm.NFKD.String(string(r)))
}

// plain reports whether s is 1 to limit letters, digits, hyphens and underscores.
func plain(s string, limit int) bool {
	const also = "-_"
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 || (!unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(also, r))
	})
}

// only gives s when it is plain, else nothing.
func only(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	return ""
}

// digits reports whether s is exactly n digits; with n 0, any number of them up to 12.
func digits(s string, n int) bool {
	if len(s) == 0 || len(s) > 14 || (n > 0 && len(s) != n) || (n == 0 && len(s) > 12) {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}
