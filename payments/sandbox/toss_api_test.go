package sandbox_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

func TestKeysMustBeTestSecretKeysWithColon(t *testing.T) {
	g := start(t)
	basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	tests := map[string]struct {
		header string
		status int
		code   string
	}{
		"good key":        {basic("test_sk_demo:"), 404, "NOT_FOUND_PAYMENT"},
		"no header":       {"", 401, "UNAUTHORIZED_KEY"},
		"no colon":        {basic("test_sk_demo"), 403, "INCORRECT_BASIC_AUTH_FORMAT"},
		"byte-order mark": {basic("\ufefftest_sk_demo:"), 403, "INCORRECT_BASIC_AUTH_FORMAT"},
		"with password":   {basic("test_sk_demo:x"), 403, "INCORRECT_BASIC_AUTH_FORMAT"},
		"not base64":      {"Basic test_sk_demo:", 403, "INCORRECT_BASIC_AUTH_FORMAT"},
		"live key":        {basic("live_sk_demo:"), 401, "UNAUTHORIZED_KEY"},
		"client key":      {basic("test_ck_demo:"), 400, "INVALID_API_KEY"},
		"widget key":      {basic("test_gsk_demo:"), 400, "INVALID_API_KEY"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := g.get("/v1/payments/none", "Authorization", tc.header)
			want(t, "status", r.status, tc.status)
			want(t, "code", r.code(), tc.code)
		})
	}
}

func TestConfirmTakesTheMoneyOnceAndShowsTheWholeObject(t *testing.T) {
	g := start(t)
	p := g.open("demo", "reg2026000123a1", "150000")
	want(t, "status before", p.status(), "READY")
	p.choose("kr")
	want(t, "status after the window", p.status(), "IN_PROGRESS")
	r := p.confirm()
	for name, value := range map[string]string{
		"mId": "sbx-demo", "status": "DONE", "method": "카드", "currency": "KRW", "totalAmount": "150000",
		"balanceAmount": "150000", "vat": "13636", "suppliedAmount": "136364", "orderId": "reg2026000123a1",
		"requestedAt": "2026-11-01T09:00:00+09:00", "approvedAt": "2026-11-01T09:00:00+09:00", "version": "2022-11-16", "country": "KR",
	} {
		want(t, name, r.text(name), value)
	}
	card, _ := r.json["card"].(map[string]any)
	want(t, "masked number", card["number"], "48902300****406*")
	want(t, "cardType", card["cardType"], "신용")
	for _, name := range []string{"secret", "virtualAccount", "easyPay", "cancels", "failure", "discount", "transfer"} {
		if v, there := r.json[name]; !there || v != nil {
			t.Errorf("%s must be there and null, is %v", name, v)
		}
	}
	second := p.confirm()
	want(t, "second confirm", second.code(), "ALREADY_PROCESSED_PAYMENT")
	b := p.book()
	want(t, "captured", b.Captured, int64(150000))
	want(t, "status in the books", b.Status, "DONE")
	want(t, "requests in the books", len(g.Books().Requests), 2)
	byOrder := g.call("GET", "/v1/payments/orders/reg2026000123a1", "demo", "")
	want(t, "look-up by order", byOrder.text("paymentKey"), p.key)
}

func TestEnglishIsGivenOnlyWhenAskedFor(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-english", "1000", "kr")
	r := g.call("GET", "/v1/payments/"+p.key, "demo", "", "Accept-Language", "en-US")
	want(t, "method", r.text("method"), "CARD")
}

