package sandbox_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"foyer/payments/sandbox"
)

func TestWindowSendsThePayerBack(t *testing.T) {
	tests := map[string]struct {
		merchant, card, more string
		code                 string // of the return; "" is success
		status               string // after the window
		confirm              string // code of the confirm, "DONE", or "" for none
	}{
		"Korean card":                    {"demo", "kr", "", "", "IN_PROGRESS", "DONE"},
		"overseas card, overseas window": {"demo", "visa", "true", "", "IN_PROGRESS", "DONE"},
		"Amex on a dollar contract":      {"demousd", "amex", "", "", "IN_PROGRESS", "DONE"},
		"over the limit":                 {"demo", "declined", "", "", "IN_PROGRESS", "REJECT_CARD_PAYMENT"},
		"refused in the window":          {"demo", "declined-window", "", "REJECT_CARD_COMPANY", "ABORTED", ""},
		"overseas card at home":          {"demo", "visa", "", "", "IN_PROGRESS", "INVALID_REJECT_CARD"},
		"wrong place at home":            {"demo", "wrong-place", "", "", "IN_PROGRESS", "INVALID_REJECT_CARD"},
		"Korean card abroad":             {"demo", "kr", "true", "PAY_PROCESS_ABORTED", "ABORTED", ""},
		"wrong place abroad":             {"demo", "wrong-place", "true", "PAY_PROCESS_ABORTED", "ABORTED", ""},
		"Korean card for dollars":        {"demousd", "kr", "", "PAY_PROCESS_ABORTED", "ABORTED", ""},
		"any card: overseas":             {"demoany", "jcb", "", "", "IN_PROGRESS", "DONE"},
		"any card: Korean":               {"demoany", "kr", "", "", "IN_PROGRESS", "DONE"},
		"window closed":                  {"demo", "cancel", "", "PAY_PROCESS_CANCELED", "READY", ""},
		"slow":                           {"demo", "slow", "", "", "IN_PROGRESS", "DONE"},
	}
	g := start(t)
	n := 0
	for name, tc := range tests {
		n++
		order := "order-window-" + string(rune('a'+n))
		t.Run(name, func(t *testing.T) {
			p := g.open(tc.merchant, order, "1000", "useInternationalCardOnly", tc.more)
			back := p.choose(tc.card)
			q := back.Query()
			want(t, "code", q.Get("code"), tc.code)
			want(t, "status", p.status(), tc.status)
			if tc.code == "" {
				want(t, "address", back.Path, "/pay/t0ken/return")
				want(t, "merchant's own parameter", q.Get("ours"), "1")
				want(t, "paymentKey, orderId, amount", q.Get("paymentKey")+q.Get("orderId")+q.Get("amount"), p.key+order+"1000")
			} else {
				want(t, "address", back.Path, "/pay/t0ken/fail")
				want(t, "has a message", q.Get("message") != "", true)
				want(t, "names the order", q.Has("orderId"), tc.code != "PAY_PROCESS_CANCELED")
			}
			if tc.confirm != "" {
				r := p.confirm()
				want(t, "confirm", r.code()+r.text("status"), tc.confirm)
			}
			if tc.confirm == "REJECT_CARD_PAYMENT" {
				r := p.lookup()
				failure, _ := r.json["failure"].(map[string]any)
				want(t, "status after refusal", r.text("status"), "ABORTED")
				want(t, "failure", failure["code"], "REJECT_CARD_PAYMENT")
			}
		})
	}
}

func TestFinishedWindowLeadsWhereItLedBefore(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-again", "1000")
	first := p.choose("kr")
	want(t, "second click", p.choose("declined").String(), first.String())
	page := g.get(p.window)
	want(t, "page", page.status, http.StatusOK)
	want(t, "offers no card", strings.Contains(page.raw, `name="card"`), false)
	want(t, "confirm", p.confirm().text("status"), "DONE")
}

