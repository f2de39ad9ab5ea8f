package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

const portoneKey = "PortOne portone-test-demo"

// portone makes one API request. Headers come in pairs.
func (g *rig) portone(method, path, body string, headers ...string) reply {
	g.t.Helper()
	req, err := http.NewRequest(method, g.url+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", portoneKey)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return g.do(req)
}

// portoneWay asks for a window as the script does; more are further members of the request, in pairs.
func (g *rig) portoneWay(paymentID string, total int, more ...string) reply {
	g.t.Helper()
	order := map[string]any{
		"storeId": "store-test-demo", "channelKey": "channel-key-test-demo", "paymentId": paymentID, "orderName": "2027 Conference",
		"totalAmount": total, "currency": "KRW", "payMethod": "CARD", "redirectUrl": successURL, "forceRedirect": true,
	}
	for i := 0; i+1 < len(more); i += 2 {
		order[more[i]] = more[i+1]
	}
	raw, err := json.Marshal(order)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.get("/portonev2/prepare?request=" + url.QueryEscape(string(raw)))
}

// portonePay opens a window and clicks one button; it gives what the browser comes back with.
func (g *rig) portonePay(paymentID string, total int, card string, more ...string) url.Values {
	g.t.Helper()
	window := g.portoneWay(paymentID, total, more...).text("window")
	r := g.post(strings.TrimPrefix(window, g.url), url.Values{"card": {card}})
	back, err := url.Parse(r.header.Get("Location"))
	if err != nil || r.status != http.StatusSeeOther {
		g.t.Fatalf("window of %s: %d, %v", paymentID, r.status, err)
	}
	return back.Query()
}

func TestPortoneTakesTheSecretOrATokenAndNothingElse(t *testing.T) {
	g := start(t)
	const path = "/payments/none12345"
	for name, tc := range map[string]struct {
		header, kind string
		status       int
	}{
		"secret":              {portoneKey, "PAYMENT_NOT_FOUND", 404},
		"lower case":          {"portone portone-test-demo", "", 404},
		"another scheme":      {"PortOne live-secret", "UNAUTHORIZED", 401},
		"a store as secret":   {"PortOne store-test-demo", "UNAUTHORIZED", 401},
		"a token of nobody":   {"Bearer portonev2.XYZ", "UNAUTHORIZED", 401},
		"nothing after it":    {"PortOne ", "UNAUTHORIZED", 401},
		"two spaces and more": {"PortOne  portone-test-demo", "UNAUTHORIZED", 401},
	} {
		r := g.portone("GET", path, "", "Authorization", tc.header)
		kind, _ := r.json["type"].(string)
		if name == "lower case" { // no scheme of this API: another gateway's affair
			if kind == "PAYMENT_NOT_FOUND" {
				t.Errorf("%s is taken", name)
			}
			continue
		}
		want(t, name, r.status, tc.status)
		want(t, name, kind, tc.kind)
	}
	want(t, "cancel without a header", g.portone("POST", path+"/cancel", `{"reason":"x"}`, "Authorization", "").status, 401)
	first := g.portone("POST", "/login/api-secret", `{"apiSecret":"portone-test-demo"}`, "Authorization", "", "Content-Type", "text/plain;charset=UTF-8")
	want(t, "login", first.status, 200)
	want(t, "by token", g.portone("GET", path, "", "Authorization", "Bearer "+first.text("accessToken")).status, 404)
	want(t, "refresh token as access", g.portone("GET", path, "", "Authorization", "Bearer "+first.text("refreshToken")).status, 401)
	second := g.portone("POST", "/token/refresh", `{"refreshToken":"`+first.text("refreshToken")+`"}`, "Authorization", "")
	want(t, "refresh", second.status, 200)
	want(t, "refresh again", g.portone("POST", "/token/refresh", `{"refreshToken":"`+first.text("refreshToken")+`"}`, "Authorization", "").status, 401)
	g.clock.pass(31 * time.Minute)
	want(t, "after 31 minutes", g.portone("GET", path, "", "Authorization", "Bearer "+second.text("accessToken")).status, 401)
	want(t, "wrong secret", g.portone("POST", "/login/api-secret", `{"apiSecret":"other"}`, "Authorization", "").status, 401)
}

func TestPortoneTakesAnyContentType(t *testing.T) {
	g := start(t)
	r := g.portone("POST", "/payments/order00001/pre-register", `{"totalAmount":1000,"currency":"KRW"}`, "Content-Type", "text/plain;charset=UTF-8")
	want(t, "status", r.status, 200)
	want(t, "body", r.raw, "{}")
	want(t, "not JSON", g.portone("POST", "/payments/order00001/pre-register", `x`).status, 400)
	want(t, "not an amount", g.portone("POST", "/payments/order00001/pre-register", `{"totalAmount":10.5}`).status, 400)
}

func TestPortonePaymentHasTheWholeObject(t *testing.T) {
	g := start(t)
	back := g.portonePay("order00002", 150000, "kr")
	want(t, "paymentId", back.Get("paymentId"), "order00002")
	want(t, "transactionType", back.Get("transactionType"), "PAYMENT")
	want(t, "code", back.Has("code"), false)
	want(t, "the merchant's own query", back.Get("ours"), "1")
	r := g.portone("GET", "/payments/order00002?storeId=store-test-demo", "")
	for name, value := range map[string]string{
		"status": "PAID", "id": "order00002", "transactionId": back.Get("txId"), "storeId": "store-test-demo", "version": "V2",
		"currency": "KRW", "paidAt": "2026-11-01T00:00:00.653Z",
	} {
		want(t, name, r.text(name), value)
	}
	amount, _ := r.json["amount"].(map[string]any)
	for name, value := range map[string]string{"total": "150000", "paid": "150000", "vat": "13636", "supply": "136364", "cancelled": "0"} {
		if n, _ := amount[name].(json.Number); n.String() != value {
			t.Errorf("amount.%s is %v, want %s", name, amount[name], value)
		}
	}
	channel, _ := r.json["channel"].(map[string]any)
	want(t, "channel", channel["type"], "TEST")
	want(t, "another store", g.portone("GET", "/payments/order00002?storeId=store-test-other", "").status, 403)
	want(t, "another secret", g.portone("GET", "/payments/order00002", "", "Authorization", "PortOne portone-test-other").status, 404)
}

func TestPortoneCancelRules(t *testing.T) {
	g := start(t)
	g.portonePay("order00003", 150000, "kr")
	g.portonePay("order00004", 1000, "declined")
	cancel := func(id, body string) string {
		t.Helper()
		r := g.portone("POST", "/payments/"+id+"/cancel", body)
		kind, _ := r.json["type"].(string)
		if r.status == http.StatusOK {
			c, _ := r.json["cancellation"].(map[string]any)
			kind, _ = c["status"].(string)
		}
		return kind
	}
	for _, step := range []struct{ id, body, want string }{
		{"order00009", `{"reason":"x"}`, "PAYMENT_NOT_FOUND"},
		{"order00004", `{"reason":"x"}`, "PAYMENT_NOT_PAID"},
		{"order00003", `{}`, "INVALID_REQUEST"},
		{"order00003", `{"reason":"x","amount":0}`, "INVALID_REQUEST"},
		{"order00003", `{"reason":"x","amount":-1}`, "INVALID_REQUEST"},
		{"order00003", `{"reason":"x","amount":150001}`, "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"},
		{"order00003", `{"reason":"x","amount":50000,"currentCancellableAmount":140000}`, "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"},
		{"order00003", `{"reason":"x","amount":50000,"currentCancellableAmount":150000}`, "SUCCEEDED"},
		{"order00003", `{"reason":"x","amount":50000,"currentCancellableAmount":150000}`, "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"},
		{"order00003", `{"reason":"the rest"}`, "SUCCEEDED"},
		{"order00003", `{"reason":"x"}`, "PAYMENT_ALREADY_CANCELLED"},
	} {
		want(t, step.id+" "+step.body, cancel(step.id, step.body), step.want)
	}
	r := g.portone("GET", "/payments/order00003", "")
	want(t, "status", r.text("status"), "CANCELLED")
	list, _ := r.json["cancellations"].([]any)
	want(t, "cancellations", len(list), 2)
}

func TestPortoneRefundThatIsRequestedFirst(t *testing.T) {
	g := start(t)
	g.listen(always200)
	for _, tc := range []struct{ kind, id, after, status string }{
		{"-later", "order00005", "SUCCEEDED", "PARTIAL_CANCELLED"}, {"-later-fail", "order00006", "FAILED", "PAID"},
	} {
		g.portonePay(tc.id, 150000, "kr", "channelKey", "channel-key-test-demo"+tc.kind)
		r := g.portone("POST", "/payments/"+tc.id+"/cancel", `{"reason":"x","amount":50000}`)
		c, _ := r.json["cancellation"].(map[string]any)
		want(t, "at once", c["status"], "REQUESTED")
		want(t, "status", g.portone("GET", "/payments/"+tc.id, "").text("status"), "PAID")
		r = g.portone("POST", "/payments/"+tc.id+"/cancel", `{"reason":"x","amount":110000}`)
		want(t, "more than is free", r.text("type"), "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT")
		g.clock.pass(3 * time.Second)
		r = g.portone("GET", "/payments/"+tc.id, "")
		want(t, "status later", r.text("status"), tc.status)
		list, _ := r.json["cancellations"].([]any)
		c, _ = list[0].(map[string]any)
		want(t, "later", c["status"], tc.after)
	}
	kinds := map[string]int{}
	for range 8 { // two windows, two captures, two requests, one refund carried out and one failed; their order is nobody's promise
		var e struct{ Type string }
		if err := json.Unmarshal([]byte(g.hook().body), &e); err != nil {
			t.Fatal(err)
		}
		kinds[e.Type]++
	}
	if kinds["Transaction.CancelPending"] != 2 || kinds["Transaction.Ready"] != 2 {
		t.Errorf("webhooks %v", kinds)
	}
}

func TestPortoneRegistrationOutlivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "books.jsonl")
	keep := func(c *sandbox.Config) { c.File = file }
	g := start(t, keep)
	want(t, "register", g.portone("POST", "/payments/order00007/pre-register", `{"totalAmount":5000,"currency":"KRW"}`).status, 200)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	g = start(t, keep)
	want(t, "another amount", g.portoneWay("order00007", 4000).text("code"), "AmountNotEqualToPredefined")
	want(t, "the amount", g.portoneWay("order00007", 5000).text("code"), "")
}

