package notify

import (
	"strings"
	"testing"
)

func TestServerAddressesThatAreTaken(t *testing.T) {
	tests := map[string]server{
		"smtp://127.0.0.1:2525":               {host: "127.0.0.1", port: 2525},
		"smtp://[::1]:25":                     {host: "::1", port: 25},
		"smtp://localhost:2525/":              {host: "localhost", port: 2525},
		"smtp://user:p%40ss@mail.example:587": {host: "mail.example", port: 587, user: "user", pass: "p@ss", secure: startTLS},
		"smtp://me%40x.org:p@127.0.0.1:587":   {host: "127.0.0.1", port: 587, user: "me@x.org", pass: "p", secure: startTLS},
		"smtps://user:pass@mail.example:465":  {host: "mail.example", port: 465, user: "user", pass: "pass", secure: directTLS},
	}
	for value, want := range tests {
		got, err := parseServer(value)
		if err != nil || got != want {
			t.Errorf("%s = %+v, %v", value, got, err)
		}
	}
}

func TestOtherServerAddressesAreOneSentenceThatHidesThePassword(t *testing.T) {
	for _, value := range []string{
		"", "mail.example:587", "http://127.0.0.1:2525", "smtp://mail.example:587", "smtp://192.0.2.1:25", "smtps://127.0.0.1:465",
		"smtp://user:hunter2@mail.example", "smtp://user@mail.example:587", "smtp://:hunter2@mail.example:587",
		"smtp://user:hunter2@mail.example:0", "smtp://user:hunter2@mail.example:65536", "smtp://user:hunter2@:587",
		"smtp://user:hunter2@mail.example:587?tls=off", "smtp://user:hunter2@mail.example:587/x", "smtp://user:hunter2%@mail.example:587",
		"smtp://localhost.evil.example:2525", "smtp://user:hunter2@mail.example:5 87",
	} {
		sender, err := NewSMTP(value)
		if err == nil || sender != nil {
			t.Errorf("%q was taken", value)
			continue
		}
		if s := err.Error(); !strings.HasPrefix(s, "FOYER_SMTP_URL ") || strings.Contains(s, "hunter2") || strings.ContainsAny(s, "\r\n") {
			t.Errorf("%q: %s", value, s)
		}
	}
}