func TestWalkingAwayGoesNowhere(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-leave", "1000")
	r := g.post(p.window, url.Values{"card": {"leave"}})
	want(t, "answer", r.status, http.StatusOK)
	want(t, "status", p.status(), "READY")
	want(t, "may come back", p.choose("kr").Query().Get("paymentKey"), p.key)
}

func TestWindowRefusesBadRequests(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-bad", "1000")
	want(t, "unknown choice", g.post(p.window, url.Values{"card": {"gold"}}).status, http.StatusBadRequest)
	want(t, "unknown window", g.get("/toss/window/none").status, http.StatusNotFound)
	want(t, "foreign page posting", g.post(p.window, url.Values{"card": {"kr"}}, "Origin", "http://evil.example").status, http.StatusForbidden)
	base := url.Values{
		"clientKey": {"test_ck_demo"}, "method": {"CARD"}, "currency": {"KRW"}, "value": {"1000"}, "orderId": {"order-bad2"},
		"orderName": {"x"}, "successUrl": {successURL}, "failUrl": {failURL},
	}
	for name, tc := range map[string]struct {
		field, value string
		status       int
		code         string
	}{
		"secret key":      {"clientKey", "test_sk_demo", 400, ""},
		"live key":        {"clientKey", "live_ck_demo", 400, ""},
		"no order name":   {"orderName", "", 400, ""},
		"short order":     {"orderId", "abc", 400, ""},
		"script address":  {"failUrl", "javascript:alert(1)", 400, ""},
		"policy smuggled": {"successUrl", "http://a;script-src *", 400, ""},
		"other currency":  {"currency", "USD", 303, "PAY_PROCESS_ABORTED"},
		"other method":    {"method", "CULTURE_GIFT_CERTIFICATE", 303, "PAY_PROCESS_ABORTED"},
		"no amount":       {"value", "0", 303, "INVALID_REQUEST"},
		"cents of won":    {"value", "10.5", 303, "INVALID_REQUEST"},
	} {
		t.Run(name, func(t *testing.T) {
			q := url.Values{}
			for k, v := range base {
				q[k] = v
			}
			q.Set(tc.field, tc.value)
			r := g.get("/toss/window?" + q.Encode())
			want(t, "status", r.status, tc.status)
			to, err := url.Parse(r.header.Get("Location"))
			if err != nil {
				t.Fatal(err)
			}
			want(t, "code", to.Query().Get("code"), tc.code)
		})
	}
}

func TestWindowSpeaksTheMerchantsLanguageAndIsHonest(t *testing.T) {
	g := start(t)
	ko, en := g.open("demo", "order-korean", "1000"), g.open("demo", "order-english", "1000", "language", "EN")
	page := g.get(ko.window)
	for _, text := range []string{"모의 결제창 · 실제 결제가 아닙니다", "1,000원", `data-testid="card-kr"`, `lang="ko"`} {
		want(t, text, strings.Contains(page.raw, text), true)
	}
	page = g.get(en.window, "Accept-Language", "ko-KR")
	for _, text := range []string{"no real money moves", "KRW 1,000", `lang="en"`} {
		want(t, text, strings.Contains(page.raw, text), true)
	}
	policy := page.header.Get("Content-Security-Policy")
	want(t, "forms may lead back", strings.Contains(policy, "form-action 'self' http://merchant.example"), true)
	want(t, "unsafe-inline", strings.Contains(policy, "unsafe"), false)
	want(t, "inline style or script", strings.Contains(page.raw, "style=") || strings.Contains(page.raw, "<script"), false)
}

