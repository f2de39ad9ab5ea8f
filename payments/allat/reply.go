package allat

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"

	"foyer/registration"
)

// reply is an answer of AllatPay's: names and values.
type reply map[string]string

var errNoReply = errors.New("answer without a reply code")

// parseReply reads lines of name=value. An answer may end with the connection, so a line counts only when its end was seen: half of
// an amount must not pass for an amount.
func parseReply(body []byte) (reply, error) {
	r := reply{}
	for {
		line, rest, whole := bytes.Cut(body, []byte("\n"))
		if !whole {
			break
		}
		if key, value, ok := strings.Cut(fromEUCKR(string(line)), "="); ok {
			r[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
		body = rest
	}
	if !digits(r["reply_cd"], 4) {
		return nil, errNoReply
	}
	return r, nil
}

// money is an amount of a reply; ok is false when it is not there or not a number.
func (r reply) money(key string, cur registration.Currency) (m registration.Money, ok bool) {
	if !digits(r[key], 0) {
		return m, false
	}
	n, err := strconv.ParseInt(r[key], 10, 64)
	return registration.Money{Minor: n, Cur: cur}, err == nil
}

// kst is Korean time: there has been no other since 1988.
var kst = time.FixedZone("KST", 9*60*60)

// moment reads YYYYMMDDHHMMSS in Korean time; zero when it is none.
func moment(s string) time.Time {
	t, err := time.ParseInLocation("20060102150405", s, kst)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// dayEnd is the last second of a day YYYYMMDD in Korean time; zero when it is none.
func dayEnd(s string) time.Time { return moment(s + "235959") }
