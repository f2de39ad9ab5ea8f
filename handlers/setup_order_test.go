package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

// idsOf are the ids of an event's items in their order.
func idsOf(e *registration.Event) map[string]string {
	all := map[string]string{}
	add := func(list, id string) { all[list] = strings.TrimSpace(all[list] + " " + id) }
	for _, c := range e.Categories {
		add("categories", c.ID)
	}
	for _, x := range e.Extras {
		add("extras", x.ID)
	}
	for _, q := range e.Questions {
		add("questions", q.ID)
		for _, o := range q.Options {
			add("options", o.ID)
		}
	}
	for _, q := range e.Quotas {
		add("quotas", q.ID)
	}
	return all
}

// orderedEvent has at least two of everything that can be put into another order.
func orderedEvent() registration.Event {
	e := ruledEvent()
	e.Extras = append(e.Extras, registration.Extra{
		ID: "tour", Name: registration.Text{Ko: "답사", En: "Tour"}, Price: registration.Prices{registration.KRW: 10000, registration.USD: 800}, Max: 1,
	})
	return e
}

func TestItemsAreMovedUpAndDownInTheBrowser(t *testing.T) {
	s := newSite(t)
	s.apply(orderedEvent())
	b := s.staff(store.RoleAdmin, slug)
	for _, tc := range []struct{ topic, move, list, want, anchor string }{
		{"prices", "categories.0.down", "categories", "guest student few speaker", "categories-1-down"},
		{"prices", "categories.2.up", "categories", "guest few student speaker", "categories-1-up"},
		{"prices", "categories.1.up", "categories", "few guest student speaker", "categories-0-down"},
		{"prices", "categories.2.down", "categories", "few guest speaker student", "categories-3-up"},
		{"extras", "extras.0.down", "extras", "tour banquet", "extras-1-up"},
		{"questions", "questions.2.up", "questions", "bus from stop note", "questions-1-up"},
		{"questions", "questions.0.options.1.up", "options", "no yes", "questions-0-options-0-down"},
		{"quotas", "quotas.1.up", "quotas", "corner hall bus.yes", "quotas-0-down"},
	} {
		path := "/console/" + slug + "/setup/" + tc.topic
		page := b.get(path).want(200)
		got := b.post(path, with(filled(page), url.Values{"move": {tc.move}})).want(http.StatusSeeOther)
		if to := got.header.Get("Location"); to != path+"?saved=1#"+tc.anchor {
			t.Errorf("%s leads to %s, want the anchor %s", tc.move, to, tc.anchor)
		}
		if got := idsOf(s.event(slug))[tc.list]; got != tc.want {
			t.Errorf("after %s: %s, want %s", tc.move, got, tc.want)
		}
		if after := b.get(path + "?saved=1").want(200).doc(); after.Find("button#"+tc.anchor+"[name=move]").Length() != 1 || after.Find(".notice.ok").Length() != 1 {
			t.Errorf("%s: there is no button %s to go on from, or no word that it is saved", tc.move, tc.anchor)
		}
		var reason string
		if err := s.store.Row(t.Context(), `SELECT reason FROM audit WHERE what = 'event' ORDER BY id DESC LIMIT 1`).Scan(&reason); err != nil || !strings.Contains(reason, strings.Split(tc.move, ".")[0]) {
			t.Errorf("the audit of %s says %q (%v)", tc.move, reason, err)
		}
	}
	file := s.fileOfEvent(slug)
	if few, student := strings.Index(file, "id: few"), strings.Index(file, "id: student"); few < 0 || few > student {
		t.Error("the file of the event has the old order")
	}
	if text := s.browser().get("/e/" + slug).want(200).doc().Text(); strings.Index(text, "Few") > strings.Index(text, "Student") {
		t.Error("attendees see the old order")
	}
	s.healthy()
}

func TestButtonsForMovingHaveNamesAndEndAtTheEnds(t *testing.T) {
	s := newSite(t)
	s.apply(orderedEvent())
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/prices"
	for lang, want := range map[string]string{"ko": "‘초청’ 위로", "en": "Move ‘Guest’ up"} {
		d := b.get(path + "?lang=" + lang).want(200).doc()
		if got := strings.TrimSpace(d.Find("#categories-1-up .visually-hidden").Text()); got != want {
			t.Errorf("%s: the button is called %q, want %q", lang, got, want)
		}
		if d.Find("#categories-0-up, #categories-3-down, [id^=phases-][name=move]").Length() != 0 {
			t.Error("what stands first can go up, or last down, or what has dates can be moved")
		}
		if d.Find("#main button:not([name])").Length() != 1 {
			t.Error("the page's own button is not the only one without a name")
		}
		if first := d.Find("#main [type=submit]").First(); first.AttrOr("name", "") == "move" {
			t.Error("Enter in a field moves something")
		}
	}
	if n := s.staff(store.RoleOrganizer, slug).get(path).want(200).doc().Find("[name=move]").Length(); n != 0 {
		t.Errorf("who may not change the setup has %d buttons", n)
	}
}

func TestMovingKeepsWhatWasTypedAndUndoesNobodyElses(t *testing.T) {
	s := newSite(t)
	s.apply(orderedEvent())
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/prices"
	stale := b.get(path).want(200)
	f := with(filled(stale), url.Values{"categories.0.name.en": {"Pupil"}, "categories.0.prices.early.KRW": {"151,000"}, "move": {"categories.0.down"}})
	b.post(path, f).want(http.StatusSeeOther)
	e := s.event(slug)
	if c := e.Categories[1]; c.ID != "student" || c.Name.En != "Pupil" || c.Prices["early"][registration.KRW] != 151000 || e.Categories[0].Name.En != "Guest" {
		t.Errorf("the categories are %+v", e.Categories[:2])
	}
	late := b.post(path, with(filled(stale), url.Values{"move": {"categories.2.up"}})).want(http.StatusConflict)
	if !strings.Contains(late.body, "Somebody else saved first") {
		t.Error("who comes second is not told so")
	}
	before := idsOf(s.event(slug))["questions"]
	path = "/console/" + slug + "/setup/questions"
	refused := b.post(path, with(filled(b.get(path)), url.Values{"move": {"questions.1.up"}})).want(http.StatusUnprocessableEntity)
	if refused.doc().Find("#problems a[href='#questions-1-if']").Length() != 1 {
		t.Errorf("nothing leads to the condition: %s", refused.doc().Find("#problems").Text())
	}
	if after := idsOf(s.event(slug))["questions"]; after != before {
		t.Errorf("the questions are %s, were %s", after, before)
	}
}

func TestNoMoveThatIsPostedTakesTheSetupDown(t *testing.T) {
	s := newSite(t)
	s.apply(orderedEvent())
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/prices"
	before := idsOf(s.event(slug))
	for _, move := range []string{
		"", "up", "categories", "categories.", "categories.0", "categories.0.up", "categories.3.down", "categories.-1.up", "categories.99.down", "categories.4.up", "categories.٣.up",
		"categories.0.sideways", "phases.1.up", "phases.0.down", "extras.0.down", "categories.0.down.down", "\xff.0.up", "４.0.up", "<script>", "=1+1", strings.Repeat("9", 400),
	} {
		b.post(path, with(filled(b.get(path)), url.Values{"move": {move}})).want(http.StatusSeeOther)
		if after := idsOf(s.event(slug)); after["categories"] != before["categories"] || after["extras"] != before["extras"] || s.event(slug).Phases[0].ID != "early" {
			t.Errorf("%q has changed the order: %v", move, after)
		}
	}
}
