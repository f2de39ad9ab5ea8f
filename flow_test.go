package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"

	"github.com/PuerkitoBio/goquery"
)

// newGateway is an outside gateway on an address of its own.
func newGateway(t *testing.T) (*sandbox.Sandbox, string) {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{CancelGap: -1, WebhookRetries: []time.Duration{}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sb.Handler())
	t.Cleanup(func() {
		if err := sb.Close(); err != nil { // first: it ends slow answers
			t.Error(err)
		}
		srv.Close()
	})
	return sb, srv.URL
}

// visitor is a script that uses the site by the names and tokens of its public contract.
type visitor struct {
	t      *testing.T
	client *http.Client
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{
		Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// page is one answer.
type page struct {
	status   int
	address  *url.URL
	location string
	body     []byte
	doc      *goquery.Document
}

func (v *visitor) do(req *http.Request) page {
	v.t.Helper()
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err == nil {
		err = res.Body.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	p := page{status: res.StatusCode, address: req.URL, body: body, doc: doc}
	if to := res.Header.Get("Location"); to != "" {
		u, err := req.URL.Parse(to)
		if err != nil {
			v.t.Fatal(err)
		}
		p.location = u.String()
	}
	return p
}

func (v *visitor) get(address string) page {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(req)
}

func (v *visitor) post(address string, form url.Values) page {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(req)
}

// form gives the fields of a form as they are filled, and where it is posted to.
func (v *visitor) form(p page, id string) (action string, fields url.Values) {
	v.t.Helper()
	f := p.doc.Find("form#" + id)
	if f.Length() != 1 {
		v.t.Fatalf("%s (%d) has %d forms #%s: %s", p.address.Path, p.status, f.Length(), id, p.body)
	}
	u, err := p.address.Parse(f.AttrOr("action", ""))
	if err != nil {
		v.t.Fatal(err)
	}
	fields = url.Values{}
	f.Find("input[name],select[name],textarea[name]").Each(func(_ int, in *goquery.Selection) {
		name, value := in.AttrOr("name", ""), in.AttrOr("value", "")
		_, checked := in.Attr("checked")
		switch in.AttrOr("type", "") {
		case "radio", "checkbox":
			if checked || in.AttrOr("aria-required", "") == "true" && strings.HasPrefix(name, "consent.") {
				fields.Set(name, value)
			}
			return
		}
		if text := personal[in.AttrOr("autocomplete", "")]; text != "" {
			value = text
		}
		fields.Set(name, value)
	})
	return u.String(), fields
}

// personal is what the visitor fills in, by autocomplete token.
var personal = map[string]string{
	"name": "홍길동", "family-name": "Hong", "given-name": "Gildong", "email": "gildong@example.org", "tel": "010-0000-0000",
	"organization": "가람대학교", "country": "KR",
}

// register fills the forms until there is an order, and gives its address.
func (v *visitor) register(base, slug, category string, extras map[string]string) string {
	v.t.Helper()
	next := base + "/e/" + slug + "/register"
	for range 6 {
		action, fields := v.form(v.get(next), "main")
		if fields.Has("category") || v.get(next).doc.Find(`form#main [name="category"]`).Length() > 0 {
			fields.Set("category", category)
		}
		for id, n := range extras {
			if fields.Has("extra." + id) {
				fields.Set("extra."+id, n)
			}
		}
		p := v.post(action, fields)
		if p.status != http.StatusSeeOther {
			v.t.Fatalf("post to %s: %d: %s", action, p.status, p.body)
		}
		if next = p.location; strings.Contains(next, "/o/") {
			return next
		}
	}
	v.t.Fatalf("no order after six forms, the last leads to %s", next)
	return ""
}

// pay chooses a channel and gives what the gateway's script is called with, and the payment's address.
func (v *visitor) pay(order, channel string) (call map[string]any, address string) {
	v.t.Helper()
	action, fields := v.form(v.get(order), "pay")
	fields.Set("channel", channel)
	p := v.post(action, fields)
	if p.status != http.StatusSeeOther || !strings.Contains(p.location, "/pay/") {
		v.t.Fatalf("choose %s: %d to %q: %s", channel, p.status, p.location, p.body)
	}
	var launch struct {
		Call map[string]any `json:"call"`
	}
	text := v.get(p.location).doc.Find("script#launch").Text()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&launch); err != nil {
		v.t.Fatalf("launch data %q: %v", text, err)
	}
	return launch.Call, p.location
}

// card goes through the gateway's window with a card and gives where the gateway sends the browser.
func (v *visitor) card(gateway string, call map[string]any, card string) string {
	v.t.Helper()
	amount, ok := call["amount"].(map[string]any)
	if !ok {
		v.t.Fatalf("call without an amount: %v", call)
	}
	q := url.Values{"currency": {fmt.Sprint(amount["currency"])}, "value": {fmt.Sprint(amount["value"])}}
	for _, name := range []string{"clientKey", "method", "orderId", "orderName", "successUrl", "failUrl"} {
		q.Set(name, fmt.Sprint(call[name]))
	}
	window := v.get(gateway + "/toss/window?" + q.Encode())
	if window.status != http.StatusSeeOther {
		v.t.Fatalf("open the window: %d: %s", window.status, window.body)
	}
	p := v.post(window.location, url.Values{"card": {card}})
	if p.location == "" {
		v.t.Fatalf("the window leads nowhere: %d: %s", p.status, p.body)
	}
	return p.location
}

// ledger is as much of the ledger's JSON as the tests look at.
type ledger struct {
	Orders []struct {
		Code, State, Currency string
		Total                 int64
		Payments              []struct {
			State, Currency  string
			Amount, Captured int64
			OrderNo          string  `json:"order_no"`
			GatewayPaymentID *string `json:"gateway_payment_id"`
			ReceiptNo        *string `json:"receipt_no"`
		}
	}
	Receipts []struct{ No, Kind string }
	Quotas   []struct {
		ID                 string
		Places, Held, Sold int64
	}
}

func (h *testHouse) ledger(slug string) ledger {
	h.t.Helper()
	var l ledger
	if err := json.Unmarshal([]byte(h.must("", "ledger", slug, "--format", "json")), &l); err != nil {
		h.t.Fatal(err)
	}
	return l
}

func TestARegistrationIsPaidThroughAnOutsideGatewayAndTheBooksAgree(t *testing.T) {
	gateway, address := newGateway(t)
	h := newTestHouse(t)
	s := h.serve("serve")
	// Applied by another process beside the server, it counts from the next request.
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))

	v := newVisitor(t)
	order := v.register(s.base, "apsys-2027", "student", map[string]string{"banquet": "1"})
	call, _ := v.pay(order, "korea")
	back := v.card(address, call, "kr")
	if p := v.get(back); p.status != http.StatusSeeOther || p.location != order {
		t.Fatalf("return: %d to %q, want 303 to the order", p.status, p.location)
	}
	if p := v.get(back); p.status != http.StatusSeeOther {
		t.Errorf("return again: %d, want 303", p.status)
	}
	l, books := h.ledger("apsys-2027"), gateway.Books()
	if len(l.Orders) != 1 || l.Orders[0].State != "paid" || l.Orders[0].Total != 200000 || l.Orders[0].Currency != "KRW" {
		t.Fatalf("orders %+v, want one paid order of 200000 KRW", l.Orders)
	}
	ours, theirs := l.Orders[0].Payments, books.Payments
	if len(ours) != 1 || len(theirs) != 1 {
		t.Fatalf("%d payments here and %d at the gateway, want 1 and 1", len(ours), len(theirs))
	}
	if ours[0].State != "confirmed" || ours[0].Captured != theirs[0].Captured || ours[0].OrderNo != theirs[0].OrderID ||
		ours[0].GatewayPaymentID == nil || *ours[0].GatewayPaymentID != theirs[0].ID {
		t.Errorf("ours %+v, the gateway's %+v", ours[0], theirs[0])
	}
	if len(l.Receipts) != 1 || l.Receipts[0].No != "TEST-apsys-2027-R-000001" {
		t.Errorf("receipts %+v", l.Receipts)
	}
	if l.Quotas[0].Sold != 1 || l.Quotas[0].Held != 0 {
		t.Errorf("quotas %+v, want 1 sold", l.Quotas)
	}
	if csv := h.must("", "ledger", "apsys-2027", "--format", "csv"); strings.Count(csv, "\n") != 2 || !strings.Contains(csv, theirs[0].ID) {
		t.Errorf("the list has not one row for one movement: %s", csv)
	}
	h.must("", "doctor")
	s.end(t)
}

