package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/PuerkitoBio/goquery"
)

// sellOut makes a site whose category "few" has its one place taken, with a waiting list. It gives the order that has the place.
func sellOut(t *testing.T) (s *site, order string) {
	t.Helper()
	s = newSite(t)
	e := sampleEvent()
	e.Waiting = registration.WaitingList{Offer: 24 * time.Hour}
	s.apply(e)
	return s, s.browser().register("few")
}

// join puts an address in line and gives the private path of its entry.
func (b *browser) join(email string) string {
	b.s.t.Helper()
	page := b.get("/e/" + slug + "/waiting").want(200)
	b.submit(page, "main", url.Values{"category": {"few"}, "name": {"김대기"}, "email": {email}}).want(200)
	return b.s.entry(email)
}

// entry is the private path of an address's newest entry.
func (s *site) entry(email string) string {
	s.t.Helper()
	var id, code string
	if err := s.store.Row(s.t.Context(), `SELECT id, code FROM waiting WHERE folded = $1 ORDER BY id DESC LIMIT 1`, email).Scan(&id, &code); err != nil {
		s.t.Fatal(err)
	}
	return waitingPath(code, s.store.Keys().WaitingSecret(id))
}

func (s *site) offers() {
	s.t.Helper()
	if _, err := s.store.OfferPlaces(s.t.Context(), false); err != nil {
		s.t.Fatal(err)
	}
}

func TestWhoWaitsGetsThePlaceThatComesFree(t *testing.T) {
	s, order := sellOut(t)
	holder, waiter, walkIn := s.browser(), s.browser(), s.browser()
	register := walkIn.get("/e/" + slug + "/register").want(200)
	if register.doc().Find(`a[href="/e/`+slug+`/waiting"]`).Length() != 1 {
		t.Error("the form does not lead to the waiting list")
	}
	first, second := waiter.join("first@example.org"), walkIn.join("second@example.org")
	if page := walkIn.get(second).want(200); !strings.Contains(page.body, "1 person is in line before you") {
		t.Errorf("the second sees %s", page.doc().Find("main").Text())
	}
	holder.submit(holder.submit(holder.get(order).want(200), "cancel", nil).want(200), "main", nil).to()
	walkIn.submit(register, "main", url.Values{"category": {"few"}}).want(http.StatusConflict)
	s.offers()
	page := waiter.get(first).want(200)
	if !strings.Contains(page.body, "Tue 2 Mar 2027, 18:00 KST") {
		t.Errorf("the offer does not name its end: %s", page.doc().Find("main").Text())
	}
	form := waiter.get(waiter.submit(page, "main", nil).to()).want(200)
	if form.doc().Find(`input[name=category]`).Length() != 1 {
		t.Error("the form offers more than what was offered")
	}
	person := waiter.get(waiter.submit(form, "main", nil).to()).want(200)
	check := waiter.get(waiter.submit(person, "main", nil).to()).want(200)
	if !strings.Contains(check.doc().Find("form#main").Text(), "kept until Tue 2 Mar 2027, 18:00 KST") {
		t.Error("the last page does not name the offer's end")
	}
	mine := waiter.submit(check, "main", consents).to()
	if again := waiter.submit(check, "main", consents).to(); again != mine {
		t.Errorf("the same form again led to %s", again)
	}
	if page := waiter.get(first).want(200); page.doc().Find("form#main, form#leave").Length() != 0 || !strings.Contains(page.body, "You have taken your place") {
		t.Errorf("after taking it: %s", page.doc().Find("main").Text())
	}
	waiter.get(waiter.pay(mine, "korea", "kr")).want(200)
	if state := waiter.status(mine)["order"]; state != "paid" {
		t.Errorf("the order is %v", state)
	}
	walkIn.submit(register, "main", url.Values{"category": {"few"}}).want(http.StatusConflict)
}

func TestAnOfferThatIsOverSaysSoAndGoesToTheNext(t *testing.T) {
	s, order := sellOut(t)
	holder, waiter := s.browser(), s.browser()
	first, second := waiter.join("first@example.org"), s.browser().join("second@example.org")
	holder.submit(holder.submit(holder.get(order).want(200), "cancel", nil).want(200), "main", nil).to()
	s.offers()
	form := waiter.get(waiter.submit(waiter.get(first).want(200), "main", nil).to()).want(200)
	check := waiter.get(waiter.submit(waiter.get(waiter.submit(form, "main", nil).to()).want(200), "main", nil).to()).want(200)
	s.clock.Pass(24 * time.Hour)
	if to := waiter.submit(check, "main", consents).to(); to != first {
		t.Errorf("a late form led to %s", to)
	}
	if page := waiter.get(first).want(200); page.doc().Find("form").Length() != 0 || !strings.Contains(page.body, "The offer has ended") {
		t.Errorf("the entry says %s", page.doc().Find("main").Text())
	}
	waiter.post(first+"/take", nil).want(303)
	s.offers()
	b := s.browser()
	b.submit(b.get(second).want(200), "leave", nil).to()
	b.post(second+"/leave", nil).to()
	if page := b.get(second).want(200); !strings.Contains(page.body, "You have left") || strings.Contains(page.body, "You are waiting for") {
		t.Errorf("the entry says %s", page.doc().Find("main").Text())
	}
	b.get("/e/" + slug + "/waiting").want(200)
	b.register("few") // nobody waits any more
}

