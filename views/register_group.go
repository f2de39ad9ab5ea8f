package views

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"foyer/registration"
)

// RegisterGroupPage is the page on which one payer registers many people: who pays, and the list.
type RegisterGroupPage struct {
	Page       Page
	Event      *registration.Event
	Now        time.Time
	Payer      registration.Person // as it was typed
	Table      string              // the list as it was pasted, or as the file had it
	Needed     []string            // names of the columns that a list needs
	Possible   []string            // and of those that it may have
	AskVoucher bool                // the event has codes
	Voucher    string
	Asked      QuestionList // once for the order
	Problems   []Problem
	Listed     []ListProblem
}

// ListProblem is one thing in a list of people that has to be mended.
type ListProblem struct {
	Row    int    // counted from 1 as a spreadsheet does; 0 for the list as a whole
	Column string // name of the column, "" for the row as a whole
	Quota  string // of which too few places are left, "" for none
	Key    string
	Args   []any
}

// maxListed is how many problems of a list are told at once.
const maxListed = 50

// RegisterGroupPath is the address of the page on which one payer registers many people.
func RegisterGroupPath(event string) string { return RegisterPath(event) + "/group" }

// where says which row and column a problem is about, or which things have too few places.
func (p ListProblem) where(l registration.Lang, e *registration.Event) string {
	switch {
	case p.Quota != "":
		return quotaName(l, e, p.Quota)
	case p.Row == 0:
		return ""
	case p.Column == "":
		return T(l, "group.row", "row", int64(p.Row))
	}
	return T(l, "group.cell", "row", int64(p.Row), "column", p.Column)
}

// quotaName names what shares the places of a quota.
func quotaName(l registration.Lang, e *registration.Event, id string) string {
	i := slices.IndexFunc(e.Quotas, func(q registration.Quota) bool { return q.ID == id })
	if i < 0 {
		return id
	}
	var names []string
	for _, of := range e.Quotas[i].Of {
		if c := e.Category(of); c == nil || !c.Hidden {
			names = append(names, ItemName(l, e, of))
		}
	}
	return strings.Join(names, ", ")
}

// ItemName names a category, an extra or an option by its id; the id itself when there is none.
func ItemName(l registration.Lang, e *registration.Event, id string) string {
	question, option, _ := strings.Cut(id, ".")
	switch c, x, q := e.Category(id), e.Extra(id), e.Question(question); {
	case c != nil:
		return c.Name.In(l)
	case x != nil:
		return x.Name.In(l)
	case q != nil && q.Option(option) != nil:
		return q.Label.In(l) + " " + q.Option(option).Label.In(l)
	}
	return id
}

// listed are the problems of the list as the summary at the top tells them.
func (p RegisterGroupPage) listed() []Problem {
	var all []Problem
	for _, x := range p.Listed[:min(len(p.Listed), maxListed)] {
		all = append(all, Problem{Field: p.listField(x), Key: x.Key, Args: x.Args, Of: x.where(p.Page.Lang, p.Event)})
	}
	if more := len(p.Listed) - maxListed; more > 0 {
		all = append(all, Problem{Field: "people", Key: "group.more", Args: []any{"n", int64(more)}})
	}
	return all
}

// listField is where the summary leads: the row, where it is shown, else the list.
func (p RegisterGroupPage) listField(x ListProblem) string {
	if x.Row > 0 && p.line(x.Row) != nil {
		return "row-" + strconv.Itoa(x.Row)
	}
	return "people"
}

// line is a row of the list as it was read; nil when there is none.
func (p RegisterGroupPage) line(row int) []string {
	lines := strings.Split(p.Table, "\n")
	if row < 1 || row > len(lines) || strings.TrimSpace(lines[row-1]) == "" {
		return nil
	}
	return strings.Split(lines[row-1], "\t")
}

// wrongRow is a row of the list with what is wrong in it.
type wrongRow struct {
	no       int
	text     string
	problems []ListProblem
}

// wrongRows are the rows that have to be mended, those that the summary tells of.
func (p RegisterGroupPage) wrongRows() []wrongRow {
	var all []wrongRow
	for _, x := range p.Listed[:min(len(p.Listed), maxListed)] {
		cells := p.line(x.Row)
		switch n := len(all); {
		case cells == nil:
		case n > 0 && all[n-1].no == x.Row:
			all[n-1].problems = append(all[n-1].problems, x)
		default:
			all = append(all, wrongRow{x.Row, clippedLine(strings.Join(slices.DeleteFunc(cells, func(c string) bool { return strings.TrimSpace(c) == "" }), " · ")), []ListProblem{x}})
		}
	}
	return all
}

func clippedLine(text string) string {
	if r := []rune(text); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return text
}

// GroupRoster is a group as it is about to be ordered.
type GroupRoster struct {
	Payer registration.Person
	Rows  []RosterRow
	Asked []registration.Question // once for the order
}

// RosterRow is one person of a group with what that person takes.
type RosterRow struct {
	Person registration.Person
	Lines  []registration.Line
	Sum    registration.Prices
	Papers string // numbers of the papers that the person covers, "" for none
	Gone   bool   // cancelled by itself: in no sum
}

// linesText names what a person takes, in one line.
func linesText(l registration.Lang, lines []registration.Line) string {
	var all []string
	for _, x := range lines {
		text := x.Name.In(l)
		if x.Quantity > 1 {
			text += "\u00a0×\u00a0" + strconv.FormatInt(x.Quantity, 10)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
