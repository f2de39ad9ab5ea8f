package sandbox

import (
	"embed"
	"html/template"
	"maps"
	"net/http"
	"net/url"

	"foyer/registration"
)

//go:embed assets/portonev2_window.html
var portoneV2Pages embed.FS

// init adds the window's page and its words to those of the sandbox.
func init() {
	frame := template.Must(template.ParseFS(pageFiles, "assets/pages/frame.html"))
	pages[portoneV2Name] = template.Must(frame.ParseFS(portoneV2Pages, "assets/portonev2_window.html"))
	maps.Copy(words, portoneV2Words)
}

var portoneV2Words = map[string]bilingual{
	"portonev2.refused":  {"결제창에서 거절되어 실패로 돌아갑니다. 같은 결제 ID로 다시 결제할 수 있습니다.", "Refused here, goes back as failed. The same payment id may be tried again."},
	"portonev2.captured": {"결제창이 끝나면 바로 승인됩니다.", "Charged as soon as the window ends."},
	"portonev2.cancel":   {"결제하지 않고 실패로 돌아갑니다.", "Goes back as failed, without paying."},
	"portonev2.leave":    {"아무 데로도 돌아가지 않습니다. READY로 남습니다.", "Goes nowhere. Stays READY."},
	"portonev2.lost":     {"금액은 승인되고 첫 조회의 응답은 도중에 끊깁니다.", "The amount is charged; the answer to the first look-up is cut off."},
	"portonev2.slow":     {"승인 뒤 첫 조회에 걸리는 시간(초):", "Charged; seconds that the first look-up takes:"},
}

func (g *portoneV2) showWindow(w http.ResponseWriter, r *http.Request) {
	if p := g.windowPayment(w, r); p != nil {
		g.renderWindow(w, r, p, false)
	}
}

// windowPayment finds the try of a window's address, or answers 404.
func (g *portoneV2) windowPayment(w http.ResponseWriter, r *http.Request) *Payment {
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("transactionId")) })
	if err != nil || p == nil || p.Dialect != portoneV2Name {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return nil
	}
	return p
}

func (g *portoneV2) renderWindow(w http.ResponseWriter, r *http.Request, p *Payment, left bool) {
	lang := g.s.lang(r, p.Session.Language)
	v := tossWindow{
		page: g.s.page(r, lang, "window.title"), Payment: p, Status: g.status(p), Amount: p.Money(p.Amount).Format(lang),
		Overseas: overseasContract(p), Any: p.Session.AnyCard && !p.Session.OverseasOnly,
		Slow: int(g.s.cfg.SlowConfirm.Seconds()), Left: left,
	}
	v.Targets = []string{originOf(p.Session.SuccessURL)}
	v.offer(p)
	status := http.StatusOK
	if p.State == StateExpired {
		status = http.StatusGone
	}
	if p.State != StateReady {
		v.Back = portoneV2Return(p, lang == registration.English)
	}
	g.s.render(w, status, portoneV2Name, v, v.page)
}

// submitWindow does what the payer clicked. A finished window leads where it led before.
func (g *portoneV2) submitWindow(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	choice := r.PostFormValue("card")
	var p *Payment
	known := false
	_, err := g.s.write(func(t *tx) {
		if p = t.payment(r.PathValue("transactionId")); p == nil || p.Dialect != portoneV2Name {
			return
		}
		if _, known = tossChoice(p, choice); known && p.State == StateReady {
			g.choose(t, p, choice)
		}
	})
	switch {
	case err != nil:
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
	case p == nil || p.Dialect != portoneV2Name:
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
	case !known:
		g.s.problem(w, r, http.StatusBadRequest, "window.choice")
	case p.State == StateReady:
		g.renderWindow(w, r, p, true)
	case p.State == StateExpired:
		g.renderWindow(w, r, p, false)
	default:
		http.Redirect(w, r, portoneV2Return(p, g.s.lang(r, p.Session.Language) == registration.English), http.StatusSeeOther)
	}
}

// choose carries one choice in an open window out.
func (g *portoneV2) choose(t *tx, p *Payment, choice string) {
	if choice == choiceLeave {
		p.note(t.now, "left", "")
		t.save(p)
		return
	}
	if choice == choiceCancel {
		portoneV2Abort(t, p, portoneV2Closed)
		return
	}
	card, _ := tossChoice(p, choice)
	p.Card = card
	switch other := g.of(t, p.Merchant, p.OrderID); {
	case other != nil && other.Captured > 0:
		portoneV2Abort(t, p, "ALREADY_PROCESSED_PAYMENT") // paid in another window meanwhile
	case choice == choiceDeclined && card == nil:
		portoneV2Abort(t, p, tossMethods[p.Method].declined)
	case choice == choiceDeclined:
		portoneV2Abort(t, p, "REJECT_CARD_PAYMENT")
	case choice == choiceDeclinedWindow:
		portoneV2Abort(t, p, "REJECT_CARD_COMPANY")
	case card != nil && !fits(p, *card):
		portoneV2Abort(t, p, "INVALID_REJECT_CARD")
	case !portoneV2Minimum(p):
		portoneV2Abort(t, p, "BELOW_MINIMUM_AMOUNT")
	case p.Method == tossVirtual:
		p.Session.Choice, p.AuthenticatedAt = choice, t.now
		issueAccount(t, p, "WOORI", "")
	default:
		portoneV2Capture(t, p, choice)
	}
}

// portoneV2Return is where the payer goes back to: the same address whatever came of it.
func portoneV2Return(p *Payment, english bool) string {
	q := url.Values{"paymentId": {p.OrderID}, "transactionType": {"PAYMENT"}, "txId": {p.ID}}
	switch p.State {
	case StateFailed:
		q.Set("code", "PGProviderError")
		q.Set("message", "[PG] "+tossText(p.Failure, english))
		q.Set("pgCode", p.Failure)
		q.Set("pgMessage", tossText(p.Failure, english))
	case StateExpired, StateReady, StateAuthenticated:
		q.Set("code", "DeadlineExceeded")
		q.Set("message", text(registration.English, "window.expired"))
	case StateCaptured, StateDeposit:
	}
	return withQuery(p.Session.SuccessURL, q)
}
