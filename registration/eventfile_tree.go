package registration

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// FileTree is an event file, or a part of one, whose values can be changed one by one. Keys that nobody touches stay as they are, so that
// a form needs to know its own keys only. What it becomes is checked like any event file.
type FileTree struct{ node *yaml.Node }

// ReadFileTree reads an event file that WriteEventFile has written.
func ReadFileTree(data []byte) (FileTree, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil || len(doc.Content) != 1 {
		return FileTree{}, fmt.Errorf("read the event file: %w", errors.Join(err, errors.New("one document is expected")))
	}
	return FileTree{doc.Content[0]}, nil
}

// NewFileTree is a part of an event file with nothing in it.
func NewFileTree() FileTree { return FileTree{&yaml.Node{Kind: yaml.MappingNode}} }

// Bytes writes the file.
func (t FileTree) Bytes() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(t.node), e.Close()); err != nil {
		return nil, fmt.Errorf("write the event file: %w", err)
	}
	return b.Bytes(), nil
}

// member is the value of a key, or nil; position is where it stands among the content.
func (t FileTree) member(key string) (value *yaml.Node, position int) {
	if t.node != nil && t.node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(t.node.Content); i += 2 {
			if t.node.Content[i].Value == key {
				return t.node.Content[i+1], i + 1
			}
		}
	}
	return nil, -1
}

// At is the part under a path such as event.name; empty where there is none.
func (t FileTree) At(path string) FileTree {
	for key := range strings.SplitSeq(path, ".") {
		t.node, _ = t.member(key)
	}
	return t
}

// Text is the value at a path, "" when there is none. A text that is the same in both languages is found under each of them.
func (t FileTree) Text(path string) string {
	for key := range strings.SplitSeq(path, ".") {
		if t.node != nil && t.node.Kind == yaml.ScalarNode && (key == "ko" || key == "en") {
			continue
		}
		t.node, _ = t.member(key)
	}
	if t.node == nil || t.node.Kind != yaml.ScalarNode {
		return ""
	}
	return t.node.Value
}

// Set changes the value at a path; "" takes the key out. Values that are no texts are told from them when the file is read.
func (t FileTree) Set(path, value string) {
	n := word(value)
	if n != nil && !isTextKey(path) {
		n = plain(value)
		if strings.ContainsAny(value, "\n:#{}[]&*!|>'\"%@`,?-") && !momentLike(value) {
			n = word(value)
		}
	}
	t.put(strings.Split(path, "."), n)
}

// SetWords makes a list of words of the value at a path; none takes the key out.
func (t FileTree) SetWords(path string, all []string) { t.put(strings.Split(path, "."), words(all)) }

// Items are the parts of the list at a path.
func (t FileTree) Items(path string) []FileTree {
	t = t.At(path)
	if t.node == nil || t.node.Kind != yaml.SequenceNode {
		return nil
	}
	all := make([]FileTree, len(t.node.Content))
	for i, n := range t.node.Content {
		all[i] = FileTree{n}
	}
	return all
}

// Words are the values of the list at a path.
func (t FileTree) Words(path string) []string {
	var all []string
	for _, item := range t.Items(path) {
		all = append(all, item.node.Value)
	}
	return all
}

// SetItems makes a list of the value at a path; none takes the key out.
func (t FileTree) SetItems(path string, items []FileTree) {
	t.put(strings.Split(path, "."), each(items, func(i FileTree) *yaml.Node { return i.node }))
}

// SetNone makes an empty list of the value at a path, which is not the same as no value.
func (t FileTree) SetNone(path string) {
	t.put(strings.Split(path, "."), &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle})
}

// Has reports whether there is a value at a path.
func (t FileTree) Has(path string) bool { return t.At(path).node != nil }

// put sets the value at a path of keys, making what is missing on the way; nil takes it out, with what is empty then.
func (t FileTree) put(path []string, n *yaml.Node) {
	value, at := t.member(path[0])
	if len(path) > 1 {
		if value == nil || value.Kind != yaml.MappingNode {
			both := value // one text for both languages becomes two
			value = &yaml.Node{Kind: yaml.MappingNode}
			if both != nil && both.Kind == yaml.ScalarNode && isLanguage(path[1]) {
				for _, l := range []string{"ko", "en"} {
					FileTree{value}.put([]string{l}, word(both.Value))
				}
			}
			if n == nil && len(value.Content) == 0 {
				return
			}
			t.insert(path[0], at, value)
		}
		FileTree{value}.put(path[1:], n)
		if len(value.Content) == 0 {
			t.put(path[:1], nil)
		}
		return
	}
	if n != nil {
		t.insert(path[0], at, n)
	} else if at >= 0 {
		t.node.Content = slices.Delete(t.node.Content, at-1, at+1)
	}
}

func (t FileTree) insert(key string, at int, value *yaml.Node) {
	if at >= 0 {
		t.node.Content[at] = value
		return
	}
	t.node.Content = append(t.node.Content, word(key), value)
}

func isLanguage(key string) bool { return key == "ko" || key == "en" }

// valueKeys are the last keys of paths whose values are numbers, days, moments or yes and no, and never texts.
var valueKeys = []string{"starts", "ends", "opens", "closes", "until", "places", "percent", "max", "min", "hidden", "required", "cancel", "details", "order", "transfer", "replace", "deadline", "verify_phone", "per_registration", "KRW", "USD", "JPY", "EUR"}

func isTextKey(path string) bool {
	return !slices.Contains(valueKeys, path[strings.LastIndex(path, ".")+1:])
}

// momentLike reports whether a value is made of digits and what stands between them in times.
func momentLike(s string) bool {
	return strings.Trim(s, "0123456789-:T+Z ") == "" && s[0] >= '0' && s[0] <= '9'
}
