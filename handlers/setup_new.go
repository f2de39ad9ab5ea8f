package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// mayMake reports whether somebody may make a new event: those who may change all of them.
func mayMake(st store.Staff) bool { return st.MayRefund() && st.EventID == "" }

// newEvent is the form that makes an event.
type newEvent struct {
	from   *registration.Event // nil: from nothing
	slug   string
	name   registration.Text
	starts registration.Date
	typed  views.SetupNewPage
}

// showNew handles GET /console/new: a copy of ?from=, with the year after its own.
func (o *office) showNew(c echo.Context, st store.Staff) error {
	page := views.SetupNewPage{}
	if from := c.QueryParam("from"); isName(from) {
		e, err := o.event(c.Request().Context(), from)
		if err != nil {
			return err
		}
		next := e.NextEdition(registration.Date{Year: e.Starts.Year + 1, Month: e.Starts.Month, Day: e.Starts.Day})
		page.Slug, page.Name, page.Starts = next.Slug, next.Name, next.Starts.String()
	}
	return o.renderNew(c, st, http.StatusOK, page, c.QueryParam("from"))
}

func (o *office) renderNew(c echo.Context, st store.Staff, status int, page views.SetupNewPage, from string) error {
	if !mayMake(st) {
		return registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	l := langOf(c)
	page.Page = staffFrame(c, st, views.ConsoleNewPath)
	page.Page.Error, page.Page.NoSwitch = len(page.Problems) > 0, status != http.StatusOK
	page.From = []views.SetupOption{{Value: "", Label: views.T(l, "setup.new.empty"), Chosen: from == ""}}
	events, err := o.cfg.Store.Events(c.Request().Context())
	if err != nil {
		return fmt.Errorf("list events: %w", err)
	}
	for _, e := range events {
		page.From = append(page.From, views.SetupOption{Value: e.Slug, Label: e.Name.In(l) + " (" + e.Slug + ")", Chosen: e.Slug == from})
	}
	return o.render(c, status, views.SetupNew(page))
}

// submitNew handles POST /console/new.
func (o *office) submitNew(c echo.Context, st store.Staff) error {
	if !mayMake(st) {
		return registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	n, err := o.typedEvent(c, f)
	if err != nil {
		return err
	}
	var file registration.EventFile
	if len(n.typed.Problems) == 0 || n.from == nil { // what else is wrong is told at once
		if n.starts == (registration.Date{}) {
			n.starts = registration.Date{Year: 2000, Month: 1, Day: 1}
		}
		file, err = o.fileOf(c, n)
	}
	if err == nil && len(n.typed.Problems) == 0 {
		_, err = o.cfg.Store.ApplyFile(c.Request().Context(), store.Incoming{
			Name: "event.yaml", File: file, Connect: o.cfg.Cashier.Connect, Actor: st.Actor(), Console: true,
		})
	}
	if wrong, ok := errors.AsType[*registration.FileError](err); ok {
		for _, w := range wrong.Problems {
			p := sayProblem(langOf(c), w)
			p.Field, p.Of = fieldOfNew(w.Path), views.SetupLabel(langOf(c), w.Path)
			if !slices.ContainsFunc(n.typed.Problems, func(o views.Problem) bool { return o.Field == p.Field }) {
				n.typed.Problems = append(n.typed.Problems, p)
			}
		}
		err = nil
	}
	if err != nil {
		return fmt.Errorf("make the event: %w", err)
	}
	if len(n.typed.Problems) > 0 {
		return o.renderNew(c, st, http.StatusUnprocessableEntity, n.typed, f.line("from"))
	}
	if n.from == nil {
		return goTo(c, views.SetupPath(n.slug, "basics"))
	}
	return goTo(c, views.SetupLeftoversPath(n.slug))
}

// fieldOfNew is the field of the form that a path of the event file comes from.
func fieldOfNew(path string) string {
	switch {
	case path == "event.name.en":
		return "name-en"
	case strings.HasPrefix(path, "event.name"):
		return "name-ko"
	case path == "event.starts":
		return "starts"
	case path == "event.slug":
		return "slug"
	}
	return "from"
}

// typedEvent reads the form. What is left empty follows the event that is copied.
func (o *office) typedEvent(c echo.Context, f form) (*newEvent, error) {
	n := &newEvent{slug: strings.ToLower(f.line("slug")), name: registration.Text{Ko: f.line("name.ko"), En: f.line("name.en")}}
	n.typed = views.SetupNewPage{Slug: n.slug, Name: n.name, Starts: f.line("starts")}
	wrong := func(field, key string) {
		n.typed.Problems = append(n.typed.Problems, views.Problem{Field: field, Key: key})
	}
	var err error
	if from := f.line("from"); from != "" {
		if n.from, err = o.event(c.Request().Context(), from); isCode(err, registration.CodeNotFound) {
			wrong("from", "setup.new.unknown")
			err = nil
		}
		if err != nil {
			return nil, err
		}
	}
	if n.starts, err = registration.ParseDate(strings.Map(narrow, n.typed.Starts)); err != nil {
		wrong("starts", "setup.new.day")
	}
	if n.from != nil && err == nil {
		next := n.from.NextEdition(n.starts)
		if n.slug == "" {
			n.slug = next.Slug
		}
		if n.name.Empty() {
			n.name = next.Name
		}
	}
	for field, text := range map[string]string{"slug": n.slug, "name-ko": n.name.Ko, "name-en": n.name.En} {
		switch {
		case strings.Contains(text, badText):
			wrong(field, "form.text")
		case registration.HoldsCardNumber(text):
			wrong(field, "form.nocard")
		}
	}
	hideCards(&n.typed.Slug, &n.typed.Name.Ko, &n.typed.Name.En, &n.typed.Starts)
	if n.slug == "new" {
		wrong("slug", "setup.new.taken") // its console would be this page
	} else if isName(n.slug) {
		if _, err := o.event(c.Request().Context(), n.slug); err == nil {
			wrong("slug", "setup.new.taken")
		} else if !isCode(err, registration.CodeNotFound) {
			return nil, err
		}
	}
	return n, nil
}

// fileOf is the new event's file, checked like any other. Keys are copied between events in test mode; keys for real money are entered anew.
func (o *office) fileOf(c echo.Context, n *newEvent) (registration.EventFile, error) {
	e := registration.Event{Timezone: "Asia/Seoul", Mode: registration.Test, State: registration.StateDraft, Tax: registration.TaxIncluded, Ends: n.starts}
	e.Phases = []registration.Phase{{ID: "regular"}}
	e.Categories = []registration.Category{{
		ID: "participant", Name: registration.Text{Ko: "참가자", En: "Participant"}, Prices: map[string]registration.Prices{"regular": {registration.KRW: 0}},
	}}
	var specs []registration.ChannelSpec
	credentials := map[string]map[string]string{}
	if n.from != nil {
		e = n.from.NextEdition(n.starts)
		stored, err := o.cfg.Store.EventFile(c.Request().Context(), n.from.Slug)
		if err != nil {
			return registration.EventFile{}, fmt.Errorf("read the channels: %w", err)
		}
		channels, err := o.cfg.Store.ChannelsOf(c.Request().Context(), n.from.ID)
		if err != nil {
			return registration.EventFile{}, fmt.Errorf("read the channels: %w", err)
		}
		for _, ch := range channels {
			credentials[ch.Key] = ch.Credentials
		}
		specs = stored.Channels
	}
	e.Slug, e.Name, e.Starts = n.slug, n.name, n.starts
	data, err := registration.WriteEventFile(registration.EventFile{Event: e, Channels: specs})
	if err != nil {
		return registration.EventFile{}, err
	}
	file, err := registration.ParseEventFile("event.yaml", data, func(string) (string, bool) { return "kept", true })
	for i := range file.Channels {
		ch := &file.Channels[i]
		ch.Credentials = credentials[ch.ID]
		if n.from.Mode == registration.Live {
			ch.Credentials, ch.Refs = nil, nil
		}
	}
	return file, err
}

// showLeftovers handles GET /console/{event}/leftovers.
func (o *office) showLeftovers(v *visit) error {
	page := views.LeftoversPage{Page: v.page(views.SetupLeftoversPath(v.event.Slug)), Year: v.event.Starts.Year - 1}
	for _, l := range v.event.Leftovers(page.Year) {
		page.Found = append(page.Found, views.Leftover{Path: l.Path, Text: l.Text, Topic: topicFor(l.Path)})
	}
	if v.staff.MayRefund() {
		channels, err := o.cfg.Store.ChannelsOf(v.Request().Context(), v.event.ID)
		if err != nil {
			return fmt.Errorf("read channels: %w", err)
		}
		for _, ch := range channels {
			if len(ch.Credentials) == 0 && len(registration.CredentialNames(ch.Gateway)) > 0 {
				page.Keys = append(page.Keys, ch.Key)
			}
		}
	}
	var err error
	if page.Nav, err = o.nav(v, "setup"); err != nil {
		return err
	}
	return o.render(v, http.StatusOK, views.Leftovers(page))
}
