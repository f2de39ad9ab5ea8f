package handlers

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/views"
)

// messageKey finds message keys in the program's own text.
var messageKey = regexp.MustCompile(`"((?:cancel|check|consent|error|event|events|find|form|found|http|layout|order|pay|paystatus|register|renew)(?:\.[a-z_0-9]+)+)"`)

func TestEveryMessageKeyHasWordsInBothLanguages(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messageKey.FindAllStringSubmatch(string(text), -1) {
			if strings.HasSuffix(m[1], ".js") || (strings.HasPrefix(name, "setup") && strings.HasPrefix(m[1], "event.")) { // keys of the event file
				continue
			}
			found++
			for _, l := range []registration.Lang{registration.Korean, registration.English} {
				if !views.Has(l, m[1]) {
					t.Errorf("%s: %s has no words in %s", name, m[1], l)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d keys found: the search is broken", found)
	}
}
