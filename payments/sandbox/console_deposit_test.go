package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// did posts a console form and gives what the page that it leads to says of it.
func (g *rig) did(path string, form url.Values) string {
	g.t.Helper()
	r := g.post(path, form)
	to, err := url.Parse(r.header.Get("Location"))
	if err != nil || r.status != http.StatusSeeOther {
		g.t.Fatalf("%s: %d to %s", path, r.status, r.header.Get("Location"))
	}
	if page := g.get(to.String()); !strings.Contains(page.raw, `role="status"`) {
		g.t.Errorf("%s: the page afterwards says nothing", path)
	}
	return to.RawQuery
}

func TestConsoleDepositsAndTakesBack(t *testing.T) {
	g := start(t)
	p := g.account("demo", "order-console-va", "150000")
	at := "/_sandbox/payments/" + p.key
	page := g.get(at)
	for _, text := range []string{"가상계좌", "입금하기", "김 회원", p.book().Account.Number, "WAITING_FOR_DEPOSIT"} {
		want(t, text, strings.Contains(page.raw, text), true)
	}
	want(t, "no window for one that is over", strings.Contains(page.raw, p.window), false)
	want(t, "taken back too early", g.did(at+"/deposit-cancel", nil), "wrong=deposited")
	want(t, "deposit", g.did(at+"/deposit", nil), "done=deposit")
	want(t, "status", p.status(), "DONE")
	want(t, "deposit again", g.did(at+"/deposit", nil), "wrong=no-deposit")
	want(t, "offers to take back", strings.Contains(g.get(at+"?lang=en").raw, "Let the bank take the deposit back"), true)
	want(t, "taken back", g.did(at+"/deposit-cancel", nil), "done=deposit-cancel")
	want(t, "status", p.status(), "WAITING_FOR_DEPOSIT")
	want(t, "of nobody", g.did("/_sandbox/payments/none/deposit", nil), "wrong=payment")
}

func TestConsoleNightlyCancel(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-console-night", "3000", "kr")
	want(t, "nightly", g.did("/_sandbox/nightly", nil), "done=nightly")
	want(t, "status", p.status(), "CANCELED")
	want(t, "nothing left", g.did("/_sandbox/nightly", nil), "done=nothing")
}

func TestConsoleShowsEveryGateway(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-of-toss", "3000")
	session := g.form("/v1/checkout/sessions", "sk_test_demo", url.Values{
		"mode": {"payment"}, "client_reference_id": {"order-of-stripe"}, "success_url": {successURL}, "cancel_url": {failURL},
		"line_items[0][quantity]": {"1"}, "line_items[0][price_data][currency]": {"usd"}, "line_items[0][price_data][unit_amount]": {"12000"},
		"line_items[0][price_data][product_data][name]": {"2027 Conference"},
	})
	want(t, "session", session.status, 200)
	all := g.get("/?lang=en").raw
	for _, text := range []string{"order-of-toss", "order-of-stripe", "Toss Payments", "Stripe", "Bootpay", "PortOne V2"} {
		want(t, text, strings.Contains(all, text), true)
	}
	one := g.get("/?gateway=stripe").raw
	want(t, "stripe alone", strings.Contains(one, "order-of-stripe") && !strings.Contains(one, "order-of-toss"), true)
	want(t, "its window", strings.Contains(g.get("/_sandbox/payments/"+session.text("id")).raw, "/c/pay/"+session.text("id")), true)
	want(t, "toss's window", strings.Contains(g.get("/_sandbox/payments/"+p.key).raw, p.window), true)
	want(t, "fault at one gateway", g.did("/_sandbox/faults", url.Values{"kind": {"html"}, "dialect": {"stripe"}}), "done=fault")
	want(t, "is shown", strings.Contains(g.get("/?lang=en").raw, "Stripe · HTML instead of JSON"), true)
	want(t, "others are well", p.lookup().status, 200)
	want(t, "unknown gateway", g.did("/_sandbox/faults", url.Values{"kind": {"html"}, "dialect": {"mars"}}), "wrong=form")
}

// form makes a request with a form as its body and a bearer token.
func (g *rig) form(path, key string, form url.Values) reply {
	g.t.Helper()
	return g.post(path, form, "Authorization", "Bearer "+key)
}
