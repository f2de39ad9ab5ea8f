package registration

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

type choice struct {
	Cart   Cart   `json:"cart"`
	Person Person `json:"person"`
}

// TestChoicesAreReadAsEncodingJSONDoes, or left to it; those of most people are not left to it.
func TestChoicesAreReadAsEncodingJSONDoes(t *testing.T) {
	var full choice
	filled(reflect.ValueOf(&full).Elem(), "홍길동")
	full.Cart.Voucher = ""
	b, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	if c, p, ok := ReadChoice(string(b)); !ok || !reflect.DeepEqual(choice{c, p}, full) {
		t.Errorf("%s is read as %+v, %+v, %t", b, c, p, ok)
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SampledFrom([]string{"", "a", `q"`, `\`, "홍", "<b>", "\n", "\xff", "}"})
		in := choice{Cart{Category: some.Draw(t, "category"), Extras: map[string]int64{}}, Person{Name: some.Draw(t, "name"), Email: some.Draw(t, "email"), Country: some.Draw(t, "country")}}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			in.Cart.Extras[some.Draw(t, "extra")] = rapid.Int64().Draw(t, "quantity")
		}
		if rapid.Bool().Draw(t, "coded") {
			in.Cart.Voucher = "CODE"
		}
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if cut := rapid.IntRange(0, len(text)).Draw(t, "cut"); rapid.Bool().Draw(t, "broken") {
			text = text[:cut]
		}
		c, p, ok := ReadChoice(text)
		if !ok {
			return
		}
		var want choice
		if err := json.Unmarshal([]byte(text), &want); err != nil || !reflect.DeepEqual(choice{c, p}, want) {
			t.Fatalf("%s is read as %+v, %+v; encoding/json says %+v, %v", text, c, p, want, err)
		}
	})
}