func TestConfirmRefusesWhatWasNotAuthenticated(t *testing.T) {
	g := start(t)
	tests := map[string]struct{ merchant, order, amount, code string }{
		"other amount":       {"demo", "order-refuse", "999", "INVALID_REQUEST"},
		"decimals in won":    {"demo", "order-refuse", "1000.5", "INVALID_REQUEST"},
		"exponent":           {"demo", "order-refuse", "1e3", "INVALID_REQUEST"},
		"negative":           {"demo", "order-refuse", "-1000", "INVALID_REQUEST"},
		"other order number": {"demo", "order-another", "1000", "INVALID_REQUEST"},
		"other merchant":     {"other", "order-refuse", "1000", "INVALID_API_KEY"},
	}
	p := g.open("demo", "order-refuse", "1000")
	p.choose("kr")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			bad := &pay{g: g, merchant: tc.merchant, key: p.key, order: tc.order, amount: tc.amount}
			want(t, "code", bad.confirm().code(), tc.code)
		})
	}
	want(t, "unknown key", (&pay{g: g, merchant: "demo", key: "none", order: "order-refuse", amount: "1"}).confirm().code(), "NOT_FOUND_PAYMENT")
	want(t, "not JSON", g.call("POST", "/v1/payments/confirm", "demo", "paymentKey=1").code(), "INVALID_REQUEST")
	want(t, "status", p.status(), "IN_PROGRESS")
	want(t, "the true confirm", p.confirm().text("status"), "DONE")
}

func TestAmountBelowTheCardMinimumIsRefused(t *testing.T) {
	p := start(t).open("demo", "order-small", "99")
	p.choose("kr")
	want(t, "code", p.confirm().code(), "BELOW_MINIMUM_AMOUNT")
}

func TestOneOrderNumberIsPaidOnce(t *testing.T) {
	g := start(t)
	first, second := g.open("demo", "order-twice", "1000"), g.open("demo", "order-twice", "1000")
	first.choose("kr")
	second.choose("kr")
	want(t, "first", first.confirm().text("status"), "DONE")
	want(t, "second", second.confirm().code(), "ALREADY_PROCESSED_PAYMENT")
	want(t, "second status", second.status(), "IN_PROGRESS")
	r := g.call("GET", "/v1/payments/orders/order-twice", "demo", "")
	want(t, "look-up by order gives the one that was paid", r.text("paymentKey"), first.key)
}

func TestSessionsEnd(t *testing.T) {
	g := start(t)
	g.listen(always200)
	idle, late := g.open("demo", "order-idle", "1000"), g.open("demo", "order-late", "1000")
	late.choose("kr")
	g.clock.pass(10*time.Minute + time.Second)
	r := late.confirm()
	want(t, "confirm after 10 min", r.code(), "NOT_FOUND_PAYMENT_SESSION")
	want(t, "http status", r.status, http.StatusNotFound)
	want(t, "late", late.status(), "EXPIRED")
	want(t, "idle after 10 min", idle.status(), "READY")
	g.clock.pass(20 * time.Minute)
	want(t, "idle after 30 min", idle.status(), "EXPIRED")
	for range 2 {
		if h := g.hook(); !strings.Contains(h.body, `"status":"EXPIRED"`) {
			t.Errorf("webhook says %s", h.body)
		}
	}
	want(t, "window of an ended session", g.get(idle.window).status, http.StatusGone)
}

func TestConfirmBeforeTheWindowIsDone(t *testing.T) {
	want(t, "code", start(t).open("demo", "order-early", "1000").confirm().code(), "NOT_FOUND_PAYMENT_SESSION")
}

func TestDollarsKeepTheirCents(t *testing.T) {
	g := start(t)
	p := g.open("demousd", "order-usd", "120.5", "useInternationalCardOnly", "true")
	back := p.choose("visa")
	want(t, "amount in the return", back.Query().Get("amount"), "120.5")
	p.amount = "120.50"
	r := p.confirm()
	want(t, "totalAmount", r.text("totalAmount"), "120.5")
	want(t, "country", r.text("country"), "US")
	card, _ := r.json["card"].(map[string]any)
	want(t, "cardType", card["cardType"], "미확인")
	want(t, "ownerType", card["ownerType"], "미확인")
	want(t, "minor units", p.book().Captured, int64(12050))
	part := p.cancel(`{"cancelReason":"workshop dropped","cancelAmount":20.25,"currency":"USD"}`)
	want(t, "balance", part.text("balanceAmount"), "100.25")
	want(t, "three decimals", p.cancel(`{"cancelReason":"x","cancelAmount":20.255}`).code(), "INVALID_REQUEST")
}

