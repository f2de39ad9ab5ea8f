package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"foyer/registration"

	"golang.org/x/text/encoding/korean"
)

// texts is a server that takes short messages as Solapi does: it checks the signature and takes none twice.
type texts struct {
	t      *testing.T
	secret string

	mu     sync.Mutex
	seen   map[string]bool
	got    []map[string]string
	status int // of the next answer; 0: as it is
	body   string
}

func newTexts(t *testing.T, secret string) (*texts, string) {
	t.Helper()
	x := &texts{t: t, secret: secret, seen: map[string]bool{}}
	srv := httptest.NewServer(x)
	t.Cleanup(srv.Close)
	return x, strings.TrimPrefix(srv.URL, "http://")
}

func (x *texts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if code := x.refuses(r); code != "" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"errorCode":"`+code+`","errorMessage":"no"}`)
		return
	}
	var in struct {
		Message map[string]string `json:"message"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/messages/v4/send" || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if x.status != 0 {
		w.WriteHeader(x.status)
		_, _ = io.WriteString(w, x.body)
		return
	}
	x.got = append(x.got, in.Message)
	_, _ = io.WriteString(w, `{"groupId":"G4V","to":"`+in.Message["to"]+`","statusCode":"2000","statusMessage":"ok","messageId":"M4V","accountId":"1"}`)
}

// refuses checks the header as Solapi's documentation describes it, and gives the code of what is wrong.
func (x *texts) refuses(r *http.Request) string {
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), "HMAC-SHA256 ")
	fields := map[string]string{}
	for _, part := range strings.Split(rest, ", ") {
		name, value, _ := strings.Cut(part, "=")
		fields[name] = value
	}
	if !ok || fields["apiKey"] != "NCSKEY" {
		return "InvalidAPIKey"
	}
	if at, err := time.Parse(time.RFC3339, fields["date"]); err != nil || time.Since(at).Abs() > 15*time.Minute {
		return "RequestTimeTooSkewed"
	}
	mac := hmac.New(sha256.New, []byte(x.secret))
	mac.Write([]byte(fields["date"] + fields["salt"]))
	if n := len(fields["salt"]); n < 12 || n > 64 || fields["signature"] != hex.EncodeToString(mac.Sum(nil)) {
		return "SignatureDoesNotMatch"
	}
	if x.seen[fields["signature"]] {
		return "DuplicatedSignature"
	}
	x.seen[fields["signature"]] = true
	return ""
}

func TestSolapiTakesSignedMessages(t *testing.T) {
	x, host := newTexts(t, "topsecret")
	s, err := NewTextSender("solapi://NCSKEY:topsecret@"+host+"?from=02-1234-5678", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if s.Company() != "solapi" {
		t.Errorf("messages go through %q", s.Company())
	}
	for range 2 {
		if err := s.Send(t.Context(), Text{To: "+821012345678", Body: "인증번호 012345"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(x.got) != 2 || x.got[0]["to"] != "01012345678" || x.got[0]["from"] != "0212345678" || x.got[0]["text"] != "인증번호 012345" || x.got[0]["type"] != "SMS" {
		t.Errorf("the server got %v", x.got)
	}
}

func TestSolapiTellsWhatStaysFromWhatMayPass(t *testing.T) {
	x, host := newTexts(t, "topsecret")
	s, err := NewTextSender("solapi://NCSKEY:topsecret@"+host+"?from=0212345678", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		status int
		body   string
		stays  bool
	}{
		"wrong sender":  {400, `{"errorCode":"ValidationError","errorMessage":"from 01012345678"}`, true},
		"refused":       {200, `{"statusCode":"1062","statusMessage":"from"}`, true},
		"no money left": {402, `{"errorCode":"NotEnoughBalance"}`, false},
		"too many":      {429, `{"errorCode":"TooManyRequests"}`, false},
		"its fault":     {500, `oops`, false},
		"a page":        {200, `<html>`, false},
		"nothing":       {200, ``, false},
	} {
		x.status, x.body = tc.status, tc.body
		err := s.Send(t.Context(), Text{To: "+821012345678", Body: "secret text"})
		if err == nil || errors.Is(err, ErrPermanent) != tc.stays {
			t.Errorf("%s: %v, stays: want %v", name, err, tc.stays)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "01012345678")) {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
	}
	x.status, x.secret = 0, "another"
	if err := s.Send(t.Context(), Text{To: "+821012345678", Body: "x"}); err == nil || errors.Is(err, ErrPermanent) || len(x.got) != 0 {
		t.Errorf("with a wrong secret: %v, %v", err, x.got)
	}
	for _, number := range []string{"+14155552671", "+8221234567", "01012345678", "", "+82101234567x"} {
		if s.Reaches(number) || !errors.Is(s.Send(t.Context(), Text{To: number, Body: "x"}), ErrPermanent) {
			t.Errorf("%q is sent to", number)
		}
	}
}

func TestTheSettingOfShortMessagesIsStrictAndShowsNoSecret(t *testing.T) {
	for _, value := range []string{
		"", "log", "log://x", "smtp://x", "solapi://", "solapi://api.solapi.com?from=0212345678", "solapi://KEY@api.solapi.com?from=0212345678",
		"solapi://KEY:hunter2@api.solapi.com", "solapi://KEY:hunter2@api.solapi.com?from=2", "solapi://KEY:hunter2@api.solapi.com/x?from=0212345678",
		"solapi://KEY:hunter2@?from=0212345678", "solapi://KEY:hunter2@api.solapi.com?from=+82212345678", "solapi://KEY:hun\x00ter2@api.solapi.com",
	} {
		s, err := NewTextSender(value, slog.New(slog.DiscardHandler))
		if err == nil || s != nil {
			t.Errorf("%q is taken", value)
			continue
		}
		if text := err.Error(); !strings.HasPrefix(text, "FOYER_SMS_URL ") || strings.Contains(text, "hunter2") || strings.ContainsAny(text, "\r\n") {
			t.Errorf("%q: %s", value, text)
		}
	}
	var out strings.Builder
	s, err := NewTextSender("log:", slog.New(slog.NewTextHandler(&out, nil)))
	if err != nil || s.Company() != "" || !s.Reaches("+14155552671") || s.Send(t.Context(), Text{To: "+14155552671", Body: "code 1"}) != nil || !strings.Contains(out.String(), "code 1") {
		t.Errorf("the log sender: %v, %q", err, out.String())
	}
}

func TestTheTextOfACodeFitsIntoOneShortMessage(t *testing.T) {
	for _, l := range []registration.Lang{registration.Korean, registration.English} {
		for _, event := range []string{"", "KSES", "2027 한국예시학회 춘계 학술대회 및 국제 심포지엄과 정기총회", strings.Repeat("a", 300), "[광고] x\r\n"} {
			text := CodeText(event, "012345", l)
			coded, err := korean.EUCKR.NewEncoder().String(text)
			if err != nil || len(coded) > smsBytes || !utf8.ValidString(text) || !strings.Contains(text, "012345") || strings.ContainsAny(text, "\r\n") || strings.Contains(text, "[광고]") {
				t.Errorf("%s %q: %q (%d bytes, %v)", l, event, text, len(coded), err)
			}
		}
	}
}
