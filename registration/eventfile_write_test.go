package registration

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// anyEnv is an environment in which every variable is set.
func anyEnv(string) (string, bool) { return "set", true }

// sameFile compares what a file means: lines are of one file, and values of credentials are never written.
var sameFile = cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(ChannelSpec{}, "Line", "Credentials")}

// rewritten writes a file and reads it again.
func rewritten(t interface{ Fatalf(string, ...any) }, f EventFile) (EventFile, []byte) {
	data, err := WriteEventFile(f)
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	back, err := ParseEventFile("written.yaml", data, anyEnv)
	if err != nil {
		t.Fatalf("what was written is not taken: %v\n%s", err, data)
	}
	return back, data
}

func TestEveryFileThatIsTakenIsWrittenAsTheSameEvent(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../docs/examples/*.yaml", "../demo/*.yaml", "testdata/eventfile/*.yaml"} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) == 0 {
			t.Fatalf("%s: %v, %v", pattern, some, err)
		}
		files = append(files, some...)
	}
	taken := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := ParseEventFile(name, data, anyEnv)
		if err != nil {
			continue // those that show mistakes
		}
		taken++
		back, first := rewritten(t, f)
		if diff := cmp.Diff(f, back, sameFile); diff != "" {
			t.Errorf("%s comes back changed: %s", name, diff)
		}
		if _, again := rewritten(t, back); string(again) != string(first) {
			t.Errorf("%s is written differently the second time:\n%s\n---\n%s", name, first, again)
		}
	}
	if taken < 5 {
		t.Errorf("only %d files were taken", taken)
	}
}

func TestAFileWithEveryKeyIsWrittenAsItIsKept(t *testing.T) {
	name := filepath.Join("testdata", "eventfile", "every-key.yaml")
	kept, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ParseEventFile(name, kept, anyEnv)
	if err != nil {
		t.Fatal(err)
	}
	_, got := rewritten(t, f)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		kept = got
	}
	if diff := cmp.Diff(string(kept), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestRandomEventsComeBackFromTheirFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFile(t)
		back, first := rewritten(t, f)
		if diff := cmp.Diff(f, back, sameFile); diff != "" {
			t.Fatalf("comes back changed: %s\n%s", diff, first)
		}
		if _, again := rewritten(t, back); string(again) != string(first) {
			t.Fatalf("written differently the second time:\n%s\n---\n%s", first, again)
		}
	})
}

func TestNoCredentialIsWrittenBesideReferences(t *testing.T) {
	spec := ChannelSpec{
		ChannelOffer: ChannelOffer{ID: "korea", Gateway: "toss", Currency: KRW, Cards: "any", Methods: []string{"card"}},
		Credentials:  map[string]string{"client_key": "test_ck_clear", "secret_key": "test_sk_clear"},
		Refs:         map[string]string{"client_key": "${CLIENT}", "secret_key": "test_sk_clear${REST}"},
	}
	data, err := WriteEventFile(EventFile{Event: Event{Slug: "e"}, Channels: []ChannelSpec{spec}})
	if err != nil {
		t.Fatal(err)
	}
	if text := string(data); strings.Contains(text, "clear") || !strings.Contains(text, "client_key: '${CLIENT}'") {
		t.Errorf("written: %s", text)
	}
}

// unwritten are the fields that no event file holds, by their path.
var unwritten = []string{
	"Event.ID",                                    // the database's
	"Event.Channels",                              // written from the channels themselves
	"Channels[0].Line", "Channels[0].Credentials", // of the file that was read; never written
}

// TestEveryFieldOfAnEventIsWritten fails for a field that was added to an event and not to WriteEventFile: export would lose it.
func TestEveryFieldOfAnEventIsWritten(t *testing.T) {
	full := EventFile{}
	fill(reflect.ValueOf(&full).Elem(), new(int))
	full.Event.Timezone, full.Event.Phases[0].ID = "Asia/Seoul", "ph"
	full.Event.Categories[0].Prices = map[string]Prices{"ph": {KRW: 77}}
	full.Event.Refunds.ByCategory = map[string][]RefundStep{full.Event.Categories[0].ID: {{Until: time.Unix(1800000000, 0), Percent: 3}}}
	full.Channels[0].Gateway, full.Channels[0].Refs = "toss", map[string]string{"client_key": "${KEY}"}
	written := func() string {
		data, err := WriteEventFile(full)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	whole := written()
	leaves(reflect.ValueOf(&full).Elem(), "", func(path string, v reflect.Value) {
		if slices.ContainsFunc(unwritten, func(p string) bool { return strings.HasPrefix(path, p) }) {
			return
		}
		kept := reflect.New(v.Type()).Elem()
		kept.Set(v)
		v.SetZero()
		if written() == whole {
			t.Errorf("%s is not written: give it a line in WriteEventFile, or say in this test why no file holds it", path)
		}
		v.Set(kept)
	})
}

// fill gives every field a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_700_000_000+int64(*n), 0).UTC()))
	case v.Type() == reflect.TypeFor[Date]():
		v.Set(reflect.ValueOf(Date{2027, time.July, 1 + *n%28}))
	case v.Type() == reflect.TypeFor[Prices]():
		v.Set(reflect.ValueOf(Prices{USD: int64(*n)}))
	case v.Type() == reflect.TypeFor[time.Duration]():
		v.SetInt(int64(*n) * int64(time.Second))
	case v.Kind() == reflect.String:
		v.SetString("v" + string(rune('a'+*n%26)) + string(rune('a'+*n/26%26)))
	case v.CanInt():
		v.SetInt(int64(*n) + 20)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

// leaves visits every field that holds no other fields, and every list and mapping as a whole, too.
func leaves(v reflect.Value, path string, visit func(string, reflect.Value)) {
	name := func(s string) string { return strings.TrimPrefix(path+"."+s, ".") }
	switch {
	case v.Kind() == reflect.Pointer:
		visit(path, v)
		leaves(v.Elem(), path, visit)
	case v.Kind() == reflect.Slice:
		visit(path, v)
		leaves(v.Index(0), path+"[0]", visit)
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() && v.Type() != reflect.TypeFor[Date]():
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Anonymous {
				leaves(v.Field(i), path, visit)
				continue
			}
			leaves(v.Field(i), name(f.Name), visit)
		}
	default:
		visit(path, v)
	}
}
