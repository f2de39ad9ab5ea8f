package notify

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"foyer/registration"

	"github.com/emersion/go-smtp"
)

func sampleMail(l registration.Lang) Mail {
	m := sampleRegistered(l, registration.Test).Mail()
	blob := make([]byte, 100_000)
	for i := range blob {
		blob[i] = byte(i * 7)
	}
	m.Attachments = []Attachment{
		{Name: "영수증 K7Q4-M2XD.pdf", ContentType: "application/pdf", Data: blob},
		{Name: "event.ics", ContentType: "text/calendar; charset=utf-8; method=PUBLISH", Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")},
	}
	return m
}

func TestMailArrivesWhole(t *testing.T) {
	for _, l := range both {
		t.Run(string(l), func(t *testing.T) {
			s := &mailServer{}
			serve(t, s, "")
			m := sampleMail(l)
			if err := s.sender(t, "smtp://%s").Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if len(s.received) != 1 || s.from[0] != m.From.Email || s.to[0] != m.To.Email || s.tls {
				t.Fatalf("received %d, from %v, to %v, tls %v", len(s.received), s.from, s.to, s.tls)
			}
			h, parts := parse(t, s.received[0])
			checkHeaders(t, h, m)
			checkParts(t, parts, m)
		})
	}
}

func checkHeaders(t *testing.T, h mail.Header, m Mail) {
	t.Helper()
	if got := decoded(t, h.Get("Subject")); got != m.Subject {
		t.Errorf("subject %q, want %q", got, m.Subject)
	}
	for name, want := range map[string]mail.Address{
		"To": {Name: m.To.Name, Address: m.To.Email}, "From": {Name: m.From.Name, Address: m.From.Email},
		"Reply-To": {Name: m.ReplyTo.Name, Address: m.ReplyTo.Email},
	} {
		got, err := mail.ParseAddressList(h.Get(name))
		if err != nil || len(got) != 1 || *got[0] != want {
			t.Errorf("%s = %q: %v, want %v", name, h.Get(name), err, want)
		}
	}
	for name, want := range map[string]string{
		"Message-Id": "<" + m.MessageID + ">", "Auto-Submitted": "auto-generated", "Content-Language": string(m.Lang), "Mime-Version": "1.0",
	} {
		if got := h[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if _, err := h.Date(); err != nil {
		t.Errorf("date: %v", err)
	}
}

func checkParts(t *testing.T, parts []part, m Mail) {
	t.Helper()
	want := []part{
		{kind: "text/plain", charset: "utf-8", body: []byte(crlf(m.Text))},
		{kind: "text/html", charset: "utf-8", body: []byte(crlf(m.HTML))},
		{kind: "application/pdf", file: m.Attachments[0].Name, body: m.Attachments[0].Data},
		{kind: "text/calendar", file: m.Attachments[1].Name, charset: "utf-8", body: m.Attachments[1].Data},
	}
	if len(parts) != len(want) {
		t.Fatalf("%d parts, want %d", len(parts), len(want))
	}
	for i, w := range want {
		g := parts[i]
		if g.kind != w.kind || g.file != w.file || !strings.EqualFold(g.charset, w.charset) || !bytes.Equal(g.body, w.body) {
			t.Errorf("part %d is %s %q %s of %d bytes, want %s %q %s of %d", i, g.kind, g.file, g.charset, len(g.body), w.kind, w.file, w.charset, len(w.body))
		}
	}
}

func TestLongHangulSubjectAndNameSurviveFolding(t *testing.T) {
	s := &mailServer{}
	serve(t, s, "")
	m := sampleMail(registration.Korean)
	m.Subject = strings.TrimSpace(strings.Repeat("[시험] 제12회 국제 학술대회 안내 ", 15))
	m.To.Name = strings.TrimSpace(strings.Repeat("남궁길동 ", 30))
	if err := s.sender(t, "smtp://%s").Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	h, parts := parse(t, s.received[0])
	checkHeaders(t, h, m)
	checkParts(t, parts, m)
	for _, line := range bytes.Split(s.received[0], []byte("\r\n")) {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes; RFC 5322 allows 998", len(line))
		}
	}
}

func TestLineBreaksInNamesMakeNoHeader(t *testing.T) {
	s := &mailServer{}
	serve(t, s, "")
	m := sampleMail(registration.English)
	evil := "Eve\r\nBcc: victim@example.com\r\n\r\n<b>\x00\u2028X-Evil: 1"
	m.Subject, m.To.Name, m.From.Name, m.ReplyTo.Name = evil, evil, `"x" <a@b>, `+evil, evil
	m.Attachments = []Attachment{{Name: "a\r\nX-Evil: 1\"/../b.pdf", ContentType: "application/pdf\r\nX-Evil: 1", Data: []byte("x")}}
	if err := s.sender(t, "smtp://%s").Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	h, parts := parse(t, s.received[0])
	if h.Get("Bcc") != "" || h.Get("X-Evil") != "" || len(s.to) != 1 {
		t.Errorf("headers %v, recipients %v", h, s.to)
	}
	if bytes.Contains(s.received[0], []byte("\nX-Evil")) || bytes.Contains(s.received[0], []byte("\nBcc")) {
		t.Errorf("a header was injected:\n%s", s.received[0])
	}
	to, err := mail.ParseAddressList(h.Get("To"))
	if err != nil || len(to) != 1 || to[0].Address != m.To.Email || strings.ContainsAny(to[0].Name, "\r\n\x00") {
		t.Errorf("to %v, %v", to, err)
	}
	if file := parts[len(parts)-1]; strings.ContainsAny(file.file, "\r\n/") || file.kind != "application/octet-stream" {
		t.Errorf("attachment %q of type %s", file.file, file.kind)
	}
}

func TestBadAddressesNeverReachTheServer(t *testing.T) {
	s := &mailServer{}
	serve(t, s, "")
	sender := s.sender(t, "smtp://%s")
	for _, address := range []string{
		"", "nobody", "a@b\r\nRCPT TO:<c@d>", "a@b>\r\nBcc: c@d", "a@b, c@d", "Name <a@b>", " a@b", "a@b\n", "a\x00@b", `"a b"@c`,
	} {
		m := sampleMail(registration.English)
		m.To.Email = address
		if err := sender.Send(t.Context(), m); !errors.Is(err, ErrPermanent) {
			t.Errorf("recipient %q: %v", address, err)
		}
		m = sampleMail(registration.English)
		m.From.Email = address
		if err := sender.Send(t.Context(), m); err == nil || errors.Is(err, ErrPermanent) {
			t.Errorf("sender %q: %v; a setting can be corrected", address, err)
		}
	}
	m := sampleMail(registration.English)
	m.MessageID = "x>\r\nBcc: c@d"
	if err := sender.Send(t.Context(), m); err == nil {
		t.Error("a message id with a line break was taken")
	}
	if len(s.from) != 0 {
		t.Errorf("the server saw senders %q", s.from)
	}
}

func TestRefusalsForGoodAndForNow(t *testing.T) {
	answer := func(code int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "no"}
	}
	tests := map[string]struct {
		server    *mailServer
		permanent bool
	}{
		"recipient 550":  {&mailServer{rcptAnswer: answer(550)}, true},
		"recipient 451":  {&mailServer{rcptAnswer: answer(451)}, false},
		"message 554":    {&mailServer{dataAnswer: answer(554)}, true},
		"message 452":    {&mailServer{dataAnswer: answer(452)}, false},
		"login required": {&mailServer{needLogin: true}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			serve(t, tc.server, "")
			err := tc.server.sender(t, "smtp://%s").Send(t.Context(), sampleMail(registration.Korean))
			if err == nil || errors.Is(err, ErrPermanent) != tc.permanent {
				t.Errorf("error %v, want permanent = %v", err, tc.permanent)
			}
			if len(tc.server.received) != 0 {
				t.Error("the server has a mail that it refused")
			}
		})
	}
}

