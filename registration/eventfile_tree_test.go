package registration

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestATreeChangesItsValuesAndKeepsTheRest(t *testing.T) {
	data, err := os.ReadFile("testdata/eventfile/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, err := ParseEventFile("e", data, anyEnv)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := ReadFileTree(data)
	if err != nil {
		t.Fatal(err)
	}
	guest := tree.Items("categories")[1]
	guest.Set("name.ko", "손님")
	guest.Set("prices.early.KRW", "5000")
	guest.Set("hidden", "")
	tree.Set("event.place.en", "")
	tree.Set("registration.closes", "2027-07-20 18:00")
	tree.SetWords("texts.nothing", nil)
	tree.SetItems("vouchers", nil)
	text, err := tree.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseEventFile("e", text, anyEnv)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	want := before.Event
	want.Categories[1].Name, want.Categories[1].Hidden = Text{"손님", "Guest"}, false
	want.Categories[1].Prices["early"] = Prices{KRW: 5000}
	want.Place.En, want.Closes, want.Vouchers = "", seoul(t, "2027-07-20T18:00:00"), nil
	if diff := cmp.Diff(want, got.Event); diff != "" {
		t.Error(diff)
	}
	if tree.Text("extras.name.ko") != "" || guest.Text("name.en") != "Guest" || tree.Items("questions")[1].Text("label.ko") != "Stop" {
		t.Error("values are not found where they are")
	}
}

func TestWhateverIsTypedIsRefusedOrTakenAsTyped(t *testing.T) {
	data, err := os.ReadFile("testdata/eventfile/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		tree, err := ReadFileTree(data)
		if err != nil {
			t.Fatal(err)
		}
		path := rapid.SampledFrom([]string{"event.name.ko", "event.starts", "registration.opens", "organizer.phone", "organizer.email", "event.timezone", "event.mode", "changes.cancel", "texts.terms.en"}).Draw(t, "path")
		value := drawWord(t, "value")
		tree.Set(path, value)
		text, err := tree.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		f, err := ParseEventFile("e", text, anyEnv)
		if err != nil {
			if !strings.Contains(err.Error(), strings.TrimSuffix(strings.TrimSuffix(path, ".ko"), ".en")) && !strings.Contains(err.Error(), "event") && !strings.Contains(err.Error(), "phases[0].until") && !strings.Contains(err.Error(), "registration.closes") {
				t.Fatalf("%s = %q is refused for something else: %v", path, value, err)
			}
			return
		}
		if path == "event.name.ko" && f.Event.Name.Ko != value {
			t.Fatalf("%q became %q", value, f.Event.Name.Ko)
		}
	})
}
