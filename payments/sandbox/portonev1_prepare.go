package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"foyer/registration"
)

// portoneV1Order is what the script wants paid: the argument of IMP.request_pay as far as the sandbox reads it, with the code of IMP.init
// and how the result goes back.
type portoneV1Order struct {
	Code        string      `json:"code"`
	ChannelKey  string      `json:"channelKey"`
	PG          string      `json:"pg"`
	PayMethod   string      `json:"pay_method"`
	OrderID     string      `json:"merchant_uid"`
	Name        string      `json:"name"`
	Amount      json.Number `json:"amount"`
	Currency    string      `json:"currency"`
	Language    string      `json:"language"`
	RedirectURL string      `json:"m_redirect_url"`
	Digital     bool        `json:"digital"`
	Due         string      `json:"vbank_due"`
	Origin      string      `json:"origin"` // of the page whose callback gets the result; "" for a redirect
	Bypass      struct {
		Country string `json:"issuercountry"`
		Toss    struct {
			Overseas bool `json:"useInternationalCardOnly"`
		} `json:"tosspayments"`
	} `json:"bypass"`
}

// portoneV1Way is what the script is told: where the window is, or why there is none.
type portoneV1Way struct {
	Window  string `json:"window,omitempty"`
	ID      string `json:"imp_uid,omitempty"`
	Code    string `json:"error_code,omitempty"`
	Message string `json:"error_msg,omitempty"`
}

// openWindow is what the script asks before its window opens: it begins a try and tells where its window is.
func (g *portoneV1) openWindow(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	var o portoneV1Order
	if !readJSON([]byte(r.URL.Query().Get("request")), &o) {
		jsonAnswer(http.StatusOK, portoneV1Way{Code: "INVALID_REQUEST", Message: "The request is no JSON object."}).send(w)
		return
	}
	var p *Payment
	code := ""
	_, err := g.s.write(func(t *tx) { p, code = g.begin(t, o, g.s.baseURL(r)) })
	switch {
	case err != nil:
		jsonAnswer(http.StatusOK, portoneV1Way{Code: "INTERNAL", Message: "The books could not be written."}).send(w)
	case code != "":
		jsonAnswer(http.StatusOK, portoneV1Way{Code: code, Message: "The sandbox opens no window: " + code + "."}).send(w)
	default:
		jsonAnswer(http.StatusOK, portoneV1Way{Window: p.Session.BaseURL + "/portonev1/window/" + p.ID, ID: p.ID}).send(w)
	}
}

// begin opens a try of a merchant_uid. code is the error when it cannot be.
func (g *portoneV1) begin(t *tx, o portoneV1Order, base string) (p *Payment, code string) {
	contract, ok := o.contract()
	merchant, known := portoneV1Merchant(o.Code)
	if !ok || !known || !strings.HasPrefix(o.Code, "imp-test-") {
		return nil, "INVALID_CHANNEL"
	}
	amount, code := o.check(contract)
	if code != "" {
		return nil, code
	}
	if g.paid(t, merchant, o.OrderID) != nil {
		return nil, "F1002"
	}
	if !g.promised[orderKey(merchant, o.OrderID)].keeps(amount) {
		return nil, "INVALID_AMOUNT"
	}
	method := o.PayMethod
	if method == "card" {
		method = ""
	}
	back := o.RedirectURL
	if o.Origin != "" {
		back = o.Origin
	}
	p = &Payment{
		ID: portoneV1ID(), Dialect: portoneV1Name, Merchant: merchant, OrderID: o.OrderID, OrderName: o.Name, Currency: amount.Cur,
		Amount: amount.Minor, State: StateReady, Method: method, RequestedAt: t.now, Deadline: t.now.Add(portoneV1WindowLife), Refunds: []Refund{},
		Session: Session{
			SuccessURL: back, FailURL: back, Language: portoneV1Language(o.Language), BaseURL: base,
			OverseasOnly: o.Bypass.Toss.Overseas || contract.has("overseas"),
			AnyCard:      contract.has("any") || (contract.company == "eximbay" && o.Bypass.Country == ""),
			Metadata:     o.notes(contract),
		},
	}
	p.note(t.now, "opened", "")
	t.save(p)
	return p, ""
}

