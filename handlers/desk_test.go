package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/PuerkitoBio/goquery"
)

// deskSite is the sample with virtual accounts, and with money that only staff sees.
func deskSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	e := sampleEvent()
	e.Channels = []registration.ChannelOffer{
		{ID: "korea", Gateway: "toss", Currency: registration.KRW, Cards: "domestic", Methods: []string{"card", "virtual_account"}},
		{ID: "desk", Gateway: "transfer", Currency: registration.KRW, Cards: "any", Methods: []string{"bank_transfer", "pay_later"}},
	}
	s.applyWith(e, payments.Channel{
		Key: "korea", Gateway: "toss", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: e.Channels[0].Methods,
		Credentials: map[string]string{"client_key": "test_ck_demo", "secret_key": "test_sk_demo"}, APIURL: s.bank, ScriptURL: s.bank + "/v2/standard",
	}, payments.Channel{
		Key: "desk", Gateway: "transfer", Mode: registration.Test, Currency: registration.KRW, Cards: "any", Methods: e.Channels[1].Methods,
		Account: payments.Account{Bank: "예시은행", Number: "000-000-000000", Holder: "예시학회"},
	})
	return s
}

func TestAMethodIsChosenAmongThoseOfItsChannel(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order := b.register("student")
	page := b.get(order).want(200)
	for _, wrong := range []string{"desk:card", "korea:pay_later", "nowhere", "desk:", ":card", ""} {
		b.submit(page, "pay", url.Values{"channel": {wrong}}).want(http.StatusUnprocessableEntity)
	}
	if n := s.count("payments"); n != 0 {
		t.Fatalf("%d payments were begun by methods that nobody offers", n)
	}
	for _, tc := range []struct {
		value  string
		asked  payments.Method
		awaits bool
	}{
		{"korea", payments.MethodCard, false}, {"korea:virtual_account", payments.MethodVirtualAccount, false},
		{"desk", payments.MethodBankTransfer, true}, {"desk:pay_later", payments.MethodPayLater, true},
	} {
		to := b.submit(b.get(order).want(200), "pay", url.Values{"channel": {tc.value}}).to()
		p := s.newest()
		if p.Asked != tc.asked || (p.State == payments.AwaitingDeposit) != tc.awaits || (to == order) != tc.awaits {
			t.Errorf("%s: a payment by %s is %s and leads to %s", tc.value, p.Asked, p.State, to)
		}
	}
	if got := b.status(order); got["order"] != "pending" || got["due"] != 150000.0 {
		t.Errorf("status %v", got)
	}
}

func TestANotificationWithAnotherSecretIsRefused(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order := b.register("student")
	b.submit(b.get(order).want(200), "pay", url.Values{"channel": {"korea:virtual_account"}}).to()
	p := s.newest()
	if err := s.store.Change(t.Context(), p.ID, func(book payments.Book) error {
		book.Payment().Secret = "ps_right"
		return book.Save()
	}); err != nil {
		t.Fatal(err)
	}
	notify := func(secret string) answer {
		body := `{"createdAt":"2027-03-01T18:00:00.000","secret":"` + secret + `","status":"DONE","transactionKey":"x","orderId":"` + p.OrderNo + `"}`
		return b.do("POST", "/webhooks/"+slug+"/korea", "application/json", body, nil)
	}
	for _, wrong := range []string{"ps_wrong", "ps_righ", "PS_RIGHT", ""} {
		notify(wrong).want(http.StatusUnauthorized)
	}
	if rows, jobs := s.count("webhooks"), s.count("jobs WHERE kind = 'look'"); rows != 0 || jobs != 0 {
		t.Errorf("what was forged left %d rows and %d look-ups", rows, jobs)
	}
	notify("ps_right").want(http.StatusOK)
	if rows, jobs := s.count("webhooks"), s.count("jobs WHERE kind = 'look'"); rows != 1 || jobs != 1 {
		t.Errorf("the true one left %d rows and %d look-ups", rows, jobs)
	}
	var kept string
	if err := s.store.Row(t.Context(), `SELECT body FROM webhooks`).Scan(&kept); err != nil || strings.Contains(kept, "ps_right") {
		t.Errorf("the secret is kept in %q (%v)", kept, err)
	}
}

