package allat_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/allat"
	"foyer/payments/gatewaytest"
	"foyer/payments/sandbox"
	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/encoding/korean"
)

func won(n int64) registration.Money   { return registration.Money{Minor: n, Cur: registration.KRW} }
func cents(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.USD} }

// channel is a domestic test channel at an address.
func channel(api string) payments.Channel {
	return payments.Channel{
		Gateway: "allat", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"}, APIURL: api,
		Credentials: map[string]string{"shop_id": "allat_demo", "cross_key": "allat_key_demo"},
	}
}

func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	g, err := allat.New(c, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

// attempt is a payment that nobody has begun.
func attempt(number string) payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: number, Amount: won(150000), OrderName: "표본 학술대회, 학생", Payer: registration.Person{Name: "홍길동", Email: "gildong@example.org"},
		Lang: registration.Korean, StartedAt: time.Now(), Key: "KEY" + number,
		Return: "https://register.example.org/pay/t/return", Fail: "https://register.example.org/pay/t/fail",
		Receive: "https://register.example.org/pay/t/receive",
	}
}

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

// contract is a channel of the shop allat_NAME; with usd in NAME the overseas one.
func (b *bank) contract(name string) payments.Channel {
	c := channel(b.url)
	c.ScriptURL = b.url + "/common/NonAllatPayRE.js"
	c.Credentials = map[string]string{"shop_id": "allat_" + name, "cross_key": "allat_key_" + name}
	if strings.Contains(name, "usd") {
		c.Currency, c.Cards = registration.USD, "overseas"
	}
	return c
}

// form is what the script posts to the window: the launch's fields in EUC-KR.
func form(t *testing.T, l payments.Launch) url.Values {
	t.Helper()
	fields, ok := l.Call["fields"].(map[string]string)
	if !ok {
		t.Fatalf("launch without fields: %v", l.Call)
	}
	v := url.Values{}
	for name, value := range fields {
		text, err := korean.EUCKR.NewEncoder().String(value)
		if err != nil {
			t.Fatalf("%s is not EUC-KR: %v", name, err)
		}
		v.Set(name, text)
	}
	return v
}

// walk leads the payer through a window with one choice, and gives what the browser brings back by way of the receive page.
func (b *bank) walk(t *testing.T, g payments.Gateway, fields url.Values, card string) (payments.Return, map[string]string) {
	t.Helper()
	payer := gatewaytest.Payer{T: t, Base: b.url}
	opened := payer.Post(b.url+"/servlet/AllatPay/nonactivex/nonre/nonre_main.jsp", fields)
	if opened.Location == "" {
		t.Fatalf("the window did not open: %d", opened.Status)
	}
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(payer.Post(opened.Location, url.Values{"card": {card}}).Body))
	if err != nil {
		t.Fatalf("read the window: %v", err)
	}
	posted := url.Values{}
	page.Find("form#post input").Each(func(_ int, in *goquery.Selection) {
		text, err := korean.EUCKR.NewEncoder().String(in.AttrOr("value", ""))
		if err != nil {
			t.Errorf("the window posts what is not EUC-KR: %v", err)
		}
		posted.Set(in.AttrOr("name", ""), text)
	})
	got := g.(payments.Receiver).ParseReceive(payments.Request{Method: http.MethodPost, Body: []byte(posted.Encode())})
	back := url.Values{"allat_order_no": fields["allat_order_no"], "allat_amt": fields["allat_amt"]}
	for name, value := range got {
		back.Set(name, value)
	}
	r, err := g.ParseReturn(payments.Request{Method: http.MethodPost, Form: back})
	if err != nil {
		t.Fatalf("read return: %v", err)
	}
	return r, got
}

// authenticated begins a payment and lets the payer choose; the attempt then holds the ticket. change may tamper with the form.
func (b *bank) authenticated(t *testing.T, g payments.Gateway, a payments.Attempt, card string, change func(url.Values)) payments.Attempt {
	t.Helper()
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	fields := form(t, l)
	if change != nil {
		change(fields)
	}
	r, said := b.walk(t, g, fields, card)
	if r.Failed || r.GatewayID == "" {
		t.Fatalf("came back with %+v from %v", r, said)
	}
	a.GatewayID = r.GatewayID
	return a
}

// settled begins, lets the payer pay and gets the approval.
func (b *bank) settled(t *testing.T, g payments.Gateway, a payments.Attempt, card string) payments.Outcome {
	t.Helper()
	out, err := g.Settle(t.Context(), b.authenticated(t, g, a, card, nil))
	if err != nil || out.Captured != a.Amount {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	return out
}

// captured is the sum of what the books say was taken.
func (b *bank) captured() (sum int64) {
	for _, p := range b.Books().Payments {
		sum += p.Captured - p.Refunded
	}
	return sum
}

// refundOf is a refund of a payment that still has balance.
func refundOf(out payments.Outcome, amount, balance int64) payments.RefundAttempt {
	m := func(n int64) registration.Money { return registration.Money{Minor: n, Cur: out.Captured.Cur} }
	return payments.RefundAttempt{
		RefundID: "r1", GatewayID: out.GatewayID, OrderNo: out.OrderNo, Amount: m(amount), Captured: out.Captured, Balance: m(balance),
		Whole: amount == balance, Method: payments.Method(out.Method), Reason: "by phone", Key: fmt.Sprint("R", balance),
	}
}
