package sandbox

import (
	_ "embed"
	"html/template"
	"maps"
	"net/http"
)

//go:embed assets/stripe_window.html
var stripePage string

func init() {
	frame := template.Must(template.ParseFS(pageFiles, "assets/pages/frame.html"))
	pages["stripe"] = template.Must(frame.Parse(stripePage))
	maps.Copy(words, stripeWords)
}

// stripeWindow is what the session's page shows.
type stripeWindow struct {
	page
	Payment *Payment
	Amount  string
	Cards   []windowChoice
	Refused string // the issuer's word for the last card, "" when none was refused
	Open    bool
	Slow    int    // seconds
	Back    string // where a finished window leads
	Left    bool   // the payer walked away
	Lost    bool   // the payer has paid and does not come back
}

func (g *stripe) showWindow(w http.ResponseWriter, r *http.Request) {
	if p := g.windowPayment(w, r); p != nil {
		g.renderWindow(w, r, p, stripeWindow{})
	}
}

// windowPayment finds the session of a window's address, or answers 404.
func (g *stripe) windowPayment(w http.ResponseWriter, r *http.Request) *Payment {
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("id")) })
	if err != nil || p == nil || p.Dialect != stripeName {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return nil
	}
	return p
}

func (g *stripe) renderWindow(w http.ResponseWriter, r *http.Request, p *Payment, v stripeWindow) {
	lang := g.s.lang(r, p.Session.Language)
	v.page, v.Payment, v.Amount = g.s.page(r, lang, "window.title"), p, p.Money(p.Amount).Format(lang)
	v.Slow, v.Refused = int(g.s.cfg.SlowConfirm.Seconds()), p.Failure
	v.Targets = []string{originOf(p.Session.SuccessURL), originOf(p.Session.FailURL)}
	for _, value := range []string{"visa", "mastercard", "jcb", "amex", "kr"} {
		v.Cards = append(v.Cards, windowChoice{value, brand(tossCards[value], lang)})
	}
	status := http.StatusOK
	switch p.State {
	case StateReady:
		v.Open = true
	case StateCaptured:
		v.Back = stripeSuccess(p)
	case StateExpired, StateFailed, StateAuthenticated, StateDeposit:
		status, v.Back = http.StatusGone, p.Session.FailURL
	}
	if v.Lost {
		v.Back = ""
	}
	g.s.render(w, status, "stripe", v, v.page)
}

// submitWindow does what the payer clicked. A finished window leads where it led before.
func (g *stripe) submitWindow(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	choice := r.PostFormValue("card")
	p := g.windowPayment(w, r)
	if p == nil {
		return
	}
	if _, known := cardFor(p, choice); !known {
		g.s.problem(w, r, http.StatusBadRequest, "window.choice")
		return
	}
	if choice == choiceSlow && p.State == StateReady {
		g.s.wait(g.s.cfg.SlowConfirm)
	}
	acted := false
	_, err := g.s.write(func(t *tx) {
		if p = t.payment(p.ID); p.State == StateReady {
			acted = true
			g.choose(t, p, choice)
		}
	})
	if err != nil {
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
		return
	}
	g.leave(w, r, p, choice, acted)
}

// choose carries one choice in an open window out.
func (g *stripe) choose(t *tx, p *Payment, choice string) {
	card, _ := cardFor(p, choice)
	switch choice {
	case choiceCancel:
		p.note(t.now, "closed", "")
		t.save(p)
	case choiceLeave:
		p.note(t.now, "left", "")
		t.save(p)
	case choiceDeclined:
		g.refuse(t, p, card, "insufficient_funds")
	case choiceDeclinedWindow:
		g.refuse(t, p, card, "do_not_honor")
	case choiceWrongPlace:
		g.refuse(t, p, tossCards["kr"], "card_not_supported")
	default:
		g.pay(t, p, card)
	}
}

// leave answers a choice: back to the merchant, or the window again. A payer who goes back without paying leaves the session open.
func (g *stripe) leave(w http.ResponseWriter, r *http.Request, p *Payment, choice string, acted bool) {
	back := p.Session.FailURL
	switch {
	case p.State == StateCaptured && acted && choice == choiceLostAnswer:
		g.renderWindow(w, r, p, stripeWindow{Lost: true})
		return
	case p.State == StateCaptured:
		back = stripeSuccess(p)
	case p.State != StateReady:
		g.renderWindow(w, r, p, stripeWindow{})
		return
	case choice == choiceLeave:
		g.renderWindow(w, r, p, stripeWindow{Left: true})
		return
	case choice == choiceDeclined || choice == choiceWrongPlace || back == "":
		back = r.URL.Path
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// stripeWords are the texts of the session's page alone.
var stripeWords = map[string]bilingual{
	"stripe.refused":       {"카드가 거절되었습니다. 다른 카드를 고르거나 돌아갈 수 있습니다.", "The card was refused. Choose another, or go back."},
	"stripe.declined.hint": {"거절되고 이 화면에 머뭅니다. 세션은 열려 있습니다.", "Refused, and stays on this page. The session stays open."},
	"stripe.giveup.hint":   {"거절된 뒤 결제하지 않고 돌아갑니다. 세션은 열려 있습니다.", "Refused, then goes back without paying. The session stays open."},
	"stripe.korean":        {"국내 전용 카드", "Card for Korea only"},
	"stripe.cancel":        {"돌아가기", "Go back"},
	"stripe.cancel.hint":   {"결제하지 않고 돌아갑니다. 세션은 열려 있습니다.", "Goes back without paying. The session stays open."},
	"stripe.leave.hint":    {"아무 데로도 돌아가지 않습니다. 세션은 정해진 시각에 만료됩니다.", "Goes nowhere. The session expires at its time."},
	"stripe.lost":          {"결제되었으나 돌아가지 않음", "Paid, but never comes back"},
	"stripe.lost.hint":     {"금액은 청구되고 브라우저는 돌아가지 않습니다.", "The amount is charged and the browser does not return."},
	"stripe.lost.done":     {"결제되었습니다. 브라우저는 가맹점으로 돌아가지 않습니다.", "Paid. The browser does not go back to the merchant."},
	"stripe.slow.hint":     {"청구까지 걸리는 시간(초):", "Seconds until it is charged:"},
	"stripe.any":           {"모든 카드, 카드를 고르면 바로 청구됩니다", "Every card; choosing one charges it at once"},
}
