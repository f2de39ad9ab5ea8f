package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/google/uuid"
)

// changeable is the sample with deadlines in June for everything, and half of a difference that goes back.
func changeable() registration.Event {
	e := sampleEvent()
	june := time.Date(2027, 6, 1, 14, 59, 59, 0, time.UTC)
	e.Refunds.Steps = []registration.RefundStep{{Until: june.AddDate(0, -2, 0), Percent: 100}, {Until: june, Percent: 50}}
	e.Refunds.Fee = registration.Prices{registration.KRW: 10000}
	e.Changes = registration.Changes{Cancel: june, Details: june, Order: june, Transfer: june}
	return e
}

// paidOrder registers a student and pays, for an event in which orders can be changed.
func (b *browser) paidOrder() string {
	b.s.t.Helper()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	return order
}

func TestAnAttendeeAddsSomethingAndPaysTheDifference(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	to, _ := b.get(order).want(200).doc().Find("#changes").Parent().Find("a").Attr("href")
	form := b.get(to).want(200)
	if _, now := form.form("main"); now.Get("category") != "student" || now.Get("extra.banquet") != "0" {
		t.Fatalf("the form begins with %v", now)
	}
	b.submit(form, "main", nil).want(http.StatusUnprocessableEntity) // nothing was changed
	check := b.submit(form, "main", url.Values{"extra.banquet": {"2"}}).want(200)
	if text := check.doc().Text(); !strings.Contains(text, "KRW 250,000") || !strings.Contains(text, "KRW 100,000") {
		t.Errorf("the page does not tell the new total and the difference: %s", text)
	}
	if got := b.status(order); got["due"] != 0.0 {
		t.Errorf("looking has made a debt of %v", got["due"])
	}
	b.submit(check, "main", nil).to()
	b.submit(check, "main", nil).to()
	if got := b.status(order); got["due"] != 100000.0 || got["order"] != "paid" {
		t.Fatalf("after the change: %v", got)
	}
	page := b.get(order).want(200)
	if page.doc().Find("#change form#pay").Length() != 1 || page.doc().Find("form#withdraw").Length() != 1 || page.doc().Find("#changes").Length() != 0 {
		t.Error("the page does not offer to pay or drop the change, and that alone")
	}
	b.pay(order, "korea", "kr")
	if got := b.status(order); got["due"] != 0.0 || got["payment"] != "confirmed" {
		t.Errorf("after paying: %v", got)
	}
	page = b.get(order).want(200)
	if n := page.doc().Find(".papers li").Length(); n != 2 || page.doc().Find("#change").Length() != 0 || !strings.Contains(page.doc().Find(".bill").Text(), "Banquet") {
		t.Errorf("the paid change shows %d receipts", n)
	}
	s.healthy()
}

func TestACheaperChangeGivesBackWhatTheRuleSaysAndWasShown(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.submit(b.fill("student", url.Values{"extra.banquet": {"2"}}), "main", consents).to()
	b.pay(order, "korea", "kr")
	first := s.newest()
	check := b.submit(b.get(order+"/change").want(200), "main", url.Values{"extra.banquet": {"0"}}).want(200)
	if text := check.doc().Text(); !strings.Contains(text, "KRW 100,000") {
		t.Errorf("all of the difference goes back today: %s", text)
	}
	s.clock.Pass(60 * 24 * time.Hour)
	again := b.submit(check, "main", nil).want(http.StatusUnprocessableEntity)
	if text := again.doc().Text(); !strings.Contains(text, "KRW 50,000") || !strings.Contains(text, "not what was shown") {
		t.Errorf("the later page says %s", text)
	}
	after := b.get(b.submit(again, "main", nil).to()).want(200)
	if told := after.doc().Find(".notice").Text(); !strings.Contains(told, "Your changes have been made") {
		t.Errorf("the page does not say that the change was made: %q", told)
	}
	if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if got := s.taken(first).Refunded; got != 50000 {
		t.Errorf("%d went back, want half", got)
	}
	if text := b.get(order).want(200).doc().Find(".bill").Text(); strings.Contains(text, "Banquet") {
		t.Error("the order still has the banquet")
	}
	s.healthy()
}

func TestAChangeThatWaitsCanBeDropped(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	b.submit(b.submit(b.get(order+"/change").want(200), "main", url.Values{"extra.banquet": {"1"}}).want(200), "main", nil).to()
	handOver := b.start(order, "korea")
	page := b.get(order).want(200)
	b.submit(page, "withdraw", nil).to()
	b.submit(page, "withdraw", nil).to()
	if got := b.status(order); got["due"] != 0.0 {
		t.Errorf("the dropped change is owed: %v", got)
	}
	if to := b.get(handOver).to(); strings.HasPrefix(to, "/pay/") && !strings.HasSuffix(to, "/status") {
		t.Errorf("the way to pay it is still open: %s", to)
	}
	if b.get(order).want(200).doc().Find("#changes").Length() != 1 {
		t.Error("nothing can be changed any more")
	}
	s.healthy()
}

