package sandbox

import (
	"net/http"
	"net/url"
	"strconv"

	"foyer/registration"
)

// bootpayBadWindow is what a payer reads whose window cannot be opened.
var bootpayBadWindow = bilingual{
	"결제창을 열 수 없는 요청입니다. 키(bootpay_js_… 또는 bootpay_ck_…), 금액, 주문번호, 주문 이름, 돌아갈 주소를 확인해 주십시오.",
	"The window cannot be opened. Check the key (bootpay_js_… or bootpay_ck_…), price, order number, order name and redirect_url.",
}

// openWindow is where the script sends the browser: it begins a payment and shows its window.
func (g *bootpay) openWindow(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	m, ok := bootpayMerchantOf(q.Get("client_key"), "ck")
	if !q.Has("client_key") {
		m, ok = bootpayMerchantOf(q.Get("application_id"), "js")
	}
	minutes, err := strconv.Atoi(q.Get("timeout"))
	if err != nil || minutes < 1 || minutes > 24*60 {
		minutes = 0
	}
	o := bootpayOrder{
		Merchant: m, Price: q.Get("price"), OrderID: q.Get("order_id"), OrderName: q.Get("order_name"), RedirectURL: q.Get("redirect_url"),
		Language: bootpayLanguage(q.Get("locale")), Separately: q.Get("separately_confirmed") == "true",
		Events: q.Get("common_event_webhook") == "true", Minutes: minutes,
	}
	var p *Payment
	if ok {
		if _, err := g.s.write(func(t *tx) { p = g.begin(t, o, g.s.baseURL(r)) }); err != nil {
			g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
			return
		}
	}
	if p == nil {
		lang := g.s.lang(r, o.Language)
		v := g.s.page(r, lang, "problem.title")
		v.Wrong, v.Notice = true, bootpayBadWindow.ko
		if lang == registration.English {
			v.Notice = bootpayBadWindow.en
		}
		g.s.render(w, http.StatusBadRequest, "problem", struct{ page }{v}, v)
		return
	}
	http.Redirect(w, r, "/bootpay/window/"+p.ID, http.StatusSeeOther)
}

// bootpayLanguage maps the script's language.
func bootpayLanguage(code string) registration.Lang {
	switch code {
	case "ko":
		return registration.Korean
	case "":
		return ""
	}
	return registration.English
}

func (g *bootpay) showWindow(w http.ResponseWriter, r *http.Request) {
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("receipt")) })
	if err != nil || p == nil || p.Dialect != bootpayName {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return
	}
	g.renderWindow(w, r, p, false)
}

func (g *bootpay) renderWindow(w http.ResponseWriter, r *http.Request, p *Payment, left bool) {
	lang := g.s.lang(r, p.Session.Language)
	v := tossWindow{
		page: g.s.page(r, lang, "window.title"), Payment: p, Status: g.status(p), Amount: p.Money(p.Amount).Format(lang),
		Any: p.Session.AnyCard, Slow: int(g.s.cfg.SlowConfirm.Seconds()), Left: left,
	}
	v.Targets = []string{originOf(p.Session.SuccessURL)}
	for _, value := range []string{"kr", "visa", "mastercard", "jcb", "amex"} {
		if c := tossCards[value]; fits(p, c) {
			v.Cards = append(v.Cards, windowChoice{value, brand(c, lang)})
		}
	}
	if away, _ := cardFor(p, choiceWrongPlace); !fits(p, away) {
		v.Away = brand(away, lang)
	}
	status := http.StatusOK
	if p.State != StateReady {
		v.Back = g.wayBack(p)
	}
	if p.State == StateExpired {
		status = http.StatusGone
	}
	g.s.render(w, status, "window", v, v.page)
}

// wayBack is where a payer goes after the window, with what the real one adds: an event, and the receipt. Everything about
// it can be changed on the way.
func (g *bootpay) wayBack(p *Payment) string {
	q := url.Values{"receipt_id": {p.ID}}
	switch p.State {
	case StateAuthenticated:
		q.Set("event", "confirm")
	case StateCaptured:
		q.Set("event", "done")
	case StateReady:
		q.Set("event", "cancel")
		q.Set("error_code", "RC_CLOSE_WINDOW")
	case StateFailed, StateExpired:
		q.Set("event", "error")
		q.Set("error_code", p.Failure)
		if p.State == StateExpired {
			q.Set("error_code", "RC_EXPIRED")
		}
	case StateDeposit: // this window offers no virtual account
	}
	return withQuery(p.Session.SuccessURL, q)
}

// submitWindow does what the payer clicked. A finished window leads where it led before.
func (g *bootpay) submitWindow(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	choice := r.PostFormValue("card")
	var p *Payment
	var known bool
	_, err := g.s.write(func(t *tx) {
		if p = t.payment(r.PathValue("receipt")); p == nil || p.Dialect != bootpayName {
			p = nil
			return
		}
		if _, known = cardFor(p, choice); known && p.State == StateReady {
			g.choose(t, p, choice)
		}
	})
	switch {
	case err != nil:
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
	case p == nil:
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
	case !known:
		g.s.problem(w, r, http.StatusBadRequest, "window.choice")
	case p.State == StateExpired || (p.State == StateReady && choice == choiceLeave):
		g.renderWindow(w, r, p, p.State == StateReady)
	default:
		http.Redirect(w, r, g.wayBack(p), http.StatusSeeOther)
	}
}

// choose carries one choice in an open window out. A window that was not opened for a separate confirmation charges at once.
func (g *bootpay) choose(t *tx, p *Payment, choice string) {
	card, _ := cardFor(p, choice)
	switch choice {
	case choiceCancel:
		p.note(t.now, "closed", "")
		t.save(p)
		return
	case choiceLeave:
		p.note(t.now, "left", "")
		t.save(p)
		return
	case choiceDeclinedWindow:
		p.Card = &card
		g.abort(t, p, "RC_REQUEST_FAILED") // the real code is not public
		return
	}
	p.Card, p.Session.Choice = &card, choice
	p.State, p.AuthenticatedAt, p.Deadline = StateAuthenticated, t.now, t.now.Add(bootpayConfirm)
	p.note(t.now, "authenticated", choice)
	t.save(p)
	if p.Session.Metadata[bootpaySeparate] != "" {
		return
	}
	if choice == choiceDeclined || !fits(p, card) {
		g.abort(t, p, "RC_CONFIRM_FAILED")
		return
	}
	g.capture(t, p)
}
