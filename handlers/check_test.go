package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

func TestAPriceThatChangedIsShownBeforeItIsOrdered(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	s.clock.Pass(mustEvent(s).Phases[0].Until.Sub(s.clock.Now()) - time.Hour)
	first := b.get("/e/" + slug + "/register").want(200)
	page := b.fill("student", nil)
	s.clock.Pass(2 * time.Hour)

	again := b.submit(page, "main", consents).want(422)
	for _, price := range []string{"KRW 150,000", "KRW 200,000"} {
		if !strings.Contains(again.doc().Find(".notice").Text(), price) {
			t.Errorf("the notice does not name %s: %q", price, again.doc().Find(".notice").Text())
		}
	}
	if n := s.count("orders"); n != 0 {
		t.Fatalf("%d orders at a price that was not shown", n)
	}
	if _, fields := again.form("main"); fields.Get("consent.order") != "" && fields.Get("revision") == "" {
		t.Error("the form came back without its revision")
	}
	order := b.submit(again, "main", consents).to()
	if got := b.status(order); got["due"] != 200000.0 {
		t.Errorf("status %v", got)
	}

	old := b.submit(first, "main", url.Values{"category": {"student"}}).want(422)
	if !strings.Contains(old.doc().Find(".notice").Text(), "KRW 200,000") {
		t.Error("the first page does not tell that the price has changed")
	}
}

