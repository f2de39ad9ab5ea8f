package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"foyer/registration"
)

// tossOrder is what the script or a merchant's server wants paid.
type tossOrder struct {
	Method       string
	Currency     string
	Value        string // amount as a decimal number
	OrderID      string
	OrderName    string
	SuccessURL   string
	FailURL      string
	Language     string
	OverseasOnly bool
	Metadata     map[string]string
	Payer        string
	Receipt      string
	DueDate      string
	ValidHours   json.Number
}

// check gives the error code of an order that cannot be opened at all, "" for a good one.
func (o tossOrder) check() string {
	name := utf8.RuneCountInString(o.OrderName)
	switch {
	case !tossOrderID.MatchString(o.OrderID), name == 0, name > 100,
		originOf(o.SuccessURL) == "", originOf(o.FailURL) == "", len(o.Metadata) > 5:
		return "INVALID_REQUEST"
	}
	return ""
}

// begin opens a payment for m. code is the error when it cannot be: a method or currency outside the contract, a paid order number.
func (g *toss) begin(t *tx, m tossMerchant, o tossOrder, base string) (p *Payment, code string) {
	method, ok := tossMethodName(o.Method)
	if !ok || o.Currency != string(m.currency) || (method != "" && tossMethods[method].currency != m.currency) {
		return nil, "PAY_PROCESS_ABORTED"
	}
	due, ok := tossDue(o.DueDate, o.ValidHours, t.now)
	if !ok || !slices.Contains([]string{"", "소득공제", "지출증빙", "미발행"}, o.Receipt) {
		return nil, "INVALID_REQUEST"
	}
	amount, err := registration.ParseMoney(o.Value, m.currency)
	if err != nil || amount.Minor <= 0 {
		return nil, "INVALID_REQUEST"
	}
	for _, other := range t.ofOrder(m.id, o.OrderID) {
		if other.Captured > 0 {
			return nil, "ALREADY_PROCESSED_PAYMENT"
		}
	}
	p = &Payment{
		ID: newPaymentKey(t.now), Dialect: tossName, Merchant: m.id, OrderID: o.OrderID, OrderName: o.OrderName,
		Currency: m.currency, Amount: amount.Minor, State: StateReady, RequestedAt: t.now, Deadline: t.now.Add(tossWindowLife), Method: method,
		Refunds: []Refund{},
		Session: Session{
			SuccessURL: o.SuccessURL, FailURL: o.FailURL, Language: tossLanguage(o.Language), OverseasOnly: o.OverseasOnly,
			AnyCard: m.anyCard, BaseURL: base, Metadata: o.Metadata, Payer: o.Payer, Receipt: o.Receipt, Due: due,
		},
	}
	p.note(t.now, "opened", "")
	t.save(p)
	return p, ""
}

// tossLanguage maps the SDK's language; the sandbox has Korean and English, the others read English.
func tossLanguage(code string) registration.Lang {
	switch strings.ToUpper(code) {
	case "":
		return ""
	case "KO":
		return registration.Korean
	}
	return registration.English
}

// create is the older way to begin: by the merchant's server, which sends the payer to checkout.url.
func (g *toss) create(t *tx, c *tossCall) answer {
	var in struct {
		Method       string            `json:"method"`
		Amount       json.Number       `json:"amount"`
		Currency     string            `json:"currency"`
		OrderID      string            `json:"orderId"`
		OrderName    string            `json:"orderName"`
		SuccessURL   string            `json:"successUrl"`
		FailURL      string            `json:"failUrl"`
		Language     string            `json:"language"`
		OverseasOnly bool              `json:"useInternationalCardOnly"`
		Metadata     map[string]string `json:"metadata"`
		Payer        string            `json:"customerName"`
		DueDate      string            `json:"dueDate"`
		ValidHours   json.Number       `json:"validHours"`
		CashReceipt  struct {
			Type string `json:"type"`
		} `json:"cashReceipt"`
	}
	if !readJSON(c.body, &in) {
		return c.fail("INVALID_REQUEST")
	}
	o := tossOrder{
		Method: in.Method, Currency: in.Currency, Value: in.Amount.String(), OrderID: in.OrderID, OrderName: in.OrderName,
		SuccessURL: in.SuccessURL, FailURL: in.FailURL, Language: in.Language, OverseasOnly: in.OverseasOnly, Metadata: in.Metadata,
		Payer: in.Payer, Receipt: in.CashReceipt.Type, DueDate: in.DueDate, ValidHours: in.ValidHours,
	}
	if o.Currency == "" {
		o.Currency = string(c.merchant.currency)
	}
	if code := o.check(); code != "" {
		return c.fail(code)
	}
	p, code := g.begin(t, c.merchant, o, g.s.baseURL(c.r))
	if code == "PAY_PROCESS_ABORTED" { // only the window has this code
		code = "INVALID_REQUEST"
	}
	if code != "" {
		return c.fail(code)
	}
	return jsonAnswer(http.StatusOK, g.object(p, c.english))
}

// checkout is the address that create gives out, ending in /checkout.
func (g *toss) checkout(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("page") != "checkout" {
		g.unknownPath(w, r)
		return
	}
	http.Redirect(w, r, "/toss/window/"+url.PathEscape(r.PathValue("paymentKey")), http.StatusSeeOther)
}

// openWindow is where the script sends the browser: it begins a payment and shows its window.
func (g *toss) openWindow(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	o := tossOrder{
		Method: q.Get("method"), Currency: q.Get("currency"), Value: q.Get("value"), OrderID: q.Get("orderId"),
		OrderName: q.Get("orderName"), SuccessURL: q.Get("successUrl"), FailURL: q.Get("failUrl"), Language: q.Get("language"),
		OverseasOnly: q.Get("useInternationalCardOnly") == "true", Payer: q.Get("customerName"), Receipt: q.Get("cashReceipt"),
		DueDate: q.Get("dueDate"), ValidHours: json.Number(q.Get("validHours")),
	}
	m, ok := tossMerchantOf(q.Get("clientKey"), "test_ck_")
	metadata := q.Get("metadata")
	if metadata != "" && json.Unmarshal([]byte(metadata), &o.Metadata) != nil {
		ok = false
	}
	if !ok || o.check() != "" {
		g.s.problem(w, r, http.StatusBadRequest, "window.bad")
		return
	}
	var p *Payment
	var code string
	_, err := g.s.write(func(t *tx) { p, code = g.begin(t, m, o, g.s.baseURL(r)) })
	switch {
	case err != nil:
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
	case code != "":
		english := g.s.lang(r, tossLanguage(o.Language)) == registration.English
		http.Redirect(w, r, failReturn(o.FailURL, code, o.OrderID, english), http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/toss/window/"+p.ID, http.StatusSeeOther)
	}
}

// successReturn is where an authenticated payer goes back to.
func successReturn(p *Payment) string {
	return withQuery(p.Session.SuccessURL, url.Values{
		"paymentKey": {p.ID}, "orderId": {p.OrderID}, "amount": {number(p, p.Amount).String()},
	})
}

// failReturn is where a payer goes back to without having paid. A cancelled window does not name the order.
func failReturn(failURL, code, orderID string, english bool) string {
	q := url.Values{"code": {code}, "message": {tossText(code, english)}}
	if code != "PAY_PROCESS_CANCELED" {
		q.Set("orderId", orderID)
	}
	return withQuery(failURL, q)
}

// withQuery adds to an address that may have a query of its own.
func withQuery(address string, more url.Values) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += more.Encode()
	return u.String()
}
