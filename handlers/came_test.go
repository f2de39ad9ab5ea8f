package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/store"
)

func TestTheDayOnWhichMoneyCameStandsWhereverItIsToldOf(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	zone := s.event(slug).Location()
	day := s.clock.Now().In(zone).AddDate(0, 0, -5)
	typed, came := day.Format(time.DateOnly), time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	paid := url.Values{"lang": {"en"}, "how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"statement"}, "came": {typed}}
	path := admin.send("/console/"+slug+"/import", "people.csv", "name,email,category\nA,a@example.org,student\n", nil).to()
	admin.submit(admin.get(path).want(200), "main", paid).to()
	s.imports(0)
	byHand := with(paid, url.Values{"category": {"student"}, "name": {"B"}, "email": {"b@example.org"}})
	admin.submit(admin.get(newPath).want(200), "main", byHand).to()
	var rows []store.OrderRow
	if err := s.store.EachOrder(t.Context(), store.OrderFilter{EventID: s.event(slug).ID, TestToo: true}, func(r store.OrderRow) error {
		rows = append(rows, r)
		return nil
	}); err != nil || len(rows) != 2 {
		t.Fatalf("%d orders, %v", len(rows), err)
	}
	english := day.Format("Mon 2 Jan 2006")
	for _, r := range rows {
		if !r.PaidAt.Equal(came) || !r.PlacedAt.After(came) {
			t.Errorf("%s: paid at %s, placed at %s", r.Email, r.PaidAt, r.PlacedAt)
		}
		receipts, err := s.store.Receipts(t.Context(), r.ID)
		if err != nil || len(receipts) != 1 || receipts[0].Body.Paid.String() != typed || !receipts[0].IssuedAt.Equal(s.clock.Now()) {
			t.Errorf("%s: the receipts are %+v, %v", r.Email, receipts, err)
		}
		if text := admin.get("/admin/" + slug + "/orders/" + r.Code + "?lang=en").want(200).doc().Text(); !strings.Contains(text, "Received on"+english) {
			t.Errorf("%s: the order's page says %s", r.Email, text)
		}
	}
	if text := admin.get("/console/" + slug + "/orders?lang=en").want(200).doc().Find("td.when").First().Text(); strings.TrimSpace(text) != day.Format("2 Jan 2006") {
		t.Errorf("the list of orders says %q", text)
	}
	err := s.store.EachMovement(t.Context(), slug, func(m store.Movement) error {
		if !m.PaidAt.Equal(came) || !m.At.Equal(s.clock.Now()) {
			t.Errorf("the ledger says %s, written down at %s", m.PaidAt, m.At)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	s.healthy()
}

func TestADayOnWhichNoMoneyCanHaveComeIsRefusedAndKept(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	path := admin.send("/console/"+slug+"/import", "people.csv", "name,email,category\nA,a@example.org,student\n", nil).to()
	today := s.clock.Now().In(s.event(slug).Location())
	paid := url.Values{"lang": {"en"}, "how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"x"}, "category": {"student"}, "name": {"B"}, "email": {"b@example.org"}}
	for _, typed := range []string{
		today.AddDate(0, 0, 1).Format(time.DateOnly), today.AddDate(-2, 0, -1).Format(time.DateOnly), "0000-00-00", "2027-02-30", "어제", "２０２７", "<b>", "=1", "\u202e1", strings.Repeat("9", 3000), "4111 1111 1111 1111",
	} {
		for _, form := range []string{path, newPath} {
			page := admin.submit(admin.get(form).want(200), "main", with(paid, url.Values{"came": {typed}})).want(422)
			if page.doc().Find(`#problems a[href="#came"]`).Length() != 1 || strings.Contains(page.body, "4111") {
				t.Errorf("%s: %q is answered by %s", form, typed, page.doc().Find("#problems").Text())
			}
		}
	}
	if s.count("orders")+s.count("jobs") > 0 {
		t.Error("something was begun")
	}
	ok := with(paid, url.Values{"came": {today.Format(time.DateOnly)}})
	admin.submit(admin.get(newPath).want(200), "main", ok).to()
	if s.states()["paid"] != 1 {
		t.Errorf("today: %v", s.states())
	}
	admin.submit(admin.get(path).want(200), "main", with(ok, url.Values{"how": {"invited"}, "came": {"nonsense"}})).to()
	s.healthy()
}

func TestStaffSayOnWhichDayADepositCame(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	b.start(b.register("student"), "desk")
	p, zone := s.newest(), s.event(slug).Location()
	path, form := s.admin(p.OrderID), "declare-"+p.ID
	s.clock.Pass(72 * time.Hour)
	admin := s.staff(store.RoleAdmin, slug)
	day := s.clock.Now().In(zone).AddDate(0, 0, -2)
	said := url.Values{"outcome": {"came"}, "reason": {"statement"}, "came": {day.Format(time.DateOnly)}}
	for _, wrong := range []string{s.clock.Now().In(zone).AddDate(0, 0, 1).Format(time.DateOnly), "yesterday", "1999-01-01"} {
		page := admin.submit(admin.get(path).want(200), form, with(said, url.Values{"came": {wrong}})).want(http.StatusUnprocessableEntity)
		if got, _ := page.doc().Find("#declare-came-" + p.ID).Attr("value"); got != wrong || page.doc().Find(".problems a[href='#declare-came-"+p.ID+"']").Length() != 1 {
			t.Errorf("%s: the field comes back with %q", wrong, got)
		}
	}
	second := admin.submit(admin.get(path).want(200), form, said).want(200)
	if text := second.doc().Find("main").Text(); !strings.Contains(text, day.Format("Mon 2 Jan 2006")) {
		t.Errorf("the second step says: %s", text)
	}
	admin.submit(second, "main", nil).to()
	after := s.newest()
	receipts, err := s.store.Receipts(t.Context(), p.OrderID)
	if err != nil || len(receipts) != 1 || receipts[0].Body.Paid.String() != day.Format(time.DateOnly) || after.PaidAt.In(zone).Format(time.DateOnly) != day.Format(time.DateOnly) {
		t.Errorf("paid at %s with receipts %+v, %v", after.PaidAt, receipts, err)
	}
	s.healthy()
}
