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

// iamport makes one API request with the demo shop's token. Headers come in pairs.
func (g *rig) iamport(method, path, body string, headers ...string) reply {
	g.t.Helper()
	req, err := http.NewRequest(method, g.url+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	if path != "/users/getToken" {
		req.Header.Set("Authorization", "Bearer "+g.iamportToken("demo"))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return g.do(req)
}

// iamportToken is a shop's token.
func (g *rig) iamportToken(shop string) string {
	g.t.Helper()
	r := g.iamport("POST", "/users/getToken", "imp_key=imp-key-test-"+shop+"&imp_secret=imp-secret-test-"+shop)
	said, _ := r.json["response"].(map[string]any)
	token, _ := said["access_token"].(string)
	return token
}

// iamportWay asks for a window as the script does; more are further members of the request, in pairs.
func (g *rig) iamportWay(orderID, amount string, more ...string) reply {
	g.t.Helper()
	order := map[string]any{
		"code": "imp-test-demo", "pg": "html5_inicis.live", "pay_method": "card", "merchant_uid": orderID, "name": "2027 Conference",
		"amount": json.Number(amount), "currency": "KRW", "m_redirect_url": successURL, "digital": true,
	}
	for i := 0; i+1 < len(more); i += 2 {
		order[more[i]] = more[i+1]
	}
	raw, err := json.Marshal(order)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.get("/portonev1/prepare?request=" + url.QueryEscape(string(raw)))
}

// iamportPay opens a window and clicks one button; it gives what the browser comes back with.
func (g *rig) iamportPay(orderID, amount, choice string, more ...string) url.Values {
	g.t.Helper()
	way := g.iamportWay(orderID, amount, more...)
	r := g.post(strings.TrimPrefix(way.text("window"), g.url), url.Values{"card": {choice}})
	back, err := url.Parse(r.header.Get("Location"))
	if err != nil || r.status != http.StatusSeeOther {
		g.t.Fatalf("window of %s: %d, %v, %s", orderID, r.status, err, way.raw)
	}
	return back.Query()
}

// response is what an answer's envelope holds.
func response(r reply) map[string]any {
	in, _ := r.json["response"].(map[string]any)
	return in
}

func TestPortoneV1TokenIsTheSameUntilItsEnd(t *testing.T) {
	g := start(t)
	ask := func() (token string, left int64) {
		t.Helper()
		said := response(g.iamport("POST", "/users/getToken", `{"imp_key":"imp-key-test-demo","imp_secret":"imp-secret-test-demo"}`))
		token, _ = said["access_token"].(string)
		now, _ := said["now"].(json.Number)
		until, _ := said["expired_at"].(json.Number)
		a, _ := now.Int64()
		b, _ := until.Int64()
		return token, b - a
	}
	first, left := ask()
	want(t, "life", left, int64(1800))
	g.clock.pass(29 * time.Minute)
	second, left := ask()
	want(t, "asked again", second, first)
	want(t, "the same end", left, int64(60))
	g.clock.pass(30 * time.Second)
	third, left := ask()
	want(t, "in its last minute", third, first)
	want(t, "five minutes more", left, int64(330))
	want(t, "it counts", g.iamport("GET", "/payments/imp_1", "", "Authorization", "Bearer "+first).status, 404)
	want(t, "bare", g.iamport("GET", "/payments/imp_1", "", "Authorization", first).status, 404)
	g.clock.pass(331 * time.Second)
	want(t, "over", g.iamport("GET", "/payments/imp_1", "", "Authorization", "Bearer "+first).status, 401)
	if fresh, _ := ask(); fresh == first {
		t.Error("a token that is over is given again")
	}
	for _, body := range []string{
		`{"imp_key":"imp-key-test-demo","imp_secret":"imp-secret-test-other"}`, `{"imp_key":"real","imp_secret":"real"}`, `{`, ``,
		`{"imp_key":"imp-test-demo","imp_secret":"imp-secret-test-demo"}`,
	} {
		want(t, body, g.iamport("POST", "/users/getToken", body).status, 401)
	}
}

func TestPortoneV1ShowsTestPaymentsToThoseWhoAsk(t *testing.T) {
	g := start(t)
	id := g.iamportPay("order00001", "150000", "kr", "pg", "kcp").Get("imp_uid")
	want(t, "not asked for", g.iamport("GET", "/payments/"+id, "").status, 404)
	r := g.iamport("GET", "/payments/"+id+"?include_sandbox=true", "")
	want(t, "asked for", r.status, 200)
	for name, value := range map[string]any{
		"status": "paid", "merchant_uid": "order00001", "sandbox": true, "pg_provider": "kcp", "pay_method": "card", "amount": json.Number("150000"),
		"cancel_amount": json.Number("0"), "paid_at": json.Number("1793491200"), "failed_at": json.Number("0"), "currency": "KRW",
	} {
		want(t, name, response(r)[name], value)
	}
	want(t, "another shop", g.iamport("GET", "/payments/"+id+"?include_sandbox=true", "", "Authorization", g.iamportToken("other")).status, 404)
	live := g.iamportPay("order00002", "150000", "kr").Get("imp_uid")
	r = g.iamport("GET", "/payments/"+live, "")
	want(t, "live", response(r)["sandbox"], false)
}

func TestPortoneV1FindsByOrderNumberAndList(t *testing.T) {
	g := start(t)
	failed := g.iamportPay("order00001", "150000", "declined").Get("imp_uid")
	g.clock.pass(time.Second)
	paid := g.iamportPay("order00001", "150000", "kr").Get("imp_uid")
	id := func(path string) any { return response(g.iamport("GET", path, ""))["imp_uid"] }
	want(t, "newest", id("/payments/find/order00001"), paid)
	want(t, "oldest", id("/payments/find/order00001?sorting=started"), failed)
	want(t, "as the official client asks", id("/payments/find/order00001/undefined?sorting=-started"), paid)
	want(t, "failed", id("/payments/find/order00001/failed"), failed)
	want(t, "none cancelled", g.iamport("GET", "/payments/find/order00001/cancelled", "").status, 404)
	page := response(g.iamport("GET", "/payments/findAll/order00001?limit=1", ""))
	want(t, "total", page["total"], json.Number("2"))
	want(t, "next", page["next"], json.Number("2"))
	page = response(g.iamport("GET", "/payments/findAll/order00001?limit=1&page=2", ""))
	want(t, "previous", page["previous"], json.Number("1"))
	want(t, "no next", page["next"], json.Number("0"))
	r := g.iamport("GET", "/payments?imp_uid[]="+paid+"&merchant_uid[]=order99999", "")
	want(t, "some are missing", r.status, 207)
	want(t, "all are missing", g.iamport("GET", "/payments?imp_uid[]=imp_000000000000", "").status, 404)
	for path, total := range map[string]string{
		"paid": "1", "failed": "1", "all": "2", "ready": "0", "cancelled": "0", "paid?from=1793491190&to=1793491210": "1", "paid?to=1793491100": "0",
	} {
		want(t, path, response(g.iamport("GET", "/payments/status/"+path, ""))["total"], json.Number(total))
	}
	want(t, "91 days", g.iamport("GET", "/payments/status/all?from=1&to=7862401", "").status, 400)
	want(t, "a state of nobody", g.iamport("GET", "/payments/status/refunded", "").status, 400)
}

func TestPortoneV1CancelRules(t *testing.T) {
	g := start(t)
	id := g.iamportPay("order00003", "150000", "kr").Get("imp_uid")
	g.iamportPay("order00004", "1000", "declined")
	for _, step := range []struct {
		body       string
		status     int
		code, gone string
	}{
		{`{"imp_uid":"imp_000000000000","merchant_uid":"order00003"}`, 404, "-1", ""},
		{`{"merchant_uid":"order00004"}`, 404, "-1", ""},
		{`{}`, 404, "-1", ""},
		{`{"imp_uid":"` + id + `","amount":"x"}`, 200, "1", ""},
		{`{"imp_uid":"` + id + `","amount":150001}`, 200, "1", ""},
		{`{"imp_uid":"` + id + `","amount":50000,"checksum":140000}`, 200, "1", ""},
		{`{"imp_uid":"` + id + `","amount":50000,"checksum":150000,"reason":"x"}`, 200, "0", "50000"},
		{`{"imp_uid":"` + id + `","amount":50000,"checksum":150000,"reason":"x"}`, 200, "1", ""},
		{"merchant_uid=order00003&amount=20000", 200, "0", "70000"},
		{`{"imp_uid":"` + id + `","amount":0}`, 200, "0", "150000"},
		{`{"imp_uid":"` + id + `"}`, 200, "1", ""},
	} {
		r := g.iamport("POST", "/payments/cancel", step.body)
		want(t, step.body, r.status, step.status)
		want(t, step.body, r.json["code"], json.Number(step.code))
		if step.gone != "" {
			want(t, step.body, response(r)["cancel_amount"], json.Number(step.gone))
			want(t, step.body, response(r)["status"], "cancelled")
		}
	}
	kept := g.iamportPay("order00005", "150000", "kr", "pg", "kcp.livekeeps").Get("imp_uid")
	r := g.iamport("POST", "/payments/cancel", `{"imp_uid":"`+kept+`","amount":50000}`)
	want(t, "a shop whose payments stay paid", response(r)["status"], "paid")
}

func TestPortoneV1RegistersAnAmountOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "books.jsonl")
	keep := func(c *sandbox.Config) { c.File = file }
	g := start(t, keep)
	const in = `{"merchant_uid":"order00007","amount":5000,"currency":"KRW"}`
	want(t, "register", g.iamport("POST", "/payments/prepare", in).status, 200)
	want(t, "again", g.iamport("POST", "/payments/prepare", in).status, 400)
	want(t, "change", g.iamport("PUT", "/payments/prepare", "merchant_uid=order00007&amount=6000").status, 200)
	want(t, "change what is not there", g.iamport("PUT", "/payments/prepare", "merchant_uid=order00008&amount=6000").status, 404)
	want(t, "no amount", g.iamport("POST", "/payments/prepare", `{"merchant_uid":"order00008","amount":"-1"}`).status, 400)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	g = start(t, keep)
	want(t, "kept", response(g.iamport("GET", "/payments/prepare/order00007", ""))["amount"], json.Number("6000"))
	want(t, "another amount", g.iamportWay("order00007", "5000").text("error_code"), "INVALID_AMOUNT")
	want(t, "the amount", g.iamportWay("order00007", "6000").text("error_code"), "")
}

