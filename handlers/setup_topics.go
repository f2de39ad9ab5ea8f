package handlers

import (
	"slices"

	"foyer/registration"
	"foyer/views"
)

// setupField is one value of an event file that a form asks for. Its kind says how: text and area in both languages, word, lines, day,
// moment, number, money in each currency, choice, yes, ids.
type setupField struct {
	path string // in the file, or in the item of its list
	kind string
	of   []string // of a choice
}

// setupList is a list of an event file that a form asks for row by row.
type setupList struct {
	path   string
	id     string // the field that a new row's id is made from
	fields []setupField
}

// setupTopic is one page of the setup.
type setupTopic struct {
	id     string
	fields []setupField
	lists  []setupList
}

// setupFile is the topic that has every key there is.
const setupFile = "file"

var setupTopics = []setupTopic{
	{id: "basics", fields: []setupField{
		{path: "event.name", kind: "text"}, {path: "event.place", kind: "text"}, {path: "event.about", kind: "area"},
		{path: "event.starts", kind: "day"}, {path: "event.ends", kind: "day"}, {path: "event.timezone", kind: "word"},
		{path: "event.tax", kind: "choice", of: []string{"included", "exempt", "none"}}, {path: "event.statement", kind: "word"},
	}},
	{id: "dates", fields: []setupField{
		{path: "event.state", kind: "choice", of: []string{"open", "draft", "closed", "cancelled"}}, {path: "event.state_text", kind: "area"},
		{path: "event.mode", kind: "choice", of: []string{"test", "live"}},
		{path: "registration.opens", kind: "moment"}, {path: "registration.closes", kind: "moment"},
	}},
	{id: "prices", lists: []setupList{
		{path: "phases", id: "name.en", fields: []setupField{{path: "name", kind: "text"}, {path: "until", kind: "moment"}}},
		{path: "categories", id: "name.en", fields: []setupField{
			{path: "name", kind: "text"}, {path: "note", kind: "text"}, {path: "prices", kind: "matrix"},
			{path: "evidence", kind: "choice", of: []string{"", "student_id", "member_number"}}, {path: "hidden", kind: "yes"},
		}},
	}},
	{id: "extras", lists: []setupList{{path: "extras", id: "name.en", fields: []setupField{
		{path: "name", kind: "text"}, {path: "note", kind: "text"}, {path: "price", kind: "money"}, {path: "max", kind: "number"},
	}}}},
	{id: "quotas", lists: []setupList{{path: "quotas", id: "of", fields: []setupField{{path: "places", kind: "number"}, {path: "of", kind: "ids"}}}}},
	{id: "refunds", fields: []setupField{{path: "event.refund_rule", kind: "area"}, {path: "refund_policy.fee", kind: "money"}, {path: "changes.cancel", kind: "moment"}},
		lists: []setupList{{path: "refund_policy.steps", fields: []setupField{{path: "until", kind: "moment"}, {path: "percent", kind: "number"}}}}},
	{id: "organizer", fields: []setupField{
		{path: "organizer.name", kind: "text"}, {path: "organizer.business_number", kind: "word"}, {path: "organizer.representative", kind: "word"},
		{path: "organizer.address", kind: "word"}, {path: "organizer.phone", kind: "word"}, {path: "organizer.email", kind: "word"},
		{path: "organizer.mail_order_number", kind: "word"}, {path: "organizer.privacy_officer", kind: "word"}, {path: "organizer.hosting", kind: "word"},
	}},
	{id: "legal", fields: []setupField{{path: "texts.terms", kind: "area"}, {path: "texts.privacy", kind: "area"}},
		lists: []setupList{{path: "consents", id: "label.en", fields: []setupField{{path: "label", kind: "text"}, {path: "required", kind: "yes"}}}}},
	{id: setupFile},
}

// topicOf finds a topic; nil when there is none.
func topicOf(id string) *setupTopic {
	if i := slices.IndexFunc(setupTopics, func(t setupTopic) bool { return t.id == id }); i >= 0 {
		return &setupTopics[i]
	}
	return nil
}

// topicFor is the page on which the value at a path of the event file is set.
func topicFor(path string) string {
	for _, t := range setupTopics {
		for _, f := range t.fields {
			if within(path, f.path) {
				return t.id
			}
		}
		for _, l := range t.lists {
			if within(path, l.path) {
				return t.id
			}
		}
	}
	return setupFile
}

// within reports whether a path is that of a part, or of something in it.
func within(path, part string) bool {
	return path == part || (len(path) > len(part) && path[:len(part)] == part && (path[len(part)] == '.' || path[len(part)] == '['))
}

// input is one control of a field: its name behind the field's, and what is typed in.
type input struct {
	name, kind, key, lang string
	cur                   registration.Currency
	of                    []views.SetupOption
}

// inputs are the controls of a field. name is how its names begin.
func (p *setupForm) inputs(f setupField, name, key string) []input {
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
				all = append(all, input{name: name + "." + phase.id + "." + string(cur), kind: "money", key: key, cur: cur, lang: phase.name})
			}
		}
		return all
	case "choice":
		for _, value := range f.of {
			one.of = append(one.of, views.SetupOption{Value: value, Label: views.T(p.lang, "setup.choice."+key+"."+unnamed(value))})
		}
	case "ids":
		one.of = p.counted
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
