package handlers

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// evidenceListed is how many entries one page shows.
const evidenceListed = 30

// showEvidence handles GET /console/{event}/evidence: what waits, the longest waiting first, or what is in another state.
func (o *office) showEvidence(v *visit) error {
	return o.renderEvidence(v, http.StatusOK, evidenceState(v.QueryParam("state")), nil)
}

// evidenceState is the state that a page shows: what waits unless another is named.
func evidenceState(text string) registration.EvidenceState {
	if s := registration.EvidenceState(text); slices.Contains(registration.EvidenceStates, s) {
		return s
	}
	return registration.EvidenceGiven
}

// refusedDecision is a decision that was not taken, as it was typed.
type refusedDecision struct {
	registration, reason, key string
	field                     string // beginning of the control's id; "" is the reason's
	category, until           string // that were typed
}

func (o *office) renderEvidence(v *visit, status int, state registration.EvidenceState, refused *refusedDecision) error {
	ctx, l := v.Request().Context(), v.lang()
	after := evidenceCursor(v.QueryParam("after"))
	list, err := o.cfg.Store.EvidenceIn(ctx, v.event.ID, state, after, evidenceListed+1)
	if err != nil {
		return err
	}
	page := views.ConsoleEvidencePage{
		Page: v.page(views.ConsoleEvidenceStatePath(v.event.Slug, state)), State: state, Changed: v.QueryParam("changed") == "1",
		Members: slices.ContainsFunc(v.event.Categories, func(c registration.Category) bool { return c.Evidence == registration.EvidenceMemberNumber }),
	}
	if page.Counts, err = o.cfg.Store.CountEvidence(ctx, v.event.ID); err != nil {
		return err
	}
	if len(list) > evidenceListed {
		list = list[:evidenceListed]
		last := list[len(list)-1]
		page.Next = views.ConsoleEvidencePath(v.event.Slug) + "?" + url.Values{
			"state": {string(state)}, "after": {strconv.FormatInt(last.GivenAt.UnixMilli(), 10) + "." + last.RegistrationID},
		}.Encode()
	}
	for _, x := range list {
		item := evidenceItem(l, v.event, x)
		switch x.OrderState {
		case registration.OrderPaid:
			item.Dearer, item.Until = o.dearerCategories(l, v.event, x.Category)
		case registration.OrderAwaiting:
			item.Others, item.Several = o.openCategories(l, v.event), x.People > 1
		case registration.OrderPending, registration.OrderExpired, registration.OrderCancelled:
		}
		if refused != nil && refused.registration == x.RegistrationID {
			item.Typed, item.Chosen, item.Until = refused.reason, refused.category, refused.until
			item.Problems = []views.Problem{{Field: cmp.Or(refused.field, "reason") + "-" + x.RegistrationID, Key: refused.key}}
		}
		page.Items = append(page.Items, item)
	}
	if page.Nav, err = o.nav(v, "evidence"); err != nil {
		return err
	}
	return o.render(v, status, views.ConsoleEvidence(page))
}

// evidenceCursor reads where a page begins; anything that is no place is the beginning.
func evidenceCursor(text string) store.EvidenceCursor {
	at, id, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(at, 10, 48)
	if !ok || err != nil || len(id) > 64 || !isName(id) {
		return store.EvidenceCursor{}
	}
	return store.EvidenceCursor{At: time.UnixMilli(n), ID: id}
}

func evidenceItem(l registration.Lang, e *registration.Event, x store.Evidence) views.EvidenceItem {
	item := views.EvidenceItem{
		Registration: x.RegistrationID, Version: x.Version(), Code: x.Code, Name: x.Name, Affiliation: x.Affiliation, Email: x.Email,
		Category: categoryName(l, e, x.Category), Kind: x.Kind, Before: x.Before, State: x.State, Number: x.Number, Listed: x.Listed,
		Reason: x.Reason, Difference: x.Difference, Since: x.GivenAt,
		Standing: payments.StandingOf(x.OrderState, "", nil, registration.Money{}, registration.Money{}),
	}
	if x.FileID != "" {
		item.FilePath, item.FileName, item.Image = views.ConsoleFilePath(e.Slug, x.FileID), x.FileName, x.FileType.Image()
	}
	if x.State == registration.EvidenceAccepted || x.State == registration.EvidenceRefused {
		item.Since, item.Ended = x.DecidedAt, !e.Asks(x.Category, x.Kind)
	}
	return item
}