func TestAnotherTryCarriesTheSameMessageID(t *testing.T) {
	s := &mailServer{}
	serve(t, s, "")
	for range 2 {
		if err := s.sender(t, "smtp://%s").Send(t.Context(), sampleMail(registration.Korean)); err != nil {
			t.Fatal(err)
		}
	}
	a, _ := parse(t, s.received[0])
	b, _ := parse(t, s.received[1])
	if a.Get("Message-Id") != b.Get("Message-Id") || a.Get("Message-Id") != "<foyer.job-1@example.org>" {
		t.Errorf("%q and %q", a.Get("Message-Id"), b.Get("Message-Id"))
	}
}

func TestLoginGoesOnlyThroughTLS(t *testing.T) {
	for secure, url := range map[string]string{"starttls": "smtp://user:p%%40ss@%s", "tls": "smtps://user:p%%40ss@%s"} {
		t.Run(secure, func(t *testing.T) {
			s := &mailServer{needLogin: true}
			serve(t, s, secure)
			if err := s.sender(t, url).Send(t.Context(), sampleMail(registration.Korean)); err != nil {
				t.Fatal(err)
			}
			if len(s.received) != 1 || !s.tls || len(s.logins) != 1 {
				t.Errorf("received %d, tls %v, logins %v", len(s.received), s.tls, s.logins)
			}
		})
	}
}