func TestPortoneV1OpensNoWindowForWhatIsWrong(t *testing.T) {
	g := start(t)
	g.iamportPay("order00001", "150000", "kr")
	for _, tc := range []struct {
		order, code string
		more        []string
	}{
		{"order00001", "F1002", nil},
		{"order00002", "INVALID_CHANNEL", []string{"code", "imp00000000"}},
		{"order00002", "INVALID_CHANNEL", []string{"channelKey", "channel-key-test-other"}},
		{"order00002", "INVALID_CURRENCY", []string{"pg", "paypal_v2"}},
		{"order00002", "INVALID_CURRENCY", []string{"pg", "kakaopay", "currency", "USD"}},
		{"order00002", "INVALID_PARAMETER", []string{"m_redirect_url", "javascript:alert(1)"}},
		{"order00002", "INVALID_PARAMETER", []string{"name", strings.Repeat("x", 41)}},
		{"a b", "INVALID_PARAMETER", nil},
	} {
		r := g.iamportWay(tc.order, "150000", tc.more...)
		want(t, strings.Join(tc.more, " "), r.text("error_code"), tc.code)
		want(t, "no window", r.text("window"), "")
	}
}

func TestPortoneV1WindowInAFrameTellsThePageAroundIt(t *testing.T) {
	g := start(t)
	way := g.iamportWay("order00001", "150000", "origin", "https://shop.example.org", "m_redirect_url", "")
	window := strings.TrimPrefix(way.text("window"), g.url)
	r := g.get(window)
	if csp := r.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://shop.example.org;") || r.header.Get("X-Frame-Options") != "" {
		t.Errorf("the window may not be framed: %s", csp)
	}
	r = g.post(window, url.Values{"card": {"declined"}})
	done := r.header.Get("Location")
	want(t, "way on", done, "/portonev1/done/"+way.text("imp_uid"))
	r = g.get(done)
	for _, part := range []string{`data-origin="https://shop.example.org"`, "REJECT_CARD_PAYMENT", `src="/portonev1/done.js"`, "imp_success"} {
		if !strings.Contains(r.raw, part) {
			t.Errorf("the last page lacks %s: %s", part, r.raw)
		}
	}
	if csp := r.header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") || !strings.Contains(csp, "frame-ancestors https://shop.example.org;") {
		t.Errorf("policy of the last page: %s", csp)
	}
	redirected := g.iamportWay("order00002", "150000")
	if r := g.get(strings.TrimPrefix(redirected.text("window"), g.url)); r.header.Get("X-Frame-Options") != "DENY" {
		t.Error("a window that is a page may be framed")
	}
	want(t, "no last page", g.get("/portonev1/done/"+redirected.text("imp_uid")).status, 404)
}

