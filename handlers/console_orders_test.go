package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

func newRequest(t *testing.T, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

// filterOfQuery reads a filter as the address has it.
func filterOfQuery(query string) views.OrderFilter {
	q, err := url.ParseQuery(strings.TrimPrefix(query, "&"))
	if err != nil {
		panic(err)
	}
	return views.OrderFilter{Query: q.Get("q"), State: q.Get("state"), Payment: q.Get("payment"), Channel: q.Get("channel"), Category: q.Get("category")}
}

func TestOrdersPageByPage(t *testing.T) {
	s := newSite(t)
	var want []string
	for i := range 2*ordersPerPage + 10 {
		s.clock.Pass(1e9)
		o := s.ordered(s.event(slug), registration.Person{Name: fmt.Sprintf("사람 %d", i), Email: fmt.Sprintf("p%d@example.org", i)}, registration.Cart{Category: "guest"})
		want = append([]string{o.Code}, want...)
	}
	b := s.staff(store.RoleOrganizer, slug)
	path := "/console/" + slug + "/orders?state=paid"
	if got := b.codesOf(path); !slices.Equal(got, want) {
		t.Errorf("%d orders, want %d, newest first", len(got), len(want))
	}
	first := b.get(path).want(200)
	if !strings.Contains(first.body, "110 of 110 orders match") {
		t.Error("the number of orders is not said")
	}
	second := b.get(first.doc().Find("a[rel=next]").AttrOr("href", "")).want(200)
	back := second.doc().Find("a[rel=prev]").AttrOr("href", "")
	if !strings.Contains(back, "state=paid") {
		t.Errorf("the way back loses the filter: %s", back)
	}
	if text := b.get(back).want(200).doc().Find("tbody td.code").First().Text(); text != want[0] {
		t.Errorf("the way back leads to %s, want %s", text, want[0])
	}
	for _, odd := range []string{"&from=x", "&from=after.1.", "&from=after.99999999999999999999.x", "&from=%00", "&q=" + strings.Repeat("a", 5000)} {
		b.get(path + odd).want(200)
	}
}

func TestSearchForACodeLeadsToItsOrder(t *testing.T) {
	s := newSite(t)
	order, _ := s.paid("student")
	code := order[len(order)-9:]
	b := s.staff(store.RoleOrganizer, slug)
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + code + " "} {
		if to := b.get("/console/" + slug + "/orders?q=" + url.QueryEscape(typed)).to(); to != order {
			t.Errorf("%q leads to %s", typed, to)
		}
	}
	b.get(strings.ToLower(order)).want(200)
	other := s.otherEvent()
	s.staff(store.RoleOwner, "").get("/console/" + other + "/orders?q=" + code).want(200)
	s.staff(store.RoleOwner, "").get("/admin/" + other + "/orders/" + code).want(404)
}

func TestConsoleListsTheEventsOfAPerson(t *testing.T) {
	s := newSite(t)
	other := s.otherEvent()
	s.paid("student")
	for name, tc := range map[string]struct {
		role  store.Role
		event string
		want  []string
	}{
		"owner of all": {store.RoleOwner, "", []string{slug, other}},
		"of one":       {store.RoleOrganizer, other, []string{other}},
		"desk":         {store.RoleDesk, "", nil},
	} {
		doc := s.staff(tc.role, tc.event).get("/console").want(200).doc()
		for _, event := range []string{slug, other} {
			if got := doc.Find("a[href='/console/"+event+"/orders']").Length() > 0; got != slices.Contains(tc.want, event) {
				t.Errorf("%s: %s on the list: %v", name, event, got)
			}
		}
	}
}

