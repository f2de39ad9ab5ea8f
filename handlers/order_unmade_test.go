package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/google/uuid"
)

// paidGroup places and pays an order of n students.
func (s *site) paidGroup(b *browser, n int) (order string, o *registration.Order) {
	s.t.Helper()
	e := s.event(slug)
	quote, err := e.Price(registration.Cart{Category: "student", Extras: map[string]int64{}}, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	want := store.NewOrder{Event: e, DraftID: uuid.NewString(), Lang: registration.English, Quote: quote, Hold: time.Hour, HoldMax: time.Hour}
	for i := range n {
		p := registration.Person{Name: "Person " + strconv.Itoa(i), Email: "p" + strconv.Itoa(i) + "@example.org"}
		if i == 0 {
			want.Person = p
		} else {
			want.More = append(want.More, store.NewPerson{Person: p, Quote: quote})
		}
	}
	placed, err := s.store.Place(s.t.Context(), want)
	if err != nil {
		s.t.Fatal(err)
	}
	order = orderPath(placed.Code, s.store.Keys().OrderSecret(placed.OrderID, 1))
	b.pay(order, "korea", "kr")
	return order, s.orderOf(placed.OrderID)
}

func (s *site) orderOf(id string) *registration.Order {
	s.t.Helper()
	o, err := s.store.Order(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// unknown has the order's payment be one of which nobody knows what became, while do runs.
func (s *site) unknown(do func()) {
	s.t.Helper()
	turn := func(state string) {
		err := s.store.Write(s.t.Context(), store.Locks{}, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE payments SET state = $1`, state)
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	turn("unknown")
	do()
	turn("confirmed")
}

func TestOfPeopleCancelledAtOnceOnlyThoseAreCalledDoneWhoAre(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order, o := s.paidGroup(b, 8)
	page := b.get(order).want(200)
	asked := make([]answer, 7)
	for i := range asked {
		asked[i] = b.submit(page, "cancel-"+o.Registrations[i+1].ID, nil).want(200)
	}
	var wg sync.WaitGroup
	said := make([]answer, len(asked))
	for i := range asked {
		wg.Go(func() { said[i] = b.submit(asked[i], "main", nil) })
	}
	wg.Wait()
	after := s.orderOf(o.ID)
	for i, a := range said {
		switch gone := after.Registrations[i+1].Gone; {
		case gone && (a.status != http.StatusSeeOther || !strings.Contains(a.to(), "notice=changed")):
			t.Errorf("person %d is cancelled and the page answers %d", i+1, a.status)
		case !gone && (a.status < 400 || a.status >= 500):
			t.Errorf("person %d is not cancelled and the page answers %d to %q", i+1, a.status, a.header.Get("Location"))
		case a.status == http.StatusConflict && !strings.Contains(a.doc().Find("#problems").Text(), "Nothing was changed"):
			t.Errorf("person %d: %s", i+1, a.doc().Find("#problems").Text())
		}
		if again := b.submit(asked[i], "main", nil); after.Registrations[i+1].Gone && !strings.Contains(again.to(), "notice=changed") {
			t.Errorf("person %d: the same form again is not told that they are cancelled", i+1)
		}
	}
	s.healthy()
}

func TestACancellationThatAnOpenPaymentBarsIsToldAsNotDone(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	ask := b.submit(b.get(order).want(200), "cancel-"+o.Registrations[1].ID, nil).want(200)
	s.unknown(func() {
		_, fields := ask.form("main")
		fields.Set("back", "0")
		if said := b.post(order+"/cancel-person/confirm", fields).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "still being checked") {
			t.Errorf("the page says %q", said)
		}
	})
	b.submit(ask, "main", nil).to()
	other := b.submit(ask, "main", url.Values{"person": {o.Registrations[0].ID}}).want(http.StatusConflict)
	if said := other.doc().Find("#problems").Text(); !strings.Contains(said, "only one person is left") {
		t.Errorf("the last one: %q", said)
	}
	s.healthy()
}

func TestAChangeThatWasNotMadeComesBackWithWhatWasChosen(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.submit(b.fill("student", url.Values{"extra.banquet": {"2"}}), "main", consents).to()
	b.pay(order, "korea", "kr")
	form := b.get(order + "/change").want(200)
	one := b.submit(form, "main", url.Values{"extra.banquet": {"1"}}).want(200)
	s.unknown(func() {
		check := b.submit(form, "main", url.Values{"extra.banquet": {"1"}}).want(200)
		late := b.submit(check, "main", nil).want(http.StatusConflict)
		if _, kept := late.form("main"); kept.Get("extra.banquet") != "1" || !strings.Contains(late.doc().Find("#problems").Text(), "still being checked") {
			t.Errorf("the page keeps %v and says %q", kept, late.doc().Find("#problems").Text())
		}
	})
	b.submit(one, "main", nil).to()
	for name, second := range map[string]answer{"the form": b.submit(form, "main", url.Values{"extra.banquet": {"1"}}), "the second step": b.submit(one, "main", nil)} {
		if !strings.HasSuffix(second.to(), "notice=changed") {
			t.Errorf("%s of a change that was made leads to %s", name, second.to())
		}
	}
	b.submit(b.get(order+"/change").want(200), "main", nil).want(http.StatusUnprocessableEntity) // nothing is chosen

	form = b.get(order + "/change").want(200)
	three, four := b.submit(form, "main", url.Values{"extra.banquet": {"3"}}).want(200), b.submit(form, "main", url.Values{"extra.banquet": {"4"}}).want(200)
	page := b.get(b.submit(three, "main", nil).to()).want(200)
	b.submit(three, "main", nil).to()
	if said := b.submit(four, "main", nil).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "another change waits") {
		t.Errorf("another change beside one that waits: %q", said)
	}
	b.pay(order, "korea", "kr")
	if said := b.submit(page, "withdraw", nil).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "made already") {
		t.Errorf("dropping what was paid: %q", said)
	}
	s.healthy()
}

func TestStaffAreToldThatTheirChangeWasNotMade(t *testing.T) {
	s, attendee, order, admin := staffChanged(t)
	b := s.staff(store.RoleAdmin, slug)
	form := b.changeForm(admin)
	fellow, banquet := url.Values{"category": {"fellow"}, "reason": {"회원 확인"}}, url.Values{"extra.banquet": {"2"}, "reason": {"전화로 요청"}}
	s.unknown(func() {
		late := b.submit(b.submit(form, "main", fellow).want(200), "main", nil).want(http.StatusConflict)
		_, kept := late.form("main")
		if said := late.doc().Find("#problems").Text(); !strings.Contains(said, "still being checked") || kept.Get("category") != "fellow" || kept.Get("reason") != "회원 확인" {
			t.Errorf("the page says %q and keeps %v", said, kept)
		}
	})
	check := b.submit(form, "main", fellow).want(200)
	for range 2 {
		if said := b.done(b.submit(check, "main", nil)); !strings.Contains(said, "The change was made") {
			t.Errorf("the page says %q", said)
		}
	}
	two := b.submit(b.changeForm(admin), "main", banquet).want(200)
	three := b.submit(b.changeForm(admin), "main", with(banquet, url.Values{"extra.banquet": {"3"}})).want(200)
	for range 2 {
		if said := b.done(b.submit(two, "main", nil)); !strings.Contains(said, "asked to pay the difference") {
			t.Errorf("the page says %q", said)
		}
	}
	if said := b.submit(three, "main", nil).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "another change waits") {
		t.Errorf("another change beside one that waits: %q", said)
	}
	page := b.get(admin).want(200)
	attendee.pay(order, "korea", "kr")
	if said := b.submit(page, "withdraw", nil).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "made already") {
		t.Errorf("withdrawing what was paid: %q", said)
	}
	s.healthy()
}

func TestASecondNameForAPlaceIsToldAsNotTaken(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	order, _ := b.group()
	page := b.get(order + "/people/1").want(200)
	first := url.Values{"name": {"새사람"}, "email": {"new@example.org"}}
	for range 2 {
		if to := b.submit(page, "main", first).to(); !strings.HasSuffix(to, "done=replaced") {
			t.Errorf("who has the place is told by %s", to)
		}
	}
	late := b.submit(page, "main", url.Values{"name": {"다른이"}, "email": {"other@example.org"}}).want(http.StatusConflict)
	if _, kept := late.form("main"); kept.Get("name") != "다른이" || kept.Get("email") != "other@example.org" || !strings.Contains(late.doc().Find("#problems").Text(), "새사람") {
		t.Errorf("the page keeps %v and says %q", kept, late.doc().Find("#problems").Text())
	}
	b.submit(late, "main", nil).to()
	if got := s.groupOrder().Registrations[0].Person.Name; got != "다른이" {
		t.Errorf("the place is of %s", got)
	}
}

func TestDetailsSavedAtOnceAreNotDropped(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	form := b.get(order + "/details").want(200)
	var wg sync.WaitGroup
	said := make([]answer, 8)
	for i := range said {
		wg.Go(func() { said[i] = b.submit(form, "main", url.Values{"name": {"Name " + strconv.Itoa(i)}}) })
	}
	wg.Wait()
	for i, a := range said {
		if a.status == http.StatusSeeOther && strings.HasSuffix(a.to(), "notice=changed") {
			continue
		}
		_, kept := a.want(http.StatusConflict).form("main")
		if kept.Get("name") != "Name "+strconv.Itoa(i) {
			t.Errorf("%v is kept of what was typed", kept)
		}
	}
}