func TestPortoneV1WindowsOfEachMethodInBothLanguages(t *testing.T) {
	g := start(t)
	for method, phrases := range map[string][2]string{
		"card": {"Korean card", "현대카드"}, "vbank": {"Have an account issued", "가상계좌 발급받기"}, "trans": {"Transfer from my account", "내 계좌에서 이체하기"},
		"phone": {"Pay with my phone bill", "휴대폰 요금으로 결제하기"}, "naverpay": {"Pay with my wallet", "간편결제로 결제하기"},
	} {
		window := strings.TrimPrefix(g.iamportWay("order"+method+"01", "5000", "pay_method", method, "language", "en").text("window"), g.url)
		english, korean := g.get(window), g.get(window+"?lang=ko")
		if strings.Contains(english.raw+korean.raw, ">portonev1.") || (method != "card" && (!strings.Contains(english.raw, phrases[0]) || !strings.Contains(korean.raw, phrases[1]))) {
			t.Errorf("%s: %s %s", method, english.raw, korean.raw)
		}
		want(t, method, g.post(window, url.Values{"card": {"nothing"}}).status, 400)
	}
	account := strings.TrimPrefix(g.iamportWay("order00001", "5000", "pay_method", "vbank").text("window"), g.url)
	want(t, "a card in another window", g.post(account, url.Values{"card": {"kr"}}).status, 400)
	g.clock.pass(31 * time.Minute)
	want(t, "after its time", g.get(account).status, 410)
	r := g.get("/v1/iamport.js")
	if r.status != http.StatusOK || r.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.Contains(r.raw, "request_pay") {
		t.Errorf("script: %d %v", r.status, r.header)
	}
}

