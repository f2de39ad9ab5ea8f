package store

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"foyer/payments"
	"foyer/registration"
)

// Change is one value of an event that an applied file has changed. Credentials are named and never shown.
type Change struct {
	Path     string // what has an id is named by it: quotas.hall.places
	From, To string // as JSON; "" where there is none. Both are "" for what stays hidden
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
	return list
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

// flat gives every value of an event by its path; what has an id is found by it, wherever it stands in its list.
func flat(e *registration.Event) map[string]string {
	all := map[string]string{}
	text, err := json.Marshal(e)
	if err != nil {
		return all // an event is made of our own types: it always can be written
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err == nil {
		flatten(all, "", tree)
	}
	return all
}

func flatten(all map[string]string, path string, v any) {
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(all, join(name), member)
		}
	case []any:
		for i, item := range v {
			name := strconv.Itoa(i)
			if o, ok := item.(map[string]any); ok {
				if id, ok := o["id"].(string); ok {
					name = id
				}
			}
			flatten(all, join(name), item)
		}
	case nil:
	default:
		text, err := json.Marshal(v)
		if err == nil && string(text) != `""` {
			all[path] = string(text)
		}
	}
}
