package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
)

func TestWhereAReturnLeads(t *testing.T) {
	tests := map[string]struct {
		later  time.Duration
		cookie bool
		order  bool // else the nameless status page
	}{
		"at once, another browser":           {0, false, true},
		"within the hour, another browser":   {59 * time.Minute, false, true},
		"after an hour, another browser":     {61 * time.Minute, false, false},
		"after an hour, the browser it left": {61 * time.Minute, true, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.browser()
			order := b.register("student")
			back := b.window(b.start(order, "korea"), "kr")
			s.clock.Pass(tc.later)
			returning := b
			if !tc.cookie {
				returning = s.browser()
			}
			want := order
			if !tc.order {
				want = "/pay/" + s.newest().Token + "/status"
			}
			if got := returning.get(back).to(); got != want {
				t.Errorf("leads to %s, want %s", got, want)
			}
		})
	}
}

func TestNamelessStatusPageTellsNothingOfThePerson(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	path := "/pay/" + s.newest().Token + "/status"
	page := s.browser().get(path).want(200)
	code := strings.Split(order, "/")[2]
	for _, secret := range []string{"홍길동", "gildong", code, "/o/", "150,000"} {
		if strings.Contains(page.body, secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
	polled := b.do("GET", path, "", "", http.Header{"Accept": {"application/json"}}).want(200)
	if strings.TrimSpace(polled.body) != `{"payment":"confirmed"}` {
		t.Errorf("polled %s", polled.body)
	}
}

func TestReturnByPostFromAnotherSite(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	u, err := url.Parse(b.window(b.start(order, "korea"), "kr"))
	if err != nil {
		t.Fatal(err)
	}
	abroad := http.Header{"Origin": {"https://gateway.example"}, "Sec-Fetch-Site": {"cross-site"}}
	got := s.browser().do("POST", u.Path, "application/x-www-form-urlencoded", u.RawQuery, abroad)
	if got.to() != order || b.status(order)["order"] != "paid" {
		t.Errorf("leads to %s, order is %v", got.to(), b.status(order))
	}
}

func TestReturnsThatAreNoReturnsPayNothing(t *testing.T) {
	s := newSite(t)
	mine, theirs := s.browser(), s.browser()
	order := mine.register("student")
	handOver := mine.start(order, "korea")
	token := strings.TrimPrefix(handOver, "/pay/")
	p := s.newest()
	paid, err := url.Parse(theirs.window(theirs.start(theirs.register("student"), "korea"), "kr"))
	if err != nil {
		t.Fatal(err)
	}
	strangers := paid.Query()
	ownNumber := url.Values{"paymentKey": strangers["paymentKey"], "orderId": {p.OrderNo}, "amount": {"150000"}}
	tests := map[string]string{
		"nothing":                             "",
		"somebody else's return":              strangers.Encode(),
		"somebody else's payment, our number": ownNumber.Encode(),
		"an invented payment":                 "paymentKey=tgen_invented&orderId=" + p.OrderNo + "&amount=150000",
		"garbage":                             "paymentKey=%00%ff%0d%0a&orderId[]=1&;;&%zz",
		"a very long key":                     "paymentKey=" + strings.Repeat("a", 5000),
		"a failure with a text":               "code=REJECT_CARD_COMPANY&message=%3Cscript%3Ealert(1)%3C/script%3E",
	}
	for name, query := range tests {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/return", "/fail"} {
				if got := mine.get("/pay/" + token + path + "?" + query).to(); got != order {
					t.Errorf("%s leads to %s, want the order", path, got)
				}
			}
			if got := mine.status(order); got["order"] != "pending" || got["payment"] == "confirmed" {
				t.Errorf("status %v", got)
			}
			if page := mine.get(order).want(200); strings.Contains(page.body, "alert(1)") {
				t.Error("the page prints the text of a return")
			}
		})
	}
	if n := s.count("receipts"); n != 0 {
		t.Errorf("%d receipts", n)
	}
	for _, p := range s.gateway.Books().Payments {
		if p.State == sandbox.StateCaptured {
			t.Errorf("%s was captured", p.OrderID)
		}
	}
}

