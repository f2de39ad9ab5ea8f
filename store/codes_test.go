package store

import (
	"testing"
	"time"
)

func TestCodesOfARushBeginAlikeAndOthersDoNot(t *testing.T) {
	var c codeMaker
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	heads := map[string]int{}
	all := map[string]bool{}
	for range codesTogether {
		code := c.next(now)
		if clean, ok := CodeOf(code); !ok || clean != code {
			t.Fatalf("%q is no code", code)
		}
		heads[code[:codeHead]]++
		all[code] = true
	}
	if len(heads) != 1 || len(all) < codesTogether-10 {
		t.Errorf("%d beginnings and %d codes of %d made at one time", len(heads), len(all), codesTogether)
	}
	for range 20 {
		now = now.Add(codesWithin)
		heads[c.next(now)[:codeHead]]++
	}
	if len(heads) < 15 {
		t.Errorf("codes made over %s have only %d beginnings", 20*codesWithin, len(heads))
	}
}
