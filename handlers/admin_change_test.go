package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

// staffChanged is an event with two categories of one price and one that is hidden, a paid student, and the attendee's page.
func staffChanged(t *testing.T) (s *site, attendee *browser, order, admin string) {
	t.Helper()
	s = newSite(t)
	e := sampleEvent()
	e.Categories = append(e.Categories, registration.Category{ID: "fellow", Name: registration.Text{Ko: "회원", En: "Fellow"}, Evidence: "member_number",
		Approval: registration.ApprovalBefore, Hidden: true, Prices: e.Categories[0].Prices})
	e.Quotas[0].Of = append(e.Quotas[0].Of, "fellow")
	s.apply(e)
	attendee = s.browser()
	order = attendee.paidOrder()
	return s, attendee, order, s.admin(s.newest().OrderID)
}

// changeForm follows the link to the form in which staff change the order's person.
func (b *browser) changeForm(admin string) answer {
	b.s.t.Helper()
	return b.get(b.get(admin).want(200).doc().Find(`a[href*="/change/"]`).AttrOr("href", "")).want(200)
}

func TestStaffChangeWhatAnAttendeeHas(t *testing.T) {
	s, attendee, order, admin := staffChanged(t)
	b := s.staff(store.RoleAdmin, slug)
	form := b.changeForm(admin)
	check := b.submit(form, "main", url.Values{"extra.banquet": {"2"}, "reason": {"전화로 요청"}, "until": {"2027-03-20"}}).want(200)
	if text := check.doc().Find("main").Text(); !strings.Contains(text, "KRW 100,000") || !strings.Contains(text, "KRW 250,000") || !strings.Contains(text, "20 Mar 2027") {
		t.Errorf("the second step does not tell the amounts and the day: %s", text)
	}
	if got := attendee.status(order); got["due"] != 0.0 {
		t.Fatalf("looking has asked for %v", got["due"])
	}
	if said := b.done(b.submit(check, "main", nil)); !strings.Contains(said, "asked to pay the difference") {
		t.Errorf("the page says %q", said)
	}
	b.submit(check, "main", nil).to() // once more
	page := b.get(admin).want(200)
	if page.doc().Find("#change").Length() != 1 || page.doc().Find(`a[href*="/change/"]`).Length() != 0 || !strings.Contains(attendee.get(order).body, "전화로 요청") {
		t.Error("the change does not wait, or its reason is not told")
	}
	attendee.pay(order, "korea", "kr")
	if got := attendee.status(order); got["due"] != 0.0 || b.get(admin).doc().Find("#change").Length() != 0 || s.count("amendments") != 1 {
		t.Errorf("after paying: %v", got)
	}
	check = b.submit(b.changeForm(admin), "main", url.Values{"extra.banquet": {"0"}, "reason": {"취소"}}).want(200)
	b.submit(check, "main", nil).to()
	if n := s.count("refunds WHERE amount = 100000 AND actor LIKE 'staff:%'"); n != 1 {
		t.Errorf("%d refunds of the difference", n)
	}
	check = b.submit(b.changeForm(admin), "main", url.Values{"category": {"fellow"}, "extra.banquet": {"1"}, "money": {"same"}, "reason": {"학회 부담"}}).want(200)
	if text := check.doc().Find("main").Text(); !strings.Contains(text, "Fellow") || !strings.Contains(text, "Free") {
		t.Errorf("a change at no difference shows %s", text)
	}
	if said := b.done(b.submit(check, "main", nil)); !strings.Contains(said, "The change was made") {
		t.Errorf("the page says %q", said)
	}
	o, err := s.store.Order(t.Context(), s.newest().OrderID)
	if err != nil || o.Prices[registration.KRW] != 150000 || o.Registrations[0].Category() != "fellow" || o.Registrations[0].Cart().Extras["banquet"] != 1 {
		t.Errorf("the order is %+v (%v)", o, err)
	}
	if n := s.count("audit WHERE what = 'amendment' AND reason = '학회 부담' AND actor LIKE 'staff:%'"); n == 0 {
		t.Error("the audit does not tell why")
	}
	s.healthy()
}

