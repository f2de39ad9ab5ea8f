package main

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"foyer/store"

	"github.com/caarlos0/env/v11"
)

// settings are the environment's FOYER_ variables as they are written. A command checks those that it uses, by the methods below; each
// mistake is one sentence that names its variable.
type settings struct {
	Addr           string `env:"FOYER_ADDR" envDefault:"127.0.0.1:8080"`
	BaseURL        string `env:"FOYER_BASE_URL"`
	DatabaseURL    string `env:"FOYER_DATABASE_URL" envDefault:"sqlite:data/foyer.db"`
	SecretKey      string `env:"FOYER_SECRET_KEY"`
	SMTPURL        string `env:"FOYER_SMTP_URL"`
	MailFrom       string `env:"FOYER_MAIL_FROM"`
	SMSURL         string `env:"FOYER_SMS_URL" envDefault:"log:"`
	TrustedProxies string `env:"FOYER_TRUSTED_PROXIES"`
	Hold           string `env:"FOYER_HOLD" envDefault:"20m"`
	GatewayTimeout string `env:"FOYER_GATEWAY_TIMEOUT" envDefault:"60s"`
	ReconcileFirst string `env:"FOYER_RECONCILE_FIRST" envDefault:"60s"`
	ReconcileEvery string `env:"FOYER_RECONCILE_EVERY" envDefault:"5m"`
	SandboxAddr    string `env:"FOYER_SANDBOX_ADDR"`
	MetricsAddr    string `env:"FOYER_METRICS_ADDR" envDefault:"off"`
	Log            string `env:"FOYER_LOG"`
	Rate           string `env:"FOYER_RATE"`
}

// environment holds variables by name.
type environment map[string]string

func (e environment) lookup(name string) (string, bool) {
	v, ok := e[name]
	return v, ok
}

func newEnvironment(environ []string) environment {
	all := environment{}
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok && name != "" {
			all[name] = value
		}
	}
	return all
}

func readSettings(variables environment) (settings, error) {
	s, err := env.ParseAsWithOptions[settings](env.Options{Environment: variables})
	if err != nil {
		return s, fmt.Errorf("read settings: %w", err)
	}
	return s, nil
}

// complaints collects what is wrong with settings, one sentence each.
type complaints []error

// note keeps err, if any.
func (c *complaints) note(err error) {
	if err != nil {
		*c = append(*c, err)
	}
}

// err gives all sentences as one error with the exit code for settings, nil when there are none.
func (c complaints) err() error {
	if len(c) == 0 {
		return nil
	}
	return exit(exitSettings, errors.Join(c...))
}

// wrong is a sentence about one variable.
func wrong(name, format string, args ...any) error {
	return fmt.Errorf("%s "+format+".", append([]any{name}, args...)...)
}

// database gives the database's URL. Its value is never shown: it may hold a password.
func (s settings) database() (dbURL, engine string, err error) {
	engine, err = store.EngineOf(s.DatabaseURL)
	if err != nil {
		return "", "", wrong("FOYER_DATABASE_URL", "must be sqlite:PATH, such as sqlite:data/foyer.db, or postgres://USER@HOST/NAME")
	}
	return s.DatabaseURL, engine, nil
}

// address checks an address to listen on.
func address(name, value string) error {
	host, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err == nil && host != "" && host != "localhost" {
		_, err = netip.ParseAddr(host)
	}
	if err != nil {
		return wrong(name, "is %q, but must be an IP address and a port, such as 127.0.0.1:8080", value)
	}
	return nil
}

// loopbackAddr reports whether an address to listen on can be reached from this machine only.
func loopbackAddr(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && loopbackHost(host)
}

func loopbackHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.Unmap().IsLoopback())
}

// base gives the address under which people reach the program; "" means http:// and the address that it listens on.
func (s settings) base() (string, error) {
	local := loopbackAddr(s.Addr)
	if s.BaseURL == "" {
		if local {
			return "", nil
		}
		return "", wrong("FOYER_BASE_URL", "is missing: it must say under which https address people reach this server, because FOYER_ADDR is not a loopback address")
	}
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", wrong("FOYER_BASE_URL", "must be a scheme and a host only, such as https://register.example.org")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !local || !loopbackHost(u.Hostname())) {
		return "", wrong("FOYER_BASE_URL", "must begin with https://, unless both it and FOYER_ADDR are loopback addresses")
	}
	return strings.ToLower(u.Scheme + "://" + u.Host), nil
}

// public reports whether people reach the server under another address than this machine's own.
func (s settings) public() bool {
	u, err := url.Parse(s.BaseURL)
	return s.BaseURL != "" && err == nil && !loopbackHost(u.Hostname())
}

// leastDuration is the shortest duration that a setting takes.
const leastDuration = 100 * time.Millisecond

func duration(name, value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d < leastDuration {
		return 0, wrong(name, "is %q, but must be a duration of at least %s, such as 90s or 20m", value, leastDuration)
	}
	return d, nil
}

// proxies gives the networks whose forwarding headers are believed.
func (s settings) proxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for part := range strings.SplitSeq(s.TrustedProxies, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, wrong("FOYER_TRUSTED_PROXIES", "has %q, but must be networks such as 10.0.0.0/8, separated by commas", part)
		}
		if p.Bits() == 0 {
			return nil, wrong("FOYER_TRUSTED_PROXIES", "has %q, which believes everybody: name the proxy's own network", part)
		}
		all = append(all, p)
	}
	return all, nil
}

// rate reports whether posts are limited.
func (s settings) rate() (bool, error) {
	switch {
	case s.Rate == "":
		return true, nil
	case s.Rate != "off":
		return true, wrong("FOYER_RATE", "is %q, but must be off or not set", s.Rate)
	case !loopbackAddr(s.Addr):
		return true, wrong("FOYER_RATE", "may be off only when FOYER_ADDR is a loopback address")
	case s.public():
		return true, wrong("FOYER_RATE", "may be off only while FOYER_BASE_URL is a loopback address, too")
	}
	return false, nil
}

// mailFrom gives the sender of mails; nil means the organizer of each event.
func (s settings) mailFrom() (*mail.Address, error) {
	if s.MailFrom == "" {
		return nil, nil
	}
	a, err := mail.ParseAddress(s.MailFrom)
	if err != nil {
		return nil, wrong("FOYER_MAIL_FROM", "must be an e-mail address, such as office@example.org or Office <office@example.org>")
	}
	return a, nil
}

// metrics gives the address of the metrics, "" when they are off.
func (s settings) metrics() (string, error) {
	if s.MetricsAddr == "off" {
		return "", nil
	}
	return s.MetricsAddr, address("FOYER_METRICS_ADDR", s.MetricsAddr)
}

// portOf is the port of an address to listen on, "" when it has none.
func portOf(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	return port
}
