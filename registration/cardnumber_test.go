package registration

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHoldsCardNumber(t *testing.T) {
	tests := map[string]struct {
		text string
		want bool
	}{
		"sixteen digits together":         {"4111111111111111", true},
		"in groups with spaces":           {"my card is 4111 1111 1111 1111, thanks", true},
		"in groups with hyphens":          {"4111-1111-1111-1111", true},
		"fifteen digits (Amex)":           {"3782 822463 10005", true},
		"thirteen digits":                 {"4222222222222", true},
		"nineteen digits":                 {"6304000000000000000", true},
		"series that begins with 2":       {"2223003122003222", true},
		"full-width digits":               {"４１１１１１１１１１１１１１１１", true},
		"Arabic-Indic digits":             {"٤١١١١١١١١١١١١١١١", true},
		"dashes instead of hyphens":       {"4111–1111–1111–1111", true},
		"zero-width spaces between":       {"4111\u200b1111\u200b1111\u200b1111", true},
		"after a date":                    {"2026-11-20 4111 1111 1111 1111", true},
		"in the local part of an address": {"4111111111111111@example.org", true},
		"wrong check digit":               {"4111111111111112", false},
		"begins with 1":                   {"1111111111111117", false},
		"begins with 9":                   {"9111111111111116", false},
		"twelve digits":                   {"411111111116", false},
		"twenty digits":                   {"41111111111111111113", false},
		"phone number":                    {"+82 10-1234-5678", false},
		"business number":                 {"123-45-67890", false},
		"letters between":                 {"4111a1111a1111a1111", false},
		"name":                            {"홍길동", false},
		"empty":                           {"", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := HoldsCardNumber(tc.text); got != tc.want {
				t.Errorf("HoldsCardNumber(%q) = %v, want %v", tc.text, got, tc.want)
			}
		})
	}
}

func TestOnlyTheCardNumberIsTakenOutOfAText(t *testing.T) {
	for text, want := range map[string]string{
		"":        "",
		"room 12": "room 12",
		"first\nmy card is 4111 1111 1111 1111, thanks\nlast": "first\nmy card is , thanks\nlast",
		"둘: ４１１１－１１１１－１１１１－１１１１ 그리고 3782 822463 10005.":       "둘:  그리고 .",
		"2026-11-20 4111-1111-1111-1111 / 02-1234-5678":       "2026-11-20  / 02-1234-5678",
		"4111 4111 1111 1111 1111 1111 1111 1111":             "", // whatever is left would be one again
	} {
		if got := WithoutCardNumbers(text); got != want {
			t.Errorf("of %q is left %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([2-6]?[0-9 -]{0,9}(4111|1111|a|, )){0,20}`).Draw(t, "text")
		got := WithoutCardNumbers(text)
		if HoldsCardNumber(got) || (got != text) != HoldsCardNumber(text) {
			t.Fatalf("of %q is left %q", text, got)
		}
	})
}

func TestHoldsCardNumberIsQuickOnLongText(t *testing.T) {
	if HoldsCardNumber(strings.Repeat("1 ", 100_000)) {
		t.Error("found a card number in a row of ones")
	}
}