func TestScriptIsServedAcrossOrigins(t *testing.T) {
	g := start(t)
	r := g.get("/v2/standard")
	want(t, "type", r.header.Get("Content-Type"), "text/javascript; charset=utf-8")
	want(t, "may be loaded by others", r.header.Get("Cross-Origin-Resource-Policy"), "cross-origin")
	for _, text := range []string{"window.TossPayments", "@@ANONYMOUS", "requestPayment", "location.assign"} {
		want(t, text, strings.Contains(r.raw, text), true)
	}
	for _, text := range []string{"fetch(", "eval(", "XMLHttpRequest", "localhost", "127.0.0.1"} {
		want(t, text, strings.Contains(r.raw, text), false)
	}
}

// The script runs in Node with a page of three members; where there is no Node, browsers test it elsewhere.
func TestScriptChecksLikeTheSDKAndOpensTheWindow(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node here")
	}
	g := start(t)
	file := t.TempDir() + "/sdk.js"
	prelude := `const went = []; globalThis.window = {location: {assign: (to) => went.push(to)}};
		globalThis.document = {currentScript: {src: "` + g.url + `/v2/standard?v=2"}};`
	if err := os.WriteFile(file, []byte(prelude+g.get("/v2/standard").raw+scriptCases), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	opened := g.get(strings.TrimPrefix(strings.TrimSpace(string(out)), g.url))
	want(t, "window opened", opened.status, http.StatusSeeOther)
	b := g.Books().Payments
	want(t, "payments", len(b), 1)
	want(t, "amount", b[0].Amount, int64(1250))
	want(t, "overseas only", b[0].Session.OverseasOnly, true)
	want(t, "metadata", b[0].Session.Metadata["a"], "b")
	want(t, "state", b[0].State, sandbox.StateReady)
}

const scriptCases = `
const good = {method: "CARD", amount: {currency: "USD", value: 12.5}, orderId: "order-script", orderName: "2027 Conference", windowTarget: "self",
  successUrl: "http://merchant.example/ok", failUrl: "http://merchant.example/no", customerEmail: "a@merchant.example", metadata: {a: "b"},
  card: {useInternationalCardOnly: true, language: "EN"}};
const cases = [
  [{orderName: undefined}, "INVALID_PARAMETERS"], [{orderId: "abc"}, "INVALID_PARAMETERS"], [{method: "CASH"}, "INVALID_PARAMETERS"],
  [{amount: 12.5}, "INVALID_PARAMETERS"], [{amount: {currency: "USD", value: "12.5"}}, "INVALID_PARAMETERS"],
  [{amount: {currency: "USD", value: 0}}, "BELOW_ZERO_AMOUNT"], [{successUrl: "/ok"}, "INVALID_PARAMETERS"],
  [{successUrl: undefined, failUrl: undefined}, "NOT_SUPPORTED_PROMISE"], [{metadata: {"a[b]": "c"}}, "INVALID_PARAMETERS"]];
function thrown(fn) { try { fn(); } catch (e) { return e.code; } return "nothing"; }
(async () => {
  const TP = window.TossPayments;
  const codes = [thrown(() => TP("test_sk_demousd")), thrown(() => TP("live_ck_demo")), thrown(() => TP("nonsense")),
    thrown(() => TP("test_gck_demo").payment({customerKey: "ab"})), thrown(() => TP("test_ck_demo").payment({customerKey: "!"}))].join();
  if (codes !== "INSECURE_KEY_USAGE,INVALID_CLIENT_KEY,INVALID_CLIENT_KEY,NOT_SUPPORTED_WIDGET_KEY,INVALID_PARAMETERS") throw new Error(codes);
  const payment = TP("test_ck_demousd").payment({customerKey: TP.ANONYMOUS});
  for (const [change, code] of cases) {
    const got = await payment.requestPayment({...good, ...change}).then(() => "nothing", (e) => e.code);
    if (got !== code) throw new Error(JSON.stringify(change) + " gave " + got);
  }
  payment.requestPayment(good);
  if (went.length !== 1 || went[0].includes("customerEmail")) throw new Error("went to " + went);
  console.log(went[0]);
})().catch((e) => { console.error(e); process.exit(1); });
`
