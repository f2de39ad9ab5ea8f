package sandbox

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxListed is how many payments the first page shows; older ones are found by their order number.
const maxListed = 100

func (s *Sandbox) consoleRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.showHome)
	mux.HandleFunc("GET /_sandbox/payments/{id}", s.showPayment)
	mux.HandleFunc("POST /_sandbox/payments/{id}/webhook", s.submitWebhook)
	mux.HandleFunc("POST /_sandbox/payments/{id}/refund", s.submitRefund)
	mux.HandleFunc("POST /_sandbox/payments/{id}/expire", s.submitExpire)
	mux.HandleFunc("POST /_sandbox/payments/{id}/deposit", s.submitDeposit)
	mux.HandleFunc("POST /_sandbox/payments/{id}/deposit-cancel", s.submitDepositCancel)
	mux.HandleFunc("POST /_sandbox/nightly", s.submitNightly)
	mux.HandleFunc("POST /_sandbox/faults", s.submitFault)
	mux.HandleFunc("POST /_sandbox/faults/clear", s.submitClear)
	mux.HandleFunc("POST /_sandbox/webhooks", s.submitAddress)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.problem(w, r, http.StatusNotFound, "problem.page") })
}

// row is one payment in a list or at the head of its page.
type row struct {
	Payment
	Word   string // what Status means, in the reader's language
	Tag    string // CSS class of the status tag
	Asked  string
	Back   string // refunded, "" when nothing was
	CardIs string // the card, or the method
}

func (p page) row(pay Payment) row {
	r := row{Payment: pay, Asked: pay.Money(pay.Amount).Format(p.Lang)}
	key, tag := "state."+string(pay.State), map[State]string{
		StateReady: "info", StateAuthenticated: "info", StateDeposit: "info", StateCaptured: "ok", StateFailed: "danger", StateExpired: "neutral",
	}[pay.State]
	if pay.Refunded > 0 {
		r.Back = pay.Money(pay.Refunded).Format(p.Lang)
		key, tag = "state.partly", "warn"
		if pay.Left() == 0 {
			key, tag = "state.refunded", "danger"
		}
	}
	r.Word, r.Tag = p.T(key), tag
	switch label := "method." + pay.Method; {
	case pay.Card != nil:
		r.CardIs = brand(*pay.Card, p.Lang)
	case words[label] != (bilingual{}):
		r.CardIs = p.T(label)
	default:
		r.CardIs = pay.Method
	}
	return r
}

type homeView struct {
	page
	Query    string
	Gateway  string   // of the payments that are listed, "" for all
	Gateways []string // that the sandbox speaks
	Rows     []row
	Total    int
	Webhooks []address
	Faults   []Fault
	Kinds    []FaultKind
	Ops      []Operation
}

func (s *Sandbox) showHome(w http.ResponseWriter, r *http.Request) {
	p := s.consolePage(w, r, "home.title")
	books := s.Books()
	v := homeView{
		page: p, Query: strings.TrimSpace(r.URL.Query().Get("q")), Gateway: r.URL.Query().Get("gateway"), Gateways: s.dialectNames(), Total: len(books.Payments),
		Faults: s.faults.list(), Kinds: faultKinds, Ops: operations,
	}
	for _, pay := range slices.Backward(books.Payments) {
		if len(v.Rows) < maxListed && (strings.Contains(pay.OrderID, v.Query) || pay.ID == v.Query) && matches(v.Gateway, pay.Dialect) {
			v.Rows = append(v.Rows, p.row(pay))
		}
	}
	for merchant, to := range books.Webhooks {
		if to != "" {
			v.Webhooks = append(v.Webhooks, address{merchant, to})
		}
	}
	slices.SortFunc(v.Webhooks, func(a, b address) int { return cmp.Compare(a.Merchant, b.Merchant) })
	s.render(w, http.StatusOK, "home", v, p)
}

type paymentView struct {
	page
	Row      row
	Open     bool
	Left     string // what can still be refunded, in words
	LeftText string // the same, as a form wants it
	Hooked   bool   // its merchant has a webhook address
	Window   string // the address of its open window
	Waits    bool   // an account waits for the deposit
	Came     bool   // a deposit came that the bank can take back
	Due      string // until when the account waits
}

func (s *Sandbox) showPayment(w http.ResponseWriter, r *http.Request) {
	pay := s.paymentOf(r)
	if pay == nil {
		s.problem(w, r, http.StatusNotFound, "problem.payment")
		return
	}
	p := s.consolePage(w, r, "payment.title")
	pay.Status = s.status(pay)
	v := paymentView{page: p, Row: p.row(*pay), Open: pay.open(), Hooked: s.keeper.webhook(pay.Merchant) != ""}
	if pay.State == StateReady {
		v.Window = s.windowOf(pay)
	}
	if pay.Account != nil {
		v.Waits, v.Came = pay.State == StateDeposit, pay.State == StateCaptured && pay.Left() == pay.Amount
		v.Due = p.When(pay.Deadline)
	}
	if pay.Left() > 0 {
		v.Left, v.LeftText = pay.Money(pay.Left()).Format(p.Lang), pay.Money(pay.Left()).Decimal()
	}
	s.render(w, http.StatusOK, "payment", v, p)
}

