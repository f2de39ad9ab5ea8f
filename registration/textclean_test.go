package registration

import (
	"strings"
	"testing"
)

func TestCleanLine(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain text stays":              {"Hong Gildong", "Hong Gildong"},
		"ends are trimmed":              {"  홍길동　", "홍길동"},
		"decomposed Hangul is composed": {"\u1112\u1169\u11bc길동", "홍길동"},
		"full-width digits":             {"０１０-１２３４", "010-1234"},
		"NUL and escape go":             {"Ki\x00m\x1b[31m", "Kim[31m"},
		"line breaks become one space":  {"Kim\r\nBcc: x@example.org", "Kim Bcc: x@example.org"},
		"marks of direction go":         {"abc\u202egnp.exe\u2069", "abcgnp.exe"},
		"letters that nobody sees go":   {"\u3164\uffa0\u115f\u1160", ""},
		"zero-width space goes":         {"a\u200bb\ufeff", "ab"},
		"joiners of scripts stay":       {"نیم\u200cفاصله", "نیم\u200cفاصله"},
		"runs of spaces":                {"a  \t b", "a b"},
		"nothing but spaces":            {" \n ", ""},
		"empty":                         {"", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := CleanLine(tc.in)
			if !ok || got != tc.want {
				t.Errorf("CleanLine(%q) = %q, %v, want %q", tc.in, got, ok, tc.want)
			}
			if again, _ := CleanLine(got); again != got {
				t.Errorf("cleaning twice gives %q, then %q", got, again)
			}
		})
	}
}

func TestCleanLineRefusesInvalidUTF8(t *testing.T) {
	for _, in := range []string{"\xff", "Kim\xc3\x28", "\xed\xa0\x80"} {
		if got, ok := CleanLine(in); ok {
			t.Errorf("CleanLine(%q) = %q, want it refused", in, got)
		}
	}
}

func TestCleanEmail(t *testing.T) {
	tests := map[string]string{
		"Hong.Gildong@Example.ORG":  "Hong.Gildong@example.org",
		" hong@example.org\u00a0":   "hong@example.org",
		"ｈｏｎｇ＠ｅｘａｍｐｌｅ．ｏｒｇ":          "hong@example.org",
		"hong@example.org\u200e":    "hong@example.org",
		"kim minsu@example.org":     "kim minsu@example.org",
		"hong@example.org\r\nBcc:x": "hong@example.org bcc:x",
	}
	for in, want := range tests {
		if got, ok := CleanEmail(in); !ok || got != want {
			t.Errorf("CleanEmail(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestIsEmail(t *testing.T) {
	good := []string{
		"a@b.kr", "hong.gildong+conf@cs.example.ac.kr", "o'neil@example.org", "홍길동@예시.한국", "x@xn--9t4b11yi5a.xn--3e0b707e",
		strings.Repeat("a", 64) + "@example.org",
	}
	for _, s := range good {
		if !IsEmail(s) {
			t.Errorf("IsEmail(%q) = false", s)
		}
	}
	bad := []string{
		"", "hong", "@example.org", "hong@", "hong@example", "a@b@example.org", "a b@example.org", ".a@example.org", "a..b@example.org",
		"a@-example.org", "a@example..org", "a@example.123", "a@[127.0.0.1]", `"a"@example.org`, "a@example.org\r\nBcc: b@example.org",
		"<a@example.org>", "a,b@example.org", strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b.", 130) + "org", "a@exa\xffmple.org",
	}
	for _, s := range bad {
		if IsEmail(s) {
			t.Errorf("IsEmail(%q) = true", s)
		}
	}
}