func TestReconcileFinishesWhatABrowserLeftAndThenExitsZero(t *testing.T) {
	_, address := newGateway(t)
	h := newTestHouse(t)
	h.env["FOYER_RECONCILE_FIRST"] = "1h"
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))
	s := h.serve("serve")
	v := newVisitor(t)
	order := v.register(s.base, "apsys-2027", "student", nil)
	call, _ := v.pay(order, "korea")
	code, _, errs := h.do("", "reconcile")
	if code != exitUnsettled || !strings.Contains(errs, "1 payment or refund is still unsettled:\n  1 payment has begun and is not paid: closed by ") ||
		!strings.Contains(errs, time.Now().UTC().Format("2006-")) {
		t.Errorf("while a payment has only begun: exit %d and %q, want %d, why, and until when", code, errs, exitUnsettled)
	}
	v.get(v.card(address, call, "kr"))
	if code, out, errs := h.do("", "reconcile"); code != 0 {
		t.Errorf("after the payment: exit %d, %q and %q, want 0", code, out, errs)
	}
	s.end(t)
}

func TestAHoldThatRanOutIsGivenBackWithinTwoSeconds(t *testing.T) {
	_, address := newGateway(t)
	h := newTestHouse(t)
	h.env["FOYER_HOLD"] = "300ms"
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))
	s := h.serve("serve")
	newVisitor(t).register(s.base, "apsys-2027", "student", nil)
	for deadline := time.Now().Add(300*time.Millisecond + 2*time.Second); ; time.Sleep(50 * time.Millisecond) {
		l := h.ledger("apsys-2027")
		if l.Orders[0].State == "expired" && l.Quotas[0].Held == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("order %s, %d places held after the hold's end", l.Orders[0].State, l.Quotas[0].Held)
		}
	}
	s.end(t)
}