func TestPortoneV1AccountWaitsUntilItsDeadline(t *testing.T) {
	g := start(t)
	g.listen(always200)
	for due, until := range map[string]string{
		"20261105120000": "1793847600", "2026-11-05 12:00:00": "1793847600", "20261105": "1793890799", "2026-11-05": "1793890799", "": "1794096000",
	} {
		order := "order" + strings.NewReplacer("-", "", " ", "", ":", "").Replace(due)
		id := g.iamportPay(order, "5000", "vbank", "pay_method", "vbank", "vbank_due", due).Get("imp_uid")
		said := response(g.iamport("GET", "/payments/"+id, ""))
		want(t, due, said["vbank_date"], json.Number(until))
		want(t, due, said["status"], "ready")
		if h := g.hook(); !strings.Contains(h.body, `"status":"ready"`) {
			t.Errorf("webhook %s", h.body)
		}
	}
	want(t, "deposit", g.control("deposit", `{"payment":"order20261105"}`).status, 200)
	if h := g.hook(); !strings.Contains(h.body, `"status":"paid"`) {
		t.Errorf("webhook %s", h.body)
	}
	r := g.iamport("POST", "/payments/cancel", `{"merchant_uid":"order20261105","amount":1000}`)
	want(t, "without an account", r.json["code"], json.Number("1"))
	r = g.iamport("POST", "/payments/cancel", `{"merchant_uid":"order20261105","amount":1000,"refund_holder":"x","refund_bank":"04","refund_account":"1","enable_webhook":true}`)
	want(t, "with one", r.json["code"], json.Number("0"))
	if h := g.hook(); !strings.Contains(h.body, `"status":"cancelled","cancellation_id":"sandbox-`) {
		t.Errorf("webhook %s", h.body)
	}
}
