package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

func TestFaultsSpoilTheNextMatchingRequest(t *testing.T) {
	tests := map[string]struct {
		fault  sandbox.Fault
		check  func(*testing.T, reply)
		status string // of the payment afterwards
	}{
		"lost before":  {sandbox.Fault{Kind: sandbox.FaultLost}, noAnswer, "IN_PROGRESS"},
		"lost after":   {sandbox.Fault{Kind: sandbox.FaultLost, After: true}, noAnswer, "DONE"},
		"500 before":   {sandbox.Fault{Kind: sandbox.FaultError500}, answered(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"), "IN_PROGRESS"},
		"500 after":    {sandbox.Fault{Kind: sandbox.FaultError500, After: true}, answered(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"), "DONE"},
		"409":          {sandbox.Fault{Kind: sandbox.FaultConflict}, answered(409, "IDEMPOTENT_REQUEST_PROCESSING"), "IN_PROGRESS"},
		"429":          {sandbox.Fault{Kind: sandbox.FaultTooMany}, answered(429, "TOO_MANY_REQUESTS"), "IN_PROGRESS"},
		"html":         {sandbox.Fault{Kind: sandbox.FaultHTML}, answered(502, ""), "IN_PROGRESS"},
		"redirect":     {sandbox.Fault{Kind: sandbox.FaultRedirect}, answered(307, ""), "IN_PROGRESS"},
		"truncated":    {sandbox.Fault{Kind: sandbox.FaultTruncated}, answered(200, ""), "DONE"},
		"huge after":   {sandbox.Fault{Kind: sandbox.FaultHuge, After: true}, answered(200, ""), "DONE"},
		"slow":         {sandbox.Fault{Kind: sandbox.FaultSlow, Delay: 20 * time.Millisecond}, answered(200, ""), "DONE"},
		"slow, after":  {sandbox.Fault{Kind: sandbox.FaultSlow, Delay: 20 * time.Millisecond, After: true}, answered(200, ""), "DONE"},
		"another kind": {sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel}, answered(200, ""), "DONE"},
		"another shop": {sandbox.Fault{Kind: sandbox.FaultLost, Merchant: "sbx-other"}, answered(200, ""), "DONE"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			g := start(t)
			p := g.open("demo", "order-fault", "1000")
			p.choose("kr")
			g.Arm(tc.fault)
			tc.check(t, p.confirm("Idempotency-Key", "k"))
			want(t, "status", p.book().Status, tc.status)
			want(t, "requests seen", len(g.Books().Requests), 1)
		})
	}
}

func noAnswer(t *testing.T, r reply) { t.Helper(); want(t, "status", r.status, 0) }

func answered(status int, code string) func(*testing.T, reply) {
	return func(t *testing.T, r reply) {
		t.Helper()
		want(t, "status", r.status, status)
		want(t, "code", r.code(), code)
	}
}

func TestFaultsLookAsTheyShould(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-look", "1000", "kr")
	for _, kind := range []sandbox.FaultKind{sandbox.FaultTooMany, sandbox.FaultHTML, sandbox.FaultHuge, sandbox.FaultRedirect, sandbox.FaultTruncated} {
		g.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpLookup})
	}
	want(t, "Retry-After", p.lookup().header.Get("Retry-After"), "1")
	page := p.lookup()
	want(t, "type", page.header.Get("Content-Type"), "text/html; charset=utf-8")
	if size := len(p.lookup().raw); size <= 2<<20 {
		t.Errorf("huge answer has %d bytes", size)
	}
	want(t, "redirect", strings.HasPrefix(p.lookup().header.Get("Location"), "https://elsewhere.invalid/"), true)
	cut := p.lookup()
	want(t, "begins as JSON", strings.HasPrefix(cut.raw, `{"mId"`), true)
	want(t, "is JSON", cut.json["orderId"], nil)
	want(t, "afterwards", p.status(), "DONE")
}

func TestLostAnswerIsRepeatedForItsKey(t *testing.T) {
	for name, lose := range map[string]func(*rig) string{
		"by the payer's card": func(*rig) string { return "lost-answer" },
		"by a fault": func(g *rig) string {
			g.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpConfirm, After: true})
			return "kr"
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := start(t)
			p := g.open("demo", "order-lost", "1000")
			p.choose(lose(g))
			// A connection that was used before: where a client might quietly send again.
			want(t, "look-up", p.status(), "IN_PROGRESS")
			want(t, "first", p.confirm("Idempotency-Key", "k").status, 0)
			want(t, "requests that arrived", len(g.Books().Requests), 1)
			want(t, "look-up", p.status(), "DONE")
			r := p.confirm("Idempotency-Key", "k")
			want(t, "same key", r.text("status"), "DONE")
			want(t, "another key", p.confirm("Idempotency-Key", "k2").code(), "ALREADY_PROCESSED_PAYMENT")
		})
	}
}

func TestErrorIsWhatTheKeyRemembers(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-500", "1000")
	p.choose("kr")
	g.Arm(sandbox.Fault{Kind: sandbox.FaultError500})
	want(t, "first", p.confirm("Idempotency-Key", "k").status, 500)
	want(t, "same key", p.confirm("Idempotency-Key", "k").status, 500)
	want(t, "look-up", p.status(), "IN_PROGRESS")
	want(t, "new key", p.confirm("Idempotency-Key", "k2").text("status"), "DONE")
}

func TestBusyAnswersAreNotRemembered(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultConflict, sandbox.FaultTooMany, sandbox.FaultHTML} {
		for _, after := range []bool{false, true} {
			g := start(t)
			p := g.open("demo", "order-busy", "1000")
			p.choose("kr")
			g.Arm(sandbox.Fault{Kind: kind, After: after})
			if r := p.confirm("Idempotency-Key", "k"); r.status == http.StatusOK {
				t.Errorf("%s: answered 200", kind)
			}
			want(t, string(kind)+" then the same key", p.confirm("Idempotency-Key", "k").text("status"), "DONE")
		}
	}
}

func TestFaultsCountDown(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-count", "1000", "kr")
	g.Arm(sandbox.Fault{Kind: sandbox.FaultHTML, Operation: sandbox.OpLookup, Times: 2})
	want(t, "first", p.lookup().status, 502)
	want(t, "second", p.lookup().status, 502)
	want(t, "third", p.lookup().status, 200)
}

func TestSlowConfirmHoldsItsKey(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-slow", "1000")
	p.choose("kr")
	g.Arm(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: 400 * time.Millisecond, After: true})
	first := make(chan reply)
	go func() { first <- p.confirm("Idempotency-Key", "k") }()
	for p.book().Status != "DONE" { // After: the money is taken before the wait
		time.Sleep(time.Millisecond)
	}
	want(t, "same key meanwhile", p.confirm("Idempotency-Key", "k").code(), "IDEMPOTENT_REQUEST_PROCESSING")
	want(t, "first", (<-first).text("status"), "DONE")
	want(t, "same key afterwards", p.confirm("Idempotency-Key", "k").text("status"), "DONE")
}
