package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// schemas are the schemas of a published API description, read from the folder that FOYER_TEST_SCHEMAS names.
type schemas map[string]any

// readSchemas skips the test when there is no such folder.
func readSchemas(t *testing.T, file string) schemas {
	t.Helper()
	dir := os.Getenv("FOYER_TEST_SCHEMAS")
	if dir == "" {
		t.Skip("FOYER_TEST_SCHEMAS names no folder")
	}
	raw, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Definitions schemas `json:"definitions"` // of the older kind of description
		Components  struct {
			Schemas schemas `json:"schemas"`
		} `json:"components"`
	}
	err = json.Unmarshal(raw, &doc)
	all := doc.Components.Schemas
	if len(all) == 0 {
		all = doc.Definitions
	}
	if err != nil || len(all) == 0 {
		t.Fatalf("read %s: %v", file, err)
	}
	return all
}

// check gives what is wrong with v against a schema, as far as these descriptions use JSON Schema; nothing when it fits. A member that
// the schema does not know is wrong, too: it would be an invention of the sandbox's.
func (s schemas) check(schema any, v any, at string) []string {
	rule, _ := schema.(map[string]any)
	if ref, ok := rule["$ref"].(string); ok {
		return s.check(s[ref[strings.LastIndex(ref, "/")+1:]], v, at)
	}
	if options, ok := rule["oneOf"].([]any); ok {
		return s.oneOf(options, v, at)
	}
	if words, ok := rule["enum"].([]any); ok && !slices.Contains(words, v) {
		return []string{fmt.Sprintf("%s: %v is none of %v", at, v, words)}
	}
	if v == nil && (rule["x-nullable"] == true || rule["nullable"] == true) {
		return nil
	}
	kind := kindOf(rule)
	switch got := v.(type) {
	case map[string]any:
		if kind == "object" {
			return s.object(rule, got, at)
		}
	case []any:
		if kind == "array" {
			var wrong []string
			for i, item := range got {
				wrong = append(wrong, s.check(rule["items"], item, fmt.Sprintf("%s[%d]", at, i))...)
			}
			return wrong
		}
	case string:
		if _, err := time.Parse(time.RFC3339, got); rule["format"] == "date-time" && err != nil {
			return []string{at + ": " + err.Error()}
		}
		if kind == "string" {
			return nil
		}
	case json.Number:
		if kind == "integer" && !strings.ContainsAny(got.String(), ".eE") || kind == "number" {
			return nil
		}
	case bool:
		if kind == "boolean" {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: %v is no %s", at, v, kind)}
}

// kindOf is a schema's type. One that lists its members need not say that it is an object, and one that may be null says so as well.
func kindOf(rule map[string]any) string {
	switch kind := rule["type"].(type) {
	case string:
		return kind
	case []any:
		first, _ := kind[0].(string)
		return first
	}
	if rule["properties"] != nil {
		return "object"
	}
	return ""
}

func (s schemas) object(rule, got map[string]any, at string) []string {
	var wrong []string
	known, _ := rule["properties"].(map[string]any)
	required, _ := rule["required"].([]any)
	for _, name := range required {
		_, there := got[name.(string)]
		if !there && known[name.(string)] != nil { // some descriptions demand what they do not know
			wrong = append(wrong, fmt.Sprintf("%s: %v is missing", at, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if known[name] == nil {
			wrong = append(wrong, at+": nobody knows "+name)
			continue
		}
		wrong = append(wrong, s.check(known[name], got[name], at+"."+name)...)
	}
	return wrong
}

// oneOf wants one option that fits; else it tells what is wrong with the nearest.
func (s schemas) oneOf(options []any, v any, at string) []string {
	var least []string
	for i, o := range options {
		wrong := s.check(o, v, at)
		if len(wrong) == 0 {
			return nil
		}
		if i == 0 || len(wrong) < len(least) {
			least = wrong
		}
	}
	return least
}
