package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"
)

// phoneSite is an event that has telephones proved, with a sender that reaches Korean numbers.
func phoneSite(t *testing.T, ask registration.Ask) *site {
	t.Helper()
	s := newSite(t, func(cfg *Config) {
		cfg.Reaches = func(number string) bool { return strings.HasPrefix(number, "+821") }
	})
	e := sampleEvent()
	e.Person = registration.PersonForm{Phone: ask, VerifyPhone: true}
	s.apply(e)
	return s
}

const phonePath = "/e/" + slug + "/register/phone"

// typePhone fills in the first two pages with a telephone and gives where the second one leads.
func (b *browser) typePhone(number string) answer {
	b.s.t.Helper()
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()).want(200)
	return b.submit(page, "main", url.Values{"name": {"홍길동"}, "email": {"gildong@example.org"}, "phone": {number}})
}

// code does the jobs that send codes, and gives the last code; "" when none was to be sent.
func (s *site) code() (code string) {
	s.t.Helper()
	do := map[string]store.JobFunc{store.JobText: func(ctx context.Context, j store.Job) error {
		m, err := s.store.CodeToSend(ctx, string(j.Payload))
		code = m.Code
		return err
	}}
	if _, err := s.store.RunDueJobs(s.t.Context(), do, store.RunOptions{Workers: 1}); err != nil { // one after the other: the last is the newest
		s.t.Fatal(err)
	}
	return code
}

func TestATelephoneIsProvedByACodeBeforeTheOrder(t *testing.T) {
	s := phoneSite(t, registration.AskAlways)
	b := s.browser()
	if to := b.typePhone("010-1234-5678").to(); to != phonePath {
		t.Fatalf("the person leads to %s", to)
	}
	page := b.get(phonePath).want(200)
	in := page.doc().Find("form#main input[name=code]")
	if in.AttrOr("autocomplete", "") != "one-time-code" || in.AttrOr("inputmode", "") != "numeric" || !strings.Contains(page.body, "010-1234-5678") {
		t.Errorf("the page: %s", page.doc().Find("main").Text())
	}
	check := "/e/" + slug + "/register/check"
	if to := b.get(check).to(); to != phonePath {
		t.Errorf("the check page leads to %s before the code", to)
	}
	if to := b.post(check, consents).to(); to != phonePath || s.count("orders") != 0 {
		t.Errorf("a post to the check page leads to %s, %d orders", to, s.count("orders"))
	}
	code := s.code()
	other := "000000"
	if code == other {
		other = "000001"
	}
	for typed, want := range map[string]string{"": "#code", "12ab56": "#code", other: "#code"} {
		refused := b.submit(page, "main", url.Values{"code": {typed}}).want(http.StatusUnprocessableEntity)
		if refused.doc().Find("#problems a[href='"+want+"']").Length() != 1 {
			t.Errorf("%q: nothing leads to the field", typed)
		}
	}
	if to := b.submit(page, "main", url.Values{"code": {code[:3] + " " + code[3:]}}).to(); to != check {
		t.Fatalf("the code leads to %s", to)
	}
	if to := b.get(phonePath).to(); to != check {
		t.Errorf("the page leads to %s once the telephone is proved", to)
	}
	order := b.submit(b.get(check).want(200), "main", consents).to()
	staff := s.staff(store.RoleOrganizer, slug).get("/admin/" + slug + "/orders/" + strings.Split(order, "/")[2]).want(200)
	if !strings.Contains(staff.body, "010-1234-5678 (confirmed by a code") {
		t.Error("staff is not told that the telephone was proved")
	}
	if text := s.log.String(); strings.Contains(text, code) || strings.Contains(text, "1234-5678") {
		t.Error("the log holds the code or the telephone")
	}
	s.healthy()
}

func TestAnotherTelephoneNeedsACodeOfItsOwn(t *testing.T) {
	s := phoneSite(t, registration.AskAlways)
	b := s.browser()
	b.typePhone("010-1234-5678").to()
	first := s.code()
	check := b.submit(b.get(phonePath), "main", url.Values{"code": {first}}).to()
	b.get(check).want(200)
	if to := b.typePhone("010-9876-5432").to(); to != phonePath {
		t.Fatalf("another number leads to %s", to)
	}
	if to := b.get(check).to(); to != phonePath {
		t.Errorf("the check page leads to %s", to)
	}
	b.submit(b.get(phonePath), "main", url.Values{"code": {first}}).want(http.StatusUnprocessableEntity)
	if to := b.submit(b.get(phonePath), "main", url.Values{"code": {s.code()}}).to(); to != check {
		t.Errorf("the second code leads to %s", to)
	}
	b.get(b.typePhone("010 9876 5432").to()).want(200) // the same number, written otherwise
	if to := b.get(phonePath).to(); to != check {
		t.Errorf("the same number asks again: %s", to)
	}
}

