package registration

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// field is one value of an event file with the path that people know it by. An absent value has no node.
type field struct {
	r    *fileReader
	node *yaml.Node
	path string
	line int // of the key, or of what the value is missing in
}

// fail notes a problem with the field's value.
func (f field) fail(format string, args ...any) {
	line := f.line
	if f.node != nil {
		line = f.node.Line
	}
	f.failAt(line, format, args...)
}

func (f field) failAt(line int, format string, args ...any) { f.r.fail(line, f.path, format, args...) }

// absent reports whether the field is not in the file, or is empty.
func (f field) absent() bool { return f.node == nil || f.value().Tag == "!!null" }

// value follows an alias to what it stands for.
func (f field) value() *yaml.Node {
	if f.node.Kind == yaml.AliasNode {
		return f.node.Alias
	}
	return f.node
}

func (f field) sub(name string) string {
	if f.path == "" {
		return name
	}
	return f.path + "." + name
}

// entry is one key of a mapping and its value.
type entry struct {
	key string
	field
}

// entries lists the keys of a mapping, each once; what says what the mapping should hold.
func (f field) entries(what string) []entry {
	if f.absent() {
		return nil
	}
	n := f.value()
	if n.Kind != yaml.MappingNode {
		f.fail("expected %s", what)
		return nil
	}
	var all []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			f.failAt(k.Line, "a key must be a word")
			continue
		}
		if seen[k.Value] {
			f.failAt(k.Line, "key %q is here twice", k.Value)
			continue
		}
		seen[k.Value] = true
		all = append(all, entry{k.Value, field{r: f.r, node: n.Content[i+1], path: f.sub(k.Value), line: k.Line}})
	}
	return all
}

// object is a mapping whose keys are known.
type object struct {
	field
	members map[string]field
}

// object reads a mapping with these keys and no other.
func (f field) object(known ...string) object {
	o := object{field: f, members: map[string]field{}}
	if f.node != nil {
		o.line = f.node.Line
	}
	for _, e := range f.entries("a mapping with " + listed(known)) {
		if !slices.Contains(known, e.key) {
			f.failAt(e.line, "unknown key %q, expected %s", e.key, listed(known))
			continue
		}
		o.members[e.key] = e.field
	}
	return o
}

// at gives a member, absent when it is not in the file.
func (o object) at(name string) field {
	if m, ok := o.members[name]; ok {
		return m
	}
	return field{r: o.r, path: o.sub(name), line: o.line}
}

// need is at for a member that must be there.
func (o object) need(name string) field {
	m := o.at(name)
	if m.absent() {
		m.fail("is missing")
	}
	return m
}

// items lists the values of a sequence.
func (f field) items() []field {
	if f.absent() {
		return nil
	}
	n := f.value()
	if n.Kind != yaml.SequenceNode {
		f.fail("expected a list")
		return nil
	}
	var all []field
	for i, item := range n.Content {
		all = append(all, field{r: f.r, node: item, path: fmt.Sprintf("%s[%d]", f.path, i), line: item.Line})
	}
	return all
}

// word reads a scalar as it is written, quotes aside; "" when absent.
func (f field) word() string {
	if f.absent() {
		return ""
	}
	n := f.value()
	if n.Kind != yaml.ScalarNode {
		f.fail("expected a single value")
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// The longest that words and names, and texts of one sentence, may be, in characters. Texts of several lines have no end of their own.
const (
	maxName     = 200
	maxSentence = 1000
)

// name is word for what has to fit into a line.
func (f field) name() string {
	w := f.word()
	f.fits(w, maxName)
	return w
}

// names is text for what has to fit into a line in both languages.
func (f field) names() Text { return f.textWithin(maxName) }

// sentence is text for a sentence or two.
func (f field) sentence() Text { return f.textWithin(maxSentence) }

func (f field) textWithin(most int) Text {
	t := f.text()
	switch {
	case f.absent() || f.value().Kind == yaml.ScalarNode:
		f.fits(t.Ko, most)
	case f.value().Kind == yaml.MappingNode:
		o := f.object("ko", "en")
		o.at("ko").fits(t.Ko, most)
		o.at("en").fits(t.En, most)
	}
	return t
}

// fits notes a text that is too long.
func (f field) fits(s string, most int) {
	if n := utf8.RuneCountInString(s); n > most {
		f.fail("has %d characters, at most %d fit", n, most)
	}
}

// text reads a text: one value for both languages, or {ko, en}.
func (f field) text() Text {
	if f.absent() {
		return Text{}
	}
	if f.value().Kind == yaml.ScalarNode {
		return Text{Ko: f.word(), En: f.word()}
	}
	if f.value().Kind != yaml.MappingNode {
		f.fail("expected a text, or {ko: …, en: …}")
		return Text{}
	}
	o := f.object("ko", "en")
	t := Text{Ko: o.at("ko").word(), En: o.at("en").word()}
	if t.Empty() && len(o.members) > 0 {
		f.fail("expected a text in ko, en or both")
	}
	return t
}

// one reads a word that must be one of these; first when absent.
func (f field) one(of ...string) string {
	w := f.word()
	if f.absent() {
		return of[0]
	}
	if !slices.Contains(of, w) {
		f.fail("%q is not one of %s", w, strings.TrimPrefix(listed(of), ", "))
		return of[0]
	}
	return w
}

var fileID = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// id reads an id that must be there.
func (f field) id() string {
	w := f.word()
	switch {
	case f.absent() || w == "":
		f.fail("is missing")
	case !fileID.MatchString(w):
		f.fail("%q must be made of a-z, 0-9, _ and -, at most 64 of them", w)
	}
	return w
}

// once notes an id that another entry has already.
func (f field) once(seen map[string]string, id, what string) {
	if other, taken := seen[id]; taken && id != "" {
		f.fail("%q is already the id of %s", id, other)
		return
	}
	seen[id] = what
}

func listed(names []string) string { return strings.Join(names, ", ") }