func TestPortoneWindowSpeaksBothLanguagesAndScriptCrossesOrigins(t *testing.T) {
	g := start(t)
	window := strings.TrimPrefix(g.portoneWay("order00008", 5000, "locale", "EN_US").text("window"), g.url)
	for lang, phrase := range map[string]string{"": "Charged as soon as the window ends.", "?lang=ko": "결제창이 끝나면 바로 승인됩니다."} {
		if r := g.get(window + lang); r.status != http.StatusOK || !strings.Contains(r.raw, phrase) || strings.Contains(r.raw, "portonev2.") {
			t.Errorf("window %s: %d %s", lang, r.status, r.raw)
		}
	}
	want(t, "not a choice", g.post(window, url.Values{"card": {"nothing"}}).status, 400)
	want(t, "not a window", g.get("/portonev2/window/none").status, 404)
	g.clock.pass(31 * time.Minute)
	want(t, "after its time", g.get(window).status, 410)
	want(t, "a click after its time", g.post(window, url.Values{"card": {"kr"}}).status, 410)
	want(t, "status", g.portone("GET", "/payments/order00008", "").text("status"), "READY")
	r := g.get("/v2/browser-sdk.js")
	if r.status != http.StatusOK || r.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.Contains(r.raw, "requestPayment") {
		t.Errorf("script: %d %v", r.status, r.header)
	}
	if h := g.portoneWay("order00008", 5000).header; h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the script cannot read its answer: %v", h)
	}
}
