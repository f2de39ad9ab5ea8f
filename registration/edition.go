package registration

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// NextEdition is a copy of an event for another first day: every day and moment moves by the same number of days and keeps its time of day.
// The year in the slug and in the name follows. It is a draft in test mode, without codes, and without the id of the event it comes from.
func (e *Event) NextEdition(starts Date) Event {
	next := *e
	days := int(starts.In(time.UTC).Sub(e.Starts.In(time.UTC)) / (24 * time.Hour))
	moved := reflect.New(reflect.TypeOf(next)).Elem()
	move(moved, reflect.ValueOf(next), days, e.Location())
	next = moved.Interface().(Event)
	next.ID, next.Mode, next.State, next.StateText, next.Vouchers = "", Test, StateDraft, Text{}, nil
	next.Slug = inYear(e.Slug, e.Starts.Year, starts.Year)
	next.Name = Text{Ko: inYear(e.Name.Ko, e.Starts.Year, starts.Year), En: inYear(e.Name.En, e.Starts.Year, starts.Year)}
	return next
}

func inYear(s string, from, to int) string {
	return strings.ReplaceAll(s, strconv.Itoa(from), strconv.Itoa(to))
}

// move copies a value deeply, with every day and moment in it moved.
func move(to, from reflect.Value, days int, zone *time.Location) {
	switch v := from.Interface().(type) {
	case time.Time:
		if !v.IsZero() {
			v = v.In(zone).AddDate(0, 0, days).UTC()
		}
		to.Set(reflect.ValueOf(v))
		return
	case Date:
		if v != (Date{}) {
			t := v.In(time.UTC).AddDate(0, 0, days)
			v = Date{t.Year(), t.Month(), t.Day()}
		}
		to.Set(reflect.ValueOf(v))
		return
	}
	to.Set(from)
	switch {
	case from.Kind() == reflect.Struct:
		for i := range from.NumField() {
			move(to.Field(i), from.Field(i), days, zone)
		}
	case from.Kind() == reflect.Pointer && !from.IsNil():
		to.Set(reflect.New(from.Type().Elem()))
		move(to.Elem(), from.Elem(), days, zone)
	case from.Kind() == reflect.Slice && !from.IsNil():
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			move(to.Index(i), from.Index(i), days, zone)
		}
	case from.Kind() == reflect.Map && !from.IsNil():
		to.Set(reflect.MakeMap(from.Type()))
		for _, key := range from.MapKeys() {
			value := reflect.New(from.Type().Elem()).Elem()
			move(value, from.MapIndex(key), days, zone)
			to.SetMapIndex(key, value)
		}
	}
}

// Leftover is a value of an event that may be of an earlier edition.
type Leftover struct{ Path, Text string }

// writtenDay is a day as people write it in a text: 7월 22일, 22 July, July 22.
var writtenDay = regexp.MustCompile(`\d{1,2}월\s*\d{1,2}일|\d{1,2}\s*(?:st|nd|rd|th)?\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)` +
	`|(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2}`)

// Leftovers lists the values that name a year before the event's, and the texts in which a day is written that nobody has moved.
func (e *Event) Leftovers(year int) []Leftover {
	var all []Leftover
	old := strconv.Itoa(year)
	walkValues(reflect.ValueOf(*e), "", func(path string, v reflect.Value) {
		switch text := v.Interface().(type) {
		case time.Time:
			if local := text.In(e.Location()); !text.IsZero() && local.Year() == year {
				all = append(all, Leftover{path, local.Format(momentForms[3])})
			}
		case Date:
			if text.Year == year {
				all = append(all, Leftover{path, text.String()})
			}
		default:
			if s := v.String(); v.Kind() == reflect.String && (strings.Contains(s, old) || writtenDay.MatchString(s)) {
				all = append(all, Leftover{path, shortened(s)})
			}
		}
	})
	return all
}

// shortened is the beginning of a long text.
func shortened(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}

// walkValues visits every value of an event with the path that its file has for it.
func walkValues(v reflect.Value, path string, visit func(string, reflect.Value)) {
	if !v.IsValid() {
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[Date]():
		visit(path, v)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name != "" && name != "id" {
				walkValues(v.Field(i), joined(path, name), visit)
			}
		}
	case v.Kind() == reflect.Pointer:
		walkValues(v.Elem(), path, visit)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walkValues(v.Index(i), path+"["+strconv.Itoa(i)+"]", visit)
		}
	case v.Kind() == reflect.String:
		visit(path, v)
	}
}

// basicKeys stand under the key event in a file.
var basicKeys = []string{"slug", "name", "place", "about", "refund_rule", "starts", "ends", "timezone", "mode", "state", "state_text", "tax", "statement"}

// joined is the path of a member; what an event has for itself stands under event or registration in a file.
func joined(path, name string) string {
	if path != "" {
		return path + "." + name
	}
	for _, key := range basicKeys {
		if key == name {
			return "event." + name
		}
	}
	if name == "opens" || name == "closes" {
		return "registration." + name
	}
	return name
}
