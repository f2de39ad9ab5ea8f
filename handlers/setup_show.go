package handlers

import (
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
		stored := p.tree.Items(l.path)
		list := views.SetupList{Name: l.path}
		for row := range p.rowCount(l) {
			name := fmt.Sprintf("%s.%d", l.path, row)
			r := views.SetupRow{Name: name, New: true}
			item, at := registration.NewFileTree(), row
			if p.posted != nil {
				if n, err := strconv.Atoi(p.posted.Get(name + ".from")); err == nil {
					at = n
				} else {
					at = len(stored)
				}
				r.Removed = p.posted.Get(name+".remove") != ""
			}
			if at >= 0 && at < len(stored) {
				item, r.New, r.From = stored[at], false, strconv.Itoa(at)
				r.Title = titleOfItem(item, p.lang, row)
			}
			for _, f := range l.fields {
				r.Fields = append(r.Fields, p.show(item, f, name+"."+f.path, l.path+"."+f.path)...)
			}
			list.Rows = append(list.Rows, r)
		}
		all = append(all, list)
	}
	return all
}

// titleOfItem names a row by what it is called.
func titleOfItem(item registration.FileTree, l registration.Lang, row int) string {
	for _, path := range []string{"name." + string(l), "label." + string(l), "name.en", "label.en", "name.ko", "label.ko", "id"} {
		if text := item.Text(path); text != "" {
			return text
		}
	}
	return strconv.Itoa(row + 1)
}

// show gives the controls of a field with what is stored, or with what was typed.
func (p *setupForm) show(item registration.FileTree, f setupField, name, key string) []views.SetupField {
	var all []views.SetupField
	for _, in := range p.inputs(f, name, key) {
		path := f.path + strings.TrimPrefix(in.name, name)
		value := item.Text(path)
		chosen := item.Words(path)
		if m, err := strconv.ParseInt(value, 10, 64); err == nil && in.kind == "money" {
			value = registration.Money{Minor: m, Cur: in.cur}.Decimal()
		}
		if p.posted != nil {
			value, chosen = p.shownAgain(in.name), p.posted[in.name]
		}
		field := views.SetupField{Name: in.name, ID: fieldOf(in.name), Kind: in.kind, Label: p.label(in), Value: value}
		if hint := "setup.hint." + in.key; views.Has(p.lang, hint) && in.kind != "money" {
			field.Hint = views.T(p.lang, hint)
		}
		for i, o := range in.of {
			o.Chosen = slices.Contains(chosen, o.Value) || (in.kind == "choice" && (o.Value == value || (value == "" && i == 0)))
			field.Options = append(field.Options, o)
		}
		all, p.names = append(all, field), append(p.names, in.name)
	}
	return all
}

// shownAgain is what was typed, fit for being shown: no card number, no bytes that are no text.
func (p *setupForm) shownAgain(name string) string {
	text := strings.ToValidUTF8(p.posted.Get(name), "")
	if registration.HoldsCardNumber(text) {
		return ""
	}
	return strings.ReplaceAll(text[:min(len(text), 4*maxSetupText)], "\x00", "")
}

// label names a control: the field, and the language, currency or phase that it is for.
func (p *setupForm) label(in input) string {
	text := views.T(p.lang, "setup.field."+in.key)
	switch {
	case in.kind == "money" && in.lang != "":
		return in.lang + " " + string(in.cur)
	case in.kind == "money":
		return text + " " + string(in.cur)
	case in.lang != "":
		return text + " " + views.T(p.lang, "setup.in."+in.lang)
	}
	return text
}
