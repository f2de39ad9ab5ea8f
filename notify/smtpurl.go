package notify

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
)

// server is where mail goes and how.
type server struct {
	host       string
	port       int
	user, pass string
	secure     security
}

// security says how the connection is protected.
type security int

const (
	plainLoopback security = iota // no TLS and no login, this machine only
	startTLS                      // STARTTLS before anything else, or no mail
	directTLS                     // TLS from the first byte
)

// smtpForms closes every complaint about the setting. The value itself is never shown: it holds a password.
const smtpForms = "; use smtp://127.0.0.1:2525 (no login, this machine only), smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465"

// parseServer reads the value of FOYER_SMTP_URL. Its error is one sentence that names the variable and shows no part of the value.
func parseServer(value string) (server, error) {
	u, err := url.Parse(value)
	if err != nil {
		return server{}, badURL("is not a URL")
	}
	if u.Scheme != "smtp" && u.Scheme != "smtps" {
		return server{}, badURL("starts with neither smtp:// nor smtps://")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if u.Hostname() == "" || err != nil || port == 0 {
		return server{}, badURL("lacks a host or a port between 1 and 65535")
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		return server{}, badURL("has something after the port")
	}
	s := server{host: u.Hostname(), port: int(port)}
	if u.User == nil {
		if u.Scheme == "smtp" && isLoopback(s.host) {
			return s, nil
		}
		return server{}, badURL("has no login, and only a loopback address over smtp:// goes without")
	}
	s.user = u.User.Username()
	s.pass, _ = u.User.Password()
	if s.user == "" || s.pass == "" {
		return server{}, badURL("has a user without a password or a password without a user")
	}
	s.secure = startTLS
	if u.Scheme == "smtps" {
		s.secure = directTLS
	}
	return s, nil
}

func badURL(why string) error { return errors.New("FOYER_SMTP_URL " + why + smtpForms) }

// isLoopback reports whether host names this machine.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
