package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"foyer/registration"
)

// portoneV2Order is what the script wants paid: the argument of requestPayment, as far as the sandbox reads it.
type portoneV2Order struct {
	StoreID     string      `json:"storeId"`
	ChannelKey  string      `json:"channelKey"`
	PaymentID   string      `json:"paymentId"`
	OrderName   string      `json:"orderName"`
	Total       json.Number `json:"totalAmount"`
	Currency    string      `json:"currency"`
	PayMethod   string      `json:"payMethod"`
	RedirectURL string      `json:"redirectUrl"`
	Locale      string      `json:"locale"`
	Bypass      struct {
		Toss struct {
			Overseas bool `json:"useInternationalCardOnly"`
		} `json:"tosspayments"`
	} `json:"bypass"`
	Account struct {
		Expiry struct {
			Due   string      `json:"dueDate"` // in Korean time
			Hours json.Number `json:"validHours"`
		} `json:"accountExpiry"`
	} `json:"virtualAccount"`
}

// portoneV2Methods are the methods that a window may be opened for, by the name that the books have for each.
var portoneV2Methods = map[string]string{"CARD": "", "VIRTUAL_ACCOUNT": tossVirtual, "TRANSFER": "TRANSFER", "MOBILE": "MOBILE_PHONE"}

// portoneV2Way is what the script is told: where the window is, or why there is none.
type portoneV2Way struct {
	Window  string `json:"window,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// prepare is what the script asks before it leaves the merchant's page: it begins a try and tells where its window is. Whatever is
// wrong is told to the script, and nobody is redirected.
func (g *portoneV2) prepare(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	var o portoneV2Order
	if !readJSON([]byte(r.URL.Query().Get("request")), &o) {
		jsonAnswer(http.StatusOK, portoneV2Way{Code: "RequestParseFailed", Message: "The request is no JSON object."}).send(w)
		return
	}
	var p *Payment
	code := ""
	_, err := g.s.write(func(t *tx) { p, code = g.begin(t, o, g.s.baseURL(r)) })
	switch {
	case err != nil:
		jsonAnswer(http.StatusOK, portoneV2Way{Code: "Internal", Message: "The books could not be written."}).send(w)
	case code != "":
		jsonAnswer(http.StatusOK, portoneV2Way{Code: code, Message: "The sandbox opens no window: " + code + "."}).send(w)
	default:
		jsonAnswer(http.StatusOK, portoneV2Way{Window: p.Session.BaseURL + "/portonev2/window/" + p.ID}).send(w)
	}
}

// begin opens a try of a payment id. code is the error when it cannot be.
func (g *portoneV2) begin(t *tx, o portoneV2Order, base string) (p *Payment, code string) {
	merchant, channel, code := o.contract()
	if code != "" {
		return nil, code
	}
	amount, code := o.check()
	if code != "" {
		return nil, code
	}
	if p := g.of(t, merchant, o.PaymentID); p != nil && p.Captured > 0 {
		return nil, "PaymentAlreadyPaid"
	}
	promise := g.registered[orderKey(merchant, o.PaymentID)]
	if (promise.Total != "" && promise.Total.String() != strconv.FormatInt(amount.Minor, 10)) || (promise.Currency != "" && promise.Currency != string(amount.Cur)) {
		return nil, "AmountNotEqualToPredefined"
	}
	due, ok := tossDue(strings.Replace(o.Account.Expiry.Due, " ", "T", 1), o.Account.Expiry.Hours, t.now)
	if !ok {
		return nil, "InvalidArgument"
	}
	p = &Payment{
		ID: portoneV2ID(t.now), Method: portoneV2Methods[o.PayMethod], Dialect: portoneV2Name, Merchant: merchant, OrderID: o.PaymentID, OrderName: o.OrderName,
		Currency: amount.Cur, Amount: amount.Minor, State: StateReady, RequestedAt: t.now, Deadline: t.now.Add(portoneV2WindowLife),
		Refunds: []Refund{},
		Session: Session{
			SuccessURL: o.RedirectURL, FailURL: o.RedirectURL, Language: portoneV2Language(o.Locale), BaseURL: base,
			OverseasOnly: o.Bypass.Toss.Overseas || strings.Contains(channel, "overseas"), AnyCard: strings.Contains(channel, "any"), Due: due,
			Metadata: map[string]string{
				"store": o.StoreID, "channel": o.ChannelKey, "type": portoneV2Type(channel), "refunds": portoneV2Refunds(channel),
			},
		},
	}
	p.note(t.now, "opened", "")
	t.save(p)
	t.tell(p)
	return p, ""
}

// contract reads the store and its channel; the channel's name begins with the store's.
func (o portoneV2Order) contract() (merchant, channel, code string) {
	store, ok := strings.CutPrefix(o.StoreID, "store-test-")
	merchant, known := portoneV2Merchant(o.StoreID)
	if !ok || !known {
		return "", "", "StoreNotFound"
	}
	channel, ok = strings.CutPrefix(o.ChannelKey, "channel-key-test-")
	if !ok || !portoneV2KeyName.MatchString(channel) || !strings.HasPrefix(channel, store) {
		return "", "", "ChannelNotFound"
	}
	return merchant, strings.ToLower(strings.TrimPrefix(channel, store)), ""
}

// check reads the amount and what else must be right before a window can open.
func (o portoneV2Order) check() (amount registration.Money, code string) {
	amount.Cur = registration.Currency(strings.TrimPrefix(o.Currency, "CURRENCY_"))
	n, err := strconv.ParseInt(o.Total.String(), 10, 64)
	amount.Minor = n
	switch {
	case err != nil, n <= 0, !amount.Cur.Known(), originOf(o.RedirectURL) == "", !tossOrderID.MatchString(o.PaymentID),
		o.OrderName == "", utf8.RuneCountInString(o.OrderName) > 100:
		return amount, "InvalidArgument"
	}
	method, known := portoneV2Methods[o.PayMethod]
	switch {
	case !known:
		return amount, "Unimplemented"
	case method != "" && amount.Cur != registration.KRW:
		return amount, "InvalidArgument"
	}
	return amount, ""
}

// portoneV2Type is whether a channel is for test or live money, as its name says. Nothing here is ever real.
func portoneV2Type(channel string) string {
	if strings.Contains(channel, "live") {
		return "LIVE"
	}
	return "TEST"
}

// portoneV2Refunds is how refunds of a channel go, as its name says: at once, or only requested at first, to fail in the end, or
// refused by the company behind PortOne.
func portoneV2Refunds(channel string) string {
	for _, word := range []string{"fail", "later", "broken"} {
		if strings.Contains(channel, word) {
			return word
		}
	}
	return ""
}

func portoneV2Language(locale string) registration.Lang {
	switch strings.TrimPrefix(strings.ToUpper(locale), "LOCALE_") {
	case "":
		return ""
	case "KO_KR":
		return registration.Korean
	}
	return registration.English
}
