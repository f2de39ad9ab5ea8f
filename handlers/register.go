package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// openEvent is the event of a registration page; CodeClosed when it takes no registrations now.
func (s *Server) openEvent(c echo.Context) (*registration.Event, error) {
	e, err := s.shown(c)
	if err != nil {
		return nil, err
	}
	if e.WindowAt(s.cfg.Now()) != registration.WindowOpen {
		return e, registration.Fail(registration.CodeClosed, "register.closed")
	}
	return e, s.mustBeOpened(c.Request().Context(), e)
}

// mustBeOpened fails with CodeClosed for an event that may not take registrations yet.
func (s *Server) mustBeOpened(ctx context.Context, e *registration.Event) error {
	ready, err := s.opened(ctx, e)
	if err == nil && !ready {
		err = registration.Fail(registration.CodeClosed, "register.unready")
	}
	return err
}

// opened reports whether an event may take registrations: a live one only when its pages say what card companies demand and each of
// its channels has passed its go-live check.
func (s *Server) opened(ctx context.Context, e *registration.Event) (bool, error) {
	if e.Mode != registration.Live || s.previewed != nil {
		return true, nil
	}
	if len(e.Lacks()) > 0 {
		return false, nil
	}
	unchecked, err := s.cfg.Store.Unchecked(ctx, e)
	if err != nil {
		return false, fmt.Errorf("read go-live checks: %w", err)
	}
	return len(unchecked) == 0, nil
}

// registerFrame is the frame of a registration page.
func registerFrame(c echo.Context, e *registration.Event, path, key string, problems []views.Problem) views.Page {
	p := frame(c, e, path, key)
	p.Private, p.Error, p.Refused = true, len(problems) > 0, refusedForm(c, path)
	return p
}

// cartOf reads the first page's form. Quantities that are no numbers come back as problems.
func cartOf(e *registration.Event, f form) (cart registration.Cart, typed map[string]string, problems []views.Problem) {
	cart = registration.Cart{Category: f.line("category"), Extras: map[string]int64{}}
	cart.Voucher, problems = typedVoucher(f)
	typed = map[string]string{}
	for _, x := range e.Extras {
		text := f.line("extra." + x.ID)
		typed[x.ID] = text
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 || n > int64(x.Max) {
			problems = append(problems, views.Problem{Field: "extra-" + x.ID, Key: "register.extra.quantity", Args: []any{"max", x.Max}})
			continue
		}
		if n > 0 {
			cart.Extras[x.ID] = n
			if cart.Category != "" && !x.For(cart.Category) {
				problems = append(problems, views.Problem{Field: "extra-" + x.ID, Key: "register.extra.category"})
			}
		}
	}
	return cart, typed, problems
}

// missing lists what of a cart has no places left, also for somebody who has an offer of the waiting list.
func (s *Server) missing(ctx context.Context, e *registration.Event, q registration.Quote, w *store.WaitingEntry) ([]views.Problem, error) {
	free, err := s.cfg.Store.Left(ctx, e.ID)
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	addOffer(free, w)
	if err := s.addKept(ctx, free, e, q.Voucher); err != nil {
		return nil, err
	}
	var problems []views.Problem
	for _, line := range q.Lines {
		for quota, n := range registration.PlacesOf(e, []registration.Line{line}) {
			if n > free[quota] {
				problem := soldOut(line)
				if line.Kind == registration.LineExtra && free[quota] <= 0 {
					problem.Key = "register.gone.extra"
				}
				problems = append(problems, problem)
				break
			}
		}
	}
	return problems, nil
}

func soldOut(line registration.Line) views.Problem {
	if line.Kind == registration.LineExtra {
		return views.Problem{Field: "extra-" + line.ID, Key: "register.full.extra"}
	}
	return views.Problem{Field: "category", Key: "register.full.category"}
}

// revisionOf names what the check page shows: a digest of everything, with the total in front, so that a later page can say what it was.
func revisionOf(q registration.Quote, p registration.Person, terms string, answers ...registration.Answers) string {
	return revisionOfAll(registration.Quotes{q}, p, terms, answers...)
}

// revisionOfAll is revisionOf for what several people take; p is who pays.
func revisionOfAll(q registration.Quotes, p registration.Person, terms string, answers ...registration.Answers) string {
	b := make([]byte, 0, 1024)
	for _, one := range q {
		b = one.AppendJSON(b)
	}
	b = append(p.AppendJSON(append(b, ',')), ',')
	b = append(b, terms...)
	for _, a := range answers {
		if len(a) > 0 {
			text, err := json.Marshal(a)
			if err != nil {
				return "" // our own types always can be written; an empty revision matches nothing
			}
			b = append(append(b, ','), text...)
		}
	}
	sum := sha256.Sum256(b)
	return pricesText(q.Prices()) + "." + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// pricesText writes prices as KRW150000-USD12000.
func pricesText(p registration.Prices) string {
	var parts []string
	for _, cur := range p.Currencies() {
		parts = append(parts, string(cur)+strconv.FormatInt(p[cur], 10))
	}
	return strings.Join(parts, "-")
}

// shownPrices reads the prices out of a revision; nil when it holds none. It is what the browser says, fit for telling it what it was
// shown and for nothing else.
func shownPrices(revision string) registration.Prices {
	text, _, found := strings.Cut(revision, ".")
	if !found || len(text) > 200 {
		return nil
	}
	shown := registration.Prices{}
	for part := range strings.SplitSeq(text, "-") {
		if len(part) < 4 || !registration.Currency(part[:3]).Known() {
			return nil
		}
		n, err := strconv.ParseUint(part[3:], 10, 48)
		if err != nil {
			return nil
		}
		shown[registration.Currency(part[:3])] = int64(n)
	}
	return shown
}

// termsVersion identifies the texts that the consents are about in both languages: the terms, and what the event adds to them.
func termsVersion(e *registration.Event) string { return views.TermsVersion + "." + e.TermsVersion() }
