package handlers

import (
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// done follows an answer to its page and reads what that page says was done.
func (b *browser) done(a answer) string {
	b.s.t.Helper()
	return b.get(a.to()).want(200).doc().Find(`.notice.ok[role="status"]`).Text()
}

func TestStaffPagesSayWhatWasDone(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	order, p := s.paid("student")
	o, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil {
		t.Fatal(err)
	}
	page := func() answer { return b.get(order).want(200) }
	for _, step := range []struct {
		word string
		do   func() answer
	}{
		{"person", func() answer {
			return b.submit(page(), "person-"+o.Registrations[0].ID, url.Values{"name": {"홍길순"}, "email": {"gilsun@example.org"}})
		}},
		{"link", func() answer { return b.submit(page(), "new-link", nil) }},
		{"refund", func() answer {
			fields := url.Values{"amount": {"1000"}, "reason": {"고객 요청"}}
			return b.submit(b.submit(page(), "refund-"+p.ID, fields).want(200), "main", nil)
		}},
		{"cancelled", func() answer { return b.submit(b.cancel(order), "main", nil) }},
	} {
		if said, want := b.done(step.do()), views.T(registration.English, "console.saved."+step.word); said != want {
			t.Errorf("after %s the page says %q, want %q", step.word, said, want)
		}
	}
	for _, word := range []string{"", "nonsense", "<script>", "person\x00", "1"} {
		if n := b.get(order + "?" + url.Values{"saved": {word}}.Encode()).want(200).doc().Find(".notice.ok").Length(); n != 0 {
			t.Errorf("the address makes the page say something with %q", word)
		}
	}
	for _, word := range views.SavedWords {
		for _, l := range []registration.Lang{registration.Korean, registration.English} {
			if !views.Has(l, "console.saved."+word) {
				t.Errorf("%s has no words for %s", l, word)
			}
		}
	}
}

func TestDecisionsAboutEvidenceAndTheWaitingListSayWhatWasDone(t *testing.T) {
	s, order := sellOut(t)
	s.browser().join("first@example.org")
	b := s.staff(store.RoleOwner, "")
	list := "/console/" + slug + "/waiting"
	holder := s.browser()
	said := []string{b.done(b.post(list+"/pause", url.Values{"paused": {"1"}}))}
	holder.submit(holder.submit(holder.get(order).want(200), "cancel", nil).want(200), "main", nil).to()
	said = append(said, b.done(b.submit(b.get(list).want(200), "offer-0", nil)), b.done(b.submit(b.get(list).want(200), "remove-0", nil)), b.done(b.post(list+"/pause", nil)))
	if got, want := strings.Join(said, " "), "Offers are paused. The place was offered. The entry was taken off the list. Offers go on."; got != want {
		t.Errorf("the waiting list says %q, want %q", got, want)
	}
	s = newSite(t)
	s.apply(approvingEvent())
	pupil := s.browser()
	b = s.staff(store.RoleOwner, "")
	pupil.submit(pupil.get(pupil.submit(pupil.proofPage("pupil"), "main", with(person, url.Values{"evidence_later": {"1"}})).to()).want(200), "main", consents).to()
	missing := "/console/" + slug + "/evidence?state=missing"
	fields := url.Values{}
	for _, in := range b.get(missing).want(200).doc().Find("main form").Last().Find("input[type=hidden]").EachIter() {
		fields.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	again := b.post("/console/"+slug+"/evidence", with(fields, url.Values{"decision": {"refuse"}, "reason": {"blurred"}}))
	if got := b.done(again); got != "Another proof was asked for." {
		t.Errorf("the evidence page says %q", got)
	}
}

func TestStaffReadWhatWasAgreedTo(t *testing.T) {
	s := newSite(t)
	e := peopleEvent()
	s.apply(e)
	b := s.browser()
	page := b.get(groupPath).want(200)
	page = b.get(b.submit(page, "main", list("Name,Email,Category,Shuttle bus,Family name,Given name", "홍길동,gildong@example.org,guest,no,Hong,Gildong", "김예시,kim@example.org,guest,no,Kim,Yesi")).to()).want(200)
	b.submit(page, "main", with(consents, url.Values{"consent.photos": {"1"}})).to()
	staff := s.staff(store.RoleOrganizer, slug)
	order := staff.get("/console/"+slug+"/orders?q=gildong").want(200).doc().Find(".console-orders th a").AttrOr("href", "")
	agreed := func() (string, []string) {
		section := staff.get(order).want(200).doc().Find("section[aria-labelledby=consents]")
		var links []string
		for _, a := range section.Find("a").EachIter() {
			links = append(links, a.AttrOr("href", ""))
		}
		return section.Text(), links
	}
	text, links := agreed()
	for _, want := range []string{"Terms", "Photographs", termsVersion(s.event(slug)), s.event(slug).PrivacyVersion(), "18:00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Newsletter") || len(links) != 2 {
		t.Errorf("it tells what was not agreed to, or leads to %v", links)
	}
	e.RefundRule.En, e.Texts.Privacy.En, e.Consents[0].Label.En = "Another rule", "Another notice", "Film"
	s.apply(e)
	text, links = agreed()
	if !strings.Contains(text, "Photographs") || strings.Contains(text, "Film") || len(links) != 2 {
		t.Errorf("after a change of the texts: %s, %v", text, links)
	}
	for _, link := range links {
		if old := staff.get(link).want(200); !strings.Contains(link, "?version=") || strings.Contains(old.body, "Another") {
			t.Errorf("%s does not show what was agreed to", link)
		}
	}
}

func TestOrdersAreFilteredByEvidence(t *testing.T) {
	s := newSite(t)
	s.apply(approvingEvent())
	b := s.browser()
	b.submit(b.get(b.submit(b.proofPage("pupil"), "main", with(person, url.Values{"evidence_later": {"1"}})).to()).want(200), "main", consents).to()
	s.browser().register("student")
	staff := s.staff(store.RoleOrganizer, slug)
	for filter, want := range map[string]int{"": 2, "evidence=missing": 1, "evidence=none": 1, "evidence=given": 0, "evidence=%ff": 0, "state=awaiting_approval": 1, "change=pending": 0, "evidence=missing&category=pupil": 1} {
		if got := staff.codesOf("/console/" + slug + "/orders?" + filter); len(got) != want {
			t.Errorf("%q lists %d orders, want %d", filter, len(got), want)
		}
		_, rows := staff.exported("&"+filter+"&list=people", "csv")
		if len(rows) != want {
			t.Errorf("%q exports %d people, want %d", filter, len(rows), want)
		}
	}
	page := staff.get("/console/" + slug + "/orders?evidence=missing").want(200).doc()
	if got := page.Find("td[data-label=Evidence]").Text(); got != "Not sent" || page.Find("select[name=evidence] option[selected]").AttrOr("value", "") != "missing" {
		t.Errorf("the list says %q", got)
	}
}
