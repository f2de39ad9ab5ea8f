package sandbox

import (
	"embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"foyer/registration"
)

//go:embed assets/portonev1_window.html assets/portonev1_done.html
var portoneV1Pages embed.FS

// init adds the window's pages and their words to those of the sandbox.
func init() {
	for name, page := range map[string]string{portoneV1Name: "window", portoneV1Name + "-done": "done"} {
		frame := template.Must(template.ParseFS(pageFiles, "assets/pages/frame.html"))
		pages[name] = template.Must(frame.ParseFS(portoneV1Pages, "assets/portonev1_"+page+".html"))
	}
	maps.Copy(words, portoneV1Words)
}

var portoneV1Words = map[string]bilingual{
	"portonev1.title":       {"모의 결제", "Sandbox payment"},
	"portonev1.captured":    {"결제창이 끝나면 바로 승인됩니다.", "Charged as soon as the window ends."},
	"portonev1.refused":     {"결제창에서 거절되어 실패로 돌아갑니다. 같은 주문번호로 다시 결제할 수 있습니다.", "Refused here, goes back as failed. The same order number may be tried again."},
	"portonev1.cancel":      {"결제하지 않고 실패로 돌아갑니다. 상태는 ready로 남습니다.", "Goes back as failed, without paying. Stays ready."},
	"portonev1.leave":       {"아무 데로도 돌아가지 않습니다. ready로 남습니다.", "Goes nowhere. Stays ready."},
	"portonev1.lost":        {"금액은 승인되고 첫 조회의 응답은 도중에 끊깁니다.", "The amount is charged; the answer to the first look-up is cut off."},
	"portonev1.slow":        {"승인 뒤 첫 조회에 걸리는 시간(초):", "Charged; seconds that the first look-up takes:"},
	"portonev1.method":      {"결제 수단", "Method"},
	"portonev1.card":        {"카드", "Card"},
	"portonev1.vbank":       {"가상계좌", "Virtual account"},
	"portonev1.trans":       {"실시간 계좌이체", "Bank transfer"},
	"portonev1.phone":       {"휴대폰 소액결제", "Mobile phone bill"},
	"portonev1.wallet":      {"간편결제", "Simple payment"},
	"portonev1.vbank.do":    {"가상계좌 발급받기", "Have an account issued"},
	"portonev1.vbank.hint":  {"계좌가 발급되며, 입금은 모의 결제 장부에서 할 수 있습니다.", "An account is issued; pay into it on the page of the books."},
	"portonev1.trans.do":    {"내 계좌에서 이체하기", "Transfer from my account"},
	"portonev1.phone.do":    {"휴대폰 요금으로 결제하기", "Pay with my phone bill"},
	"portonev1.wallet.do":   {"간편결제로 결제하기", "Pay with my wallet"},
	"portonev1.done":        {"가맹점으로 돌아가는 중입니다.", "Going back to the merchant."},
	"portonev1.lead":        {"아래에서 일어날 일을 하나 고르십시오.", "Choose what shall happen."},
	"portonev1.approve":     {"승인", "Approved"},
	"portonev1.refuse":      {"거절", "Refused"},
	"portonev1.bad.balance": {"잔액 부족·한도 초과", "Not enough money, or over the limit"},
}

// portoneV1Window is what the window's page shows.
type portoneV1Window struct {
	tossWindow
	Kind string // card, vbank, trans, phone or wallet: of the method, and the value of its button
}

// portoneV1Kind is how p's window looks.
func portoneV1Kind(p *Payment) string {
	switch p.Method {
	case "":
		return "card"
	case "vbank", "trans", "phone":
		return p.Method
	}
	return "wallet"
}

func (g *portoneV1) showWindow(w http.ResponseWriter, r *http.Request) {
	if p := g.windowPayment(w, r); p != nil {
		g.renderWindow(w, r, p, false)
	}
}

// windowPayment finds the try of a window's address, or answers 404.
func (g *portoneV1) windowPayment(w http.ResponseWriter, r *http.Request) *Payment {
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("imp_uid")) })
	if err != nil || p == nil || p.Dialect != portoneV1Name {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return nil
	}
	return p
}

func (g *portoneV1) renderWindow(w http.ResponseWriter, r *http.Request, p *Payment, left bool) {
	lang := g.s.lang(r, p.Session.Language)
	v := portoneV1Window{Kind: portoneV1Kind(p), tossWindow: tossWindow{
		page: g.s.page(r, lang, "portonev1.title"), Payment: p, Status: g.status(p), Amount: p.Money(p.Amount).Format(lang),
		Overseas: overseasContract(p), Any: p.Session.AnyCard && !p.Session.OverseasOnly,
		Slow: int(g.s.cfg.SlowConfirm.Seconds()), Left: left,
	}}
	v.Targets = []string{originOf(p.Session.SuccessURL)}
	if origin := originOf(p.Session.Metadata[portoneV1Origin]); origin != "" {
		v.Framers = []string{origin}
	}
	for _, value := range []string{"kr", "visa", "mastercard", "jcb", "amex"} {
		if c := tossCards[value]; fits(p, c) {
			v.Cards = append(v.Cards, windowChoice{value, brand(c, lang)})
		}
	}
	if away, _ := cardFor(p, choiceWrongPlace); !fits(p, away) {
		v.Away = brand(away, lang)
	}
	status := http.StatusOK
	if p.State == StateExpired {
		status = http.StatusGone
	}
	if p.State != StateReady {
		v.Back = g.wayBack(p, lang == registration.English)
	}
	g.s.render(w, status, portoneV1Name, v, v.page)
}

