package registration

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestPhoneNumbersAreKeptInOneForm(t *testing.T) {
	for typed, want := range map[string]string{
		"010-1234-5678": "+821012345678", "01012345678": "+821012345678", "+82 10 1234 5678": "+821012345678", "0082-10-1234-5678": "+821012345678",
		"+82 (0)10-1234-5678": "+821012345678", "02-123-4567": "+8221234567", "+1 (212) 555-0100": "+12125550100", "0041 44 668 18 00": "+41446681800",
		"12345678": "", "": "", "+": "", "010-1234": "+82101234", "++82101234": "", "010 1234 567a": "", "+0101234567": "", "00000000000": "",
	} {
		got, ok := CleanPhone(typed)
		if ok != (want != "") || (ok && got != want) {
			t.Errorf("%q becomes %q (%t), want %q", typed, got, ok, want)
		}
		if again, ok := CleanPhone(got); want != "" && (!ok || again != got) {
			t.Errorf("%q becomes %q the second time", got, again)
		}
	}
	for e164, want := range map[string]string{"+821012345678": "010-1234-5678", "+8221234567": "02-123-4567", "+82312345678": "031-234-5678", "+12125550100": "+12125550100", "": ""} {
		if got := PhoneText(e164); got != want {
			t.Errorf("%s is shown as %s, want %s", e164, got, want)
		}
	}
}

func TestAnEventAsksWhatItsFileSays(t *testing.T) {
	names := func(f PersonForm) []string {
		var all []string
		for _, one := range (&Event{Person: f}).PersonFields() {
			name := one.Name
			if one.Required {
				name += "!"
			}
			all = append(all, name)
		}
		return all
	}
	if got := names(PersonForm{}); !slices.Equal(got, []string{"organization"}) {
		t.Errorf("an event without the key asks %v", got)
	}
	f := PersonForm{PassportName: AskAlways, Affiliation: AskNot, Country: AskAlways, Phone: AskIfWanted}
	if got := names(f); !slices.Equal(got, []string{"family_name", "given_name", "country!", "phone"}) {
		t.Errorf("asks %v", got)
	}
	if got := f.Lacks(Person{}); !slices.Equal(got, []string{"family_name", "country"}) {
		t.Errorf("lacks %v", got)
	}
	if got := f.Lacks(Person{GivenName: "Suharto", Country: "ID"}); len(got) != 0 {
		t.Errorf("somebody with one name lacks %v", got)
	}
}

func TestPassportNamesAreLatin(t *testing.T) {
	for name, want := range map[string]bool{"HONG": true, "Gil-dong": true, "O'Brien Jr.": true, "Müller": true, "Nguyễn": true, "홍": false, "Иван": false, "J0hn": false, "": true, "<b>": false} {
		if got := IsPassportName(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}

func TestEveryFieldOfAPersonIsWrittenAsJSONDoes(t *testing.T) {
	p := Person{Name: "홍길동", Email: "a@example.org"}
	for _, name := range []string{FieldFamilyName, FieldGivenName, FieldTitle, FieldAffiliation, FieldAffiliationEn, FieldCountry, FieldPhone, FieldBadgeName} {
		*p.Field(name) = name + `"<한글>`
		want, err := json.Marshal(p)
		if got := string(p.AppendJSON(nil)); err != nil || got != string(want) {
			t.Errorf("%s: %s, want %s (%v)", name, got, want, err)
		}
	}
}
