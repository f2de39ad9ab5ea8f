package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// newTextServer takes messages as Solapi does and gives them on; what is not signed with the secret is refused.
func newTextServer(t *testing.T, secret string) (host string, messages chan map[string]string) {
	t.Helper()
	messages = make(chan map[string]string, 10)
	header := regexp.MustCompile(`^HMAC-SHA256 apiKey=NCSKEY, date=([^,]+), salt=([^,]+), signature=([0-9a-f]+)$`)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := header.FindStringSubmatch(r.Header.Get("Authorization"))
		var in struct{ Message map[string]string }
		if m == nil || json.NewDecoder(r.Body).Decode(&in) != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(m[1] + m[2]))
		if hex.EncodeToString(mac.Sum(nil)) != m[3] {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		messages <- in.Message
		_, _ = io.WriteString(w, `{"statusCode":"2000"}`)
	}))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://"), messages
}

func TestACodeReachesTheTelephoneThroughTheSenderAndIsInNoLog(t *testing.T) {
	host, messages := newTextServer(t, "topsecret")
	h := newTestHouse(t)
	text := strings.Replace(sampleEvent(t, "http://127.0.0.1:9"), "phases:\n", "person: {phone: required, verify_phone: true}\nphases:\n", 1)
	if code, _, errs := h.do("", "event", "apply", h.file("apsys.yaml", text)); code != 0 || !strings.Contains(errs, "FOYER_SMS_URL") {
		t.Errorf("apply without a sender: exit %d, %q, want a warning", code, errs)
	}
	h.env["FOYER_SMS_URL"] = "solapi://NCSKEY:topsecret@" + host + "?from=02-1234-5678"
	if code, _, errs := h.do("", "event", "apply", h.file("apsys.yaml", text)); code != 0 || strings.Contains(errs, "FOYER_SMS_URL") {
		t.Errorf("apply with a sender: exit %d, %q", code, errs)
	}
	s := h.serve("serve")
	v := newVisitor(t)
	next := s.base + "/e/apsys-2027/register"
	for range 2 {
		action, fields := v.form(v.get(next), "main")
		if v.get(next).doc.Find(`form#main [name="category"]`).Length() > 0 {
			fields.Set("category", "student")
		}
		next = v.post(action, fields).location
	}
	if !strings.HasSuffix(next, "/register/phone") {
		t.Fatalf("the second page leads to %s", next)
	}
	var got map[string]string
	select {
	case got = <-messages:
	case <-time.After(10 * time.Second):
		t.Fatal("no message came")
	}
	code := regexp.MustCompile(`\b[0-9]{6}\b`).FindString(got["text"])
	if got["to"] != "01000000000" || got["from"] != "0212345678" || code == "" || !strings.Contains(got["text"], "APSys 2027") {
		t.Fatalf("message %v", got)
	}
	action, fields := v.form(v.get(next), "main")
	fields.Set("code", code)
	if p := v.post(action, fields); !strings.HasSuffix(p.location, "/register/check") {
		t.Errorf("the code leads to %d %s", p.status, p.location)
	}
	if _, err := url.Parse(next); err != nil || strings.Contains(s.logs.String(), code) || strings.Contains(s.logs.String(), "topsecret") {
		t.Errorf("the log tells too much: %s", s.logs)
	}
	s.end(t)
}
