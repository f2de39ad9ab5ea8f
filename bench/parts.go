package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// part is one thing that is measured.
type part struct {
	name  string // for -only
	what  string // for whoever waits
	do    func(*bench, context.Context) error
	after string // name of the part whose database it uses; "" for none
}

// parts are all of them, in the order in which they are measured.
var parts = []part{
	{name: "register", what: "registering over HTTP", do: (*bench).register},
	{name: "start", what: "starting", do: (*bench).startup, after: "register"},
	{name: "groups", what: "registering groups", do: (*bench).groups, after: "register"},
	{name: "store", what: "writing to the store alone", do: (*bench).storeAlone},
	{name: "late", what: "standing beside a late gateway", do: (*bench).lateGateway},
	{name: "forged", what: "standing beside forged webhooks", do: (*bench).forgedWebhooks},
	{name: "steps", what: "walking through pages and steps", do: (*bench).pagesAndSteps},
}

// choose gives the parts that a list names, such as "start,steps", together with those that they need.
func choose(list string) ([]part, error) {
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == strings.TrimSpace(name) })
		if i < 0 {
			return nil, fmt.Errorf("there is no part %q; there are %s", name, partNames())
		}
		wanted[parts[i].name], wanted[parts[i].after] = true, true
	}
	var chosen []part
	for _, p := range parts {
		if wanted[p.name] {
			chosen = append(chosen, p)
		}
	}
	return chosen, nil
}

func partNames() string {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

// measure does one part after the other; they share the machine, so never two at once.
func (b *bench) measure(ctx context.Context) error {
	if err := b.part(ctx, part{what: "building", do: (*bench).build}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for _, p := range b.plan.parts {
		if err := b.part(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) part(ctx context.Context, p part) error {
	start := time.Now()
	fmt.Fprintf(b.progress, "%s ...", p.what)
	err := p.do(b, ctx)
	fmt.Fprintf(b.progress, " %.0f s\n", time.Since(start).Seconds())
	if err != nil {
		return fmt.Errorf("%s: %w", p.what, err)
	}
	return nil
}