func TestAFailureNeverConfirms(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	back := b.window(b.start(order, "korea"), "kr")
	b.get(strings.Replace(back, "/return?", "/fail?", 1)).want(303)
	if p := s.newest(); p.State == payments.Confirmed {
		t.Error("the fail address confirmed a payment")
	}
	b.get(back).want(303)
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("status after the true return: %v", got)
	}
}

func TestHandOverPage(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	path := b.start(order, "korea")
	page := b.get(path).want(200)
	csp := page.header.Get("Content-Security-Policy")
	for _, part := range []string{"script-src 'self' " + s.bank + ";", "connect-src " + s.bank + ";", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("policy %q lacks %q", csp, part)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if got := page.header.Get("Cross-Origin-Opener-Policy"); got != "same-origin-allow-popups" {
		t.Errorf("opener policy %q", got)
	}
	secret := strings.Split(order, "/")[3]
	if strings.Contains(page.body, secret) {
		t.Error("the page with the gateway's script holds the order's secret")
	}
	if got := b.get(path + "/back").to(); got != order {
		t.Errorf("the way back leads to %s, want the order", got)
	}
	if strings.Contains(b.get(order).header.Get("Content-Security-Policy"), s.bank) {
		t.Error("another page lets the gateway in")
	}
	s.clock.Pass(45 * time.Minute)
	if got := b.get(path).to(); got != order {
		t.Errorf("a window whose time is over leads to %s, want the order", got)
	}
}

func TestALateReturnWithoutPlacesSaysThatNothingWasCharged(t *testing.T) {
	s := newSite(t)
	expire := func() {
		s.clock.Pass(2 * time.Hour)
		if _, err := s.store.ExpireHolds(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	b, never, other := s.browser(), s.browser(), s.browser()
	untried := never.register("student")
	order := b.register("few")
	back := b.window(b.start(order, "korea"), "kr")
	expire()
	other.register("few") // the one place
	b.get(back)
	page := b.get(order).want(200).doc()
	if said := page.Find("#status").Text(); !strings.Contains(said, "expired") || !strings.Contains(said, "nothing was charged") {
		t.Errorf("the page says %q", said)
	}
	if said := never.get(untried).want(200).doc().Text(); strings.Contains(said, "nothing was charged") {
		t.Error("somebody who never paid reads of a payment")
	}
	s.healthy()
}

func TestNothingChargedIsSaidOnlyOfWhatCannotHaveTakenMoney(t *testing.T) {
	s := deskSite(t)
	e := s.event(slug)
	pay := func(channel string, state payments.State, sent string) payments.Payment {
		return payments.Payment{ChannelID: e.ID + "/" + channel, State: state, Sent: sent}
	}
	refused, unasked := pay("korea", payments.Failed, "x"), pay("korea", payments.Started, "")
	for name, tc := range map[string]struct {
		tried []payments.Payment
		want  bool
	}{
		"nothing tried":                   {nil, false},
		"refused":                         {[]payments.Payment{refused}, true},
		"not asked to confirm":            {[]payments.Payment{refused, unasked}, true},
		"run out, not asked to confirm":   {[]payments.Payment{pay("korea", payments.Abandoned, "")}, true},
		"run out after it was asked":      {[]payments.Payment{refused, pay("korea", payments.Abandoned, "x")}, false},
		"an account's time is over":       {[]payments.Payment{pay("korea", payments.Expired, "x")}, false},
		"no answer":                       {[]payments.Payment{unasked, pay("korea", payments.Unknown, "x")}, false},
		"a transfer that nobody has seen": {[]payments.Payment{pay("desk", payments.Expired, "")}, false},
	} {
		if got := s.server.uncharged(t.Context(), &folder{event: e, payments: tc.tried}); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
