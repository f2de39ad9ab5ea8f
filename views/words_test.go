package views

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"foyer/registration"
)

func TestBothLanguagesHaveTheSameKeysAndNames(t *testing.T) {
	names := func(m message) []string {
		var all []string
		for i, p := range m.other {
			if i%2 == 1 {
				all = append(all, p)
			}
		}
		slices.Sort(all)
		return all
	}
	ko, en := words()[registration.Korean], words()[registration.English]
	for key, k := range ko {
		e, ok := en[key]
		if !ok {
			t.Errorf("English has no %s", key)
		} else if !slices.Equal(names(k), names(e)) {
			t.Errorf("%s names %v in Korean and %v in English", key, names(k), names(e))
		}
	}
	for key := range en {
		if _, ok := ko[key]; !ok {
			t.Errorf("Korean has no %s", key)
		}
	}
}

var (
	literals  = regexp.MustCompile(`"([a-z_]+\.[a-z0-9_.]*)"`)
	directKey = regexp.MustCompile(`\bT\([^,"]+, "([a-z_]+\.[a-z0-9_.]+)"[,)]`)
	suffixes  = regexp.MustCompile(`^(.*)\.(note|free|title|body|missing|required|text|max|mail|nocard|short)$`)
)

// sources gives the product's own Go and templ sources by path, generated ones and tests aside.
func sources(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		generated := strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go")
		if generated || (filepath.Ext(path) != ".go" && filepath.Ext(path) != ".templ") {
			return nil
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryKeyInTheSourcesHasWords(t *testing.T) {
	for path, src := range sources(t) {
		for _, m := range directKey.FindAllStringSubmatch(src, -1) {
			if !strings.HasSuffix(m[1], ".") && !Has(registration.English, m[1]) {
				t.Errorf("%s uses %s, which has no words", path, m[1])
			}
		}
	}
}

func TestNoWordsAreLeftOver(t *testing.T) {
	exact, prefixes := map[string]bool{}, []string{}
	for _, src := range sources(t) {
		for _, m := range literals.FindAllStringSubmatch(src, -1) {
			exact[m[1]] = true
			if strings.HasSuffix(m[1], ".") {
				prefixes = append(prefixes, m[1])
			}
		}
	}
	used := func(key string) bool {
		return exact[key] || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
	}
	for key := range words()[registration.English] {
		base := suffixes.ReplaceAllString(key, "$1")
		if !used(key) && !used(base) && !strings.HasPrefix(key, "channel.") && !strings.HasPrefix(key, "form.") && !strings.HasPrefix(base, "register.") && !strings.HasPrefix(base, "account.") && !strings.HasPrefix(base, "another.") && !strings.HasPrefix(key, "find.email.") {
			t.Errorf("nothing uses %s", key)
		}
	}
}

func TestT(t *testing.T) {
	tests := map[string]struct{ got, want string }{
		"one":       {T(registration.English, "left.few", "n", 1), "1 place left"},
		"many":      {T(registration.English, "left.few", "n", int64(3)), "3 places left"},
		"no plural": {T(registration.Korean, "left.few", "n", 1), "1자리 남음"},
		"money":     {T(registration.Korean, "pay.submit.amount", "amount", krw(310000)), "결제하기 310,000원"},
		"braces in a value stay": {T(registration.English, "found.body", "email", "{email}{n}"),
			"If anything is registered with {email}{n}, the links arrive within a few minutes."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Errorf("%q, want %q", tc.got, tc.want)
			}
		})
	}
}