// submitWindow does what the payer clicked. A finished window leads where it led before.
func (g *portoneV1) submitWindow(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	choice := r.PostFormValue("card")
	var p *Payment
	known := false
	_, err := g.s.write(func(t *tx) {
		if p = t.payment(r.PathValue("imp_uid")); p == nil || p.Dialect != portoneV1Name {
			return
		}
		if known = portoneV1Offers(p, choice); known && p.State == StateReady {
			g.choose(t, p, choice)
		}
	})
	switch {
	case err != nil:
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
	case p == nil || p.Dialect != portoneV1Name:
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
	case !known:
		g.s.problem(w, r, http.StatusBadRequest, "window.choice")
	case p.State == StateExpired || (p.State == StateReady && choice == choiceLeave):
		g.renderWindow(w, r, p, p.State == StateReady)
	default:
		http.Redirect(w, r, g.wayBack(p, g.s.lang(r, p.Session.Language) == registration.English), http.StatusSeeOther)
	}
}

// portoneV1Offers reports whether p's window has a button of that value.
func portoneV1Offers(p *Payment, choice string) bool {
	_, ok := cardFor(p, choice)
	_, isCard := tossCards[choice]
	if kind := portoneV1Kind(p); kind != "card" {
		return choice == kind || (ok && !isCard && choice != choiceWrongPlace)
	}
	return ok
}

// wayBack is where the payer goes after the window: to the shop's address, or, for a window in a frame, to the page that tells the shop's
// page.
func (g *portoneV1) wayBack(p *Payment, english bool) string {
	if p.Session.Metadata[portoneV1Origin] != "" {
		return "/portonev1/done/" + p.ID
	}
	q := url.Values{}
	for name, value := range portoneV1Result(p, english) {
		q.Set(name, value)
	}
	return withQuery(p.Session.SuccessURL, q)
}

// portoneV1Result is what the shop's page, or its address, is told: the ids, and an error when it did not work. Older companies say
// as well whether it did.
func portoneV1Result(p *Payment, english bool) map[string]string {
	out := map[string]string{"imp_uid": p.ID, "merchant_uid": p.OrderID}
	code := p.Failure
	switch p.State {
	case StateReady, StateAuthenticated:
		code = portoneV2Closed
	case StateExpired:
		code = "TIMEOUT"
	case StateFailed, StateCaptured, StateDeposit:
	}
	if company := p.Session.Metadata[portoneV1Company]; company == "html5_inicis" || company == "kcp" || company == "nice" {
		out["imp_success"] = "true"
		if code != "" {
			out["imp_success"] = "false"
		}
	}
	if code != "" {
		out["error_code"], out["error_msg"] = code, "["+code+"] "+tossText(code, english)
	}
	return out
}

// portoneV1Finished is the page at the end of a window in a frame.
type portoneV1Finished struct {
	page
	Origin string
	Result string // JSON
}

// showDone tells the page around the frame what came of it, by the page's own script.
func (g *portoneV1) showDone(w http.ResponseWriter, r *http.Request) {
	p := g.windowPayment(w, r)
	if p == nil {
		return
	}
	lang := g.s.lang(r, p.Session.Language)
	result, err := json.Marshal(portoneV1Result(p, lang == registration.English))
	origin := originOf(p.Session.Metadata[portoneV1Origin])
	if err != nil || origin == "" {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return
	}
	v := portoneV1Finished{g.s.page(r, lang, "portonev1.title"), origin, string(result)}
	v.Framers, v.Script = []string{origin}, true
	g.s.render(w, http.StatusOK, portoneV1Name+"-done", v, v.page)
}

// choose carries one choice in an open window out.
func (g *portoneV1) choose(t *tx, p *Payment, choice string) {
	switch choice {
	case choiceLeave:
		p.note(t.now, "left", "")
		t.save(p)
		return
	case choiceCancel:
		p.note(t.now, "closed", portoneV2Closed)
		t.save(p)
		return
	}
	card, _ := cardFor(p, choice)
	if p.Method == "" {
		p.Card = &card
	}
	switch {
	case g.paid(t, p.Merchant, p.OrderID) != nil:
		portoneV1Abort(t, p, "ALREADY_PROCESSED_PAYMENT") // paid in another window meanwhile
	case choice == choiceDeclined:
		portoneV1Abort(t, p, "REJECT_CARD_PAYMENT")
	case choice == choiceDeclinedWindow:
		portoneV1Abort(t, p, "REJECT_CARD_COMPANY")
	case p.Method == "" && !fits(p, card):
		portoneV1Abort(t, p, "INVALID_REJECT_CARD")
	case !portoneV1Minimum(p):
		portoneV1Abort(t, p, "BELOW_MINIMUM_AMOUNT")
	case p.Method == "vbank":
		g.issue(t, p)
	default:
		portoneV2Capture(t, p, choice)
	}
}

// issue gives the payer an account that waits for its deposit.
func (g *portoneV1) issue(t *tx, p *Payment) {
	digits := strings.TrimPrefix(p.ID, "imp_")
	p.State, p.AuthenticatedAt, p.Deadline = StateDeposit, t.now, portoneV1Deadline(p.Session.Metadata[portoneV1Until], t.now)
	p.Account = &Account{Bank: "004", Number: "5601" + digits, Holder: "Sandbox"}
	p.note(t.now, "issued", p.Account.Number)
	t.save(p)
	t.tell(p)
}

// portoneV1Abort ends a try without money; another one may follow under the same number. PortOne says nothing of it.
func portoneV1Abort(t *tx, p *Payment, code string) {
	p.State, p.Failure = StateFailed, code
	p.note(t.now, "declined", code)
	t.save(p)
}
