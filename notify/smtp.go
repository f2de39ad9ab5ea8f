package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const (
	sendTimeout = 60 * time.Second // one mail, from dialling to the server's last word
	stepTimeout = 30 * time.Second // greeting to login, then the message itself
)

// SMTP is the Sender that talks to a mail server. Each Send opens a connection of its own; it is safe for several goroutines.
type SMTP struct {
	to      server
	roots   *x509.CertPool // nil: the machine's own
	timeout time.Duration
}

var _ Sender = (*SMTP)(nil)

// NewSMTP makes a sender from the value of FOYER_SMTP_URL: smtp://127.0.0.1:2525 (no TLS, no login, loopback only),
// smtp://user:password@host:587 (STARTTLS or nothing) or smtps://user:password@host:465.
//
// Anything else, the empty string included, is an error of one sentence that names FOYER_SMTP_URL and shows no
// part of it. It connects to nothing.
func NewSMTP(url string) (Sender, error) {
	to, err := parseServer(url)
	if err != nil {
		return nil, err
	}
	return &SMTP{to: to, timeout: sendTimeout}, nil
}

// Send delivers m within a minute or the time that ctx leaves, whichever is shorter.
//
// It returns an error that wraps ErrPermanent when the recipient is no address or the server refused sender,
// recipient or message with a 5xx. A server that is away, a 4xx and a refused login are worth another try: a
// wrong password in the settings must not cost anybody a mail. A server that took the mail and then fell silent
// is a success.
func (s *SMTP) Send(ctx context.Context, m Mail) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	msg, err := message(m)
	if err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	client, err := s.client(ctx, needsUTF8(msg))
	if err != nil {
		return fmt.Errorf("prepare mail delivery: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	switch {
	case msg.IsDelivered():
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("send mail: %w: %w", ctx.Err(), err)
	case refused(err):
		return fmt.Errorf("send mail: %w: %w", err, ErrPermanent)
	case err == nil:
		return errors.New("send mail: the server gave no answer")
	}
	return fmt.Errorf("send mail: %w", err)
}

// refused reports whether the server turned this very message down for good. Codes about the login
// (RFC 4954: 530, 534, 535, 538) speak of our settings, not of the message.
func refused(err error) bool {
	failure, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return false
	}
	switch code := failure.ErrorCode(); code {
	case 530, 534, 535, 538:
		return false
	default:
		return code >= 500 && code <= 599
	}
}

// client makes the go-mail client of one delivery, whose connection closes when ctx ends.
func (s *SMTP) client(ctx context.Context, utf8 bool) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.to.port),
		gomail.WithTimeout(stepTimeout),
		gomail.WithDialContextFunc(s.dialer(ctx)),
		gomail.WithoutNoop(),
	}
	if !utf8 {
		options = append(options, gomail.WithoutSMTPUTF8()) // asked for without need it makes some relays bounce
	}
	switch s.to.secure {
	case plainLoopback:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case startTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(s.tlsConfig()))
	case directTLS:
		options = append(options, gomail.WithSSL()) // the dialer has done the handshake
	}
	if s.to.user != "" {
		options = append(options, gomail.WithUsername(s.to.user), gomail.WithPassword(s.to.pass),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(s.to.host, options...)
}

func (s *SMTP) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.to.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// dialer opens the connection and closes it when life ends: go-mail watches its context only while it dials.
func (s *SMTP) dialer(life context.Context) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(life, func() { _ = conn.Close() }) // a second close changes nothing
		switch s.to.secure {
		case plainLoopback:
			if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
				return nil, errors.New("mail without TLS goes to a loopback address only")
			}
		case startTLS:
		case directTLS:
			secured := tls.Client(conn, s.tlsConfig())
			if err := secured.HandshakeContext(ctx); err != nil {
				return nil, err
			}
			return secured, nil
		}
		return conn, nil
	}
}
