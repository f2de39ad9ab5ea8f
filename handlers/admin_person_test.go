package handlers

import (
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/store"
)

func TestStaffMendWhatWasMisspelt(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleOrganizer, slug)
	o, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil {
		t.Fatal(err)
	}
	form := "person-" + o.Registrations[0].ID
	page := b.get(order).want(200)
	for name, wrong := range map[string]url.Values{
		"no name": {"name": {" "}}, "no address": {"email": {"hong@"}}, "a space in it": {"email": {"hong gildong@example.org"}},
		"a card number": {"organization": {"4242 4242 4242 4242"}}, "too long": {"name": {strings.Repeat("가", 61)}}, "no text": {"name": {"\xff\x00"}},
	} {
		if got := b.submit(page, form, wrong); got.status != 422 || got.doc().Find("form#"+form+" .error").Length() == 0 {
			t.Errorf("%s: %d, and says nothing at a field", name, got.status)
		}
	}
	right := url.Values{"name": {"홍길순"}, "email": {"gilsun@example.org"}, "organization": {"예시대학교"}}
	if to := b.submit(page, form, right).to(); to != order+"?saved=person" {
		t.Errorf("leads to %s", to)
	}
	after, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil || after.Payer.Name != "홍길순" || after.Payer.Email != "gilsun@example.org" || after.Payer.Affiliation != "예시대학교" {
		t.Errorf("the payer is %+v (%v)", after.Payer, err)
	}
	if got := b.get(order).want(200).body; !strings.Contains(got, "홍길순") || !strings.Contains(got, "organizer") {
		t.Error("the page does not say who has mended what")
	}
	if got := b.get("/console/" + slug + "/orders?q=gilsun").body; !strings.Contains(got, "홍길순") && got != "" {
		t.Error("the search does not find the name")
	}
	if rows := s.count("audit WHERE what = 'registration' AND to_state = 'corrected' AND reason LIKE '%홍길동 → 홍길순%'"); rows != 1 {
		t.Errorf("%d rows of the audit tell what was corrected, want 1", rows)
	}
	s.healthy()
}

// TestACorrectionUndoesNobodyElses posts a form that was filled before somebody else corrected the same person.
func TestACorrectionUndoesNobodyElses(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleOrganizer, slug)
	o, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil {
		t.Fatal(err)
	}
	form := "person-" + o.Registrations[0].ID
	stale := b.get(order).want(200)
	b.submit(stale, form, url.Values{"name": {"홍길순"}}).to()
	late := b.submit(stale, form, url.Values{"organization": {"예시연구소"}}).want(409)
	if got := late.doc().Find("form#" + form); got.Find("[name=organization]").AttrOr("value", "") != "예시연구소" || !strings.Contains(got.Find(".error").Text(), "홍길순") {
		t.Error("the form does not come back as typed, with what stands there now")
	}
	b.submit(late, form, url.Values{"name": {"홍길순"}}).to()
	after, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil || after.Payer.Name != "홍길순" || after.Payer.Affiliation != "예시연구소" {
		t.Errorf("the payer is %+v (%v)", after.Payer, err)
	}
}

func TestIssuedReceiptsKeepTheirNameAndLaterOnesHaveTheRightOne(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleOrganizer, slug)
	o, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil {
		t.Fatal(err)
	}
	page := b.get(order).want(200)
	if hint := page.doc().Find("form#person-" + o.Registrations[0].ID + " .muted").Text(); !strings.Contains(hint, "Receipts that were issued keep the name") {
		t.Errorf("the form says %q, and not what becomes of the receipt", hint)
	}
	b.submit(page, "person-"+o.Registrations[0].ID, url.Values{"name": {"홍길순"}}).to()
	if _, err := s.cashier.Cancel(t.Context(), p.OrderID, "staff:office@example.org", "", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for no, want := range map[string]string{"R-000001": "홍길동", "C-000001": "홍길순"} {
		if r, err := s.store.Receipt(t.Context(), "TEST-"+slug+"-"+no); err != nil || r.Body.Payer.Name != want {
			t.Errorf("%s is for %s (%v), want %s", no, r.Body.Payer.Name, err, want)
		}
	}
	s.healthy()
}
