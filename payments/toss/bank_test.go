package toss_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// bank is the sandbox with a payer in front of it.
type bank struct {
	*sandbox.Sandbox
	url string
}

func openBank(t *testing.T, cfg sandbox.Config) *bank {
	t.Helper()
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatalf("open the sandbox: %v", err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Errorf("close the sandbox: %v", err)
		}
	})
	return &bank{Sandbox: s, url: srv.URL}
}

// contract is a channel of this sandbox.
func (b *bank) contract(name, cards string, cur registration.Currency) payments.Channel {
	c := channel(b.url)
	c.ScriptURL, c.Cards, c.Currency = b.url+"/v2/standard", cards, cur
	c.Credentials = map[string]string{"client_key": "test_ck_" + name, "secret_key": "test_sk_" + name}
	return c
}

// fresh is a payment that nobody has begun.
func fresh(orderNo string, amount registration.Money) payments.Attempt {
	a := attempt()
	a.OrderNo, a.GatewayID, a.Amount, a.Key = orderNo, "", amount, "KEY"+orderNo
	return a
}

// pay walks the payer from the launch through the window with one choice, and gives what the browser brings back.
func (b *bank) pay(t *testing.T, g payments.Gateway, l payments.Launch, card string) payments.Return {
	t.Helper()
	address := l.Href
	if address == "" {
		address = b.url + "/toss/window?" + windowQuery(t, l).Encode()
	}
	window := follow(t, http.MethodGet, address, nil)
	back := follow(t, http.MethodPost, window, url.Values{"card": {card}})
	u, err := url.Parse(back)
	if err != nil {
		t.Fatalf("way back: %v", err)
	}
	r, err := g.ParseReturn(payments.Request{Method: http.MethodGet, Query: u.Query()})
	if err != nil {
		t.Fatalf("read return: %v", err)
	}
	return r
}

// windowQuery is what the script makes of a launch's call: it has passed through JSON, as in a browser.
func windowQuery(t *testing.T, l payments.Launch) url.Values {
	t.Helper()
	raw, err := json.Marshal(l.Call)
	if err != nil {
		t.Fatalf("write call: %v", err)
	}
	var call struct {
		ClientKey, Method, OrderID, OrderName, SuccessURL, FailURL string
		Amount                                                     struct {
			Currency string
			Value    json.Number
		}
		Card struct {
			UseInternationalCardOnly bool
			Language                 string
		}
		CustomerName             string
		VirtualAccount, Transfer struct {
			DueDate     string
			CashReceipt struct{ Type string }
		}
	}
	if err := json.Unmarshal(raw, &call); err != nil {
		t.Fatalf("read call: %v", err)
	}
	return url.Values{
		"clientKey": {call.ClientKey}, "method": {call.Method}, "currency": {call.Amount.Currency}, "value": {call.Amount.Value.String()},
		"orderId": {call.OrderID}, "orderName": {call.OrderName}, "successUrl": {call.SuccessURL}, "failUrl": {call.FailURL},
		"language": {call.Card.Language}, "useInternationalCardOnly": {fmt.Sprint(call.Card.UseInternationalCardOnly)},
		"customerName": {call.CustomerName}, "dueDate": {call.VirtualAccount.DueDate},
		"cashReceipt": {call.VirtualAccount.CashReceipt.Type + call.Transfer.CashReceipt.Type},
	}
}

// follow sends one request and gives the absolute address that it is redirected to.
func follow(t *testing.T, method, address string, form url.Values) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := payments.NewTransport(5 * time.Second).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("read %s: %v, %v", address, err, cerr)
	}
	to, err := res.Location()
	if err != nil {
		t.Fatalf("%s %s: %d and no way on: %s", method, address, res.StatusCode, body)
	}
	return to.String()
}

// authenticated begins a payment and lets the payer choose; the attempt then names the gateway's payment.
func (b *bank) authenticated(t *testing.T, g payments.Gateway, a payments.Attempt, card string) payments.Attempt {
	t.Helper()
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	r := b.pay(t, g, l, card)
	if r.Failed || r.GatewayID == "" || r.OrderNo != a.OrderNo {
		t.Fatalf("came back with %+v", r)
	}
	a.GatewayID = r.GatewayID
	return a
}

// control does at the gateway what no merchant can: a deposit, or what a bank does.
func (b *bank) control(t *testing.T, what, orderNo string) {
	t.Helper()
	res, err := http.Post(b.url+"/_sandbox/api/"+what, "application/json", strings.NewReader(`{"payment":"`+orderNo+`"}`))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", what, res.StatusCode, err)
	}
}

// patiently repeats a call under its key while the gateway says that the same call is still running, as it may just after an answer.
func patiently[T any](t *testing.T, call func() (T, error)) (T, error) {
	t.Helper()
	for range 500 {
		v, err := call()
		if !errors.Is(err, payments.ErrRunning) {
			return v, err
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatal("the same call is running for ever")
	panic("not reached")
}

// settleAgain confirms under a key that was used before.
func settleAgain(t *testing.T, g payments.Gateway, a payments.Attempt) (payments.Outcome, error) {
	t.Helper()
	return patiently(t, func() (payments.Outcome, error) { return g.Settle(t.Context(), a) })
}

// refundAgain refunds under a key that was used before.
func refundAgain(t *testing.T, g payments.Gateway, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	t.Helper()
	return patiently(t, func() (payments.RefundOutcome, error) { return g.Refund(t.Context(), r) })
}
