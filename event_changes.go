package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"foyer/payments"
	"foyer/registration"
)

// changes says what a file changes of an event, one line each; old is nil for a new event. Credentials are never shown.
func changes(old, e *registration.Event, before, after []payments.Channel) []string {
	if old == nil {
		return []string{fmt.Sprintf("event %s (%s): created with %s, %s, %s, %s", e.Slug, e.Mode,
			count(len(e.Categories), "category", "categories"), count(len(e.Extras), "extra", "extras"),
			count(len(e.Quotas), "quota", "quotas"), count(len(e.Channels), "channel", "channels"))}
	}
	was, is := flat(old), flat(e)
	delete(was, "id")
	delete(is, "id")
	var lines []string
	for _, path := range slices.Sorted(maps.Keys(union(was, is))) {
		from, had := was[path]
		to, has := is[path]
		switch {
		case !had:
			lines = append(lines, fmt.Sprintf("  %s: %s (new)", path, to))
		case !has:
			lines = append(lines, fmt.Sprintf("  %s: removed, was %s", path, from))
		case from != to:
			lines = append(lines, fmt.Sprintf("  %s: %s, was %s", path, to, from))
		}
	}
	lines = append(lines, channelChanges(before, after)...)
	if len(lines) == 0 {
		return []string{fmt.Sprintf("event %s (%s): nothing changed", e.Slug, e.Mode)}
	}
	return append([]string{fmt.Sprintf("event %s (%s): changed", e.Slug, e.Mode)}, lines...)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// channelChanges says what changed behind the channels that were there before.
func channelChanges(before, after []payments.Channel) []string {
	var lines []string
	for i, ch := range after {
		was := before[i]
		if was.ID == "" {
			continue
		}
		note := func(what string, changed bool) {
			if changed {
				lines = append(lines, "  channels."+ch.Key+"."+what+": changed")
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
	return lines
}

// spoken lists the gateways that this build has adapters for.
func spoken() []string { return slices.Sorted(maps.Keys(adapters)) }

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

func union(a, b map[string]string) map[string]bool {
	all := map[string]bool{}
	for name := range a {
		all[name] = true
	}
	for name := range b {
		all[name] = true
	}
	return all
}
