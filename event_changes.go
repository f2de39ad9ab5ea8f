package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"foyer/registration"
	"foyer/store"
)

// changes says what a file has changed of an event, one line each. Credentials are never shown.
func changes(e *registration.Event, done store.FileApplied) []string {
	if done.Created {
		return []string{fmt.Sprintf("event %s (%s): created with %s, %s, %s, %s", e.Slug, e.Mode,
			count(len(e.Categories), "category", "categories"), count(len(e.Extras), "extra", "extras"),
			count(len(e.Quotas), "quota", "quotas"), count(len(e.Channels), "channel", "channels"))}
	}
	if len(done.Changes) == 0 {
		return []string{fmt.Sprintf("event %s (%s): nothing changed", e.Slug, e.Mode)}
	}
	lines := []string{fmt.Sprintf("event %s (%s): changed", e.Slug, e.Mode)}
	for _, c := range done.Changes {
		switch {
		case c.From == "" && c.To == "":
			lines = append(lines, fmt.Sprintf("  %s: changed", c.Path))
		case c.From == "":
			lines = append(lines, fmt.Sprintf("  %s: %s (new)", c.Path, c.To))
		case c.To == "":
			lines = append(lines, fmt.Sprintf("  %s: removed, was %s", c.Path, c.From))
		default:
			lines = append(lines, fmt.Sprintf("  %s: %s, was %s", c.Path, c.To, c.From))
		}
	}
	return lines
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// spoken lists the gateways that this build has adapters for.
func spoken() []string { return slices.Sorted(maps.Keys(adapters)) }
