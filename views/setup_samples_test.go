package views

import (
	"strings"
	"testing"

	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

// sampleSetup is the topic of prices: phases, and a table of what two categories cost in them.
func sampleSetup(l registration.Lang, problems ...Problem) SetupPage {
	price := func(row, phase, unit, value string) SetupField {
		name := "categories." + row + ".prices." + phase + "." + unit
		return SetupField{Name: name, ID: fieldID(name), Kind: "money", Label: phase + " " + unit, Value: value, Column: phase, Unit: unit}
	}
	category := func(row, id, title string, fresh bool) SetupRow {
		r := SetupRow{Name: "categories." + row, ID: id, Title: title, From: row, New: fresh}
		for _, f := range []string{"name.ko", "name.en", "note.ko", "note.en", "evidence", "hidden"} {
			name := r.Name + "." + f
			r.Fields = append(r.Fields, SetupField{Name: name, ID: fieldID(name), Kind: "text", Label: f, Hint: "hint"})
		}
		early := "150000"
		if fresh {
			early = ""
		}
		r.Fields = append(r.Fields, price(row, "early", "KRW", early), price(row, "regular", "KRW", ""))
		return r
	}
	return SetupPage{
		Page: samplePage(l, SetupPath("apsys-2027", "prices")), Nav: sampleNav("setup"), Topic: "prices", Topics: []string{"basics", "prices", "file"},
		State: registration.StateDraft, Version: "3", MayEdit: true, Preview: true, Problems: problems,
		Fields: []SetupField{{Name: "registration.unpaid", ID: "registration-unpaid", Kind: "choice", Label: "unpaid", Options: []SetupOption{{Value: "keep", Label: hostile, Chosen: true}}}},
		Lists: []SetupList{{
			Name: "categories", Key: "categories", Columns: []SetupColumn{{ID: "early", Name: hostile, Until: "31 May"}, {ID: "regular", Name: "Regular"}},
			Rows: []SetupRow{category("0", "member", hostile, false), category("1", "student", "Student", false), category("2", "", "", true)},
		}},
	}
}

// setupPages are the setup in its states.
func setupPages(l registration.Lang) map[string]templ.Component {
	saved, file := sampleSetup(l), sampleSetup(l)
	saved.Saved = true
	file.Topic, file.Fields, file.Lists, file.File, file.Checked = "file", nil, nil, "event: {}\n", "digest"
	file.Changes = []SetupChange{{Path: "quotas.hall.places", From: "300", To: "320"}, {Path: "event.about.en", To: hostile}}
	return map[string]templ.Component{
		"setup": Setup(saved), "setup-file": Setup(file),
		"setup-refused": Setup(sampleSetup(l, Problem{Field: "categories-1-name-en", Key: "setup.say.is missing"}, Problem{Field: "categories-2-prices-early-KRW", Key: "amount.whole", Args: []any{"currency", "KRW"}})),
		"setup-new":     SetupNew(SetupNewPage{Page: samplePage(l, ConsoleNewPath), From: []SetupOption{{Value: "a", Label: hostile}}}),
		"leftovers":     Leftovers(LeftoversPage{Page: samplePage(l, ""), Nav: sampleNav("setup"), Year: 2026, Found: []Leftover{{Path: "event.about", Text: hostile, Topic: "basics"}}, Keys: []string{"korea"}}),
	}
}

func TestPricesAreATableAndOnlyWhatIsWrongIsUnfolded(t *testing.T) {
	for _, l := range bothLanguages {
		doc := renderStaff(t, Setup(sampleSetup(l)))
		if rows, cells := doc.Find(".setup-prices tbody tr"), doc.Find(".setup-prices tbody td input"); rows.Length() != 2 || cells.Length() != 4 {
			t.Errorf("the table has %d rows and %d prices", rows.Length(), cells.Length())
		}
		doc.Find(".setup-prices input").Each(func(_ int, in *goquery.Selection) {
			label := doc.Find("label[for='" + in.AttrOr("id", "") + "']").Text()
			if !strings.Contains(label, ", ") || !strings.HasSuffix(label, "KRW") {
				t.Errorf("a price is labelled %q", label)
			}
		})
		if n := doc.Find("#main details[open]").Length(); n != 0 {
			t.Errorf("%d parts are unfolded", n)
		}
		refused := renderStaff(t, setupPages(l)["setup-refused"])
		if refused.Find("#main details[open]").Length() != 2 || refused.Find("details[open] #categories-1-name-en").Length() != 1 || refused.Find("details[open] #categories-2-prices-early-KRW").Length() != 1 {
			t.Error("what is wrong stays folded")
		}
	}
}
