package sandbox_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

func (h hook) status(t *testing.T) string {
	t.Helper()
	var e struct {
		EventType string `json:"eventType"`
		Data      struct {
			Status string `json:"status"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(h.body), &e); err != nil || e.EventType != "PAYMENT_STATUS_CHANGED" {
		t.Errorf("webhook is %s", h.body)
	}
	return e.Data.Status
}

func TestWebhookFollowsEveryChangeThatCounts(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.paid("demo", "order-hook", "3000", "kr")
	h := g.hook()
	want(t, "status", h.status(t), "DONE")
	want(t, "time", h.header.Get("tosspayments-webhook-transmission-time"), "2026-11-01T09:00:00+09:00")
	want(t, "count", h.header.Get("tosspayments-webhook-transmission-retried-count"), "0")
	want(t, "has an id", len(h.header.Get("tosspayments-webhook-transmission-id")) > 10, true)
	want(t, "is unsigned", h.header.Get("tosspayments-webhook-signature"), "")
	want(t, "createdAt", strings.Contains(h.body, `"createdAt":"2026-11-01T09:00:00.65327"`), true)
	p.cancel(`{"cancelReason":"x","cancelAmount":1000}`)
	want(t, "part", g.hook().status(t), "PARTIAL_CANCELED")
	p.cancel(`{"cancelReason":"x"}`)
	want(t, "rest", g.hook().status(t), "CANCELED")
	declined := g.open("demo", "order-hook2", "3000")
	declined.choose("declined-window")
	want(t, "declined", g.hook().status(t), "ABORTED")
	g.open("demo", "order-hook3", "3000").choose("cancel")
	want(t, "nothing for a closed window", len(g.hooks), 0)
}

func TestCreatedAtKeepsOneDigitAtLeast(t *testing.T) {
	g := start(t)
	g.listen(always200)
	g.clock.pass(346_730 * time.Microsecond)
	g.paid("demo", "order-hook", "3000", "kr")
	if h := g.hook(); !regexp.MustCompile(`"createdAt":"2026-11-01T09:00:01\.0"`).MatchString(h.body) {
		t.Error(h.body)
	}
}

func TestWebhookIsTriedAgainUntilItIs200(t *testing.T) {
	g := start(t, func(c *sandbox.Config) {
		c.WebhookRetries = []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond}
	})
	g.listen(func(n int) int { return []int{500, 202, 200, 200}[n] })
	p := g.paid("demo", "order-retry", "1000", "kr")
	id := ""
	for _, count := range []string{"0", "1", "2"} {
		h := g.hook()
		want(t, "count", h.header.Get("tosspayments-webhook-transmission-retried-count"), count)
		if id == "" {
			id = h.header.Get("tosspayments-webhook-transmission-id")
		}
		want(t, "id", h.header.Get("tosspayments-webhook-transmission-id"), id)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, "further tries", len(g.hooks), 0)
	line := p.book().Timeline
	want(t, "last line of the timeline", line[len(line)-1].Note, "DONE → 200")
}

func TestWebhooksByHand(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.paid("demo", "order-hand", "1000", "kr")
	id := g.hook().header.Get("tosspayments-webhook-transmission-id")
	send := func(name, how string) reply {
		return g.control("webhook", `{"payment":"`+name+`","how":"`+how+`","seconds":1}`)
	}
	want(t, "again", send(p.key, "again").status, 200)
	again := g.hook()
	want(t, "again says", again.status(t), "DONE")
	want(t, "same transmission", again.header.Get("tosspayments-webhook-transmission-id") == id, false)
	want(t, "twice", send("order-hand", "twice").status, 200)
	one, two := g.hook(), g.hook()
	want(t, "ids of the two", one.header.Get("tosspayments-webhook-transmission-id"), two.header.Get("tosspayments-webhook-transmission-id"))
	before := time.Now()
	want(t, "late", send(p.key, "late").status, 200)
	if d := g.hook().at.Sub(before); d < time.Second {
		t.Errorf("late one came after %s", d)
	}
	want(t, "forged", send(p.key, "forged").status, 200)
	want(t, "forged about a paid one says", g.hook().status(t), "CANCELED")
	open := g.open("demo", "order-hand2", "1000")
	want(t, "nothing to say", send(open.key, "again").status, 400)
	want(t, "forged", send(open.key, "forged").status, 200)
	want(t, "forged about an unpaid one says", g.hook().status(t), "DONE")
	want(t, "still", open.status(), "READY")
	want(t, "unknown", send("none", "again").status, 404)
	want(t, "how", send(p.key, "sideways").status, 400)
}

func TestEachMerchantHasItsAddress(t *testing.T) {
	g := start(t)
	g.listen(always200)
	g.SetWebhook("test_ck_quiet", "")
	g.paid("quiet", "order-quiet", "1000", "kr")
	g.paid("loud", "order-loud", "1000", "kr")
	if h := g.hook(); !strings.Contains(h.body, "order-loud") {
		t.Error(h.body)
	}
	want(t, "unknown key", g.control("webhooks", `{"key":"live_ck_x","url":"http://merchant.example"}`).status, 400)
	want(t, "not http", g.control("webhooks", `{"key":"","url":"file:///etc/hosts"}`).status, 400)
	want(t, "by the secret key", g.control("webhooks", `{"key":"test_sk_loud","url":"http://merchant.example/hook"}`).status, 200)
	want(t, "address", g.Books().Webhooks["sbx-loud"], "http://merchant.example/hook")
}

func TestCloseDoesNotWaitForRetries(t *testing.T) {
	g := start(t, func(c *sandbox.Config) { c.WebhookRetries = []time.Duration{time.Hour} })
	g.listen(func(int) int { return 500 })
	g.paid("demo", "order-close", "1000", "kr")
	g.hook()
	done := make(chan error)
	go func() { done <- g.Close() }()
	select {
	case err := <-done:
		want(t, "close", err, nil)
	case <-time.After(5 * time.Second):
		t.Fatal("close hangs")
	}
}
