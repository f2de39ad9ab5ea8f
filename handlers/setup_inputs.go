package handlers

import (
	"cmp"
	"slices"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// input is one control of a field: its name behind the field's, and what is typed in.
type input struct {
	name, kind, key, lang string
	column                string // id of the phase that it is a price in
	cur                   registration.Currency
	of                    []views.SetupOption
	usual                 string // of a choice
}

// inputs are the controls of a field. name is how its names begin.
func (p *setupForm) inputs(item registration.FileTree, f setupField, name, key string) []input {
	one := input{name: name, kind: f.kind, key: key}
	switch f.kind {
	case "text", "area":
		ko, en := one, one
		ko.name, ko.lang, en.name, en.lang = name+".ko", "ko", name+".en", "en"
		return []input{ko, en}
	case "money":
		var all []input
		for _, cur := range p.currencies {
			all = append(all, input{name: name + "." + string(cur), kind: "money", key: key, cur: cur})
		}
		return all
	case "matrix":
		var all []input
		for _, phase := range p.phases {
			for _, cur := range p.currencies {
				all = append(all, input{name: name + "." + phase.ID + "." + string(cur), kind: "money", key: key, cur: cur, column: phase.ID})
			}
		}
		return all
	case "steps":
		var all []input
		for _, c := range p.event.Categories {
			all = append(all, input{name: name + "." + c.ID, kind: "steps", key: key, lang: c.Name.In(p.lang)})
		}
		return all
	case "secrets":
		var all []input
		for _, secret := range registration.CredentialNames(item.Text("gateway")) {
			all = append(all, input{name: name + "." + secret, kind: "secret", key: key, lang: secret})
		}
		return all
	case "ask":
		one.kind, one.usual = "choice", cmp.Or(f.usual, "none")
		for _, value := range []string{"none", "optional", "required"} {
			one.of = append(one.of, views.SetupOption{Value: value, Label: views.T(p.lang, "setup.ask."+value)})
		}
	case "choice":
		one.usual = f.usual
		for i, value := range f.of {
			if i == 0 && f.usual == "" {
				one.usual = value
			}
			if strings.HasPrefix(value, "@") {
				one.of = append(one.of, p.among(value)...)
				continue
			}
			one.of = append(one.of, views.SetupOption{Value: value, Label: views.T(p.lang, "setup.choice."+key+"."+unnamed(value))})
		}
	case "ids":
		if one.of = p.among(f.of[0]); f.of[0] == "@methods" {
			one.of = p.methodsOf(item)
		}
	case "when":
		one.of = p.earlier()
	}
	return []input{one}
}

// unnamed is the word for a choice of nothing.
func unnamed(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// among are the event's own things of a kind, of which some can be chosen.
func (p *setupForm) among(kind string) []views.SetupOption {
	var all []views.SetupOption
	if kind != "@extras" {
		for _, c := range p.event.Categories {
			all = append(all, views.SetupOption{Value: c.ID, Label: c.Name.In(p.lang)})
		}
	}
	if kind != "@categories" {
		for _, x := range p.event.Extras {
			all = append(all, views.SetupOption{Value: x.ID, Label: x.Name.In(p.lang)})
		}
	}
	if kind == "@counted" {
		all = append(all, p.options(p.event.Questions)...)
	}
	return all
}

// options are the options of questions, as quotas and conditions name them.
func (p *setupForm) options(questions []registration.Question) []views.SetupOption {
	var all []views.SetupOption
	for _, q := range questions {
		for _, o := range q.Options {
			all = append(all, views.SetupOption{Value: registration.OptionQuota(q.ID, o.ID), Label: q.Label.In(p.lang) + ": " + o.Label.In(p.lang)})
		}
	}
	return all
}

// earlier are the options of the questions before the one that is looked at, on which it may depend.
func (p *setupForm) earlier() []views.SetupOption {
	return p.options(p.event.Questions[:min(max(p.row, 0), len(p.event.Questions))])
}

// chosen are the boxes that were ticked, as clean lines.
func (p *setupForm) chosen(name string) []string {
	var all []string
	for _, value := range p.posted[name] {
		if id := cleaned(value, registration.CleanLine); id != "" && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// hoursOf is a duration of whole hours as their number; any other stays as it is written.
func hoursOf(stored string) string {
	if hours := strings.TrimSuffix(stored, "h"); strings.Trim(hours, "0123456789") == "" {
		return hours
	}
	return stored
}

// momentOf is a moment as people write it: without its T, and without seconds that are none.
func momentOf(stored string) string {
	if len(stored) != len("2027-06-30T23:59:59") {
		return stored
	}
	return strings.TrimSuffix(strings.Replace(stored, "T", " ", 1), ":00")
}
