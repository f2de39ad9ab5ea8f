package handlers

import (
	"net/url"
	"strings"
	"testing"

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
	if to := b.submit(page, form, right).to(); to != order {
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
	s.healthy()
}
