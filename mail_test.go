package main

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server that keeps what it gets.
type mailServer struct {
	mu    sync.Mutex
	mails []*received
	came  chan struct{}
	held  chan struct{} // a mail waits for gate
	gate  chan struct{} // nil: mails are taken at once
}

// received is one mail with its parts by media type or file name.
type received struct {
	from, to, subject string
	parts             map[string]string
}

// newMailServer starts the server and gives its URL.
func newMailServer(t *testing.T) (*mailServer, string) {
	t.Helper()
	m := &mailServer{came: make(chan struct{}, 1000), held: make(chan struct{}, 1000)}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &smtpSession{server: m}, nil }))
	srv.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return m, "smtp://" + l.Addr().String()
}

type smtpSession struct{ server *mailServer }

func (s *smtpSession) Reset()                                   {}
func (s *smtpSession) Logout() error                            { return nil }
func (s *smtpSession) Mail(_ string, _ *smtp.MailOptions) error { return nil }
func (s *smtpSession) Rcpt(_ string, _ *smtp.RcptOptions) error { return nil }
func (s *smtpSession) Data(r io.Reader) error {
	m, err := readMail(r)
	if err != nil {
		return err
	}
	if gate := s.server.gate; gate != nil {
		s.server.held <- struct{}{}
		<-gate
	}
	s.server.mu.Lock()
	s.server.mails = append(s.server.mails, m)
	s.server.mu.Unlock()
	s.server.came <- struct{}{}
	return nil
}

func readMail(r io.Reader) (*received, error) {
	msg, err := netmail.ReadMessage(r)
	if err != nil {
		return nil, err
	}
	m := &received{from: msg.Header.Get("From"), to: msg.Header.Get("To"), parts: map[string]string{}}
	if m.subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return nil, err
	}
	return m, m.read(msg.Header.Get("Content-Type"), msg.Body)
}

func (m *received) read(contentType string, body io.Reader) error {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			return err
		}
		if strings.HasPrefix(kind, "multipart/") {
			if err := m.read(part.Header.Get("Content-Type"), part); err != nil {
				return err
			}
			continue
		}
		var content io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			content = base64.NewDecoder(base64.StdEncoding, part)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		name := part.FileName()
		if name == "" {
			name = kind
		}
		m.parts[name] = string(text)
	}
}

// next waits for one more mail.
func (m *mailServer) next(t *testing.T) *received {
	t.Helper()
	select {
	case <-m.came:
	case <-time.After(15 * time.Second):
		t.Fatal("no mail came")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mails[len(m.mails)-1]
}

func (m *mailServer) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.mails)
}

func TestMailWaitsForAServerAndThenBringsReceiptCalendarAndCode(t *testing.T) {
	_, address := newGateway(t)
	h := newTestHouse(t)
	text := strings.Replace(sampleEvent(t, address), "organizer: {name: …, business_number: …, representative: …, address: …, phone: …, email: …}",
		"organizer: {name: {ko: 예시학회, en: Example Society}, email: office@example.org}", 1)
	h.must("", "event", "apply", h.file("apsys.yaml", text))

	s := h.serve("serve")
	v := newVisitor(t)
	order := v.register(s.base, "apsys-2027", "student", nil)
	call, _ := v.pay(order, "korea")
	v.get(v.card(address, call, "kr"))
	s.end(t)
	if state := h.ledger("apsys-2027").Orders[0].State; state != "paid" {
		t.Fatalf("order is %s without a mail server, want paid", state)
	}

	mails, smtpURL := newMailServer(t)
	h.env["FOYER_SMTP_URL"] = smtpURL
	s = h.serve("serve")
	m := mails.next(t)
	if !strings.Contains(m.subject, "등록이 완료되었습니다") || !strings.Contains(m.to, "gildong@example.org") || !strings.Contains(m.from, "office@example.org") {
		t.Errorf("mail %q from %q to %q", m.subject, m.from, m.to)
	}
	path := strings.SplitN(order, "/o/", 2)[1]
	if !strings.Contains(m.parts["text/plain"], s.base+"/o/"+path) {
		t.Errorf("the mail has no link to the order: %s", m.parts["text/plain"])
	}
	if !strings.Contains(m.parts["text/plain"], "결제 수단: 신용·체크카드") {
		t.Errorf("the mail does not say how it was paid: %s", m.parts["text/plain"])
	}
	code, _, _ := strings.Cut(path, "/")
	starts := map[string]string{"receipt-TEST-apsys-2027-R-000001.pdf": "%PDF-", "apsys-2027.ics": "BEGIN:VCALENDAR", "check-in-" + code + ".png": "\x89PNG"}
	for name, want := range starts {
		if !strings.HasPrefix(m.parts[name], want) {
			t.Errorf("attachment %s begins with %.8q, want %q", name, m.parts[name], want)
		}
	}
	askForLinks(t, v, mails, s.base, order)
	s.end(t)
}

// askForLinks asks for the links of an address that has an order, after one that has none: only the first causes a mail.
func askForLinks(t *testing.T, v *visitor, mails *mailServer, base, order string) {
	t.Helper()
	before := mails.count()
	var answers []string
	for _, email := range []string{"nobody@example.org", "gildong@example.org"} {
		action, fields := v.form(v.get(base+"/find"), "main")
		fields.Set("email", email)
		p := v.post(action, fields)
		answers = append(answers, string(p.body)+p.location)
	}
	if strings.ReplaceAll(answers[0], "nobody", "gildong") != answers[1] {
		t.Error("the answer tells whether there is an order")
	}
	u, err := url.Parse(order)
	if err != nil {
		t.Fatal(err)
	}
	if m := mails.next(t); !strings.Contains(m.parts["text/plain"], u.Path) || mails.count() != before+1 {
		t.Errorf("%d mails, the last to %s: %s", mails.count()-before, m.to, m.parts["text/plain"])
	}
}