func TestConsentsAreNeededAndKept(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	page := b.fill("student", nil)
	a := b.submit(page, "main", url.Values{"consent.order": {"1"}}).want(422)
	if _, fields := a.form("main"); fields.Get("consent.order") != "1" || fields.Get("consent.terms") != "" {
		t.Errorf("the form came back with %v", fields)
	}
	if a.doc().Find("#consent-terms-error").Length() != 1 {
		t.Error("nothing is said beside the consent that is missing")
	}
	order := b.submit(a, "main", consents).to()
	o, err := s.store.OrderByCode(t.Context(), strings.Split(order, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Consents) != 2 {
		t.Fatalf("consents %v", o.Consents)
	}
	for _, c := range o.Consents {
		if c.ID == "" || c.Version == "" || !c.At.Equal(s.clock.Now()) {
			t.Errorf("consent %+v", c)
		}
	}
}

func TestMissingStepsLeadBack(t *testing.T) {
	s := newSite(t)
	base := "/e/" + slug + "/register"
	b := s.browser()
	for _, path := range []string{base + "/person", base + "/check"} {
		if got := b.get(path).to(); got != base {
			t.Errorf("%s leads to %s", path, got)
		}
		if got := b.post(path, consents).to(); got != base {
			t.Errorf("a post to %s leads to %s", path, got)
		}
	}
}

func TestAnotherBrowserCannotSeeTheDraft(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill("student", nil)
	if got := s.browser().get("/e/" + slug + "/register/check").to(); got != "/e/"+slug+"/register" {
		t.Errorf("another browser is led to %s", got)
	}
	var cookie string
	for _, c := range b.client.Jar.Cookies(&url.URL{Scheme: "http", Host: strings.TrimPrefix(s.url, "http://"), Path: "/e/" + slug + "/register"}) {
		if c.Name == draftCookie {
			cookie = c.Value
		}
	}
	var kept string
	if err := s.store.Row(t.Context(), "SELECT id FROM drafts").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if !isToken(cookie) || kept == cookie {
		t.Errorf("the browser has %q, the row is %q", cookie, kept)
	}
}

func TestExpiredOrderTakesItsPlacesAgain(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	s.clock.Pass(21 * time.Minute)
	if _, err := s.store.ExpireHolds(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := b.get(order).want(200)
	if page.doc().Find("form#pay").Length() != 0 {
		t.Error("an expired order can be paid")
	}
	if got := b.submit(page, "renew", nil).to(); got != order {
		t.Errorf("renewing leads to %s", got)
	}
	if got := b.submit(page, "renew", nil).to(); got != order || b.status(order)["order"] != "pending" {
		t.Errorf("renewing twice leads to %s, order is %v", got, b.status(order))
	}
	b.pay(order, "korea", "kr")
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("status %v", got)
	}
}

func TestRenewingAsksForConsentToANewPrice(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	s.clock.Pass(mustEvent(s).Phases[0].Until.Sub(s.clock.Now()) - time.Hour)
	order := b.register("student")
	s.clock.Pass(30 * time.Minute)
	if _, err := s.store.ExpireHolds(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := b.get(order).want(200)
	s.clock.Pass(time.Hour)
	again := b.submit(page, "renew", nil).want(422)
	if !strings.Contains(again.body, "KRW 200,000") {
		t.Error("the new price is not shown")
	}
	b.submit(again, "renew", nil).to()
	if got := b.status(order); got["order"] != "pending" || got["due"] != 200000.0 {
		t.Errorf("status %v", got)
	}
}

func TestAttendeeCancelsAnUnpaidOrderInTwoSteps(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	second := b.submit(b.get(order), "cancel", nil).want(200)
	if got := b.status(order); got["order"] != "pending" {
		t.Fatalf("the first step cancelled: %v", got)
	}
	for range 2 {
		if got := b.submit(second, "main", nil).to(); got != order {
			t.Errorf("cancelling leads to %s, want the order", got)
		}
	}
	if got := b.status(order); got["order"] != "cancelled" || got["due"] != 0.0 {
		t.Errorf("status %v", got)
	}
	if left, err := s.store.Left(t.Context(), mustEvent(s).ID); err != nil || left["hall"] != 300 {
		t.Errorf("places left %v, %v", left, err)
	}
}

func TestAttendeeCannotCancelAPaidOrder(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	if b.get(order).doc().Find("form#cancel").Length() != 0 {
		t.Error("a paid order offers to cancel")
	}
	b.post(order+"/cancel", nil).want(303)
	b.post(order+"/cancel/confirm", nil).want(303)
	if got := b.status(order); got["order"] != "paid" || s.count("refunds") != 0 {
		t.Errorf("status %v, %d refunds", got, s.count("refunds"))
	}
}

func TestOpeningAnUnsettledOrderQueuesOneLookUp(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	b.start(order, "korea")
	for range 3 {
		b.get(order).want(200)
	}
	if n := s.looks(); n != 1 {
		t.Errorf("%d look-ups, want 1", n)
	}
	b.get(order).want(200)
	if n := s.looks(); n != 0 {
		t.Errorf("%d look-ups within 30 s, want none", n)
	}
	s.clock.Pass(lookEvery)
	b.get(order).want(200)
	if n := s.looks(); n != 1 {
		t.Errorf("%d look-ups after 30 s, want 1", n)
	}
}

func TestDue(t *testing.T) {
	prices := registration.Prices{registration.KRW: 1000, registration.USD: 200}
	event := &registration.Event{Channels: []registration.ChannelOffer{{ID: "a", Currency: registration.USD}}}
	won := func(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }
	confirmed := payments.Payment{State: payments.Confirmed, Amount: won(1000), Captured: won(1000)}
	tests := map[string]struct {
		state    registration.OrderState
		currency registration.Currency
		payments []payments.Payment
		due      int64
		cur      registration.Currency
	}{
		"before any payment: first channel": {registration.OrderPending, "", nil, 200, registration.USD},
		"newest payment decides":            {registration.OrderPending, "", []payments.Payment{{Amount: won(1000)}}, 1000, registration.KRW},
		"first money decides":               {registration.OrderPending, registration.KRW, []payments.Payment{{Amount: registration.Money{Cur: registration.USD}}}, 1000, registration.KRW},
		"covered":                           {registration.OrderPending, registration.KRW, []payments.Payment{confirmed}, 0, registration.KRW},
		"paid":                              {registration.OrderPaid, registration.KRW, []payments.Payment{confirmed}, 0, registration.KRW},
		"cancelled":                         {registration.OrderCancelled, "", nil, 0, registration.USD},
		"expired":                           {registration.OrderExpired, "", nil, 200, registration.USD},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := &folder{event: event, order: &registration.Order{State: tc.state, Currency: tc.currency, Prices: prices}, payments: tc.payments}
			if got := f.due(); got.Minor != tc.due || got.Cur != tc.cur {
				t.Errorf("due %+v, want %d %s", got, tc.due, tc.cur)
			}
		})
	}
}

func TestTheCheckPageSaysWhichLettersAReceiptLacks(t *testing.T) {
	s := newSite(t)
	for name, want := range map[string]string{"洪吉童": "洪吉童", "홍길동": ""} {
		b := s.browser()
		page := b.submit(b.get("/e/"+slug+"/register").want(200), "main", url.Values{"category": {"student"}})
		page = b.submit(b.get(page.to()).want(200), "main", url.Values{"name": {name}, "email": {"hong@example.org"}})
		if got := b.get(page.to()).want(200).doc().Find(".notice.warn").Text(); strings.Contains(got, want) != true || (want == "") != (got == "") {
			t.Errorf("%s: the page warns %q", name, got)
		}
	}
}
