package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// fields are the controls of the topic outside of lists, with their values.
func (p *setupForm) fields() []views.SetupField {
	var all []views.SetupField
	for _, f := range p.topic.fields {
		all = append(all, p.show(p.tree, f, f.path, f.path)...)
	}
	return all
}

// lists are the rows of the topic's lists, with two empty ones behind each.
func (p *setupForm) lists() []views.SetupList {
	var all []views.SetupList
	for _, l := range p.topic.lists {
		all = append(all, p.list(p.tree, l, l.path))
	}
	return all
}

// list are the rows of a list of an item, or of the file itself.
func (p *setupForm) list(in registration.FileTree, l setupList, name string) views.SetupList {
	stored := in.Items(l.path)
	list := views.SetupList{Name: name, Key: l.key, Fixed: l.fixed, Moves: l.moves()}
	if slices.ContainsFunc(l.fields, func(f setupField) bool { return f.kind == "matrix" }) {
		list.Columns = p.phases
	}
	for n := range p.rowCount(l, stored, name) {
		row := fmt.Sprintf("%s.%d", name, n)
		r := views.SetupRow{Name: row, New: true}
		item, at := registration.NewFileTree(), n
		if p.posted != nil {
			var known bool
			if at, known = p.from(row, stored); !known {
				at = len(stored)
			}
			r.Removed = p.posted.Get(row+".remove") != ""
		}
		if at < len(stored) {
			item, r.New, r.From = stored[at], false, strconv.Itoa(at)
			r.ID, r.Title = item.Text("id"), p.titleOf(item, n)
		}
		for _, f := range l.fitting(item) {
			p.row = at
			r.Fields = append(r.Fields, p.show(item, f, row+"."+f.path, l.key+"."+f.path)...)
		}
		if l.inner != nil {
			inner := p.list(item, *l.inner, row+"."+l.inner.path)
			r.Inner = &inner
		}
		list.Rows = append(list.Rows, r)
	}
	if l.lines {
		list.More = p.show(registration.NewFileTree(), setupField{path: "more", kind: "more"}, name+".more", l.key+".more")
	}
	return list
}

// titleOf names a row by what it is called.
func (p *setupForm) titleOf(item registration.FileTree, row int) string {
	if item.Text("gateway") != "" {
		return p.channelTitle(item)
	}
	for _, path := range []string{"name." + string(p.lang), "label." + string(p.lang), "name.en", "label.en", "name.ko", "label.ko"} {
		if text := item.Text(path); text != "" {
			return text
		}
	}
	if of := item.Words("of"); len(of) > 0 {
		return p.namesOf(of)
	}
	id := item.Text("id")
	if i := slices.IndexFunc(p.phases, func(c views.SetupColumn) bool { return c.ID == id }); i >= 0 {
		return p.phases[i].Name
	}
	return cmp.Or(id, momentOf(item.Text("until")), strconv.Itoa(row+1))
}

// namesOf are what a quota counts, as far as there is room for it.
func (p *setupForm) namesOf(ids []string) string {
	var names []string
	for _, o := range p.among("@counted") {
		if slices.Contains(ids, o.Value) {
			names = append(names, o.Label)
		}
	}
	text := []rune(strings.Join(names, ", "))
	if len(text) > 80 {
		return string(text[:80]) + "…"
	}
	return string(text)
}

// show gives the controls of a field with what is stored, or with what was typed.
func (p *setupForm) show(item registration.FileTree, f setupField, name, key string) []views.SetupField {
	var all []views.SetupField
	for _, in := range p.inputs(item, f, name, key) {
		if in.kind == "when" && len(in.of) == 0 {
			continue // there is nothing yet to depend on
		}
		path := f.path + strings.TrimPrefix(in.name, name)
		value := item.Text(path)
		chosen := item.Words(path)
		switch in.kind {
		case "when":
			chosen = whenOf(item, path)
		case "hours":
			value = hoursOf(value)
		case "moment":
			value = momentOf(value)
		case "ids":
			if len(chosen) == 0 && f.of[0] == "@methods" {
				chosen = []string{"card"}
			}
		case "steps":
			value = stepsOf(item, path)
		}
		if m, err := strconv.ParseInt(value, 10, 64); err == nil && in.kind == "money" {
			value = registration.Money{Minor: m, Cur: in.cur}.Decimal()
		}
		if in.kind == "secret" {
			value = ""
		} else if p.posted != nil {
			value, chosen = p.shownAgain(in.name), p.posted[in.name]
		}
		field := views.SetupField{Name: in.name, ID: fieldOf(in.name), Kind: in.kind, Label: p.label(in), Value: value, Column: in.column, Unit: string(in.cur)}
		if hint := "setup.hint." + in.key; views.Has(p.lang, hint) && in.kind != "money" {
			field.Hint = views.T(p.lang, hint)
		}
		if in.kind == "secret" {
			field.Hint = p.keyHint(item, in.lang)
		}
		for _, o := range in.of {
			o.Chosen = slices.Contains(chosen, o.Value) || (in.kind == "choice" && (o.Value == value || (value == "" && o.Value == in.usual)))
			field.Options = append(field.Options, o)
		}
		all, p.names = append(all, field), append(p.names, in.name)
	}
	return all
}

// shownAgain is what was typed, fit for being shown: no card number, no bytes that are no text.
func (p *setupForm) shownAgain(name string) string {
	text := strings.ToValidUTF8(p.posted.Get(name), "")
	return registration.WithoutCardNumbers(strings.ReplaceAll(text[:min(len(text), 4*maxSetupText)], "\x00", ""))
}

// label names a control: the field, and the language, currency or phase that it is for.
func (p *setupForm) label(in input) string {
	text := views.T(p.lang, "setup.field."+in.key)
	switch {
	case in.column != "":
		i := slices.IndexFunc(p.phases, func(c views.SetupColumn) bool { return c.ID == in.column })
		return p.phases[i].Name + " " + string(in.cur)
	case in.kind == "money":
		return text + " " + string(in.cur)
	case in.kind == "secret":
		return text + " " + in.lang
	case in.kind == "steps":
		return in.lang
	case in.lang != "":
		return views.InLanguage(p.lang, text, in.lang)
	}
	return text
}
