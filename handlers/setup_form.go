package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// Limits of a setup form. An event file of a large conference has a few tens of KB; each Korean letter is posted as nine.
const (
	maxSetup     = 1 << 20
	maxSetupText = 50_000 // characters of one value
)

// named is a phase, for the prices of categories.
type named struct{ id, name string }

// setupForm turns a topic's form into a changed event file, and a problem of the file into one of the form.
type setupForm struct {
	topic      *setupTopic
	lang       registration.Lang
	tree       registration.FileTree // of the event as it is stored; changed by take
	posted     url.Values            // nil: the stored values are shown
	currencies []registration.Currency
	phases     []named
	counted    []views.SetupOption // what a quota may count
	rows       map[string][]int    // by list, for each item of the changed file the row that it came from
	names      []string            // of every control, in their order
	problems   []views.Problem
}

// newSetupForm prepares a topic of an event.
func newSetupForm(topic *setupTopic, e *registration.Event, tree registration.FileTree, l registration.Lang, posted url.Values) *setupForm {
	p := &setupForm{topic: topic, lang: l, tree: tree, posted: posted, rows: map[string][]int{}}
	used := registration.Prices{registration.KRW: 0, registration.USD: 0}
	for _, cur := range views.EventCurrencies(e) {
		used[cur] = 0
	}
	p.currencies = used.Currencies()
	for _, ph := range e.Phases {
		p.phases = append(p.phases, named{ph.ID, ph.Name.In(l)})
	}
	for _, c := range e.Categories {
		p.counted = append(p.counted, views.SetupOption{Value: c.ID, Label: c.Name.In(l)})
	}
	for _, x := range e.Extras {
		p.counted = append(p.counted, views.SetupOption{Value: x.ID, Label: x.Name.In(l)})
	}
	for _, q := range e.Questions {
		for _, o := range q.Options {
			p.counted = append(p.counted, views.SetupOption{Value: registration.OptionQuota(q.ID, o.ID), Label: q.Label.In(l) + ": " + o.Label.In(l)})
		}
	}
	return p
}

// typed is what was typed into a control, as clean text; several lines stay several.
func (p *setupForm) typed(name string) string {
	values := p.posted[name]
	if len(values) == 0 {
		return ""
	}
	text := values[0]
	if len(text) > 4*maxSetupText {
		text = text[:4*maxSetupText]
		p.wrong(name, "setup.long")
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = cleanedLine(line)
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	switch {
	case strings.Contains(text, badText):
		p.wrong(name, "form.text")
	case registration.HoldsCardNumber(text):
		p.wrong(name, "form.nocard")
	}
	return text
}

// cleanedLine is one line of clean text; bytes that are no text become badText.
func cleanedLine(line string) string {
	if text, ok := registration.CleanLine(line); ok {
		return text
	}
	text, _ := registration.CleanLine(strings.ToValidUTF8(line, ""))
	return text + badText
}

func (p *setupForm) wrong(name, key string, args ...any) {
	p.problems = append(p.problems, views.Problem{Field: fieldOf(name), Key: key, Args: args})
}

// take puts what was typed into the tree.
func (p *setupForm) take() {
	for _, f := range p.topic.fields {
		p.takeField(p.tree, f, f.path, f.path)
	}
	for _, l := range p.topic.lists {
		p.takeList(l)
	}
}

// takeField puts one field into an item, or into the file itself. name is how its controls are named.
func (p *setupForm) takeField(item registration.FileTree, f setupField, name, key string) {
	for _, in := range p.inputs(f, name, key) {
		path := f.path + strings.TrimPrefix(in.name, name)
		if in.kind == "ids" {
			item.SetWords(path, p.posted[in.name])
			continue
		}
		value := p.typed(in.name)
		if in.kind != "text" && in.kind != "area" {
			value = strings.Map(narrow, value)
		}
		switch {
		case in.kind == "money" && value != "":
			if m, err := registration.ParseMoney(value, in.cur); err == nil {
				value = strconv.FormatInt(m.Minor, 10)
			} else {
				p.wrong(in.name, "setup.amount")
			}
		case in.kind == "number":
			value = strings.ReplaceAll(value, ",", "")
		case in.kind == "day" || in.kind == "moment":
			value = strings.TrimSuffix(strings.NewReplacer(". ", "-", ".", "-", "/", "-").Replace(value), "-")
		case in.kind == "yes" && value != "":
			value = "true"
		}
		item.Set(path, value)
	}
}

// narrow makes plain digits and signs of those of full width.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// takeList makes a list anew: rows that stand there already keep what the form does not ask for.
func (p *setupForm) takeList(l setupList) {
	stored := p.tree.Items(l.path)
	var kept []registration.FileTree
	for row := 0; row < p.rowCount(l); row++ {
		name := fmt.Sprintf("%s.%d", l.path, row)
		item, known := registration.NewFileTree(), false
		if from, err := strconv.Atoi(p.posted.Get(name + ".from")); err == nil && from >= 0 && from < len(stored) {
			item, known = stored[from], true
		}
		if p.posted.Get(name+".remove") != "" || (!known && p.blank(l, name)) {
			continue
		}
		if !known && l.id != "" {
			item.Set("id", p.newID(l, name))
		}
		for _, f := range l.fields {
			p.takeField(item, f, name+"."+f.path, l.path+"."+f.path)
		}
		kept, p.rows[l.path] = append(kept, item), append(p.rows[l.path], row)
	}
	p.tree.SetItems(l.path, kept)
}

// mostRows is how many rows of a list a form may have.
const mostRows = 200

// rowCount is how many rows the form has: those of the stored list and the empty ones, or as many as were posted.
func (p *setupForm) rowCount(l setupList) int {
	if p.posted == nil {
		return len(p.tree.Items(l.path)) + 2
	}
	n, err := strconv.Atoi(p.posted.Get(l.path + ".rows"))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, mostRows)
}

