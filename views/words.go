package views

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"foyer/registration"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.toml
var locales embed.FS

// message is one text, cut at its {names}: even parts are text, odd parts are names. The text for exactly one thing
// stands apart where a language has such a form.
type message struct{ one, other []string }

// words gives all messages by language and key. They are read when the first is needed.
var words = sync.OnceValue(mustLoadWords)

// LoadWords reads the texts of all pages, so that the first visitor need not wait for them. A second call is harmless.
func LoadWords() { words() }

// missing is called for a key that a language lacks. Tests make it panic; in production the key itself is shown.
var missing = func(registration.Lang, string) {}

// T gives the text of key in language l. args are pairs of a name and its value, which stands for {name} in the text:
//
//	T(l, "left.few", "n", 3)
//
// An integer named n equal to 1 chooses the singular form of a text that has one. Money is written for a reader.
// A missing key gives the key itself.
func T(l registration.Lang, key string, args ...any) string {
	m, ok := words()[l][key]
	if !ok {
		missing(l, key)
		return key
	}
	parts := m.other
	if m.one != nil && isOne(args) {
		parts = m.one
	}
	if len(parts) == 1 {
		return parts[0]
	}
	var b strings.Builder
	for i, p := range parts {
		if i%2 == 0 {
			b.WriteString(p)
		} else {
			b.WriteString(argument(l, p, args))
		}
	}
	return b.String()
}

// Has reports whether language l has a text for key.
func Has(l registration.Lang, key string) bool { _, ok := words()[l][key]; return ok }

func isOne(args []any) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" {
			return fmt.Sprint(args[i+1]) == "1"
		}
	}
	return false
}

// argument writes the value that goes by name, or {name} when there is none.
func argument(l registration.Lang, name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		switch v := args[i+1].(type) {
		case string:
			return v
		case int:
			return strconv.Itoa(v)
		case int64:
			return strconv.FormatInt(v, 10)
		case registration.Money:
			return v.Format(l)
		case registration.Text:
			return v.In(l)
		default:
			return fmt.Sprint(v)
		}
	}
	return "{" + name + "}"
}

// mustLoadWords reads every embedded locale file. The files are part of the program, so a fault in one stops it.
func mustLoadWords() map[registration.Lang]map[string]message {
	all := map[registration.Lang]map[string]message{registration.Korean: {}, registration.English: {}}
	bundle := i18n.NewBundle(language.Korean)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	files, err := locales.ReadDir("locales")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		data, err := locales.ReadFile(path.Join("locales", f.Name()))
		if err != nil {
			panic(err)
		}
		parsed, err := bundle.ParseMessageFileBytes(data, f.Name())
		if err != nil {
			panic(fmt.Sprintf("%s: %v", f.Name(), err))
		}
		into := all[registration.Lang(parsed.Tag.String())]
		for _, m := range parsed.Messages {
			if _, twice := into[m.ID]; twice {
				panic(fmt.Sprintf("%s: %s is there twice", f.Name(), m.ID))
			}
			into[m.ID] = message{one: cut(m.One), other: cut(m.Other)}
		}
	}
	return all
}

// cut splits a text at its {names}; "" gives nil.
func cut(text string) []string {
	if text == "" {
		return nil
	}
	var parts []string
	for {
		before, rest, found := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return append(parts, text)
		}
		parts = append(parts, before, name)
		text = after
	}
}