// evidenceShown says on an order's page how the evidence of one of its people stands, with its file.
func evidenceShown(l registration.Lang, e *registration.Event, all []store.Evidence, registrationID string) (list []views.AdminAnswer) {
	for _, x := range all {
		if x.RegistrationID != registrationID {
			continue
		}
		a := views.AdminAnswer{Question: views.T(l, "console.evidence.column"), Answer: views.EvidenceWord(l, x.State)}
		if x.State == registration.EvidenceNone {
			a.Answer = views.T(l, "console.evidence.state.none")
		}
		if x.FileID != "" {
			a.Answer, a.Path = a.Answer+": "+x.FileName, views.ConsoleFilePath(e.Slug, x.FileID)
		}
		list = append(list, a)
		if x.Number != "" {
			list = append(list, views.AdminAnswer{Question: views.T(l, "evidence.number"), Answer: x.Number})
		}
	}
	return list
}

// decideEvidence handles POST /console/{event}/evidence: one person's evidence is accepted, or refused for a reason.
func (o *office) decideEvidence(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	code, ok := store.CodeOf(f.line("order"))
	if !ok {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	ctx := v.Request().Context()
	order, err := o.cfg.Store.OrderByCode(ctx, code)
	if err != nil {
		return fmt.Errorf("find order: %w", err)
	}
	if order.EventID != v.event.ID {
		return registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	who, version, reason := f.line("registration"), f.line("version"), f.line("reason")
	seen, _, _ := strings.Cut(version, ".")
	state := evidenceState(seen)
	back := views.ConsoleEvidenceStatePath(v.event.Slug, state)
	if f.line("decision") != "accept" {
		switch same, err := o.asSeen(ctx, order.ID, who, version); {
		case err != nil:
			return err
		case !same:
			return goTo(v, back+"&changed=1")
		}
	}
	typed := &refusedDecision{registration: who, reason: reason, category: f.line("category"), until: f.line("until")}
	done := "accepted"
	if f.line("decision") == "accept" {
		err = o.cfg.Store.AcceptEvidence(ctx, order.ID, who, version, v.staff.Actor())
	} else if typed.key = wrongReason(reason); typed.key != "" {
		return o.renderEvidence(v, http.StatusUnprocessableEntity, state, typed)
	} else if f.raw("refuse") != "" || f.raw("move") != "" {
		done = refusedWord(f, order)
		typed.key, err = o.refusePerson(v, f, order)
		if typed.field = "move"; typed.key != "" {
			return o.renderEvidence(v, http.StatusUnprocessableEntity, state, typed)
		}
	} else if f.raw("difference") != "" {
		done = "difference"
		typed.key, err = o.askDifference(ctx, v, f, order)
		if typed.field = "difference"; typed.key != "" {
			return o.renderEvidence(v, http.StatusUnprocessableEntity, state, typed)
		}
	} else {
		done = "again"
		err = o.cfg.Store.AskEvidence(ctx, order.ID, who, version, reason, v.staff.Actor())
	}
	switch {
	case err == nil:
		return saved(v, back, done)
	case isCode(err, registration.CodeConflict):
		return goTo(v, back+"&changed=1")
	}
	return fmt.Errorf("decide about evidence: %w", err)
}

// asSeen reports whether somebody's evidence still is what a form was about.
func (o *office) asSeen(ctx context.Context, orderID, registrationID, version string) (bool, error) {
	all, err := o.cfg.Store.EvidenceOf(ctx, orderID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(x store.Evidence) bool { return x.RegistrationID == registrationID && x.Version() == version }), nil
}

// wrongReason says what is wrong with a reason that goes to an attendee.
func wrongReason(reason string) string {
	err := rules.Var(reason, "required,text,max=300")
	switch {
	case reason == "":
		return "console.evidence.reason_missing"
	case registration.HoldsCardNumber(reason):
		return "form.nocard"
	case err != nil:
		return "console.evidence.reason_long"
	}
	return ""
}

// showFile handles GET /console/{event}/files/{id}: a file that somebody has handed in. It is only ever saved or shown as a picture: a
// browser opens nothing of it as a page of ours.
func (o *office) showFile(v *visit) error {
	id := v.Param("file")
	if !isName(id) {
		return registration.Fail(registration.CodeNotFound, "file.unknown")
	}
	f, err := o.cfg.Store.File(v.Request().Context(), v.event.ID, id)
	if err != nil {
		return err
	}
	h := v.Response().Header()
	h.Set(echo.HeaderContentDisposition, attachment(f.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	return v.Blob(http.StatusOK, f.Type.Media, f.Content)
}

// attachment names a file for saving: in plain letters for old browsers, and as it is for the others (RFC 5987).
func attachment(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