// windowOf is the address of a payment's window, "" where its gateway shows none.
func (s *Sandbox) windowOf(p *Payment) string {
	if d, ok := s.dialects[p.Dialect].(interface{ window(p *Payment) string }); ok {
		return d.window(p)
	}
	return ""
}

func (s *Sandbox) paymentOf(r *http.Request) *Payment {
	var p *Payment
	if _, err := s.write(func(t *tx) { p = t.payment(r.PathValue("id")) }); err != nil {
		return nil
	}
	return p
}

// consolePage also remembers the language that the reader chose, and shows what the last form did.
func (s *Sandbox) consolePage(w http.ResponseWriter, r *http.Request, title string) page {
	if chosen := r.URL.Query().Get("lang"); chosen == "ko" || chosen == "en" {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: chosen, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	p := s.page(r, s.lang(r, ""), title)
	for _, name := range []string{"done", "wrong"} {
		if key := name + "." + r.URL.Query().Get(name); words[key] != (bilingual{}) {
			p.Notice, p.Wrong = p.T(key), name == "wrong"
		}
	}
	return p
}

// back leads to the page again after a form, with one sentence about what came of it.
func back(w http.ResponseWriter, r *http.Request, path, done string, err error) {
	q := url.Values{"done": {done}}
	if err != nil {
		q = url.Values{"wrong": {wrongKey(err)}}
	}
	http.Redirect(w, r, path+"?"+q.Encode(), http.StatusSeeOther)
}

func wrongKey(err error) string {
	for target, key := range map[error]string{
		errNoPayment: "payment", errAmount: "amount", errFinished: "finished", errNoDeposit: "no-deposit",
		errDeposited: "deposited", errHow: "form",
		errNoWebhook: "no-address", errNoMessage: "no-message", errUnknownKey: "key",
	} {
		if errors.Is(err, target) {
			return key
		}
	}
	return "form"
}

func paymentPath(r *http.Request) string {
	return "/_sandbox/payments/" + url.PathEscape(r.PathValue("id"))
}

func (s *Sandbox) submitWebhook(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.Atoi(cmp.Or(r.PostFormValue("seconds"), "0"))
	if err == nil {
		err = s.sendWebhook(r.PathValue("id"), How(r.PostFormValue("how")), seconds)
	}
	back(w, r, paymentPath(r), "webhook", err)
}

func (s *Sandbox) submitRefund(w http.ResponseWriter, r *http.Request) {
	pay := s.paymentOf(r)
	if pay == nil {
		s.problem(w, r, http.StatusNotFound, "problem.payment")
		return
	}
	minor, err := parseAmount(pay, r.PostFormValue("amount"))
	if err == nil {
		err = s.refundOutside(pay.ID, minor, cmp.Or(r.PostFormValue("reason"), "refunded at the gateway"))
	}
	back(w, r, paymentPath(r), "refund", err)
}

func (s *Sandbox) submitExpire(w http.ResponseWriter, r *http.Request) {
	back(w, r, paymentPath(r), "expire", s.expireNow(r.PathValue("id")))
}

func (s *Sandbox) submitDeposit(w http.ResponseWriter, r *http.Request) {
	back(w, r, paymentPath(r), "deposit", s.deposit(r.PathValue("id")))
}

func (s *Sandbox) submitDepositCancel(w http.ResponseWriter, r *http.Request) {
	back(w, r, paymentPath(r), "deposit-cancel", s.cancelDeposit(r.PathValue("id")))
}

func (s *Sandbox) submitNightly(w http.ResponseWriter, r *http.Request) {
	n, err := s.nightly()
	done := "nightly"
	if n == 0 {
		done = "nothing"
	}
	back(w, r, "/", done, err)
}

func (s *Sandbox) submitFault(w http.ResponseWriter, r *http.Request) {
	times, err1 := strconv.Atoi(cmp.Or(r.PostFormValue("times"), "1"))
	delay, err2 := strconv.ParseInt(cmp.Or(r.PostFormValue("delay_ms"), "0"), 10, 64)
	f := Fault{
		Kind: FaultKind(r.PostFormValue("kind")), Operation: Operation(r.PostFormValue("operation")),
		Dialect: r.PostFormValue("dialect"), Times: times, After: r.PostFormValue("after") != "", DelayMS: delay,
	}
	err := errors.Join(err1, err2, s.checkFault(f))
	if err == nil {
		s.Arm(f)
	}
	back(w, r, "/", "fault", err)
}

func (s *Sandbox) submitClear(w http.ResponseWriter, r *http.Request) {
	s.faults.clear()
	back(w, r, "/", "clear", nil)
}

func (s *Sandbox) submitAddress(w http.ResponseWriter, r *http.Request) {
	key, to := strings.TrimSpace(r.PostFormValue("key")), strings.TrimSpace(r.PostFormValue("url"))
	back(w, r, "/", "address", s.setWebhook(key, to))
}