func TestTheWaitingListTakesNoNonsense(t *testing.T) {
	s, _ := sellOut(t)
	for _, lang := range []string{"ko", "en"} {
		b := s.browser()
		b.header = http.Header{"Accept-Language": {lang}}
		page := b.get("/e/" + slug + "/waiting").want(200)
		for name, bad := range map[string]url.Values{
			"empty":         {"category": {""}, "name": {""}, "email": {""}},
			"no category":   {"category": {"nowhere"}, "name": {"A"}, "email": {"a@example.org"}},
			"too long":      {"category": {"few"}, "name": {strings.Repeat("가", 500)}, "email": {strings.Repeat("a", 300) + "@example.org"}},
			"invalid UTF-8": {"category": {"few"}, "name": {"\xff\xfe"}, "email": {"a@example.org"}},
			"card number":   {"category": {"few"}, "name": {"4111 1111 1111 1111"}, "email": {"a@example.org"}},
			"no address":    {"category": {"few"}, "name": {"A"}, "email": {"someone"}},
		} {
			refused := b.submit(page, "main", bad).want(http.StatusUnprocessableEntity)
			if refused.doc().Find(".problems a").Length() == 0 || strings.Contains(refused.body, "4111") {
				t.Errorf("%s, %s: %s", lang, name, refused.doc().Find("main").Text())
			}
			if key := bareKey.FindString(refused.doc().Find("main").Text()); key != "" {
				t.Errorf("%s, %s: the page shows %q", lang, name, key)
			}
			refused.doc().Find(".problems a").Each(func(_ int, a *goquery.Selection) {
				if id := strings.TrimPrefix(a.AttrOr("href", ""), "#"); refused.doc().Find("#"+id).Length() != 1 {
					t.Errorf("%s, %s: the summary leads to #%s, which is not there", lang, name, id)
				}
			})
		}
		for i, odd := range []string{"홍길동 <b>", "=1+1", "한글", "전각１２３", "😀 \u202eevil", "A\x00B"} {
			email := lang + string(rune('a'+i)) + "@example.org"
			b.submit(page, "main", url.Values{"category": {"few"}, "name": {odd}, "email": {email}}).want(200)
			b.get(s.entry(email)).want(200)
		}
		b.submit(page, "main", url.Values{"category": {"student"}, "name": {"A"}, "email": {"z@example.org"}}).want(http.StatusConflict)
	}
	b := s.browser()
	b.get("/w/AAAA-AAAA/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").want(404)
	good := s.entry("ena@example.org")
	b.get(good[:len(good)-2] + "aa").want(404)
}

func TestThereIsNoWaitingListUnlessTheEventSaysSo(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.register("few")
	b.get("/e/" + slug + "/waiting").want(404)
	b.post("/e/"+slug+"/waiting", url.Values{"category": {"few"}, "name": {"A"}, "email": {"a@example.org"}}).want(404)
	if page := b.get("/e/" + slug + "/register").want(200); strings.Contains(page.body, "/waiting") {
		t.Error("the form leads to a list that is not there")
	}
}

func TestACodeOpensWhatItKeepsWhileTheRestIsSoldOut(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Quotas[1].Places = 2
	e.Vouchers = []registration.Voucher{{Code: "SPEAKER", Percent: 10, Scope: []string{"few"}, Reserves: 1}}
	s.apply(e)
	s.browser().register("few")
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	b.submit(page, "main", url.Values{"category": {"few"}}).want(http.StatusConflict)
	page = b.get(b.submit(page, "main", url.Values{"voucher": {"speaker"}, "apply": {"1"}}).to()).want(200)
	if page.doc().Find(`input[value=few][disabled]`).Length() != 0 {
		t.Error("the code does not open the category")
	}
	person := b.get(b.submit(page, "main", url.Values{"category": {"few"}}).to()).want(200)
	check := b.get(b.submit(person, "main", url.Values{"name": {"A"}, "email": {"a@example.org"}}).to()).want(200)
	b.get(b.submit(check, "main", consents).to()).want(200)
	late := s.browser()
	page = late.get("/e/" + slug + "/register").want(200)
	late.submit(page, "main", url.Values{"category": {"few"}, "voucher": {"SPEAKER"}}).want(http.StatusConflict)
}

func TestOrganizersKeepPlacesForACode(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOrganizer, slug)
	page := b.get("/console/" + slug + "/vouchers").want(200)
	keep := func(reserves, scope string) answer {
		return b.submit(page, "main", url.Values{"kind": {"none"}, "code": {"KEEP"}, "reserves": {reserves}, "scope": {scope}})
	}
	keep("2", "few").want(http.StatusConflict)
	keep("2", "banquet").want(http.StatusUnprocessableEntity)
	keep("x", "few").want(http.StatusUnprocessableEntity)
	keep("1", "few").to()
	walkIn := s.browser()
	walkIn.submit(walkIn.get("/e/"+slug+"/register").want(200), "main", url.Values{"category": {"few"}}).want(http.StatusConflict)
	b.post("/console/"+slug+"/vouchers/remove", url.Values{"code": {"KEEP"}}).to()
	walkIn.register("few")
}