func TestStaffDeclaresWhatCameInTwoSteps(t *testing.T) {
	s := deskSite(t)
	attendee := s.browser()
	order := attendee.register("student")
	attendee.submit(attendee.get(order).want(200), "pay", url.Values{"channel": {"desk"}}).to()
	p := s.newest()
	admin, path := s.staff(store.RoleAdmin, slug), s.admin(p.OrderID)
	page, form := admin.get(path).want(200), "declare-"+p.ID
	if text := page.doc().Find("#payment-" + p.ID).Text(); strings.Contains(text, p.OrderNo) || strings.Contains(text, "Gateway") || !strings.Contains(text, "desk: Transfer to the organizer's account") {
		t.Errorf("a payment without a gateway is shown with its numbers there: %s", text)
	}
	for name, wrong := range map[string]url.Values{
		"nothing chosen":         {"outcome": {""}, "reason": {"seen"}},
		"a refund's outcome":     {"outcome": {"done"}, "reason": {"seen"}},
		"a refund's other":       {"outcome": {"refused"}, "reason": {"seen"}},
		"no reason":              {"outcome": {"came"}, "reason": {" "}},
		"no amount":              {"outcome": {"came"}, "reason": {"seen"}, "amount": {"0"}},
		"a card number":          {"outcome": {"came"}, "reason": {"4242 4242 4242 4242"}},
		"more than int64 can be": {"outcome": {"came"}, "reason": {"seen"}, "amount": {"99999999999999999999"}},
	} {
		if got := admin.submit(page, form, wrong); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	second := admin.submit(page, form, url.Values{"outcome": {"came"}, "reason": {"통장에서 확인"}}).want(200)
	if got := attendee.status(order); got["order"] != "pending" {
		t.Fatalf("the first step made the order %v", got)
	}
	admin.submit(second, "main", nil).to()
	admin.submit(second, "main", nil).want(http.StatusConflict)
	if got := attendee.status(order); got["order"] != "paid" || s.count("receipts") != 1 {
		t.Errorf("the order is %v with %d receipts", got, s.count("receipts"))
	}
	check := admin.submit(admin.get(path).want(200), "refund-"+p.ID, url.Values{"reason": {"취소"}}).want(200)
	if text := check.doc().Find("main").Text(); strings.Contains(text, "Card issuers") || !strings.Contains(text, "return it yourself") {
		t.Errorf("a refund that staff have to pay out is said to go back by itself: %s", text)
	}
	admin.submit(check, "main", nil).to()
	page = admin.get(path).want(200)
	r := s.refunds(p)[0]
	admin.submit(page, "declare-"+r.ID, url.Values{"outcome": {"came"}, "reason": {"x"}}).want(http.StatusUnprocessableEntity)
	last := admin.submit(page, "declare-"+r.ID, url.Values{"outcome": {"done"}, "reason": {"송금함"}}).want(200)
	admin.submit(last, "main", nil).to()
	if got := s.refunds(p)[0]; got.State != payments.RefundDone || got.ReceiptNo == "" {
		t.Errorf("refund %+v", got)
	}
	for _, role := range []store.Role{store.RoleOrganizer, store.RoleDesk} {
		s.staff(role, slug).post(path+"/declare/"+p.ID+"/confirm", url.Values{"outcome": {"never"}, "reason": {"x"}}).want(http.StatusNotFound)
	}
	s.healthy()
}

func TestTheWayInUseLeadsToItsPaymentWhileThatCanBeGoneOnWith(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order := b.register("student")
	offered := func(when string, want ...string) {
		t.Helper()
		var got []string
		b.get(order).want(200).doc().Find("#pay input[name=channel]").Each(func(_ int, in *goquery.Selection) { got = append(got, in.AttrOr("value", "")) })
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the page offers %v, want %v", when, got, want)
		}
	}
	offered("nothing begun", "desk", "desk:pay_later", "korea", "korea:virtual_account")
	b.start(order, "korea")
	offered("window open", "desk", "desk:pay_later", "korea", "korea:virtual_account")
	if again := b.start(order, "korea"); s.count("payments") != 1 || again != "/pay/"+s.newest().Token {
		t.Errorf("the same way again leads to %s, with %d payments", again, s.count("payments"))
	}
	s.clock.Pass(s.newest().LastCapture.Sub(s.clock.Now()) + time.Second)
	if b.start(order, "korea"); s.count("payments") != 2 {
		t.Errorf("%d payments after the window was over, want another", s.count("payments"))
	}
	b.submit(b.get(order).want(200), "pay", url.Values{"channel": {"desk"}}).to()
	offered("waiting for a transfer", "desk:pay_later", "korea", "korea:virtual_account")
	if told := b.get(order).want(200).doc().Find(".timeline").Text(); strings.Count(told, "Payment started") != 1 || !strings.Contains(told, "Payment started (3 times)") {
		t.Errorf("the history repeats itself: %s", told)
	}
}
