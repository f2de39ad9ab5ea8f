package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheTableOfRulesNamesTestsThatAreThere holds docs/registration.md against the sources: a test that was renamed is renamed there too.
func TestTheTableOfRulesNamesTestsThatAreThere(t *testing.T) {
	var tests strings.Builder
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || (!strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "store/storetest/")) {
			return err
		}
		src, err := os.ReadFile(path)
		tests.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("docs/registration.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for line := range strings.SplitSeq(string(doc), "\n") {
		_, shown, ok := strings.Cut(strings.Trim(line, "| "), "|")
		if !strings.HasPrefix(line, "|") || !ok {
			continue
		}
		for _, m := range regexp.MustCompile("`(Test[A-Za-z]+)`|\"([^\"]+)\"").FindAllStringSubmatch(shown, -1) {
			want := "func " + m[1] + "("
			if m[1] == "" {
				want = `"` + m[2] + `":`
			}
			if named++; !strings.Contains(tests.String(), want) {
				t.Errorf("nothing is called %s%s", m[1], m[2])
			}
		}
	}
	if named < 50 {
		t.Errorf("only %d tests are named", named)
	}
}
