package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
)

func TestTheWholeWayFromFormToReceipt(t *testing.T) {
	tests := map[string]struct {
		channel, card, currency string
		amount                  int64
	}{
		"Korean card":              {"korea", "kr", "KRW", 150000},
		"card issued abroad":       {"abroad", "visa", "USD", 12000},
		"approved and answer lost": {"korea", "lost-answer", "KRW", 150000},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.browser()
			order := b.register("student")
			before := b.status(order)
			if before["order"] != "pending" || before["payment"] != nil || before["due"] != 150000.0 || before["currency"] != "KRW" || len(before) != 4 {
				t.Errorf("status before payment: %v", before)
			}
			if got := b.pay(order, tc.channel, tc.card); got != order {
				t.Errorf("the return leads to %s, want %s", got, order)
			}
			if tc.card == "lost-answer" {
				s.clock.Pass(lookEvery)
				b.get(order).want(200)
				s.looks()
			}
			after := b.status(order)
			if after["order"] != "paid" || after["payment"] != "confirmed" || after["due"] != 0.0 || after["currency"] != tc.currency {
				t.Errorf("status after payment: %v", after)
			}
			if p := s.newest(); p.Captured.Minor != tc.amount || string(p.Captured.Cur) != tc.currency {
				t.Errorf("captured %+v, want %d %s", p.Captured, tc.amount, tc.currency)
			}
			receipt, _ := b.get(order).want(200).doc().Find(`a[href$=".pdf"]`).Attr("href")
			pdf := b.get(receipt).want(200)
			if !strings.HasPrefix(pdf.body, "%PDF-") || !strings.Contains(receipt, "TEST-"+slug+"-R-000001") {
				t.Errorf("receipt at %q begins with %.10q", receipt, pdf.body)
			}
			for _, file := range []string{"/calendar.ics", "/qr.svg", "/qr.png"} {
				b.get(order + file).want(200)
			}
		})
	}
}

func TestFreeOrderIsPaidAtOnceAndOffersNoPayment(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("guest")
	if got := b.status(order); got["order"] != "paid" || got["payment"] != nil || got["due"] != 0.0 {
		t.Errorf("status %v", got)
	}
	if n := b.get(order).want(200).doc().Find("form#pay").Length(); n != 0 {
		t.Errorf("a free order offers %d ways to pay", n)
	}
	b.post(order+"/pay", url.Values{"channel": {"korea"}, "attempt": {"1"}})
	if n := s.count("payments"); n != 0 {
		t.Errorf("a free order has %d payments", n)
	}
}

func TestDoublePostsHaveTheEffectOfOne(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	check := b.fill("student", url.Values{"extra.banquet": {"2"}})
	first, second := b.submit(check, "main", consents), b.submit(check, "main", consents)
	order := first.to()
	if second.to() != order {
		t.Errorf("the same check form led to %s and %s", order, second.to())
	}
	page := b.get(order)
	one, two := b.submit(page, "pay", url.Values{"channel": {"korea"}}), b.submit(page, "pay", url.Values{"channel": {"korea"}})
	if one.to() != two.to() {
		t.Errorf("the same pay form led to %s and %s", one.to(), two.to())
	}
	other := b.submit(page, "pay", url.Values{"channel": {"abroad"}})
	if again := b.submit(page, "pay", url.Values{"channel": {"abroad"}}); other.to() == one.to() || again.to() != other.to() {
		t.Errorf("another channel from the same page led to %s, then %s; the first was %s", other.to(), again.to(), one.to())
	}
	if orders, paid := s.count("orders"), s.count("payments"); orders != 1 || paid != 2 {
		t.Errorf("%d orders and %d payments, want 1 and 2", orders, paid)
	}
	back := b.window(one.to(), "kr")
	for range 2 {
		if got := b.get(back).to(); got != order {
			t.Errorf("a return that is opened twice leads to %s, want the order", got)
		}
	}
	if n := s.count("receipts"); n != 1 {
		t.Errorf("%d receipts, want 1", n)
	}
	if got := b.submit(page, "pay", url.Values{"channel": {"korea"}}).to(); b.get(got).to() != order {
		t.Error("the pay form, sent again after the payment, does not lead back to the order")
	}
	if p := s.newest(); s.count("payments") != 2 || p.Attempt != 2 {
		t.Errorf("a form sent again made payment %d", p.Attempt)
	}
}

