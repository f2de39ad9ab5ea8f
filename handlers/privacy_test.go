package handlers

import (
	"strings"
	"testing"

	"foyer/registration"
)

func TestThePrivacyNoticeNamesWhoSendsCodesWhereTheEventAsksForThem(t *testing.T) {
	tests := map[string]struct {
		messenger string
		verify    bool
		named     bool
	}{
		"asked and sent":       {"solapi", true, true},
		"not asked":            {"solapi", false, false},
		"written into the log": {"", true, false},
	}
	words := map[string]string{"ko": "인증 문자 발송: 솔라피", "en": "Codes to telephones: SOLAPI"}
	for name, tc := range tests {
		s := newSite(t, func(cfg *Config) { cfg.Messenger, cfg.Reaches = tc.messenger, func(string) bool { return false } })
		e := sampleEvent()
		e.Person = registration.PersonForm{Phone: registration.AskAlways, VerifyPhone: tc.verify}
		s.apply(e)
		b := s.browser()
		b.typePhone("+1 202 555 0100").to()
		for lang, text := range words {
			for _, path := range []string{"/e/" + slug + "/privacy", "/e/" + slug + "/register/check"} {
				if doc := b.get(path + "?lang=" + lang).want(200).doc(); strings.Contains(doc.Text(), text) != tc.named {
					t.Errorf("%s, %s: %q is named %t", name, path, text, !tc.named)
				}
			}
		}
	}
}

func TestThePrivacyNoticeNamesWhatTheEventAsksFor(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Person = registration.PersonForm{Affiliation: "none", Phone: registration.AskAlways, Country: registration.AskIfWanted}
	s.apply(e)
	for lang, want := range map[string]string{"ko": "성명, 이메일, 국가/지역, 휴대전화, 등록 내역", "en": "Name, email, country or region, mobile phone, what you registered for"} {
		if said := s.browser().get("/e/" + slug + "/privacy?lang=" + lang).want(200).doc().Find("dd").First().Text(); !strings.Contains(said, want) {
			t.Errorf("%s: the notice says %q, want %q", lang, said, want)
		}
	}
}