func TestTheLastTryLeadsToANewCode(t *testing.T) {
	s := phoneSite(t, registration.AskAlways)
	b := s.browser()
	b.typePhone("010-1234-5678").to()
	page, wrong := b.get(phonePath).want(200), "000000"
	if s.code() == wrong {
		wrong = "000001"
	}
	for try := range store.CodeTries {
		refused := b.submit(page, "main", url.Values{"code": {wrong}}).want(http.StatusUnprocessableEntity)
		last := try == store.CodeTries-1
		if text := refused.doc().Find("#problems").Text(); strings.Contains(text, "can no longer be used") != last || (refused.doc().Find("#main").Length() == 0) != last {
			t.Errorf("try %d: %s", try+1, text)
		}
	}
	if again := b.get(phonePath).want(200).doc(); again.Find("#main").Length() != 0 || !strings.Contains(again.Find("main").Text(), "no code for") {
		t.Errorf("a reload asks for a code that was tried too often: %s", again.Find("main").Text())
	}
}

func TestCodesAreSentAgainSlowly(t *testing.T) {
	s := phoneSite(t, registration.AskAlways)
	b := s.browser()
	b.typePhone("010-1234-5678").to()
	page := b.get(phonePath).want(200)
	refused := b.submit(page, "again", nil).want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.doc().Find("#problems").Text(), "Wait a minute") || refused.doc().Find("#again").Length() != 1 {
		t.Errorf("too soon: %s", refused.doc().Find("main").Text())
	}
	for range store.CodesPerHour - 1 {
		s.clock.Pass(store.CodePause)
		if to := b.submit(page, "again", nil).to(); to != phonePath {
			t.Fatalf("another code leads to %s", to)
		}
	}
	last := s.code()
	s.clock.Pass(store.CodePause)
	refused = b.submit(page, "again", nil).want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.doc().Find("#problems").Text(), "Too many codes") {
		t.Errorf("too many: %s", refused.doc().Find("main").Text())
	}
	s.clock.Pass(store.CodeLife)
	over := b.get(phonePath).want(200)
	if !strings.Contains(over.doc().Find("main").Text(), "no code for 010-1234-5678") {
		t.Errorf("the page does not say that the code is over: %s", over.doc().Find("main").Text())
	}
	refused = b.submit(page, "main", url.Values{"code": {last}}).want(http.StatusUnprocessableEntity)
	for name, p := range map[string]answer{"opened": over, "refused": refused} {
		if p.doc().Find("#code").Length() != 0 || p.doc().Find("#again button:not(.secondary)").Length() != 1 {
			t.Errorf("%s: a code is asked for that cannot be right", name)
		}
	}
	s.clock.Pass(time.Hour)
	b.submit(over, "again", nil).to()
	if to := b.submit(page, "main", url.Values{"code": {s.code()}}).to(); to != "/e/"+slug+"/register/check" {
		t.Errorf("a code an hour later leads to %s", to)
	}
	if to := b.get(phonePath + "/again").to(); to != phonePath {
		t.Errorf("the address of the form leads to %s", to)
	}
}

func TestOnlyTelephonesThatGetMessagesAreProved(t *testing.T) {
	s := phoneSite(t, registration.AskIfWanted)
	check := "/e/" + slug + "/register/check"
	if to := s.browser().typePhone("").to(); to != check {
		t.Errorf("no number leads to %s", to)
	}
	if to := s.browser().typePhone("+1 415 555 2671").to(); to != check {
		t.Errorf("a number that the sender does not reach leads to %s", to)
	}
	refused := s.browser().typePhone("02-1234-5678").want(http.StatusUnprocessableEntity)
	if refused.doc().Find("#problems a[href='#phone']").Length() != 1 {
		t.Error("a telephone on a desk is taken")
	}
	if n := s.count("phone_codes"); n != 0 {
		t.Errorf("%d codes", n)
	}
	for _, path := range []string{phonePath, phonePath + "/again"} {
		if to := s.browser().post(path, url.Values{"code": {"123456"}}).to(); to != "/e/"+slug+"/register" {
			t.Errorf("a post to %s without a draft leads to %s", path, to)
		}
	}
}

func TestNothingTypedAsACodeTakesTheServerDown(t *testing.T) {
	s := phoneSite(t, registration.AskAlways)
	b := s.browser()
	b.typePhone("010-1234-5678").to()
	page := b.get(phonePath).want(200)
	for name, value := range nasty {
		if got := b.submit(page, "main", url.Values{"code": {value}}); got.status >= 500 || got.status == http.StatusSeeOther {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	s.clock.Pass(store.CodePause)
	b.submit(page, "again", nil).to()
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, s.code())
	if to := b.submit(page, "main", url.Values{"code": {wide}}).to(); to != "/e/"+slug+"/register/check" {
		t.Errorf("a code in full-width digits leads to %s", to)
	}
}