func TestChangesAreRefusedWhereTheyAreNotAllowed(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	unpaid, order := b.register("student"), b.paidOrder()
	other := s.browser().paidOrder()
	for name, path := range map[string]string{"unpaid": unpaid + "/change", "another's person": order + "/change?person=nobody"} {
		if to := b.get(path).to(); strings.Contains(to, "/change") {
			t.Errorf("%s: leads to %s", name, to)
		}
	}
	if other == order {
		t.Fatal("one order for two")
	}
	b.post(order+"/change", url.Values{"category": {"few"}, "extra.banquet": {"11"}}).want(http.StatusUnprocessableEntity)
	s.clock.Pass(120 * 24 * time.Hour)
	b.get(order + "/change").to()
	b.post(order+"/change/confirm", url.Values{"category": {"student"}, "extra.banquet": {"1"}}).to()
	if got := b.status(order); got["due"] != 0.0 {
		t.Errorf("changed after the deadline: %v", got)
	}
}

func TestStaffAreToldOnlyOfWhatIsStillAskedFor(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b, admin := s.browser(), s.staff("admin", "")
	order := b.submit(b.fill("student", url.Values{"extra.banquet": {"2"}}), "main", consents).to()
	b.pay(order, "korea", "kr")
	change := func(banquets string) {
		b.submit(b.submit(b.get(order+"/change").want(200), "main", url.Values{"extra.banquet": {banquets}}).want(200), "main", nil).to()
		if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	told := func(want string) {
		t.Helper()
		if text := admin.get("/admin/" + slug + "/orders/" + strings.Split(order, "/")[2]).want(200).doc().Find(".admin-money").Text(); !strings.Contains(text, want) {
			t.Errorf("the box lacks %q: %s", want, text)
		}
	}
	change("1")
	if text := admin.get("/admin/" + slug + "/orders/" + strings.Split(order, "/")[2]).want(200).doc().Find("main").Text(); strings.Contains(text, "Partly refunded") {
		t.Error("who has paid what the order costs now is called partly refunded")
	}
	change("2")
	told("Balance dueKRW 50,000")
	b.submit(b.get(order).want(200), "withdraw", nil).to()
	told("Charged KRW 250,000")
	if text := admin.get("/admin/" + slug + "/orders/" + strings.Split(order, "/")[2]).want(200).doc().Find(".admin-money").Text(); strings.Contains(text, "Balance due") {
		t.Errorf("a change that was dropped is owed: %s", text)
	}
}

func TestASoldOutChangeIsRefusedAndNothingIsLost(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	check := b.submit(b.get(order+"/change").want(200), "main", url.Values{"category": {"few"}, "extra.banquet": {"3"}}).want(200)
	s.browser().register("few") // the last one
	late := b.submit(check, "main", nil).want(http.StatusUnprocessableEntity)
	_, kept := late.form("main")
	if !strings.Contains(late.doc().Find("#problems").Text(), "No places are left") && late.doc().Find("#problems li").Length() == 0 {
		t.Errorf("the page says %s", late.doc().Text())
	}
	if kept.Get("extra.banquet") != "3" {
		t.Errorf("the form keeps %v", kept)
	}
	s.healthy()
}

func TestOnePersonOfAGroupIsCancelledUnderTheRule(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	e := s.event(slug)
	quote, err := e.Price(registration.Cart{Category: "student", Extras: map[string]int64{}}, s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	placed, err := s.store.Place(t.Context(), store.NewOrder{
		Event: e, DraftID: uuid.NewString(), Lang: registration.English, Person: registration.Person{Name: "Kim One", Email: "one@example.org"}, Quote: quote,
		More: []store.NewPerson{{Person: registration.Person{Name: "Kim Two", Email: "two@example.org"}, Quote: quote}}, Hold: time.Hour, HoldMax: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	order := orderPath(placed.Code, s.store.Keys().OrderSecret(placed.OrderID, 1))
	b.pay(order, "korea", "kr")
	o, err := s.store.Order(t.Context(), placed.OrderID)
	if err != nil {
		t.Fatal(err)
	}
	ask := b.submit(b.get(order).want(200), "cancel-"+o.Registrations[1].ID, nil).want(200)
	if text := ask.doc().Text(); !strings.Contains(text, "Kim Two") || !strings.Contains(text, "KRW 140,000") {
		t.Errorf("the page asks %s", text)
	}
	b.submit(ask, "main", nil).to()
	b.submit(ask, "main", nil).to()
	if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if n := s.mails(payments.MailPersonGone); n != 1 {
		t.Errorf("%d mails to the one who was cancelled, want 1", n)
	}
	if got := s.taken(s.newest()).Refunded; got != 140000 {
		t.Errorf("%d went back, want 140000", got)
	}
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("the order is %v", got)
	}
	if left, err := s.store.Left(t.Context(), e.ID); err != nil || left["hall"] != 299 {
		t.Errorf("%d places are left, want 299 (%v)", left["hall"], err)
	}
	s.healthy()
}

func TestNoFieldOfAChangeTakesTheServerDown(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	forms := map[string]url.Values{
		order + "/change":                {"person": {""}, "category": {"few"}, "extra.banquet": {"1"}},
		order + "/change/confirm":        {"person": {""}, "category": {"few"}, "extra.banquet": {"1"}, "revision": {""}},
		order + "/change/withdraw":       {"x": {"1"}},
		order + "/cancel-person":         {"person": {"x"}},
		order + "/cancel-person/confirm": {"person": {"x"}, "back": {"1"}},
	}
	for path, fields := range forms {
		for field := range fields {
			for name, value := range nasty {
				sent := maps.Clone(fields)
				sent[field] = []string{value}
				a := b.post(path, sent)
				if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") {
					t.Errorf("%s with %s in %s: %d %.300s", path, name, field, a.status, a.body)
				}
			}
		}
	}
	if p := s.newest(); p.State != payments.Confirmed {
		t.Errorf("the payment is %s", p.State)
	}
	s.healthy()
}

// TestNobodyChangesToWhatWouldAskForAProof leaves to staff what only the registration form asks for: else a cheaper category would be had, and
// money back, without any proof.
func TestNobodyChangesToWhatWouldAskForAProof(t *testing.T) {
	s := newSite(t)
	e := changeable()
	proof := registration.Category{ID: "proof", Name: registration.Text{Ko: "증빙", En: "With proof"}, Evidence: registration.EvidenceStudentID,
		Approval: registration.ApprovalBefore, Prices: map[string]registration.Prices{}}
	for phase := range e.Categories[0].Prices {
		proof.Prices[phase] = registration.Prices{registration.KRW: 1000, registration.USD: 100}
	}
	e.Categories = append(e.Categories, proof)
	s.apply(e)
	b := s.browser()
	order := b.paidOrder()
	form := b.get(order + "/change").want(200)
	if form.doc().Find("input[value=proof]").Length() != 0 {
		t.Error("it is offered")
	}
	cheaper := url.Values{"category": {"proof"}}
	b.submit(form, "main", cheaper).want(http.StatusUnprocessableEntity)
	_, now := form.form("main")
	maps.Copy(now, cheaper)
	b.post(order+"/change/confirm", now)
	if s.count("refunds") != 0 || b.status(order)["order"] != "paid" {
		t.Error("money goes back without a proof")
	}
}

func TestAnAttendeeCannotChangeToACategoryWithAnotherRefundRule(t *testing.T) {
	s := newSite(t)
	e := openToChange(sampleEvent())
	june := time.Date(2027, 6, 30, 14, 59, 59, 0, time.UTC)
	e.Refunds = registration.RefundPolicy{Steps: []registration.RefundStep{{Until: june, Percent: 100}}, ByCategory: map[string][]registration.RefundStep{"student": {}}}
	s.apply(e)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	page := b.get(order + "/change").want(200)
	if n := page.doc().Find("input[name=category]").Length(); n != 1 {
		t.Errorf("%d categories are offered, want only the student's own", n)
	}
	b.submit(page, "main", url.Values{"category": {"few"}}).want(http.StatusUnprocessableEntity)
	b.submit(page, "main", url.Values{"category": {"student"}, "extra.banquet": {"1"}}).want(200)
}

func TestAChangeThatComesAfterItsDeadlineSaysThatNothingWasDone(t *testing.T) {
	s := newSite(t)
	s.apply(openToChange(sampleEvent()))
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	page := b.get(order).want(200)
	ask := b.submit(page, "cancel", nil).want(200)
	change := b.get(order + "/change").want(200)
	s.clock.Pass(s.event(slug).Changes.Cancel.Sub(s.clock.Now()) + time.Hour)
	for name, late := range map[string]answer{"cancel": b.submit(page, "cancel", nil), "confirm": b.submit(ask, "main", nil), "change": b.submit(change, "main", url.Values{"category": {"student"}})} {
		if text := b.get(late.to()).want(200).body; !strings.Contains(text, "so nothing was changed") {
			t.Errorf("%s: the page does not say that it was too late", name)
		}
	}
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("the order is %v", got)
	}
}