// blank reports whether nothing was filled in.
func (p *setupForm) blank(l setupList, name string) bool {
	for _, f := range l.fields {
		for _, in := range p.inputs(f, name+"."+f.path, l.path+"."+f.path) {
			if in.kind != "choice" && strings.TrimSpace(p.posted.Get(in.name)) != "" {
				return false
			}
		}
	}
	return true
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// newID makes the id of a new row out of what it is called in English.
func (p *setupForm) newID(l setupList, name string) string {
	taken := map[string]bool{"": true, "order": true, "terms": true}
	for _, list := range []string{l.path, "categories", "extras"} {
		for _, item := range p.tree.Items(list) {
			taken[item.Text("id")] = true
		}
	}
	for row := range p.rowCount(l) { // of rows before this one
		taken[p.posted.Get(fmt.Sprintf("%s.%d.made", l.path, row))] = true
	}
	base := strings.Trim(notID.ReplaceAllString(strings.ToLower(p.posted.Get(name+"."+l.id)), "-"), "-")
	base = base[:min(len(base), 40)]
	if base == "" {
		base = strings.TrimSuffix(l.path, "s")
	}
	id := base
	for n := 2; taken[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	p.posted.Set(name+".made", id)
	return id
}

// indexed are the places of a path where it goes into a list.
var indexed = regexp.MustCompile(`\[(\d+)\]`)

// fail makes problems of the form out of those of the file.
func (p *setupForm) fail(list []registration.FileProblem) {
	for _, w := range list {
		path := w.Path
		for _, l := range p.topic.lists {
			if !within(path, l.path) {
				continue
			}
			if m := indexed.FindStringSubmatch(path[len(l.path):]); m != nil {
				if i, err := strconv.Atoi(m[1]); err == nil && i < len(p.rows[l.path]) {
					path = fmt.Sprintf("%s.%d%s", l.path, p.rows[l.path][i], path[len(l.path)+len(m[0]):])
				}
			}
		}
		problem := sayProblem(p.lang, w)
		field, mine := p.control(indexed.ReplaceAllString(path, ""))
		if problem.Field = field; !mine {
			problem.Of = w.Path
		}
		if !slices.ContainsFunc(p.problems, func(o views.Problem) bool { return o.Field == problem.Field && mine }) {
			p.problems = append(p.problems, problem)
		}
	}
}

// control finds the control for a path: its own, the first of what it holds, or the one that holds it. The form as a whole stands in for a
// value of another page.
func (p *setupForm) control(path string) (id string, mine bool) {
	for try := path; try != ""; try = try[:max(strings.LastIndexByte(try, '.'), 0)] {
		for _, name := range p.names {
			if name == try || strings.HasPrefix(name, try+".") {
				return fieldOf(name), true
			}
		}
	}
	return "main", false
}

// sayProblem is a problem of an event file in the words of the pages. One that has no words there is told as the file's reader tells it.
func sayProblem(l registration.Lang, w registration.FileProblem) views.Problem {
	key := "setup.say." + w.Say
	if !views.Has(l, key) {
		return views.Problem{Key: "setup.say_other", Args: []any{"text", w.Text}}
	}
	var args []any
	for i, a := range w.Args {
		args = append(args, string(rune('a'+i)), fmt.Sprint(a))
	}
	return views.Problem{Key: key, Args: args}
}

// fieldOf is the id of a control.
func fieldOf(name string) string {
	return strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(name)
}
