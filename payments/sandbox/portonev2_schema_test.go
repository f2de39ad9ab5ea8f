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
		Components struct {
			Schemas schemas `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil || len(doc.Components.Schemas) == 0 {
		t.Fatalf("read %s: %v", file, err)
	}
	return doc.Components.Schemas
}

// check gives what is wrong with v against a schema, as far as these descriptions use JSON Schema; nothing when it fits. A member that
// the schema does not know is wrong, too: it would be an invention of the sandbox's.
func (s schemas) check(schema any, v any, at string) []string {
	rule, _ := schema.(map[string]any)
	if ref, ok := rule["$ref"].(string); ok {
		return s.check(s[strings.TrimPrefix(ref, "#/components/schemas/")], v, at)
	}
	if options, ok := rule["oneOf"].([]any); ok {
		return s.oneOf(options, v, at)
	}
	if words, ok := rule["enum"].([]any); ok && !slices.Contains(words, v) {
		return []string{fmt.Sprintf("%s: %v is none of %v", at, v, words)}
	}
	kind, _ := rule["type"].(string)
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

func (s schemas) object(rule, got map[string]any, at string) []string {
	var wrong []string
	known, _ := rule["properties"].(map[string]any)
	required, _ := rule["required"].([]any)
	for _, name := range required {
		if _, there := got[name.(string)]; !there {
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

func TestPortoneAnswersFitTheirPublishedSchemas(t *testing.T) {
	s := readSchemas(t, "portone-v2.payment.openapi.json")
	g := start(t)
	fits := func(what, schema string, r reply) {
		t.Helper()
		for _, wrong := range s.check(map[string]any{"$ref": "#/components/schemas/" + schema}, map[string]any(r.json), what) {
			t.Error(wrong)
		}
	}
	fits("registered", "PreRegisterPaymentResponse", g.portone("POST", "/payments/order00001/pre-register", `{"totalAmount":150000}`))
	g.portoneWay("order00001", 150000)
	fits("ready", "Payment", g.portone("GET", "/payments/order00001", ""))
	g.portonePay("order00001", 150000, "kr")
	fits("paid", "Payment", g.portone("GET", "/payments/order00001", ""))
	fits("registered late", "PreRegisterPaymentError", g.portone("POST", "/payments/order00001/pre-register", `{}`))
	fits("cancelled", "CancelPaymentResponse", g.portone("POST", "/payments/order00001/cancel", `{"reason":"x","amount":50000}`))
	fits("partly back", "Payment", g.portone("GET", "/payments/order00001", ""))
	g.portone("POST", "/payments/order00001/cancel", `{"reason":"x"}`)
	fits("all back", "Payment", g.portone("GET", "/payments/order00001", ""))
	for _, body := range []string{`{}`, `{"reason":"x"}`} {
		fits("not cancelled", "CancelPaymentError", g.portone("POST", "/payments/order00001/cancel", body))
	}
	g.portonePay("order00002", 1000, "declined")
	fits("failed", "Payment", g.portone("GET", "/payments/order00002", ""))
	g.portonePay("order00003", 12050, "visa", "channelKey", "channel-key-test-demo-any-later", "currency", "USD")
	fits("requested", "CancelPaymentResponse", g.portone("POST", "/payments/order00003/cancel", `{"reason":"x"}`))
	fits("while requested", "Payment", g.portone("GET", "/payments/order00003", ""))
	g.portonePay("order00004", 1000, "kr", "channelKey", "channel-key-test-demo-broken")
	fits("the company says no", "PgProviderError", g.portone("POST", "/payments/order00004/cancel", `{"reason":"x"}`))
	fits("not found", "GetPaymentError", g.portone("GET", "/payments/order99999", ""))
	fits("unauthorized", "GetPaymentError", g.portone("GET", "/payments/order00001", "", "Authorization", "PortOne x"))
	fits("forbidden", "GetPaymentError", g.portone("GET", "/payments/order00001?storeId=store-other", ""))
	fits("tokens", "LoginViaApiSecretResponse", g.portone("POST", "/login/api-secret", `{"apiSecret":"portone-test-demo"}`))
}
