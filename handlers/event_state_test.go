package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

func TestADraftIsThereForItsStaffAlone(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.State = registration.StateDraft
	s.apply(e)
	for _, path := range []string{"", "/register", "/register/check", "/privacy", "/terms"} {
		if shown := s.browser().get("/e/" + slug + path).want(http.StatusNotFound); strings.Contains(shown.body, e.Name.En) {
			t.Errorf("%s tells the name of a draft", path)
		}
	}
	if shown := s.browser().get("/").want(200); strings.Contains(shown.body, e.Name.En) {
		t.Error("the front page lists a draft")
	}
	if shown := s.staff(store.RoleOrganizer, slug).get("/e/" + slug).want(200); !strings.Contains(shown.body, "This is a draft") {
		t.Errorf("staff do not see the draft as one")
	}
	s.staff(store.RoleDesk, slug).get("/e/" + slug).want(http.StatusNotFound)
	s.staff(store.RoleOrganizer, s.otherEvent()).get("/e/" + slug).want(http.StatusNotFound)
}

func TestAClosedAndACancelledEventSayWhyAndTakeNoRegistrations(t *testing.T) {
	for state, want := range map[registration.EventState]string{registration.StateClosed: "Registration is closed", registration.StateCancelled: "This event does not take place"} {
		t.Run(string(state), func(t *testing.T) {
			s := newSite(t)
			b := s.browser()
			check := b.get(b.submit(b.get(b.submit(b.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}}).to()), "main", person).to())
			e := sampleEvent()
			e.State, e.StateText = state, registration.Text{Ko: "태풍으로 연기합니다.", En: "Because of a typhoon."}
			s.apply(e)
			if shown := b.get("/e/" + slug).want(200).body; !strings.Contains(shown, want) || !strings.Contains(shown, "Because of a typhoon.") || strings.Contains(shown, "/register\"") {
				t.Errorf("the page says %s", shown)
			}
			b.submit(check, "main", consents).want(http.StatusConflict)
			if to := b.get("/e/" + slug + "/register").to(); to != "/e/"+slug {
				t.Errorf("the form leads to %s", to)
			}
			b.get("/e/" + slug + "/register?lang=ko").to()
			if l, _ := b.get("/e/" + slug).want(200).doc().Find("html").Attr("lang"); l != "ko" {
				t.Errorf("the language that the form's address asks for is lost: %s", l)
			}
			if n := s.count("orders"); n != 0 {
				t.Errorf("%d orders were made", n)
			}
		})
	}
}

func TestConsentsAreNeverTickedBeforehandAndKeptWithTheirVersion(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Consents = []registration.ConsentAsk{{ID: "photos", Label: registration.Text{Ko: "사진 게시", En: "Photos may be published"}}, {ID: "rules", Label: registration.Text{En: "House rules"}, Required: true}}
	s.apply(e)
	b := s.browser()
	check := b.get(b.submit(b.get(b.submit(b.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}}).to()), "main", person).to()).want(200)
	if check.doc().Find("#main input[type=checkbox]").Length() != 4 || check.doc().Find("#main input[checked]").Length() != 0 {
		t.Error("the boxes are not four empty ones")
	}
	if check.doc().Find("#consent-photos[aria-required]").Length() != 0 || check.doc().Find("#consent-rules[aria-required]").Length() != 1 {
		t.Error("needed and free boxes are not told apart")
	}
	refused := b.submit(check, "main", with(consents, url.Values{"consent.photos": {"1"}})).want(http.StatusUnprocessableEntity)
	if refused.doc().Find("#problems a[href='#consent-rules']").Length() != 1 || refused.doc().Find("#consent-photos[checked]").Length() != 1 {
		t.Error("a missing consent is not told, or a given one is lost")
	}
	code := strings.Split(b.submit(refused, "main", with(consents, url.Values{"consent.rules": {"1"}})).to(), "/")[2]
	o, err := s.store.OrderByCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]string{}
	for _, c := range o.Consents {
		given[c.ID] = c.Version
		if c.At.IsZero() {
			t.Errorf("%s has no time", c.ID)
		}
	}
	if len(given) != 4 || given["rules"] != e.Consents[1].Version() {
		t.Errorf("kept: %v", given)
	}
	kept, err := s.store.Texts(t.Context(), o.EventID, store.TextConsent+"rules")
	if err != nil || len(kept) != 1 || kept[0].Version != given["rules"] || kept[0].Text.En != "House rules" {
		t.Errorf("kept text: %+v, %v", kept, err)
	}
	s.healthy()
}

func TestEarlierTermsCanBeShownByTheirVersion(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Texts = registration.Texts{Terms: registration.Text{Ko: "첫 약관", En: "First terms"}, Privacy: registration.Text{En: "First notice"}}
	s.apply(e)
	first := e.TermsVersion()
	e.Texts = registration.Texts{Terms: registration.Text{Ko: "둘째 약관", En: "Second <terms>"}}
	s.apply(e)
	b := s.browser()
	now := b.get("/e/" + slug + "/terms").want(200)
	if !strings.Contains(now.body, "Second &lt;terms&gt;") || now.doc().Find("a[href='/e/"+slug+"/terms?version="+first+"']").Length() != 1 {
		t.Errorf("the page shows %s", now.body)
	}
	old := b.get("/e/" + slug + "/terms?version=" + first).want(200)
	if !strings.Contains(old.body, "First terms") || !strings.Contains(old.body, "This is an earlier version") || strings.Contains(old.body, "Second") {
		t.Errorf("the earlier version is %s", old.body)
	}
	if none := b.get("/e/" + slug + "/terms?version=none").want(http.StatusNotFound); strings.Contains(none.body, "no such event") {
		t.Error("a version that there never was is taken for an event")
	}
	if notice := b.get("/e/" + slug + "/privacy").want(200).body; strings.Contains(notice, "First notice") {
		t.Error("the notice that was taken back is still shown")
	}
	s.healthy()
}