func TestCancelInPartsAndInFull(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-cancel", "150000", "kr")
	want(t, "no reason", p.cancel(`{}`).code(), "INVALID_REQUEST")
	want(t, "wrong currency", p.cancel(`{"cancelReason":"x","currency":"USD"}`).code(), "INVALID_REQUEST")
	want(t, "stale balance", p.cancel(`{"cancelReason":"x","cancelAmount":1,"refundableAmount":1}`).code(), "NOT_MATCHES_REFUNDABLE_AMOUNT")
	want(t, "too much", p.cancel(`{"cancelReason":"x","cancelAmount":150001}`).code(), "NOT_CANCELABLE_AMOUNT")
	part := p.cancel(`{"cancelReason":"x","cancelAmount":50000,"refundableAmount":150000}`)
	want(t, "status", part.text("status"), "PARTIAL_CANCELED")
	want(t, "balance", part.text("balanceAmount"), "100000")
	want(t, "vat of what is left", part.text("vat"), "9091")
	full := p.cancel(`{"cancelReason":"x"}`)
	want(t, "status", full.text("status"), "CANCELED")
	want(t, "balance", full.text("balanceAmount"), "0")
	want(t, "cancels", len(full.json["cancels"].([]any)), 2)
	want(t, "again", p.cancel(`{"cancelReason":"x"}`).code(), "ALREADY_CANCELED_PAYMENT")
	want(t, "refunded", p.book().Refunded, int64(150000))
	want(t, "by another merchant", g.call("POST", "/v1/payments/"+p.key+"/cancel", "other", `{"cancelReason":"x"}`).code(), "FORBIDDEN_REQUEST")
	open := g.open("demo", "order-unpaid", "1000")
	want(t, "unpaid", open.cancel(`{"cancelReason":"x"}`).code(), "NOT_CANCELABLE_PAYMENT")
}

func TestSecondCancelWithinASecondIsRefused(t *testing.T) {
	g := start(t, func(c *sandbox.Config) { c.CancelGap = 0 })
	p := g.paid("demo", "order-gap", "3000", "kr")
	want(t, "first", p.cancel(`{"cancelReason":"x","cancelAmount":1000}`).status, 200)
	want(t, "at once", p.cancel(`{"cancelReason":"x","cancelAmount":1000}`).code(), "FORBIDDEN_CONSECUTIVE_REQUEST")
	g.clock.pass(time.Second)
	want(t, "a second later", p.cancel(`{"cancelReason":"x","cancelAmount":1000}`).status, 200)
}

func TestIdempotencyKeyRepeatsTheFirstAnswerWhateverTheBody(t *testing.T) {
	g := start(t)
	a, b := g.open("demo", "order-key-a", "1000"), g.open("demo", "order-key-b", "2000")
	a.choose("kr")
	b.choose("kr")
	first, other := a.confirm("Idempotency-Key", "k1"), b.confirm("Idempotency-Key", "k1")
	want(t, "answer for another payment", other.raw, first.raw)
	want(t, "other payment", b.status(), "IN_PROGRESS")
	books := g.Books()
	want(t, "replayed", books.Requests[1].Replayed, true)
	want(t, "body seen", books.Requests[1].Body, b.confirmBody())
	refused := a.confirm("Idempotency-Key", "k2")
	want(t, "error", refused.code(), "ALREADY_PROCESSED_PAYMENT")
	want(t, "error again", a.confirm("Idempotency-Key", "k2").raw, refused.raw)
	want(t, "same key of another path runs", a.cancel(`{"cancelReason":"x"}`, "Idempotency-Key", "k1").text("status"), "CANCELED")
	want(t, "same key of another merchant runs", g.call("POST", "/v1/payments/confirm", "other", b.confirmBody(), "Idempotency-Key", "k1").code(), "INVALID_API_KEY")
	want(t, "300 characters", b.confirm("Idempotency-Key", strings.Repeat("k", 300)).status, 200)
	want(t, "301 characters", b.confirm("Idempotency-Key", strings.Repeat("k", 301)).code(), "INVALID_IDEMPOTENCY_KEY")
	g.clock.pass(15 * 24 * time.Hour)
	want(t, "key after 15 days", a.confirm("Idempotency-Key", "k1").code(), "ALREADY_PROCESSED_PAYMENT")
}

