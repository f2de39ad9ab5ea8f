package registration

import (
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
	"time"
)

// filled sets every field of v, so that a field that is forgotten in writing is missed.
func filled(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int64:
		v.SetInt(-150000)
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i), text+strconv.Itoa(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		filled(v.Index(0), text)
		filled(v.Index(1), text+"/")
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range []string{"USD" + text, "KRW" + text, text} {
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), reflect.ValueOf(int64(len(key))))
		}
	case reflect.Pointer: // the voucher
		v.Set(reflect.New(v.Type().Elem()))
	default:
		panic("no value for " + v.Type().String())
	}
}

func TestOrdersAreWrittenAsEncodingJSONDoes(t *testing.T) {
	texts := []string{"", "plain", "홍길동 O'Brien", `"quoted" \ `, "a<b>&c", "line\u2028sep–dash", "tab\tnew\n\x00\x7f", "bad \xff\xfe", "😀\ufffd"}
	for _, text := range texts {
		var q Quote
		var p Person
		filled(reflect.ValueOf(&q).Elem(), text)
		filled(reflect.ValueOf(&p).Elem(), text)
		same(t, q, q.AppendJSON(nil))
		same(t, q.Lines, AppendLines(nil, q.Lines))
		same(t, q.Prices, q.Prices.AppendJSON(nil))
		same(t, p, p.AppendJSON(nil))
		counts := map[string]int64{text: 1, "z" + text: -2, "a": 0}
		same(t, counts, AppendCounts(nil, counts))
	}
	same(t, Quote{}, Quote{}.AppendJSON(nil))
	same(t, Quote{Lines: []Line{}, Prices: Prices{}}, Quote{Lines: []Line{}, Prices: Prices{}}.AppendJSON(nil))
}

func TestConsentsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 120e6, time.UTC)
	for _, list := range [][]Consent{nil, {}, {{ID: "order", Version: `KRW150000."<x>`, At: at}, {ID: "terms", Version: "홍", At: at.Truncate(time.Second)}}} {
		same(t, list, AppendConsents(nil, list))
	}
}

func same(t *testing.T, v any, got []byte) {
	t.Helper()
	want, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
