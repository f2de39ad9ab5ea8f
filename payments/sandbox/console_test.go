package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/payments/sandbox"
)

func TestConsoleShowsTheBooks(t *testing.T) {
	g := start(t)
	want(t, "empty", strings.Contains(g.get("/").raw, "아직 결제가 없습니다"), true)
	p := g.paid("demo", "order-console", "150000", "kr")
	p.cancel(`{"cancelReason":"x","cancelAmount":50000}`)
	g.open("demo", "order-other", "1000")
	ko, en := g.get("/"), g.get("/?lang=en")
	for _, text := range []string{"order-console", "150,000원", "50,000원", "일부 환불", "PARTIAL_CANCELED", "국내 발급 카드"} {
		want(t, text, strings.Contains(ko.raw, text), true)
	}
	for _, text := range []string{"KRW 150,000", "Partly refunded", "Korean card"} {
		want(t, text, strings.Contains(en.raw, text), true)
	}
	want(t, "language is remembered", strings.Contains(en.header.Get("Set-Cookie"), "sandbox_lang=en"), true)
	want(t, "search", strings.Contains(g.get("/?q=order-cons").raw, "order-other"), false)
	page := g.get("/_sandbox/payments/" + p.key)
	for _, text := range []string{"결제창이 열림", "인증 완료", "승인", "API로 환불", p.key, "48902300****406*"} {
		want(t, text, strings.Contains(page.raw, text), true)
	}
	want(t, "unknown payment", g.get("/_sandbox/payments/none").status, http.StatusNotFound)
	want(t, "unknown page", g.get("/none").status, http.StatusNotFound)
}

func TestEveryPageHasTheFixedHeaders(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-headers", "1000")
	for _, path := range []string{"/", p.window, "/_sandbox/payments/" + p.key, "/none", "/_sandbox/sandbox.css", "/_sandbox/api/books", "/v2/standard"} {
		h := g.get(path).header
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
			want(t, path+" "+name, h.Get(name), value)
		}
		policy := h.Get("Content-Security-Policy")
		want(t, path+" policy", strings.Contains(policy, "default-src 'none'") && strings.Contains(policy, "frame-ancestors 'none'"), true)
	}
}

func TestTextsOfOthersAreEscaped(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-escape", "1000", "orderName", `<img src=x onerror=alert(1)>`)
	for _, path := range []string{"/", p.window, "/_sandbox/payments/" + p.key, "/?q=<img"} {
		want(t, path, strings.Contains(g.get(path).raw, "<img"), false)
	}
}

func TestConsoleActions(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.paid("demousd", "order-actions", "120.5", "visa")
	want(t, "hook", g.hook().status(t), "DONE")
	at := "/_sandbox/payments/" + p.key
	did := func(path string, form url.Values) string {
		t.Helper()
		r := g.post(path, form)
		want(t, path, r.status, http.StatusSeeOther)
		to, err := url.Parse(r.header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		want(t, "page afterwards", strings.Contains(g.get(to.String()).raw, `role="status"`), true)
		return to.RawQuery
	}
	want(t, "part", did(at+"/refund", url.Values{"amount": {"20.25"}, "reason": {"asked at the desk"}}), "done=refund")
	want(t, "hook", g.hook().status(t), "PARTIAL_CANCELED")
	want(t, "refunded", p.book().Refunded, int64(2025))
	want(t, "outside", p.book().Refunds[0].Outside, true)
	want(t, "too much", did(at+"/refund", url.Values{"amount": {"120.50"}}), "wrong=amount")
	want(t, "nonsense", did(at+"/refund", url.Values{"amount": {"abc"}}), "wrong=amount")
	want(t, "rest", did(at+"/refund", url.Values{"amount": {""}}), "done=refund")
	want(t, "hook", g.hook().status(t), "CANCELED")
	want(t, "send", did(at+"/webhook", url.Values{"how": {"twice"}}), "done=webhook")
	g.hook()
	g.hook()
	want(t, "finished", did(at+"/expire", nil), "wrong=finished")
	open := g.open("demo", "order-actions2", "1000")
	want(t, "expire", did("/_sandbox/payments/"+open.key+"/expire", nil), "done=expire")
	want(t, "expired", open.status(), "EXPIRED")
	want(t, "fault", did("/_sandbox/faults", url.Values{"kind": {"html"}, "operation": {"lookup"}, "times": {"2"}}), "done=fault")
	want(t, "bad fault", did("/_sandbox/faults", url.Values{"kind": {"earthquake"}}), "wrong=form")
	want(t, "spoiled", open.lookup().status, 502)
	want(t, "clear", did("/_sandbox/faults/clear", nil), "done=clear")
	want(t, "not spoiled", open.lookup().status, 200)
	want(t, "address", did("/_sandbox/webhooks", url.Values{"key": {"test_ck_x"}, "url": {"http://merchant.example/h"}}), "done=address")
	want(t, "bad key", did("/_sandbox/webhooks", url.Values{"key": {"x"}, "url": {"http://merchant.example/h"}}), "wrong=key")
}

func TestForeignPagesCannotPost(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-csrf", "1000", "kr")
	form := url.Values{"amount": {"1000"}}
	for name, header := range map[string][]string{
		"origin":         {"Origin", "http://evil.example"},
		"opaque origin":  {"Origin", "null"},
		"fetch metadata": {"Sec-Fetch-Site", "cross-site"},
	} {
		want(t, name, g.post("/_sandbox/payments/"+p.key+"/refund", form, header...).status, http.StatusForbidden)
		want(t, name+", API", g.post("/_sandbox/api/refund", form, header...).status, http.StatusForbidden)
	}
	want(t, "refunded", p.book().Refunded, int64(0))
	want(t, "own page", g.post("/_sandbox/payments/"+p.key+"/refund", form, "Origin", g.url).status, http.StatusSeeOther)
	want(t, "refunded", p.book().Refunded, int64(1000))
}

func TestControlFromAnotherProcess(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-control", "1000", "kr")
	want(t, "fault", g.control("faults", `{"kind":"lost","operation":"cancel","after":true}`).status, 200)
	want(t, "lost", p.cancel(`{"cancelReason":"x","cancelAmount":400}`).status, 0)
	want(t, "refund", g.control("refund", `{"payment":"order-control","amount":100,"reason":"x"}`).status, 200)
	want(t, "refund of too much", g.control("refund", `{"payment":"order-control","amount":501}`).status, 400)
	want(t, "refund of all", g.control("refund", `{"payment":"`+p.key+`"}`).status, 200)
	want(t, "unknown kind", g.control("faults", `{"kind":"earthquake"}`).status, 400)
	want(t, "unknown member", g.control("faults", `{"knid":"lost"}`).status, 400)
	want(t, "unknown payment", g.control("expire", `{"payment":"none"}`).status, 404)
	books := g.get("/_sandbox/api/books")
	list := books.json["payments"].([]any)
	first := list[0].(map[string]any)
	want(t, "status", first["status"], "CANCELED")
	want(t, "state", first["state"], string(sandbox.StateCaptured))
	want(t, "requests", len(books.json["requests"].([]any)), 2)
}
