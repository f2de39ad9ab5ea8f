package handlers

import (
	"slices"
	"strings"
)

// setupField is one value of an event file that a form asks for. Its kind says how: text and area in both languages, word, day, moment,
// number, hours, money in each currency, choice, yes, ids, when (a question's condition), more (new items, one a line).
type setupField struct {
	path  string // in the file, or in the item of its list
	kind  string
	of    []string // of a choice; for ids and choices among an event's own things @categories, @extras or @counted
	usual string   // of a choice, what counts when there is none; the first of them when it is empty
}

// setupList is a list of an event file that a form asks for row by row.
type setupList struct {
	path   string
	id     string // the fields that a new row's id is made from
	fields []setupField
	inner  *setupList // a list in each item
	lines  bool       // new items come from an area, one a line, and not from empty rows
	fixed  bool       // items are made and removed on another page
	key    string     // how the list's words are named, its path from the file's root; filled in by setupTopics
}

// one is what a single item is called in an id.
func (l setupList) one() string { return strings.TrimSuffix(l.path, "s") }

// setupTopic is one page of the setup.
type setupTopic struct {
	id     string
	fields []setupField
	lists  []setupList
}

// setupFile is the topic that has every key there is.
const setupFile = "file"

var setupTopics = keyed([]setupTopic{
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
	{id: "questions", lists: []setupList{{path: "questions", id: "label.en", fields: []setupField{
		{path: "label", kind: "text"}, {path: "hint", kind: "text"},
		{path: "kind", kind: "choice", of: []string{"text", "choice", "many", "number", "date", "country", "phone", "file"}},
		{path: "required", kind: "yes"}, {path: "per", kind: "choice", of: []string{"person", "order"}},
		{path: "min", kind: "number"}, {path: "max", kind: "number"}, {path: "if", kind: "when"}, {path: "categories", kind: "ids", of: []string{"@categories"}},
	}, inner: &setupList{path: "options", id: "label.en", lines: true, fields: []setupField{{path: "label", kind: "text"}, {path: "places", kind: "number"}}}}}},
	{id: "quotas", lists: []setupList{{path: "quotas", id: "of", fields: []setupField{{path: "places", kind: "number"}, {path: "of", kind: "ids", of: []string{"@counted"}}}}}},
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
})

// keyed gives each list its key.
func keyed(all []setupTopic) []setupTopic {
	for _, t := range all {
		for i := range t.lists {
			l := &t.lists[i]
			l.key = l.path
			if l.inner != nil {
				l.inner.key = l.path + "." + l.inner.path
			}
		}
	}
	return all
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
