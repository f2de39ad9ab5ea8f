package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"foyer/registration"
	"foyer/views"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"
)

// maxForm is the longest form that is read: long enough for what is pasted by mistake to come back with its error.
const maxForm = 256 << 10

// drained is how much of a longer form is taken and thrown away.
const drained = 16 << 20

// maxReturn is the longest body that is read of what a browser brings from a gateway.
const maxReturn = 64 << 10

// maxField is the longest field that is looked at; longer ones are cut, which every length rule then refuses.
const maxField = 2000

// form is what was posted. The address's query is no part of it.
type form url.Values

// readForm reads an urlencoded body: 413 when it is too long, 400 for another type or when it cannot be read.
func readForm(c echo.Context) (form, error) {
	if f, had := c.Get(formKey).(form); had {
		return f, nil
	}
	kind, _, _ := strings.Cut(c.Request().Header.Get(echo.HeaderContentType), ";")
	if kind = strings.TrimSpace(kind); kind != "" && !strings.EqualFold(kind, echo.MIMEApplicationForm) {
		return nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	body, err := readAll(c, maxForm)
	if err != nil {
		_, _ = io.CopyN(io.Discard, c.Request().Body, drained) // a browser reads the answer only once it has sent all
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	c.Set(formKey, form(values))
	return form(values), nil
}

// formKey is where a request's context in Echo keeps the form that was posted.
const formKey = "form"

// again names the button that posts a refused form once more as it was, only to be shown in the other language.
const again = "again"

// onlyShow reports whether the form comes again only to be shown in the other language: it is not to be taken, even if it now could be.
func (f form) onlyShow() bool { return f.raw(again) != "" }

// refusedForm is what was posted to the page at path, for its language switch to post once more; nil for a page that was not posted. No
// card number is sent back.
func refusedForm(c echo.Context, path string) url.Values {
	f, posted := c.Get(formKey).(form)
	if !posted || c.Request().URL.Path != path {
		return nil
	}
	kept := url.Values{}
	for name, values := range f {
		if name == again {
			continue
		}
		for _, v := range values {
			kept.Add(name, registration.WithoutCardNumbers(cleaned(v[:min(len(v), maxField)], registration.CleanLine)))
		}
	}
	return kept
}

// raw is a field as it was sent, its first value, not longer than maxField.
func (f form) raw(name string) string {
	if v := f[name]; len(v) > 0 {
		return v[0][:min(len(v[0]), maxField)]
	}
	return ""
}

// badText stands for bytes that are no text, so that the rule "text" finds them.
const badText = "\ufffd"

// line is a field as one line of clean text. Bytes that are no text become badText.
func (f form) line(name string) string {
	return cleaned(f.raw(name), registration.CleanLine)
}

// email is a field as an e-mail address.
func (f form) email(name string) string { return cleaned(f.raw(name), registration.CleanEmail) }

func cleaned(raw string, clean func(string) (string, bool)) string {
	if len(raw) == maxField {
		raw = strings.ToValidUTF8(raw, "") // cut in the middle of a character, perhaps
	}
	if text, ok := clean(raw); ok {
		return text
	}
	text, _ := clean(strings.ToValidUTF8(raw, ""))
	return text + badText
}

// rules checks the forms' validate tags. Besides the usual ones: text (no bytes that are no text), nocard (no card number), mail
// (looks like an e-mail address), passport (letters that a passport has), country (a code of one) and phone (a telephone number).
var rules = newRules()

func newRules() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	for name, ok := range map[string]func(string) bool{
		"text":   func(s string) bool { return !strings.Contains(s, badText) && utf8.ValidString(s) },
		"nocard": func(s string) bool { return !registration.HoldsCardNumber(s) },
		"mail":   registration.IsEmail,

		"passport": registration.IsPassportName,
		"country":  func(s string) bool { return s == "" || views.IsCountry(s) },
		"phone":    func(s string) bool { _, ok := registration.CleanPhone(s); return s == "" || ok },
	} {
		if err := v.RegisterValidation(name, func(f validator.FieldLevel) bool { return ok(f.Field().String()) }); err != nil {
			panic(fmt.Sprintf("rule %s: %v", name, err))
		}
	}
	return v
}

// another begins the keys of sentences about somebody who is not the one who types.
const another = "another"

// problemsOf checks a form struct and turns what is wrong into sentences: one per field, under the key form.{rule} or, where a field
// has a sentence of its own, {prefix}.{field}.{rule}.
func problemsOf(prefix string, filled any) ([]views.Problem, error) {
	err := rules.Struct(filled)
	if err == nil {
		return nil, nil
	}
	wrong, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return nil, fmt.Errorf("check form: %w", err)
	}
	var list []views.Problem
	for _, w := range wrong {
		key := prefix + "." + w.Field() + "." + w.Tag()
		if !views.Has(registration.English, key) {
			key = "form." + w.Tag()
		}
		list = append(list, views.Problem{Field: w.Field(), Key: key, Args: []any{"n", w.Param()}})
	}
	return list, nil
}