func TestOrderPageTellsTheWholeStory(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	page := b.refund(order, p, "50000")
	for _, want := range []string{"홍길동", "gildong@example.org", p.OrderNo, p.GatewayID, "TEST-sample-2027-R-000001", "TEST-sample-2027-C-000001", "KRW 150,000", "KRW 50,000", "고객 요청"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	receipt := page.doc().Find("a[href$='.pdf']").AttrOr("href", "")
	if a := b.get(receipt).want(200); !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("%s is no receipt", receipt)
	}
	if audit := b.get("/console/" + slug + "/audit").want(200); !strings.Contains(audit.body, "고객 요청") {
		t.Error("the audit log lacks the refund")
	}
	for _, secret := range []string{password, "test_sk_demo", p.Token, p.Key} {
		if secret != "" && strings.Contains(page.body, secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
}

func TestAuditPageByPage(t *testing.T) {
	s := newSite(t)
	for range auditPerPage + 20 {
		if err := s.store.NoteStaff(t.Context(), store.StaffAct{Actor: "system", Act: "looked_up", EventID: s.event(slug).ID}); err != nil {
			t.Fatal(err)
		}
	}
	b := s.staff(store.RoleOrganizer, slug)
	first := b.get("/console/" + slug + "/audit").want(200)
	if n := first.doc().Find(".console-timeline > li").Length(); n != auditPerPage {
		t.Errorf("%d lines on the first page", n)
	}
	second := b.get(first.doc().Find("a[rel=next]").AttrOr("href", "")).want(200)
	if n := second.doc().Find(".console-timeline > li").Length(); n == 0 || n >= auditPerPage || second.doc().Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d lines on the second page", n)
	}
	b.get(second.doc().Find("a[rel=prev]").AttrOr("href", "")).want(200)
}

func TestAttentionIsSettledByAPerson(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	s.gatewayRefund(p, 150000)
	if _, err := s.cashier.Settle(t.Context(), p.ID, payments.Return{}); err != nil {
		t.Fatal(err)
	}
	b := s.staff(store.RoleAdmin, slug)
	list := b.get("/console/" + slug + "/attention").want(200)
	if !strings.Contains(list.body, "refunded at the gateway") || !strings.Contains(list.body, "gildong@example.org") || !strings.Contains(list.body, p.GatewayID) {
		t.Fatalf("the list does not say what to do, whom to ask, or where:\n%s", list.doc().Find("main").Text())
	}
	page := b.get(order).want(200)
	form := page.doc().Find("form[id^=close-]").AttrOr("id", "")
	if form == "" {
		t.Fatal("the order's page has no form for it")
	}
	if a := b.submit(page, form, nil).want(422); !strings.Contains(a.body, "Enter how it was dealt with.") {
		t.Error("the reason is not asked for")
	}
	for range 2 { // a double click
		if to := b.submit(page, form, url.Values{"reason": {"본인 확인"}}).to(); to != order+"?saved=closed" {
			t.Errorf("leads to %s", to)
		}
	}
	if n := s.count("attention"); n != 0 {
		t.Errorf("%d entries are left", n)
	}
	if after := b.get(order).want(200); strings.Count(after.body, "본인 확인") != 1 {
		t.Error("the order's page does not say once how it was dealt with")
	}
	s.healthy()
}

func TestAttentionStaysWhileTheGatewayHasNotTold(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	err := s.store.Write(t.Context(), store.Locks{}, func(tx *store.Tx) error {
		if _, err := tx.Exec(`UPDATE payments SET state = 'unknown' WHERE id = $1`, p.ID); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO attention (id, kind, event_id, order_id, payment_id, refund_id, since, note)
			VALUES ('entry', 'payment_unknown', $1, $2, $3, '', 1, '')`, p.EventID, p.OrderID, p.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b := s.staff(store.RoleAdmin, slug)
	if page := b.get(order).want(200); page.doc().Find("form#close-entry").Length() != 0 {
		t.Error("the page offers to close it")
	}
	b.post(order+"/attention/entry", url.Values{"reason": {"x"}}).want(409)
	if s.count("attention") != 1 {
		t.Error("the entry is gone")
	}
	// Nor can it be reached through another order.
	other, _ := s.paid("student")
	b.post(other+"/attention/entry", url.Values{"reason": {"x"}}).want(303)
	if s.count("attention") != 1 {
		t.Error("the entry is gone through another order")
	}
}