func TestMetricsHaveAnAddressOfTheirOwn(t *testing.T) {
	h := newTestHouse(t)
	l := httptest.NewServer(http.NotFoundHandler())
	h.env["FOYER_METRICS_ADDR"] = l.Listener.Addr().String()
	l.Close() // the address is free again
	s := h.serve("serve")
	v := newVisitor(t)
	if p := v.get("http://" + h.env["FOYER_METRICS_ADDR"] + "/metrics"); p.status != http.StatusOK || !bytes.Contains(p.body, []byte("go_goroutines")) {
		t.Errorf("metrics: %d", p.status)
	}
	if p := v.get(s.base + "/metrics"); p.status != http.StatusNotFound {
		t.Errorf("metrics on the public address: %d, want 404", p.status)
	}
	s.end(t)
}

func TestTheDemoServesAnEventWithBothKindsOfCards(t *testing.T) {
	t.Chdir(t.TempDir())
	h := newTestHouse(t)
	s := h.serve("demo")
	text := s.logs.String()
	slug := fmt.Sprintf("maru-%d", time.Now().UTC().AddDate(0, 0, 120).Year())
	for _, want := range []string{s.base + "/e/" + slug, s.base + "/console", "Sandbox", s.base + "/sign-in/link?token="} {
		if !strings.Contains(text, want) {
			t.Errorf("the demo does not print %s: %s", want, text)
		}
	}
	_, rest, _ := strings.Cut(text, "Sandbox       ")
	simulator, _, _ := strings.Cut(rest, "\n")
	if code, _, errs := h.do("", "demo"); code != exitSettings || !strings.Contains(errs, "running in this folder already") {
		t.Errorf("a second demo in the folder: %d %s", code, errs)
	}
	v := newVisitor(t)
	for channel, card := range map[string]string{"korea": "kr", "overseas": "visa"} {
		order := v.register(s.base, slug, "member", map[string]string{"banquet": "1"})
		call, _ := v.pay(order, channel)
		if p := v.get(v.card(simulator, call, card)); p.status != http.StatusSeeOther || p.location != order {
			t.Errorf("%s: return %d to %q", channel, p.status, p.location)
		}
	}
	s.end(t)
	h.env["FOYER_DATABASE_URL"] = demoDatabase
	for _, o := range h.ledger(slug).Orders {
		if o.State != "paid" {
			t.Errorf("order %s in %s is %s, want paid", o.Code, o.Currency, o.State)
		}
	}
	h.must("", "doctor")
}

func TestTheDemoStaysAsItWasChanged(t *testing.T) {
	t.Chdir(t.TempDir())
	h := newTestHouse(t)
	s := h.serve("demo")
	text := s.logs.String()
	s.end(t)
	_, rest, _ := strings.Cut(text, "Sandbox       ")
	simulator, _, _ := strings.Cut(rest, "\n")
	slug := fmt.Sprintf("maru-%d", time.Now().UTC().AddDate(0, 0, 120).Year())
	h.env["FOYER_DATABASE_URL"] = demoDatabase
	was := h.must("", "event", "export", slug)
	changed := strings.ReplaceAll(was, "Banquet", "Dinner")
	if changed == was {
		t.Fatal("nothing to change")
	}
	h.must("", "event", "apply", h.file("changed.yaml", changed))
	s = h.serve("demo")
	if !strings.Contains(s.logs.String(), "Sandbox       "+simulator) {
		t.Errorf("the gateway has moved from %s: %s", simulator, s.logs.String())
	}
	v := newVisitor(t)
	order := v.register(s.base, slug, "member", map[string]string{"banquet": "1"})
	call, _ := v.pay(order, "korea")
	if p := v.get(v.card(simulator, call, "kr")); p.location != order {
		t.Errorf("return %d to %q", p.status, p.location)
	}
	s.end(t)
	if is := h.must("", "event", "export", slug); is != changed {
		t.Error("the next start has undone what was changed")
	}
}
