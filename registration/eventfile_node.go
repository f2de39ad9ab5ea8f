package registration

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// pair is a key and its value; a value without a node is left out.
type pair struct {
	key   string
	value *yaml.Node
}

// mapping makes a mapping of what there is; nil when there is nothing.
func mapping(pairs ...pair) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range pairs {
		if p.value != nil {
			n.Content = append(n.Content, word(p.key), p.value)
		}
	}
	return some(n)
}

// each makes a list of what the items give; nil when they give nothing.
func each[T any](items []T, node func(T) *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, item := range items {
		if v := node(item); v != nil {
			n.Content = append(n.Content, v)
		}
	}
	return some(n)
}

func some(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

// word is a text as it is, in quotes where YAML would take it for something else.
func word(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if slices.Contains(switches, s) {
		n.Style = yaml.DoubleQuotedStyle
	}
	if !strings.Contains(s, "\n") {
		return n
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != strings.TrimSpace(line) || strings.ContainsFunc(line, unusual) {
			n.Style = yaml.DoubleQuotedStyle // as a block of lines it would not come back as it is
		}
	}
	return n
}

// switches are words that other readers of YAML take for true or false.
var switches = []string{"yes", "no", "on", "off", "y", "n"}

// unusual reports whether YAML must write a character escaped.
func unusual(r rune) bool { return !strconv.IsPrint(r) && r != ' ' }

func words(all []string) *yaml.Node { return each(all, word) }

// plain is a value that is not a text: a number, a day, a moment.
func plain(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// whole is a number that is always written; number is left out when it is 0.
func whole(n int64) *yaml.Node { return plain(strconv.FormatInt(n, 10)) }

func number(n int64) *yaml.Node {
	if n == 0 {
		return nil
	}
	return whole(n)
}

// beyond is a number that is left out when it is the default.
func beyond(n, usual int64) *yaml.Node {
	if n == usual {
		return nil
	}
	return number(n)
}

// yes is written only when it is.
func yes(is bool) *yaml.Node {
	if !is {
		return nil
	}
	return plain("true")
}

// unless is a word that is left out when it is the default.
func unless(s, usual string) *yaml.Node {
	if s == usual {
		return nil
	}
	return word(s)
}

// text is one value where both languages say the same.
func text(t Text) *yaml.Node {
	if t.Ko == t.En {
		return word(t.Ko)
	}
	return mapping(pair{"ko", word(t.Ko)}, pair{"en", word(t.En)})
}

// amounts are prices in the order in which currencies are shown.
func amounts(p Prices) *yaml.Node {
	var all []pair
	for _, cur := range p.Currencies() {
		all = append(all, pair{string(cur), whole(p[cur])})
	}
	return mapping(all...)
}

// first writes a moment of which a bare day means the first second, last one of which it means the last second, as they are read.
func (w fileWriter) first(t time.Time) *yaml.Node { return w.moment(t, false) }
func (w fileWriter) last(t time.Time) *yaml.Node  { return w.moment(t, true) }

func (w fileWriter) moment(t time.Time, last bool) *yaml.Node {
	if t.IsZero() {
		return nil
	}
	return plain(FileMoment(t, w.location, last))
}

// FileMoment is a moment as an event file has it, which ParseMoment reads: a bare day where that is enough, else the time in the event's
// time zone, with its offset where the clock shows that time twice. "" for the zero time.
func FileMoment(t time.Time, loc *time.Location, last bool) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(loc)
	for _, form := range []string{time.DateOnly, momentForms[0]} {
		s := local.Format(form)
		if back, err := ParseMoment(s, loc, last); err == nil && back.Equal(t) {
			return s
		}
	}
	return local.Format(time.RFC3339)
}

// FileDuration is a duration as an event file has it, without parts that are 0: 168h and not 168h0m0s. "" for none.
func FileDuration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// oneLine is how wide a mapping or list may be to be written in one line, in characters.
const oneLine = 100

// lay decides what stands in one line: everything that fits, but never a whole key of the file.
func lay(n *yaml.Node, mayFit bool) {
	if mayFit && width(n) <= oneLine {
		n.Style = yaml.FlowStyle
		return
	}
	for _, child := range n.Content {
		if child.Kind != yaml.ScalarNode {
			lay(child, true)
		}
	}
}

// width is how long a node is in one line; a text of several lines is too long for any.
func width(n *yaml.Node) int {
	if n.Kind == yaml.ScalarNode {
		if strings.Contains(n.Value, "\n") {
			return oneLine + 1
		}
		return utf8.RuneCountInString(n.Value)
	}
	w := 0
	for _, child := range n.Content {
		w += width(child) + 2
	}
	return w
}
