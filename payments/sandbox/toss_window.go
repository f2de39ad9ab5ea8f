package sandbox

import (
	"net/http"

	"foyer/registration"
)

// tossWindow is what the window's page shows.
type tossWindow struct {
	page
	Payment  *Payment
	Status   string
	Amount   string
	Overseas bool // the contract takes overseas cards only
	Any      bool
	Cards    []windowChoice
	Away     string // the brand of the card in the wrong place, "" when there is none
	Slow     int    // seconds
	Back     string // where a finished window leads
	Left     bool   // the payer walked away
	Method   string // how it is paid in the reader's language, "" for a card
}

type windowChoice struct{ Value, Brand string }

func (g *toss) showWindow(w http.ResponseWriter, r *http.Request) {
	p := g.windowPayment(w, r)
	if p == nil {
		return
	}
	g.renderWindow(w, r, p, false)
}

// windowPayment finds the payment of a window's address, or answers 404.
func (g *toss) windowPayment(w http.ResponseWriter, r *http.Request) *Payment {
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("paymentKey")) })
	if err != nil || p == nil || p.Dialect != tossName {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return nil
	}
	return p
}

func (g *toss) renderWindow(w http.ResponseWriter, r *http.Request, p *Payment, left bool) {
	lang := g.s.lang(r, p.Session.Language)
	v := tossWindow{
		page: g.s.page(r, lang, "window.title"), Payment: p, Status: g.status(p), Amount: p.Money(p.Amount).Format(lang),
		Overseas: overseasContract(p), Any: p.Session.AnyCard && !p.Session.OverseasOnly,
		Slow: int(g.s.cfg.SlowConfirm.Seconds()), Left: left,
	}
	v.Targets = []string{originOf(p.Session.SuccessURL), originOf(p.Session.FailURL)}
	v.offer(p)
	status := http.StatusOK
	switch p.State {
	case StateReady:
	case StateAuthenticated, StateCaptured, StateDeposit:
		v.Back = successReturn(p)
	case StateFailed:
		v.Back = failReturn(p.Session.FailURL, p.Failure, p.OrderID, lang == registration.English)
	case StateExpired:
		status = http.StatusGone
		v.Back = failReturn(p.Session.FailURL, "PAY_PROCESS_ABORTED", p.OrderID, lang == registration.English)
	}
	g.s.render(w, status, "window", v, v.page)
}

// offer fills in what p's window offers: cards, or the one button of another method.
func (v *tossWindow) offer(p *Payment) {
	m, other := tossMethods[p.Method]
	if !other {
		v.cards(p)
		return
	}
	v.Title, v.Method = v.T("window.pay"), v.T(m.label)
	v.Cards = []windowChoice{{m.choice, v.T(m.label + ".do")}}
}

// cards are the cards that p's window takes, and the one that is in the wrong place.
func (v *tossWindow) cards(p *Payment) {
	for _, value := range []string{"kr", "visa", "mastercard", "jcb", "amex"} {
		if c := tossCards[value]; fits(p, c) {
			v.Cards = append(v.Cards, windowChoice{value, brand(c, v.Lang)})
		}
	}
	if away, _ := cardFor(p, choiceWrongPlace); !fits(p, away) {
		v.Away = brand(away, v.Lang)
	}
}

func brand(c Card, l registration.Lang) string {
	if c.Value == "kr" {
		return text(l, "card.kr")
	}
	return c.Brand
}

// submitWindow does what the payer clicked. A finished window leads where it led before.
func (g *toss) submitWindow(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	choice := r.PostFormValue("card")
	var p *Payment
	var known bool
	_, err := g.s.write(func(t *tx) {
		if p = t.payment(r.PathValue("paymentKey")); p == nil || p.Dialect != tossName {
			return
		}
		if _, known = tossChoice(p, choice); known && p.State == StateReady {
			g.choose(t, p, choice)
		}
	})
	if err != nil {
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
		return
	}
	if p == nil {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return
	}
	if !known {
		g.s.problem(w, r, http.StatusBadRequest, "window.choice")
		return
	}
	english := g.s.lang(r, p.Session.Language) == registration.English
	switch p.State {
	case StateAuthenticated, StateCaptured, StateDeposit:
		http.Redirect(w, r, successReturn(p), http.StatusSeeOther)
	case StateFailed:
		http.Redirect(w, r, failReturn(p.Session.FailURL, p.Failure, p.OrderID, english), http.StatusSeeOther)
	case StateReady:
		if choice == choiceLeave {
			g.renderWindow(w, r, p, true)
			return
		}
		http.Redirect(w, r, failReturn(p.Session.FailURL, "PAY_PROCESS_CANCELED", "", english), http.StatusSeeOther)
	case StateExpired:
		g.renderWindow(w, r, p, false)
	}
}

// choose carries one choice in an open window out.
func (g *toss) choose(t *tx, p *Payment, choice string) {
	card, _ := tossChoice(p, choice)
	switch {
	case choice == choiceCancel:
		p.note(t.now, "closed", "")
		t.save(p)
	case choice == choiceLeave:
		p.note(t.now, "left", "")
		t.save(p)
	case choice == choiceDeclinedWindow:
		p.Card = card
		g.abort(t, p, "REJECT_CARD_COMPANY")
	case card != nil && overseasContract(p) && !fits(p, *card): // an overseas window does not know Korean cards
		p.Card = card
		g.abort(t, p, "PAY_PROCESS_ABORTED")
	default:
		p.Card, p.Session.Choice = card, choice
		p.State, p.AuthenticatedAt, p.Deadline = StateAuthenticated, t.now, t.now.Add(tossSessions)
		p.note(t.now, "authenticated", choice)
		t.save(p)
	}
}