// portoneV1Contract is one company behind a shop.
type portoneV1Contract struct {
	company, shop string
	words         string // that say how it behaves
}

func (c portoneV1Contract) has(word string) bool { return strings.Contains(c.words, word) }

// contract reads the channel: its key, which begins with the shop's name, or the company and its shop id. Without either it is the
// shop's first channel.
func (o portoneV1Order) contract() (portoneV1Contract, bool) {
	shop := strings.TrimPrefix(o.Code, "imp-test-")
	c := portoneV1Contract{company: "html5_inicis"}
	if name, id, _ := strings.Cut(o.PG, "."); name != "" {
		c.company, c.shop, c.words = name, id, strings.ToLower(id)
	}
	if o.ChannelKey != "" {
		rest, ok := strings.CutPrefix(o.ChannelKey, "channel-key-test-"+shop)
		if !ok {
			return c, false
		}
		c.words = strings.ToLower(rest)
		for _, company := range []string{"kakaopay", "naverpay", "paypal_v2", "eximbay", "kcp", "nice_v2", "tosspayments"} {
			if c.has(company) {
				c.company = company
			}
		}
	}
	if c.shop == "" {
		c.shop = "sandbox_" + c.company
	}
	return c, true
}

// check reads the amount and what else must be right before a window can open.
func (o portoneV1Order) check(c portoneV1Contract) (registration.Money, string) {
	cur := registration.Currency(o.Currency)
	if cur == "" {
		cur = registration.KRW
		if c.company == "eximbay" || strings.HasPrefix(c.company, "paypal") {
			cur = registration.USD
		}
	}
	amount, err := registration.ParseMoney(o.Amount.String(), cur)
	back := originOf(o.Origin) != "" || originOf(o.RedirectURL) != ""
	switch {
	case err != nil, amount.Minor <= 0, !back, !portoneV1OrderID.MatchString(o.OrderID), o.Name == "", utf8.RuneCountInString(o.Name) > 40:
		return amount, "INVALID_PARAMETER"
	case strings.HasPrefix(c.company, "paypal") && cur == registration.KRW, c.company == "kakaopay" && cur != registration.KRW:
		return amount, "INVALID_CURRENCY"
	case o.PayMethod == "phone" && !o.Digital:
		return amount, "INVALID_PARAMETER"
	}
	return amount, ""
}

// notes are what the payment remembers.
func (o portoneV1Order) notes(c portoneV1Contract) map[string]string {
	notes := map[string]string{
		portoneV1Company: c.company, portoneV1Shop: c.shop, portoneV1Origin: o.Origin, portoneV1Until: o.Due, portoneV1Device: "pc",
		portoneV1Custom: o.Currency, portoneV1Refunds: portoneV2Refunds(c.words),
	}
	if o.Origin == "" {
		notes[portoneV1Device] = "mobile"
	}
	if o.Currency == "" {
		notes[portoneV1Custom] = "KRW"
	}
	for _, word := range []string{portoneV1Live, portoneV1Keeps, portoneV1Form} {
		if c.has(word) {
			notes[word] = "true"
		}
	}
	return notes
}

func portoneV1Language(code string) registration.Lang {
	switch code {
	case "":
		return ""
	case "ko":
		return registration.Korean
	}
	return registration.English
}

// portoneV1Deadline reads vbank_due, in Korean time: a day, or a day and a time.
func portoneV1Deadline(due string, now time.Time) time.Time {
	for _, layout := range []string{"20060102150405", "200601021504", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, due, kst); err == nil {
			return t.UTC()
		}
	}
	for _, layout := range []string{"20060102", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, due, kst); err == nil {
			return t.Add(24*time.Hour - time.Second).UTC()
		}
	}
	return now.Add(portoneV1Term)
}
