package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"foyer/payments"
)

// solapiTimeout bounds one call.
const solapiTimeout = 15 * time.Second

// solapi sends short messages through Solapi's API, one message a call. It gives no account of delivery: a message that it has taken
// may still not arrive.
type solapi struct {
	key, secret string
	from        string // digits of a number that is registered there
	address     string
	client      payments.Transport
	now         func() time.Time
}

// newSolapi reads solapi://KEY:SECRET@HOST?from=DIGITS. Only a host on this machine is spoken to without TLS. The error is the rest of a
// sentence that begins with the setting's name.
func newSolapi(u *url.URL) (*solapi, error) {
	s := &solapi{key: u.User.Username(), client: payments.NewTransport(solapiTimeout), now: time.Now}
	s.secret, _ = u.User.Password()
	s.from = strings.ReplaceAll(u.Query().Get("from"), "-", "")
	switch {
	case s.key == "" || s.secret == "" || !payments.Plain(s.key, 100) || !payments.Visible(s.secret, 200):
		return nil, errors.New("lacks the key or the secret")
	case u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "":
		return nil, errors.New("must have a host, and nothing after it but from")
	case len(s.from) < 8 || len(s.from) > 11 || strings.Trim(s.from, "0123456789") != "":
		return nil, errors.New("lacks from, the number that messages come from: 8 to 11 digits that are registered at Solapi")
	}
	scheme := "https://"
	if isLoopback(u.Hostname()) {
		scheme = "http://"
	}
	s.address = scheme + u.Host + "/messages/v4/send"
	return s, nil
}

// Reaches is for Korean mobile numbers only: Solapi's interface takes no other country's.
func (s *solapi) Reaches(number string) bool {
	rest, korean := strings.CutPrefix(number, "+821")
	return korean && len(rest) >= 8 && len(rest) <= 9 && strings.Trim(rest, "0123456789") == ""
}

func (s *solapi) Company() string { return "solapi" }

func (s *solapi) Send(ctx context.Context, t Text) error {
	if !s.Reaches(t.To) {
		return fmt.Errorf("%w: solapi sends to Korean mobile numbers only", ErrPermanent)
	}
	type message struct {
		To   string `json:"to"`
		From string `json:"from"`
		Text string `json:"text"`
		Type string `json:"type"`
	}
	national := "0" + strings.TrimPrefix(t.To, "+82")
	body, err := json.Marshal(map[string]message{"message": {To: national, From: s.from, Text: t.Body, Type: "SMS"}})
	if err != nil {
		return errors.New("solapi: write message")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, bytes.NewReader(body))
	if err != nil {
		return errors.New("solapi: make request")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", s.authorization())
	answer, err := payments.Exchange(s.client, req)
	if err != nil {
		return fmt.Errorf("solapi: %w", err)
	}
	return taken(answer)
}

// authorization signs the moment and something that was never sent before: a signature is good once, and for a quarter of an hour.
func (s *solapi) authorization() string {
	date, salt := s.now().UTC().Format(time.RFC3339), rand.Text()
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte(date + salt))
	return "HMAC-SHA256 apiKey=" + s.key + ", date=" + date + ", salt=" + salt + ", signature=" + hex.EncodeToString(mac.Sum(nil))
}

// taken reads an answer: 2000 and its like mean that the message is on its way. A refusal of what was asked stays; one of the signature
// or of too many calls, and every fault of the server, may pass. The server's own words are not quoted, they may hold the number.
func taken(a payments.Answer) error {
	var said struct {
		Status string `json:"statusCode"`
		Code   string `json:"errorCode"`
	}
	err := json.Unmarshal(a.Body, &said)
	code := payments.OnlyPlain(said.Code+said.Status, 60)
	switch {
	case a.Status == http.StatusOK && err == nil && strings.HasPrefix(said.Status, "2"):
		return nil
	case a.Status == http.StatusOK && err == nil && said.Status != "":
		return fmt.Errorf("%w: solapi: status %s", ErrPermanent, code)
	case a.Status == http.StatusBadRequest || a.Status == http.StatusNotFound:
		return fmt.Errorf("%w: solapi: %d %s", ErrPermanent, a.Status, code)
	}
	return fmt.Errorf("solapi: %d %s", a.Status, code)
}
