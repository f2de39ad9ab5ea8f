package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// Change is one value of an event that an applied file has changed. Credentials are named and never shown.
type Change struct {
	Path     string // what has an id is named by it: quotas.hall.places
	From, To string // as an event file has it; "" where there is none. Both are "" for what stays hidden
}

// EventChanges says what differs between two versions of an event, by path.
func EventChanges(old, e *registration.Event) []Change { return eventChanges(old, e) }

func eventChanges(old, e *registration.Event) []Change {
	was, is := flat(old), flat(e)
	delete(was, "id")
	delete(is, "id")
	all := maps.Clone(was)
	maps.Copy(all, is)
	var list []Change
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if was[path] != is[path] {
			list = append(list, Change{Path: path, From: was[path], To: is[path]})
		}
	}
	return append(list, reordered(old, e)...)
}

// reordered tells of lists whose items stand in another order, those left out that only one version has.
func reordered(old, e *registration.Event) []Change {
	was, is := orders{}, orders{}
	was.read("", tree(old))
	is.read("", tree(e))
	var list []Change
	for _, path := range slices.Sorted(maps.Keys(is)) {
		from := slices.DeleteFunc(was[path], func(id string) bool { return !slices.Contains(is[path], id) })
		to := slices.DeleteFunc(is[path], func(id string) bool { return !slices.Contains(from, id) })
		if !slices.Equal(from, to) {
			list = append(list, Change{Path: path, From: strconv.Quote(strings.Join(from, ", ")), To: strconv.Quote(strings.Join(to, ", "))})
		}
	}
	return list
}

// orders are the ids of an event's items in the order of each list, by path.
type orders map[string][]string

func (o orders) read(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			o.read(joined(path, name), member)
		}
	case []any:
		for _, item := range v {
			if id := idOf(item); id != "" {
				o[path] = append(o[path], id)
				o.read(joined(path, id), item)
			}
		}
	}
}

// channelChanges says what changed behind the channels that were there before.
func channelChanges(before, after []payments.Channel) []Change {
	var list []Change
	for i, ch := range after {
		was := before[i]
		if was.ID == "" {
			continue
		}
		note := func(what string, changed bool) {
			if changed {
				list = append(list, Change{Path: "channels." + ch.Key + "." + what})
			}
		}
		note("credentials", !maps.Equal(was.Credentials, ch.Credentials))
		note("pg", was.PG != ch.PG)
		note("pay_method", was.PayMethod != ch.PayMethod)
		note("account", was.Account != ch.Account)
		note("deposit_term", was.DepositTerm != ch.DepositTerm)
		note("api_url", was.APIURL != ch.APIURL)
		note("script_url", was.ScriptURL != ch.ScriptURL)
		note("confirm_window", was.ConfirmWindow != ch.ConfirmWindow)
	}
	return list
}

// flat gives every value of an event by its path, as an event file has it; what has an id is found by it, wherever it stands in its list.
func flat(e *registration.Event) map[string]string {
	all := written{values: map[string]string{}, location: e.Location()}
	all.read("", tree(e))
	return all.values
}

// tree is an event as JSON has it.
func tree(e *registration.Event) (tree any) {
	text, err := json.Marshal(e)
	if err != nil || json.Unmarshal(text, &tree) != nil {
		return nil // an event is made of our own types: it always can be written
	}
	return tree
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// idOf is the id of an item of a list, or a voucher's code; "" when it has neither.
func idOf(item any) string {
	o, _ := item.(map[string]any)
	id, _ := o["id"].(string)
	code, _ := o["code"].(string)
	return cmp.Or(id, code)
}

// written are the values of an event by path. One that says nothing is left out.
type written struct {
	values   map[string]string
	location *time.Location
}

func (w written) read(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			w.read(joined(path, name), member)
		}
	case []any:
		for i, item := range v {
			w.read(joined(path, cmp.Or(idOf(item), strconv.Itoa(i))), item)
		}
	case nil:
	default:
		if text := w.value(path, v); text != "" {
			w.values[path] = text
		}
	}
}

// durations are the paths of an event's values that are a length of time.
var durations = []string{"approval.pay_within", "waiting_list.offer"}

// value writes one value as an event file has it; a text of more than one word is quoted.
func (w written) value(path string, v any) string {
	switch v := v.(type) {
	case float64:
		if slices.Contains(durations, path) {
			return registration.FileDuration(time.Duration(v))
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			first := path == "opens" || strings.HasSuffix(path, ".from")
			return registration.FileMoment(t, w.location, !first)
		}
		if q := strconv.Quote(v); v != "" && (q != `"`+v+`"` || strings.ContainsAny(v, " ,")) {
			return q
		}
		return v
	}
	return fmt.Sprint(v)
}
