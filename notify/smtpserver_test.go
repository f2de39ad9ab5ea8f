package notify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server in this process. What a test sets before it sends decides the answers.
type mailServer struct {
	addr  string
	roots *x509.CertPool

	rcptAnswer, dataAnswer error
	needLogin              bool
	hang                   chan struct{} // when set, DATA is not answered before it closes

	mu       sync.Mutex
	received [][]byte
	from, to []string
	logins   []string
	tls      bool
}

func (s *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tls = secure
	return &mailSession{s: s}, nil
}

type mailSession struct {
	s        *mailServer
	loggedIn bool
}

func (x *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (x *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != "user" || pass != "p@ss" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong login"}
		}
		x.loggedIn = true
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		x.s.logins = append(x.s.logins, user)
		return nil
	}), nil
}

func (x *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if x.s.needLogin && !x.loggedIn {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "log in first"}
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.from = append(x.s.from, from)
	return nil
}

func (x *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.to = append(x.s.to, to)
	return x.s.rcptAnswer
}

func (x *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if x.s.hang != nil {
		<-x.s.hang
	}
	if x.s.dataAnswer != nil {
		return x.s.dataAnswer
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.received = append(x.s.received, b)
	return nil
}

func (x *mailSession) Reset()        {}
func (x *mailSession) Logout() error { return nil }

// serve starts the server; secure is "", "starttls" or "tls".
func serve(t *testing.T, s *mailServer, secure string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	srv := smtp.NewServer(s)
	srv.Domain, srv.ErrorLog = "mail.example", quiet{}
	if secure != "" {
		var cert tls.Certificate
		cert, s.roots = certificate(t)
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	if secure == "tls" {
		l = tls.NewListener(l, srv.TLSConfig)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	}()
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		<-done
	})
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// certificate makes a certificate for 127.0.0.1 that only this test trusts.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// sender makes the SMTP sender for a URL in which %s stands for the server's address.
func (s *mailServer) sender(t *testing.T, url string) *SMTP {
	t.Helper()
	got, err := NewSMTP(fmt.Sprintf(url, s.addr))
	if err != nil {
		t.Fatal(err)
	}
	sender := got.(*SMTP)
	sender.roots = s.roots
	return sender
}

// takeOneMailAndHangUp speaks just enough SMTP to accept a message and leaves before RSET or QUIT.
func takeOneMailAndHangUp(c net.Conn) {
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 ready")
	buf, seen := make([]byte, 64<<10), ""
	inData := false
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		seen += string(buf[:n])
		switch {
		case inData && strings.HasSuffix(seen, "\r\n.\r\n"):
			say("250 taken")
			return
		case inData:
		case strings.HasSuffix(seen, "DATA\r\n"):
			inData = true
			say("354 go on")
		case strings.HasSuffix(seen, "\r\n"):
			say("250 fine")
		}
	}
}