func TestAFormAfterTheOrderBeginsAfresh(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	if got := b.get("/e/" + slug + "/register/check").to(); got != order {
		t.Errorf("the check page of a finished draft leads to %s, want its order", got)
	}
	_, fields := b.get("/e/" + slug + "/register").want(200).form("main")
	if fields.Get("category") != "" {
		t.Errorf("a new form begins with category %q", fields.Get("category"))
	}
	page := b.submit(b.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}}).to()
	if _, fields := b.get(page).want(200).form("main"); fields.Get("email") != "" {
		t.Errorf("a new form begins with the person before: %v", fields)
	}
	if again := b.register("student"); again == order {
		t.Error("a second registration from the same browser became the first order")
	}
	if n := s.count("orders"); n != 2 {
		t.Errorf("%d orders, want 2", n)
	}
}

func TestAmountsFromTheBrowserAreIgnored(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	pay := b.submit(b.get(order), "pay", url.Values{"channel": {"korea"}, "amount": {"1"}, "currency": {"USD"}, "due": {"0"}}).to()
	back := b.window(pay, "kr")
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("amount", "1")
	u.RawQuery = q.Encode()
	b.get(u.String()).want(http.StatusSeeOther)
	if p := s.newest(); p.State != payments.Confirmed || p.Captured.Minor != 150000 {
		t.Errorf("payment is %s over %v", p.State, p.Captured)
	}
}

func TestFailedPaymentsCanBeRepeated(t *testing.T) {
	for _, card := range []string{"declined", "declined-window", "cancel"} {
		t.Run(card, func(t *testing.T) {
			s := newSite(t)
			b := s.browser()
			order := b.register("student")
			if got := b.pay(order, "korea", card); got != order {
				t.Errorf("the return leads to %s, want the order", got)
			}
			if got := b.status(order); got["order"] != "pending" || got["due"] != 150000.0 {
				t.Errorf("status %v", got)
			}
			b.pay(order, "korea", "kr")
			if got := b.status(order); got["order"] != "paid" {
				t.Errorf("status after the second try: %v", got)
			}
			steps := b.get(order).want(200).doc().Find(".timeline > li")
			lines, twice := 1, "Payment started (2 times)" // nothing between them that an attendee is told
			if card != "cancel" {
				lines, twice = 2, "Payment started"
			}
			if told := steps.Text(); strings.Count(told, "Payment started") != lines || !strings.Contains(told, twice) || strings.Count(told, "Payment confirmed") != 1 {
				t.Errorf("the history does not tell of both attempts, each once: %s", told)
			}
			if card == "declined" && !strings.Contains(steps.Text(), "Payment did not go through") {
				t.Errorf("the history does not tell how the first attempt ended: %s", steps.Text())
			}
		})
	}
}

func TestWayWithoutScript(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	page := b.get(b.start(order, "korea")).want(200)
	next := b.submit(page, "launch-fallback", nil)
	if again := b.submit(page, "launch-fallback", nil).to(); again != next.to() {
		t.Errorf("the same form led to %s and %s", next.to(), again)
	}
	href, _ := b.get(next.to()).want(200).doc().Find("a#launch").Attr("href")
	if !strings.HasPrefix(href, s.bank) {
		t.Fatalf("the hand-over without script leads to %q", href)
	}
	window := b.get(href)
	if at := window.header.Get("Location"); at != "" {
		href = at
		if strings.HasPrefix(at, "/") {
			href = s.bank + at
		}
	}
	back := b.post(href, url.Values{"card": {"kr"}}).want(http.StatusSeeOther).header.Get("Location")
	if b.get(back).to() != order || b.status(order)["order"] != "paid" {
		t.Errorf("order is %v after the way without script", b.status(order))
	}
}
