package registration

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheNextEditionMovesEveryDateAndKeepsItsTimeOfDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFile(t)
		next := Date{2028, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day")}
		got := f.Event.NextEdition(next)
		days := int(next.In(time.UTC).Sub(f.Event.Starts.In(time.UTC)) / (24 * time.Hour))
		if got.Starts != next || got.State != StateDraft || got.Mode != Test || got.Vouchers != nil {
			t.Fatalf("the next edition is %+v", got)
		}
		zone := f.Event.Location()
		before := map[string]time.Time{}
		f.Event.Vouchers = nil
		walkValues(reflect.ValueOf(f.Event), "", func(path string, v reflect.Value) {
			if at, ok := v.Interface().(time.Time); ok {
				before[path] = at
			}
		})
		walkValues(reflect.ValueOf(got), "", func(path string, v reflect.Value) {
			at, ok := v.Interface().(time.Time)
			if !ok || at.IsZero() {
				return
			}
			if want := before[path].In(zone).AddDate(0, 0, days); !at.Equal(want) {
				t.Fatalf("%s is %s, want %s", path, at, want)
			}
		})
	})
}

func TestWhatStillSaysLastYearIsListed(t *testing.T) {
	data, err := os.ReadFile("../docs/examples/symposium.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ParseEventFile("e", data, anyEnv)
	if err != nil {
		t.Fatal(err)
	}
	next := f.Event.NextEdition(Date{2028, 8, 21})
	if next.Slug != "isex-2028" || !strings.Contains(next.Name.En, "ISEX 2028") || next.Phases[0].Until.IsZero() {
		t.Errorf("the next edition is %s, %v", next.Slug, next.Name)
	}
	found := map[string]string{}
	for _, l := range next.Leftovers(2027) {
		found[l.Path] = l.Text
	}
	tutorial := slices.IndexFunc(next.Extras, func(x Extra) bool { return x.ID == "tutorial" })
	want := []string{"event.statement", fmt.Sprintf("extras[%d].note.ko", tutorial), fmt.Sprintf("extras[%d].note.en", tutorial)}
	for i := range 3 {
		day := fmt.Sprintf("questions[2].options[%d].label.", i)
		want = append(want, day+"ko", day+"en")
	}
	for _, path := range want {
		if found[path] == "" {
			t.Errorf("%s is not listed: %v", path, found)
		}
	}
	if len(found) != len(want) {
		t.Errorf("listed: %v", found)
	}
	f.Event.Refunds.Steps[0].Until = time.Time{}
	if f.Event.Phases[0].Until.Equal(next.Phases[0].Until) || &f.Event.Phases[0] == &next.Phases[0] {
		t.Error("the copy shares its phases with the event")
	}
}