func TestOrganizersChangeOnlyWhatCostsNothing(t *testing.T) {
	s, _, _, admin := staffChanged(t)
	b := s.staff(store.RoleOrganizer, slug)
	form := b.changeForm(admin)
	if form.doc().Find("input[name=money], input[name=until]").Length() != 0 {
		t.Error("an organizer is asked about money")
	}
	for name, wrong := range map[string]url.Values{"dearer": {"extra.banquet": {"1"}}, "cheaper": {"category": {"guest"}}, "for nothing": {"extra.banquet": {"1"}, "money": {"same"}}} {
		if said := b.submit(form, "main", with(wrong, url.Values{"reason": {"x"}})).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, "Ask an administrator") {
			t.Errorf("%s: %q", name, said)
		}
	}
	check := b.submit(form, "main", url.Values{"category": {"fellow"}, "reason": {"회원 확인"}}).want(200)
	b.submit(check, "main", nil).to()
	if n := s.count("amendments WHERE state = 'applied'"); n != 1 {
		t.Errorf("%d changes were made", n)
	}
	b.post(admin+"/withdraw", nil).want(http.StatusNotFound)
	s.healthy()
}

func TestStaffsChangesAreCheckedAndNothingIsLost(t *testing.T) {
	s, _, _, admin := staffChanged(t)
	b := s.staff(store.RoleAdmin, slug)
	form := b.changeForm(admin)
	for name, tc := range map[string]struct {
		fields url.Values
		field  string
	}{
		"nothing changed": {url.Values{"reason": {"x"}}, "category"}, "no reason": {url.Values{"extra.banquet": {"1"}}, "reason"},
		"a card number": {url.Values{"extra.banquet": {"1"}, "reason": {"4242 4242 4242 4242"}}, "reason"}, "no text": {url.Values{"extra.banquet": {"1"}, "reason": {"\xff\x00"}}, "reason"},
		"too long": {url.Values{"extra.banquet": {"1"}, "reason": {strings.Repeat("가", 201)}}, "reason"}, "a day gone": {url.Values{"extra.banquet": {"1"}, "reason": {"x"}, "until": {"2020-01-01"}}, "until"},
		"no day": {url.Values{"extra.banquet": {"1"}, "reason": {"x"}, "until": {"내일 😀"}}, "until"}, "too many": {url.Values{"extra.banquet": {"99"}, "reason": {"x"}}, "extra-banquet"},
		"words": {url.Values{"extra.banquet": {"=1+1"}, "reason": {"x"}}, "extra-banquet"}, "no category": {url.Values{"category": {"\u202eking"}, "reason": {"x"}}, "category"},
		"another way": {url.Values{"extra.banquet": {"1"}, "money": {"steal"}, "reason": {"x"}}, "money"},
	} {
		a := b.submit(form, "main", tc.fields).want(http.StatusUnprocessableEntity)
		link := a.doc().Find("#problems a").First().AttrOr("href", "")
		if link != "#"+tc.field || a.doc().Find(link).Length() != 1 {
			t.Errorf("%s: the summary leads to %q", name, link)
		}
		if _, kept := a.form("main"); name == "no day" && kept.Get("until") != "내일 😀" {
			t.Errorf("%s: %v is kept", name, kept)
		}
	}
	check := b.submit(form, "main", url.Values{"extra.banquet": {"1"}, "reason": {"x"}}).want(200)
	b.submit(check, "main", url.Values{"revision": {"old"}}).want(http.StatusUnprocessableEntity)
	if s.count("amendments") != 0 {
		t.Error("something was changed")
	}
	b.get(admin + "/change/nobody").want(http.StatusNotFound)
	b.submit(check, "main", nil).to()
	if said := b.done(b.submit(b.get(admin).want(200), "withdraw", nil)); !strings.Contains(said, "withdrawn") || s.count("amendments WHERE state = 'withdrawn'") != 1 {
		t.Errorf("withdrawing says %q", said)
	}
	s.healthy()
}
