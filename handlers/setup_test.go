package handlers

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/google/go-cmp/cmp"
)

// filled is a form of a page as it stands there, for posting it with changes.
func filled(a answer) url.Values {
	f := url.Values{}
	for _, tag := range []string{"input", "textarea", "select"} {
		for _, n := range a.doc().Find("#main " + tag).EachIter() {
			name, value := n.AttrOr("name", ""), n.AttrOr("value", "")
			switch {
			case name == "" || ((n.AttrOr("type", "") == "checkbox") && n.Is(":not([checked])")):
				continue
			case tag == "textarea":
				value = strings.TrimPrefix(n.Text(), "\n")
			case tag == "select":
				value = n.Find("option[selected]").AttrOr("value", "")
			}
			f.Add(name, value)
		}
	}
	return f
}

// everyKey is the site with an event that uses every key of the event file.
func everyKey(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	data, err := os.ReadFile("../registration/testdata/eventfile/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data = []byte(strings.Replace(string(data), "imp_code: '${A}'", "imp_code: '${CODE}'", 1))
	env := map[string]string{"A": "test_ck_every", "B": "test_sk_every", "C": "secret", "CODE": "imp00000000"}
	file, err := registration.ParseEventFile("event.yaml", data, func(name string) (string, bool) { return env[name], true })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.ApplyFile(t.Context(), store.Incoming{Name: "event.yaml", File: file, Connect: s.cashier.Connect, Actor: "system"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// fileOfEvent is an event with its channels as its file.
func (s *site) fileOfEvent(slug string) string {
	s.t.Helper()
	stored, err := s.store.EventFile(s.t.Context(), slug)
	if err != nil {
		s.t.Fatal(err)
	}
	data, err := registration.WriteEventFile(stored.EventFile)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

func TestEverySetupPageSavedAsItStandsChangesNothing(t *testing.T) {
	s := everyKey(t)
	const slug = "every-key"
	b := s.staff(store.RoleAdmin, slug)
	before, file := *s.event(slug), s.fileOfEvent(slug)
	for _, topic := range setupTopics {
		t.Run(topic.id, func(t *testing.T) {
			path := "/console/" + slug + "/setup/" + topic.id
			page := b.get(path).want(200)
			f := filled(page)
			if topic.id == setupFile {
				f = filled(b.post(path, f).want(200))
			}
			if to := b.post(path, f).to(); to != path+"?saved=1" {
				t.Errorf("saving leads to %s", to)
			}
			if changes := store.EventChanges(&before, s.event(slug)); len(changes) > 0 {
				t.Errorf("changed: %v", changes)
			}
			if diff := cmp.Diff(file, s.fileOfEvent(slug)); diff != "" {
				t.Errorf("the file is another: %s", diff)
			}
		})
	}
	s.healthy()
}

func TestOrganizersMistakesAreToldAtTheirFields(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	s.apply(e)
	s.ordered(s.event(slug), registration.Person{Name: "홍길동", Email: "hong@example.org"}, registration.Cart{Category: "student"})
	b := s.staff(store.RoleOwner, "")
	for name, tc := range map[string]struct {
		topic  string
		fields url.Values
		want   string
	}{
		"ends before it begins":   {"basics", url.Values{"event.ends": {"2020-01-01"}}, "#event-ends"},
		"no name":                 {"basics", url.Values{"event.name.ko": {""}, "event.name.en": {" "}}, "#event-name-ko"},
		"no zone":                 {"basics", url.Values{"event.timezone": {"Seoul"}}, "#event-timezone"},
		"a card number":           {"basics", url.Values{"event.about.ko": {"4111 1111 1111 1111"}}, "#event-about-ko"},
		"bytes, no text":          {"basics", url.Values{"event.place.en": {"a\xff"}}, "#event-place-en"},
		"mode after an order":     {"dates", url.Values{"event.mode": {"live"}}, "#main"},
		"no moment":               {"dates", url.Values{"registration.opens": {"내일"}}, "#registration-opens"},
		"closes before it opens":  {"dates", url.Values{"registration.opens": {"2027-05-01"}, "registration.closes": {"2027-04-01"}}, "#registration-closes"},
		"phase before its former": {"prices", url.Values{"phases.1.until": {"2020-01-01"}}, "#phases-1-until"},
		"no price":                {"prices", url.Values{"categories.0.prices.early.KRW": {""}, "categories.0.prices.early.USD": {""}, "categories.0.prices.regular.KRW": {""}, "categories.0.prices.regular.USD": {""}}, "#categories-0-prices-early-KRW"},
		"half a won":              {"prices", url.Values{"categories.0.prices.early.KRW": {"1.5"}}, "#categories-0-prices-early-KRW"},
		"a formula":               {"prices", url.Values{"categories.0.prices.early.KRW": {"=1+1"}}, "#categories-0-prices-early-KRW"},
		"sold category":           {"prices", url.Values{"categories.0.remove": {"1"}}, "#main"},
		"many at once":            {"extras", url.Values{"extras.0.max": {"101"}}, "#extras-0-max"},
		"below what is held":      {"quotas", url.Values{"quotas.0.places": {"0"}}, "#quotas-0-places"},
		"no mail address":         {"organizer", url.Values{"organizer.email": {"office"}}, "#organizer-email"},
		"more back later":         {"refunds", url.Values{"refund_policy.steps.0.until": {"2027-01-01"}, "refund_policy.steps.0.percent": {"10"}, "refund_policy.steps.1.until": {"2027-02-01"}, "refund_policy.steps.1.percent": {"20"}}, "#refund_policy-steps-1-percent"},
		"unlabelled consent":      {"legal", url.Values{"consents.0.required": {"true"}}, "#consents-0-label-ko"},
		"not YAML":                {"file", url.Values{"file": {"event: [\n"}}, "#file"},
		"another slug":            {"file", url.Values{"file": {"event: {slug: other, name: N, starts: 2027-01-01, ends: 2027-01-01, timezone: UTC}\ncategories: [{id: a, name: A, prices: {regular: {KRW: 0}}}]\n"}}, "#file"},
	} {
		t.Run(name, func(t *testing.T) {
			path := "/console/" + slug + "/setup/" + tc.topic
			f := with(filled(b.get(path).want(200)), tc.fields)
			refused := b.post(path, f).want(http.StatusUnprocessableEntity)
			if refused.doc().Find("#problems a[href='"+tc.want+"']").Length() == 0 || refused.doc().Find(tc.want).Length() != 1 {
				t.Errorf("nothing leads to %s: %s", tc.want, refused.doc().Find("#problems").Text())
			}
			if strings.Contains(refused.doc().Find("#problems").Text(), "setup.") {
				t.Errorf("a sentence is missing: %s", refused.doc().Find("#problems").Text())
			}
			for field, value := range tc.fields {
				if name == "a card number" || name == "bytes, no text" || strings.HasSuffix(field, "remove") || strings.HasSuffix(field, "required") {
					continue
				}
				if kept := filled(refused).Get(field); kept != value[0] {
					t.Errorf("%s is %q afterwards, was typed as %q", field, kept, value[0])
				}
			}
		})
	}
	if s.event(slug).Mode != registration.Test || len(store.EventChanges(s.event(slug), s.event(slug))) > 0 {
		t.Error("a refused form changed the event")
	}
}

func TestMistakesOnAnotherPageOfTheSetupNameThatPage(t *testing.T) {
	s := newSite(t)
	s.apply(sampleEvent())
	path := "/console/" + slug + "/setup/prices?lang=en"
	b := s.staff(store.RoleOwner, "")
	f := with(filled(b.get(path).want(200)), url.Values{"categories.0.remove": {"1"}})
	said := b.post(path, f).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text()
	if !strings.Contains(said, views.T(registration.English, "setup.topic.quotas")+": ") || strings.Contains(said, "[") {
		t.Errorf("a category that a quota counts: %s", said)
	}
}

func TestWhateverIsPostedToTheSetupIsNoFailureOfOurs(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	for _, nasty := range []string{"", strings.Repeat("가", 30_000), "\u1112\u1161\u11ab", "２０２７－０７－２２", "👩‍🔬", "\u202eabc\u200f", "a\x00b", "\xff\xfe", "4111-1111-1111-1111", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "- a\nb: {", "&a *a !!x", "\u2028\u0085\ufeff", "${FOYER_SECRET_KEY}"} {
		for _, topic := range setupTopics {
			path := "/console/" + slug + "/setup/" + topic.id
			f := filled(b.get(path).want(200))
			for field := range f {
				if field != "version" {
					f.Set(field, nasty)
				}
			}
			refused := b.post(path, f)
			if refused.status >= 500 || strings.Contains(refused.body, "<script>alert") {
				t.Errorf("%s with %.20q: %d", topic.id, nasty, refused.status)
			}
		}
	}
}

func TestTwoWhoSaveAtOnceLoseNothing(t *testing.T) {
	s := newSite(t)
	first, second := s.staff(store.RoleAdmin, slug), s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/basics"
	page := second.get(path).want(200)
	first.submit(first.get(path), "main", url.Values{"event.place.en": {"Hall A"}}).to()
	refused := second.submit(page, "main", url.Values{"event.place.en": {"Hall B"}}).want(http.StatusConflict)
	if !strings.Contains(refused.body, "Somebody else saved first") || filled(refused).Get("event.place.en") != "Hall B" {
		t.Errorf("the second is told %s", refused.doc().Find("#problems").Text())
	}
	if got := s.event(slug).Place.En; got != "Hall A" {
		t.Errorf("the place is %s", got)
	}
}

func TestCancellingAnEventInTheSetupAsksOnceAndLosesNothing(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/dates"
	asked := b.submit(b.get(path).want(200), "main", url.Values{"event.state": {"cancelled"}, "event.state_text.en": {"A storm."}}).want(http.StatusOK)
	if s.event(slug).CalledOff() || asked.doc().Find("#main button.danger").Length() != 1 || !strings.Contains(asked.body, "Cancel the event?") {
		t.Fatalf("the event is %q before it is said once more: %s", s.event(slug).State, asked.doc().Find("main").Text())
	}
	b.post(path, filled(asked)).to()
	if e := s.event(slug); !e.CalledOff() || e.StateText.En != "A storm." {
		t.Errorf("the event is %q: %q", e.State, e.StateText.En)
	}
	again := filled(b.get(path).want(200))
	again.Set("event.state_text.en", "Another storm.")
	b.post(path, again).to() // it is cancelled already
	b.submit(b.get(path).want(200), "main", url.Values{"event.state": {"open"}}).to()
}

func TestAChangeInTheBrowserIsInTheAuditAndAtTheAttendees(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/prices"
	f := filled(b.get(path).want(200))
	rows := s.event(slug).Categories
	next := "categories." + string(rune('0'+len(rows))) + "."
	f.Set(next+"name.ko", "명예 회원")
	f.Set(next+"name.en", "Honorary member")
	f.Set(next+"prices.early.KRW", "12,500")
	f.Set(next+"prices.early.USD", "10.50")
	b.post(path, f).to()
	c := s.event(slug).Category("honorary-member")
	if c == nil || c.Prices["early"][registration.KRW] != 12500 || c.Prices["early"][registration.USD] != 1050 {
		t.Fatalf("the category is %+v", c)
	}
	if shown := s.browser().get("/e/" + slug).want(200); !strings.Contains(shown.body, "Honorary member") {
		t.Error("attendees do not see it")
	}
	var actor, reason string
	if err := s.store.Row(t.Context(), `SELECT actor, reason FROM audit WHERE what = 'event' ORDER BY id DESC LIMIT 1`).Scan(&actor, &reason); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(actor, "staff:admin.") || !strings.Contains(reason, "categories.honorary-member.prices.early.KRW") {
		t.Errorf("the audit says %s: %s", actor, reason)
	}
	s.healthy()
}

func TestOrganizersSeeTheSetupAndAdministratorsChangeIt(t *testing.T) {
	s := newSite(t)
	path := "/console/" + slug + "/setup/basics"
	b := s.staff(store.RoleOrganizer, slug)
	if page := b.get(path).want(200); page.doc().Find("#main button[type=submit]").Length() != 0 {
		t.Error("an organizer is offered to save")
	}
	b.post(path, url.Values{"version": {"1"}}).want(http.StatusNotFound)
	s.staff(store.RoleDesk, slug).get(path).want(http.StatusNotFound)
	s.staff(store.RoleAdmin, s.otherEvent()).get(path).want(http.StatusNotFound)
	s.staff(store.RoleAdmin, slug).get("/console/new").want(http.StatusNotFound)
}

func TestAnEventIsCopiedWithItsDatesMovedAndItsKeysKept(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	b := s.staff(store.RoleOwner, "")
	old := s.event(slug)
	page := b.get("/console/new?from=" + slug).want(200)
	to := b.submit(page, "main", url.Values{"from": {slug}, "slug": {"apsys-2028"}, "starts": {"2028-07-20"}}).to()
	if to != "/console/apsys-2028/leftovers" {
		t.Fatalf("making it leads to %s", to)
	}
	b.get(to).want(200)
	e := s.event("apsys-2028")
	if e.State != registration.StateDraft || e.Starts.String() != "2028-07-20" || len(e.Vouchers) != 0 || len(e.Categories) != len(old.Categories) || len(e.Channels) != len(old.Channels) {
		t.Errorf("the copy is %+v", e)
	}
	for _, ch := range old.Channels {
		was, err := s.store.ChannelByKey(t.Context(), old.ID, ch.ID)
		if err != nil {
			t.Fatal(err)
		}
		is, err := s.store.ChannelByKey(t.Context(), e.ID, ch.ID)
		if err != nil || len(is.Credentials) != len(was.Credentials) {
			t.Fatalf("channel %s: %v, %v", ch.ID, is.Credentials, err)
		}
		for name, value := range was.Credentials {
			if is.Credentials[name] != value {
				t.Errorf("%s of %s was not copied", name, ch.ID)
			}
		}
	}
	again := b.submit(b.get("/console/new?from="+slug), "main", url.Values{"from": {slug}, "slug": {"apsys-2028"}, "starts": {"내일"}}).want(http.StatusUnprocessableEntity)
	for _, field := range []string{"#slug", "#starts"} {
		if again.doc().Find("#problems a[href='"+field+"']").Length() != 1 {
			t.Errorf("nothing leads to %s", field)
		}
	}
	s.healthy()
}

func TestAnEmptyEventIsMadeAndSetUpInTheBrowser(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	to := b.submit(b.get("/console/new"), "main", url.Values{"name.ko": {"새 학회"}, "slug": {"new-2028"}, "starts": {"2028-05-01"}}).to()
	if to != "/console/new-2028/setup/basics" {
		t.Fatalf("leads to %s", to)
	}
	b.get(to).want(200)
	if e := s.event("new-2028"); e.Name.Ko != "새 학회" || e.State != registration.StateDraft {
		t.Errorf("the event is %+v", e)
	}
	for _, nasty := range []string{"", "../x", "A B", "\xff", "new", "new-2028", strings.Repeat("a", 100), "4111111111111111"} {
		b.submit(b.get("/console/new"), "main", url.Values{"name.ko": {"x"}, "slug": {nasty}, "starts": {"2028-05-01"}}).want(http.StatusUnprocessableEntity)
	}
}
