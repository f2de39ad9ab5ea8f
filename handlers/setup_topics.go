package handlers

import (
	"slices"
	"strings"

	"foyer/registration"
)

// setupField is one value of an event file that a form asks for. Its kind says how: text and area in both languages, word, day, moment,
// number, hours, money in each currency, choice, yes, ids, when (a question's condition), more (new items, one a line), ask (whether something is asked), steps (shares by date of
// each category), secrets (a channel's keys).
type setupField struct {
	path  string // in the file, or in the item of its list
	kind  string
	of    []string // of a choice; among an event's own things @categories, @extras, @counted or @methods
	on    string   // of a channel, the gateways that have it, or new; all when empty
	usual string   // of a choice, what counts when there is none; the first of them when it is empty
}

// setupList is a list of an event file that a form asks for row by row.
type setupList struct {
	path   string
	id     string // the fields that a new row's id is made from
	fields []setupField
	inner  *setupList                  // a list in each item
	lines  bool                        // new items come from an area, one a line, and not from empty rows
	fixed  bool                        // items are made and removed on another page
	dated  bool                        // their dates say in which order items stand
	made   func(registration.FileTree) // what else a new item has, nil for nothing
	key    string                      // how the list's words are named, its path from the file's root; filled in by setupTopics
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

// evidence is asked for on two pages.
var evidence = setupField{path: "evidence", kind: "choice", of: []string{"", "student_id", "member_number"}}

var setupTopics = keyed([]setupTopic{
	{id: "basics", fields: []setupField{
		{path: "event.name", kind: "text"}, {path: "event.place", kind: "text"}, {path: "event.about", kind: "area"},
		{path: "event.starts", kind: "day"}, {path: "event.ends", kind: "day"}, {path: "event.timezone", kind: "word"},
		{path: "event.tax", kind: "choice", of: []string{"included", "exempt", "none"}}, {path: "event.statement", kind: "word"},
	}},
	{id: "dates", fields: []setupField{
		{path: "event.state", kind: "choice", of: []string{"open", "draft", "closed", "cancelled"}},
		{path: "event.mode", kind: "choice", of: []string{"test", "live"}}, {path: "event.state_text", kind: "area"},
		{path: "registration.opens", kind: "moment"}, {path: "registration.closes", kind: "moment"},
	}},
	{id: "prices", fields: []setupField{{path: "registration.unpaid", kind: "choice", of: []string{"keep", "reprice"}}}, lists: []setupList{
		{path: "phases", id: "name.en", dated: true, fields: []setupField{{path: "name", kind: "text"}, {path: "until", kind: "moment"}}},
		{path: "categories", id: "name.en", fields: []setupField{
			{path: "name", kind: "text"}, {path: "note", kind: "text"}, {path: "prices", kind: "matrix"},
			evidence, {path: "hidden", kind: "yes"},
		}},
	}},
	{id: "extras", lists: []setupList{{path: "extras", id: "name.en", fields: []setupField{
		{path: "name", kind: "text"}, {path: "note", kind: "text"}, {path: "price", kind: "money"}, {path: "max", kind: "number"},
		{path: "categories", kind: "ids", of: []string{"@categories"}},
	}}}},
	{id: "person", fields: []setupField{
		{path: "person.passport_name", kind: "ask"}, {path: "person.affiliation", kind: "ask", usual: "optional"}, {path: "person.affiliation_en", kind: "ask"},
		{path: "person.title", kind: "ask"}, {path: "person.country", kind: "ask"}, {path: "person.badge_name", kind: "ask"},
		{path: "person.phone", kind: "ask"}, {path: "person.verify_phone", kind: "yes"},
	}},
	{id: "questions", lists: []setupList{{path: "questions", id: "label.en", fields: []setupField{
		{path: "label", kind: "text"}, {path: "hint", kind: "text"},
		{path: "kind", kind: "choice", of: []string{"text", "choice", "many", "number", "date", "country", "phone", "file"}},
		{path: "required", kind: "yes"}, {path: "per", kind: "choice", of: []string{"person", "order"}},
		{path: "min", kind: "number"}, {path: "max", kind: "number"}, {path: "if", kind: "when"}, {path: "categories", kind: "ids", of: []string{"@categories"}},
	}, inner: &setupList{path: "options", id: "label.en", lines: true, fields: []setupField{{path: "label", kind: "text"}, {path: "places", kind: "number"}}}}}},
	{id: "quotas", lists: []setupList{{path: "quotas", id: "of", fields: []setupField{{path: "places", kind: "number"}, {path: "of", kind: "ids", of: []string{"@counted"}}}}}},
	{id: "groups", fields: []setupField{{path: "groups.max", kind: "number"}, {path: "groups.replace", kind: "moment"}}},
	{id: "waiting", fields: []setupField{{path: "waiting_list.offer", kind: "hours"}}},
	{id: "approval", fields: []setupField{{path: "approval.pay_within", kind: "hours"}, {path: "approval.until", kind: "moment"}},
		lists: []setupList{{path: "categories", fixed: true, fields: []setupField{evidence, {path: "approval", kind: "choice", of: []string{"", "before", "after"}}}}}},
	{id: "papers", fields: []setupField{
		{path: "papers.categories", kind: "ids", of: []string{"@categories"}}, {path: "papers.needed", kind: "ids", of: []string{"@categories"}},
		{path: "papers.per_registration", kind: "number"}, {path: "papers.extra_paper", kind: "choice", of: []string{"", "@extras"}},
		{path: "papers.extra_page", kind: "choice", of: []string{"", "@extras"}}, {path: "papers.deadline", kind: "moment"},
	}},
	{id: "refunds", fields: []setupField{{path: "event.refund_rule", kind: "area"}, {path: "refund_policy.fee", kind: "money"}, {path: "changes.cancel", kind: "moment"}, {path: "refund_policy.categories", kind: "steps"}},
		lists: []setupList{{path: "refund_policy.steps", dated: true, fields: []setupField{{path: "until", kind: "moment"}, {path: "percent", kind: "number"}}}}},
	{id: "changes", fields: []setupField{{path: "changes.details", kind: "moment"}, {path: "changes.order", kind: "moment"}, {path: "changes.transfer", kind: "moment"}}},
	{id: "channels", lists: []setupList{{path: "channels", id: "gateway currency", fields: channelFields, made: newChannel}}},
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
