package payments

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"foyer/registration"
)

// Addresses gives the API's scheme and host, and the script's address: those of the gateway that are passed in, or what a test channel
// puts in their place. Its error is one sentence about the setting that does not fit.
func (c *Channel) Addresses(api, script string) (base, at string, err error) {
	if (c.APIURL != "" || c.ScriptURL != "") && c.Mode != registration.Test {
		return "", "", errors.New("api_url and script_url are for test mode only")
	}
	if c.APIURL != "" {
		if api, err = StandInHost("api_url", c.APIURL); err != nil {
			return "", "", err
		}
	}
	if c.ScriptURL != "" {
		u, err := standIn("script_url", c.ScriptURL)
		if err != nil {
			return "", "", err
		}
		script = u.String()
	}
	return api, script, nil
}

// StandInHost reads an address that stands for a gateway's scheme and host: https anywhere, or http on loopback, without a path. name is
// what the error calls it.
func StandInHost(name, raw string) (string, error) {
	u, err := standIn(name, raw)
	if err != nil {
		return "", err
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return "", fmt.Errorf("%s replaces scheme and host only: leave the path out", name)
	}
	return u.Scheme + "://" + u.Host, nil
}

// standIn reads an address from the event file: https anywhere, or http on loopback.
func standIn(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("%s must be an absolute address", name)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u)) {
		return nil, fmt.Errorf("%s must use https, or http on a loopback address", name)
	}
	return u, nil
}

// loopback reports whether an address stays on this machine.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}

// Origin is an address's scheme and host, "" for what is no address.
func Origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Link gives an address from a gateway's answer when a person may be sent there: https, or in test mode http on loopback, of at most
// limit bytes; else "".
func Link(raw string, limit int, mode registration.Mode) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || u.User != nil || len(raw) > limit {
		return ""
	}
	if u.Scheme == "https" || (u.Scheme == "http" && mode == registration.Test && loopback(u)) {
		return u.String()
	}
	return ""
}