func TestManyConfirmsAtOnceTakeTheMoneyOnce(t *testing.T) {
	g := start(t, func(c *sandbox.Config) { c.SlowConfirm = 200 * time.Millisecond })
	p := g.open("demo", "order-storm", "1000")
	p.choose("slow")
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[string]int{}
	for i := range 20 {
		wg.Go(func() {
			key := "same"
			if i%2 == 1 {
				key = "other-" + string(rune('a'+i))
			}
			r := p.confirm("Idempotency-Key", key)
			mu.Lock()
			defer mu.Unlock()
			codes[r.code()]++
		})
	}
	wg.Wait()
	want(t, "successes", codes[""], 1)
	if codes["IDEMPOTENT_REQUEST_PROCESSING"] == 0 || codes["ALREADY_PROCESSED_PAYMENT"] == 0 {
		t.Errorf("answers were %v", codes)
	}
	want(t, "captured", p.book().Captured, int64(1000))
}

func TestTestCodeHeaderForcesTheError(t *testing.T) {
	p := start(t).open("demo", "order-code", "1000")
	p.choose("kr")
	r := p.confirm("TossPayments-Test-Code", "EXCEED_MAX_AMOUNT")
	want(t, "code", r.code(), "EXCEED_MAX_AMOUNT")
	want(t, "http status", r.status, http.StatusBadRequest)
	r = p.confirm("TossPayments-Test-Code", "FAILED_INTERNAL_SYSTEM_PROCESSING")
	want(t, "http status", r.status, http.StatusInternalServerError)
	want(t, "nothing happened", p.status(), "IN_PROGRESS")
}

func TestServerCreatedCheckoutLeadsToTheWindow(t *testing.T) {
	g := start(t)
	r := g.call("POST", "/v1/payments", "demo", `{"method":"CARD","amount":50000,"orderId":"order-server","orderName":"2027 Conference",
		"successUrl":"`+successURL+`","failUrl":"`+failURL+`","unknown":{"a":1}}`)
	want(t, "status", r.text("status"), "READY")
	link, _ := r.json["checkout"].(map[string]any)
	path, ok := strings.CutPrefix(link["url"].(string), g.url)
	if !ok {
		t.Fatalf("checkout is at %v", link["url"])
	}
	p := &pay{g: g, merchant: "demo", key: r.text("paymentKey"), order: "order-server", amount: "50000", window: g.get(path).header.Get("Location")}
	want(t, "window", g.get(p.window).status, http.StatusOK)
	p.choose("kr")
	want(t, "confirm", p.confirm().text("status"), "DONE")
	for name, body := range map[string]string{
		"no order":       `{"method":"CARD","amount":50000}`,
		"other currency": `{"method":"CARD","amount":1,"currency":"USD","orderId":"order-server2","orderName":"x","successUrl":"` + successURL + `","failUrl":"` + failURL + `"}`,
		"other method":   `{"method":"문화상품권","amount":1,"orderId":"order-server2","orderName":"x","successUrl":"` + successURL + `","failUrl":"` + failURL + `"}`,
		"bad address":    `{"method":"CARD","amount":1,"orderId":"order-server2","orderName":"x","successUrl":"javascript:1","failUrl":"` + failURL + `"}`,
	} {
		want(t, name, g.call("POST", "/v1/payments", "demo", body).code(), "INVALID_REQUEST")
	}
}

func TestForeignPaymentsAreNotShown(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-mine", "1000", "kr")
	want(t, "by key", g.call("GET", "/v1/payments/"+p.key, "other", "").code(), "FORBIDDEN_REQUEST")
	want(t, "by order", g.call("GET", "/v1/payments/orders/order-mine", "other", "").code(), "NOT_FOUND_PAYMENT")
	want(t, "unknown path", g.call("GET", "/v1/nothing/here/at/all", "demo", "").code(), "NOT_FOUND")
}
