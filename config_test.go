package main

import (
	"strings"
	"testing"
)

func TestEachWrongSettingStopsTheStartWithASentenceThatNamesIt(t *testing.T) {
	secret := "c2VjcmV0LXNlY3JldA=="
	tests := map[string]struct{ name, value string }{
		"address without a port":     {"FOYER_ADDR", "127.0.0.1"},
		"address of no machine":      {"FOYER_ADDR", "somewhere:80"},
		"base with a path":           {"FOYER_BASE_URL", "https://example.org/foyer"},
		"base without TLS":           {"FOYER_BASE_URL", "http://example.org"},
		"base that is no address":    {"FOYER_BASE_URL", "example.org"},
		"base with a user":           {"FOYER_BASE_URL", "https://a:b@example.org"},
		"database of another kind":   {"FOYER_DATABASE_URL", "mysql://u:" + secret + "@h/d"},
		"database in memory":         {"FOYER_DATABASE_URL", "sqlite::memory:"},
		"secret key too short":       {"FOYER_SECRET_KEY", secret},
		"mail server without TLS":    {"FOYER_SMTP_URL", "smtp://mail.example.org:25"},
		"messages of no sender":      {"FOYER_SMS_URL", "solapi://key:" + secret + "@api.solapi.com"},
		"mail server of no protocol": {"FOYER_SMTP_URL", "http://u:" + secret + "@mail.example.org:25"},
		"sender that is no address":  {"FOYER_MAIL_FROM", "office"},
		"proxies without networks":   {"FOYER_TRUSTED_PROXIES", "10.0.0.1"},
		"hold too short":             {"FOYER_HOLD", "99ms"},
		"hold without unit":          {"FOYER_HOLD", "20"},
		"timeout of no length":       {"FOYER_GATEWAY_TIMEOUT", "0s"},
		"first look negative":        {"FOYER_RECONCILE_FIRST", "-1s"},
		"every look of no form":      {"FOYER_RECONCILE_EVERY", "often"},
		"metrics on no port":         {"FOYER_METRICS_ADDR", "yes"},
		"log of another form":        {"FOYER_LOG", "xml"},
		"rate of another word":       {"FOYER_RATE", "on"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := newTestHouse(t)
			h.env[tc.name] = tc.value
			code, out, errs := h.do("", "serve")
			if code != exitSettings {
				t.Errorf("exit %d, want %d", code, exitSettings)
			}
			if !strings.HasPrefix(errs, tc.name+" ") || strings.Count(errs, "\n") != 1 || out != "" {
				t.Errorf("said %q, want one sentence that begins with %s", errs, tc.name)
			}
			if strings.Contains(errs, secret) {
				t.Errorf("%q shows a secret", errs)
			}
		})
	}
}

func TestAllWrongSettingsAreToldAtOnce(t *testing.T) {
	h := newTestHouse(t)
	h.env["FOYER_ADDR"], h.env["FOYER_HOLD"], h.env["FOYER_RATE"] = "0.0.0.0:8080", "x", "off"
	code, _, errs := h.do("", "serve")
	for _, name := range []string{"FOYER_BASE_URL", "FOYER_HOLD", "FOYER_RATE"} {
		if !strings.Contains(errs, name+" ") {
			t.Errorf("%q does not name %s", errs, name)
		}
	}
	if code != exitSettings {
		t.Errorf("exit %d, want %d", code, exitSettings)
	}
}

func TestACommandChecksOnlyWhatItUses(t *testing.T) {
	h := newTestHouse(t)
	for _, name := range []string{"FOYER_ADDR", "FOYER_BASE_URL", "FOYER_HOLD", "FOYER_SMTP_URL", "FOYER_LOG", "FOYER_GATEWAY_TIMEOUT"} {
		h.env[name] = "nonsense"
	}
	h.must("", "migrate")
	h.must("", "doctor")
	h.must("", "version")
	h.must("", "event", "apply", h.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	h.must("", "ledger", "apsys-2027")
	h.must("a long password\n", "staff", "add", "office@example.org", "--role", "owner")
	h.must("", "backup", h.dir+"/backup.db")
}

func TestTheAddressThatPeopleReach(t *testing.T) {
	tests := map[string]struct {
		addr, base string
		want       string
		wrong      bool
	}{
		"loopback by default":         {addr: "127.0.0.1:8080"},
		"name of loopback":            {addr: "localhost:8080"},
		"loopback of IPv6":            {addr: "[::1]:8080"},
		"behind a proxy":              {addr: "127.0.0.1:8080", base: "https://Register.Example.org/", want: "https://register.example.org"},
		"another port here":           {addr: "127.0.0.1:8080", base: "http://localhost:9000", want: "http://localhost:9000"},
		"everywhere with TLS":         {addr: "0.0.0.0:8080", base: "https://example.org", want: "https://example.org"},
		"everywhere without a name":   {addr: ":8080", wrong: true},
		"everywhere without TLS":      {addr: "0.0.0.0:8080", base: "http://127.0.0.1:8080", wrong: true},
		"loopback with a plain name":  {addr: "127.0.0.1:8080", base: "http://example.org", wrong: true},
		"loopback with another thing": {addr: "127.0.0.1:8080", base: "ftp://127.0.0.1", wrong: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := settings{Addr: tc.addr, BaseURL: tc.base}.base()
			if got != tc.want || (err != nil) != tc.wrong {
				t.Errorf("base() = %q, %v; want %q", got, err, tc.want)
			}
		})
	}
}

func TestPostsGoUnlimitedOnLoopbackOnly(t *testing.T) {
	tests := map[string]struct {
		addr, rate  string
		want, wrong bool
	}{
		"limited":              {"0.0.0.0:80", "", true, false},
		"unlimited here":       {"127.0.0.1:80", "off", false, false},
		"unlimited everywhere": {"0.0.0.0:80", "off", true, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := settings{Addr: tc.addr, Rate: tc.rate}.rate()
			if got != tc.want || (err != nil) != tc.wrong {
				t.Errorf("rate() = %v, %v; want %v", got, err, tc.want)
			}
		})
	}
}
