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

// setupForm turns a topic's form into a changed event file, and a problem of the file into one of the form.
type setupForm struct {
	topic      *setupTopic
	lang       registration.Lang
	tree       registration.FileTree // of the event as it is stored; changed by take
	posted     url.Values            // nil: the stored values are shown
	currencies []registration.Currency
	phases     []views.SetupColumn // for the prices of categories
	event      *registration.Event
	row        int              // of the stored list, while one of its items is looked at
	rows       map[string][]int // by list, for each item of the changed file the row that it came from
	names      []string         // of every control, in their order
	problems   []views.Problem
	moved      string              // id of the button from which to go on, after an item was moved
	kept       map[string][]string // by channel, the keys that are stored and that no file can say
	secrets    map[string]string   // by control, the keys that were typed
}

// newSetupForm prepares a topic of an event.
func newSetupForm(topic *setupTopic, e *registration.Event, tree registration.FileTree, l registration.Lang, posted url.Values) *setupForm {
	p := &setupForm{topic: topic, lang: l, tree: tree, posted: posted, event: e, rows: map[string][]int{}, secrets: map[string]string{}}
	used := registration.Prices{registration.KRW: 0, registration.USD: 0}
	for _, cur := range views.EventCurrencies(e) {
		used[cur] = 0
	}
	p.currencies = used.Currencies()
	for _, ph := range e.Phases {
		column := views.SetupColumn{ID: ph.ID, Name: views.PhaseName(l, &ph)}
		if !ph.Until.IsZero() {
			column.Until = views.T(l, "fees.until", "time", views.Deadline(l, ph.Until, e.Location()))
		}
		p.phases = append(p.phases, column)
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
		lines[i] = cleaned(line, registration.CleanLine)
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

func (p *setupForm) wrong(name, key string, args ...any) {
	p.problems = append(p.problems, views.Problem{Field: fieldOf(name), Key: key, Args: args})
}

// take puts what was typed into the tree.
func (p *setupForm) take() {
	for _, f := range p.topic.fields {
		p.takeField(p.tree, f, f.path, f.path)
	}
	for _, l := range p.topic.lists {
		p.takeList(p.tree, l, l.path)
	}
}

// takeField puts one field into an item, or into the file itself. name is how its controls are named.
func (p *setupForm) takeField(item registration.FileTree, f setupField, name, key string) {
	for _, in := range p.inputs(item, f, name, key) {
		path := f.path + strings.TrimPrefix(in.name, name)
		if in.column != "" && !p.hasPhase(in.column) {
			item.Set(path, "") // goes with its phase
			continue
		}
		switch in.kind {
		case "ids":
			item.SetWords(path, p.chosen(in.name))
			continue
		case "when":
			p.takeWhen(item, path, in.name)
			continue
		case "secret":
			p.takeSecret(in.name)
			continue
		case "steps":
			p.takeSteps(item, path, in.name)
			continue
		}
		value := p.typed(in.name)
		if in.kind != "text" && in.kind != "area" {
			value = strings.Map(narrow, value)
		}
		switch {
		case in.kind == "money" && value != "":
			n, wrong := typedAmount(fieldOf(in.name), value, in.cur)
			if value = strconv.FormatInt(n, 10); len(wrong) > 0 {
				p.problems = append(p.problems, wrong...)
			}
		case in.kind == "number":
			value = strings.ReplaceAll(value, ",", "")
		case in.kind == "day" || in.kind == "moment":
			value = momentTyped(value)
		case in.kind == "yes" && value != "":
			value = "true"
		case in.kind == "hours" && strings.Trim(value, "0123456789") == "" && value != "":
			value += "h"
		}
		item.Set(path, value)
	}
}

// hasPhase reports whether the changed file still has a phase.
func (p *setupForm) hasPhase(id string) bool {
	return slices.ContainsFunc(p.tree.Items("phases"), func(ph registration.FileTree) bool { return ph.Text("id") == id })
}

// dayTyped is a day as people write it, such as 2028. 5. 2. or 2028년 5월 2일.
var dayTyped = regexp.MustCompile(`^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?:[.일]|\b)`)

// momentTyped is a day or a moment as an event file has it, of one that was typed as people write it.
func momentTyped(value string) string {
	m := dayTyped.FindStringSubmatch(value)
	if m == nil {
		return value
	}
	return fmt.Sprintf("%s-%02s-%02s%s", m[1], m[2], m[3], value[len(m[0]):])
}

// narrow makes plain digits and signs of those of full width.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// takeList makes a list of an item, or of the file itself, anew: rows that stand there already keep what the form does not ask for. name is
// how its controls are named.
func (p *setupForm) takeList(in registration.FileTree, l setupList, name string) {
	stored := in.Items(l.path)
	taken := p.takenIDs(stored)
	var kept []registration.FileTree
	for n := range p.rowCount(l, stored, name) {
		row := fmt.Sprintf("%s.%d", name, n)
		item, known := registration.NewFileTree(), false
		p.row = len(stored)
		if from, ok := p.from(row, stored); ok {
			item, known, p.row = stored[from], true, from
		}
		if p.posted.Get(row+".remove") != "" && !l.fixed || (!known && (l.fixed || p.blank(l, row))) {
			continue
		}
		if !known && l.id != "" {
			item.Set("id", newID(taken, p.called(row, l), l.one()))
		}
		for _, f := range l.fitting(item) {
			p.takeField(item, f, row+"."+f.path, l.key+"."+f.path)
		}
		if !known && l.made != nil {
			l.made(item)
		}
		if l.inner != nil {
			p.takeList(item, *l.inner, row+"."+l.inner.path)
		}
		kept, p.rows[name] = append(kept, item), append(p.rows[name], n)
	}
	if l.lines {
		kept = append(kept, p.takeLines(l, name, taken)...)
	}
	if l.moves() {
		p.moveItem(name, kept)
	}
	in.SetItems(l.path, kept)
}

// from is the stored item that a row of the form shows.
func (p *setupForm) from(row string, stored []registration.FileTree) (int, bool) {
	from, err := strconv.Atoi(p.posted.Get(row + ".from"))
	return from, err == nil && from >= 0 && from < len(stored)
}

// mostRows is how many rows of a list a form may have.
const mostRows = 200

// rowCount is how many rows the form has: those of the stored list and the empty ones, or as many as were posted.
func (p *setupForm) rowCount(l setupList, stored []registration.FileTree, name string) int {
	if p.posted == nil && (l.lines || l.fixed) {
		return len(stored)
	}
	if p.posted == nil {
		return len(stored) + 2
	}
	n, err := strconv.Atoi(p.posted.Get(name + ".rows"))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, mostRows)
}

// blank reports whether nothing was filled in. What is chosen beforehand is nothing.
func (p *setupForm) blank(l setupList, row string) bool {
	none := registration.NewFileTree()
	for _, f := range l.fitting(none) {
		for _, in := range p.inputs(none, f, row+"."+f.path, l.key+"."+f.path) {
			value := strings.TrimSpace(p.posted.Get(in.name))
			if value != "" && (in.kind != "choice" || value != in.usual) {
				return false
			}
		}
	}
	return l.inner == nil || !l.inner.lines || strings.TrimSpace(p.posted.Get(row+"."+l.inner.path+".more")) == ""
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// takenIDs are the ids that a new item of a list cannot have.
func (p *setupForm) takenIDs(stored []registration.FileTree) map[string]bool {
	taken := map[string]bool{"": true, "order": true, "terms": true}
	for _, list := range [][]registration.FileTree{stored, p.tree.Items("categories"), p.tree.Items("extras")} {
		for _, item := range list {
			taken[item.Text("id")] = true
		}
	}
	return taken
}

// called is what a new row's id is made from.
func (p *setupForm) called(row string, l setupList) string {
	var all []string
	for name := range strings.FieldsSeq(l.id) {
		all = append(all, p.posted.Get(row+"."+name))
	}
	return strings.Join(all, " ")
}

// newID makes an id out of what something is called in English, or of what it is, and takes it.
func newID(taken map[string]bool, called, one string) string {
	base := strings.ToLower(called)
	base = strings.Trim(notID.ReplaceAllString(base, "-"), "-")
	base = strings.TrimRight(base[:min(len(base), 40)], "-")
	if base == "" {
		base = one
	}
	id := base
	for n := 2; taken[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

// indexed are the places of a path where it goes into a list.
var indexed = regexp.MustCompile(`\[(\d+)\]`)

// fail makes problems of the form out of those of the file.
func (p *setupForm) fail(list []registration.FileProblem) {
	for _, w := range list {
		path := w.Path
		for _, l := range p.topic.lists {
			if within(path, l.path) {
				path = p.rowOf(path, l, l.path)
			}
		}
		if w.Say == "%s" {
			path = p.channelControl(path, w.Text)
		}
		problem := sayProblem(p.lang, w)
		field, mine := p.control(indexed.ReplaceAllString(path, ""))
		if problem.Field = field; !mine {
			problem.Of = p.place(w.Path)
		}
		if !slices.ContainsFunc(p.problems, func(o views.Problem) bool {
			return o.Field == problem.Field && (mine || o.Of == problem.Of && o.Text(p.lang) == problem.Text(p.lang))
		}) {
			p.problems = append(p.problems, problem)
		}
	}
}

// place names where a value of another page is found: the title of that page, the code of a voucher, or the path where only the file has
// it.
func (p *setupForm) place(path string) string {
	if m := indexed.FindStringSubmatch(path); p.topic.id != setupFile && within(path, "vouchers") && m != nil {
		if i, err := strconv.Atoi(m[1]); err == nil && i < len(p.tree.Items("vouchers")) {
			return views.T(p.lang, "setup.voucher", "code", p.tree.Items("vouchers")[i].Text("code"))
		}
	}
	if topic := topicFor(path); p.topic.id != setupFile && topic != setupFile {
		return views.T(p.lang, "setup.topic."+topic)
	}
	return path
}

// rowOf is a path of the changed file with the rows of the form in the place of the items of a list, and of the list in it.
func (p *setupForm) rowOf(path string, l setupList, name string) string {
	m := indexed.FindStringSubmatch(path[len(name):])
	if m == nil || !strings.HasPrefix(path[len(name):], m[0]) {
		return path
	}
	i, err := strconv.Atoi(m[1])
	if err != nil || i >= len(p.rows[name]) {
		if l.lines {
			return name + ".more"
		}
		return path
	}
	rest := path[len(name)+len(m[0]):]
	path = fmt.Sprintf("%s.%d%s", name, p.rows[name][i], rest)
	if l.inner != nil && within(strings.TrimPrefix(rest, "."), l.inner.path) {
		return p.rowOf(path, *l.inner, fmt.Sprintf("%s.%d.%s", name, p.rows[name][i], l.inner.path))
	}
	return path
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
		return views.Problem{Key: "setup.say_other", Args: []any{"text", strings.TrimPrefix(w.Text, w.Path+": ")}}
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
