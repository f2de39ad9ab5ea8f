package registration

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheExamplesOfTheDocumentationAreRightInBothLanguages(t *testing.T) {
	files, err := filepath.Glob("../docs/examples/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("found %v: %v", files, err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := ParseEventFile(name, data, func(string) (string, bool) { return "set", true })
			if err != nil {
				t.Fatal(err)
			}
			for id, text := range textsOf(&f.Event) {
				if text.Ko == "" || text.En == "" {
					t.Errorf("%s lacks a language: %+v", id, text)
				}
			}
		})
	}
}

// textsOf are the texts that an organizer must write.
func textsOf(e *Event) map[string]Text {
	all := map[string]Text{"event": e.Name, "place": e.Place, "about": e.About, "organizer": e.Organizer.Name}
	for _, c := range e.Categories {
		all[c.ID] = c.Name
	}
	for _, x := range e.Extras {
		all[x.ID] = x.Name
	}
	for _, q := range e.Questions {
		all[q.ID] = q.Label
		for _, o := range q.Options {
			all[OptionQuota(q.ID, o.ID)] = o.Label
		}
	}
	return all
}