func TestServerWithoutSTARTTLSGetsNeitherLoginNorMail(t *testing.T) {
	s := &mailServer{}
	serve(t, s, "")
	err := s.sender(t, "smtp://user:p%%40ss@%s").Send(t.Context(), sampleMail(registration.Korean))
	if err == nil || errors.Is(err, ErrPermanent) || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("error %v", err)
	}
	if len(s.received)+len(s.logins)+len(s.from) != 0 {
		t.Errorf("received %d, logins %v, senders %v", len(s.received), s.logins, s.from)
	}
}

func TestUnknownCertificateGetsNoLogin(t *testing.T) {
	for secure, url := range map[string]string{"starttls": "smtp://user:p%%40ss@%s", "tls": "smtps://user:p%%40ss@%s"} {
		t.Run(secure, func(t *testing.T) {
			s := &mailServer{}
			serve(t, s, secure)
			sender := s.sender(t, url)
			sender.roots = x509.NewCertPool()
			if err := sender.Send(t.Context(), sampleMail(registration.Korean)); err == nil || errors.Is(err, ErrPermanent) {
				t.Errorf("error %v", err)
			}
			if len(s.logins)+len(s.from) != 0 {
				t.Errorf("logins %v, senders %v", s.logins, s.from)
			}
		})
	}
}

func TestWrongPasswordIsNotTheMailsFault(t *testing.T) {
	s := &mailServer{needLogin: true}
	serve(t, s, "starttls")
	err := s.sender(t, "smtp://user:wrong@%s").Send(t.Context(), sampleMail(registration.Korean))
	if err == nil || errors.Is(err, ErrPermanent) || strings.Contains(err.Error(), "wrong@") {
		t.Errorf("error %v", err)
	}
}

func TestServerThatIsDownIsAnErrorToTryAgain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{addr: l.Addr().String()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	err = s.sender(t, "smtp://%s").Send(t.Context(), sampleMail(registration.Korean))
	if err == nil || errors.Is(err, ErrPermanent) {
		t.Errorf("error %v", err)
	}
}

func TestSilentServerIsLeftWhenTheContextEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, never greets
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s := &mailServer{addr: l.Addr().String()}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	err = s.sender(t, "smtp://%s").Send(ctx, sampleMail(registration.Korean))
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrPermanent) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestServerThatFallsSilentAfterDataIsLeftWhenTheContextEnds(t *testing.T) {
	s := &mailServer{hang: make(chan struct{})}
	serve(t, s, "")
	defer close(s.hang)
	sender := s.sender(t, "smtp://%s")
	sender.timeout = 200 * time.Millisecond
	start := time.Now()
	err := sender.Send(t.Context(), sampleMail(registration.Korean))
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestMailTakenByAServerThatThenHangsUpIsDelivered(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		takeOneMailAndHangUp(c)
	}()
	s := &mailServer{addr: l.Addr().String()}
	if err := s.sender(t, "smtp://%s").Send(t.Context(), sampleMail(registration.English)); err != nil {
		t.Errorf("a taken mail would be sent twice: %v", err)
	}
}
