package handlers

import (
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"foyer/registration"
	"foyer/store"
)

// notInForms are the keys of an event file that no form asks for, and why.
var notInForms = map[string]string{
	"event.slug":              "it cannot be changed",
	"vouchers":                "codes are made on their own page; those of a file are the file's",
	"channels.api_url":        "a gateway's address is set by event apply only",
	"channels.script_url":     "a gateway's address is set by event apply only",
	"channels.confirm_window": "it is for rehearsals that are set up by event apply",
}

// keysOf are the paths of everything in a file that has a value; items of lists have the path of their list.
func keysOf(path string, n *yaml.Node) []string {
	var all []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			all = append(all, keysOf(strings.TrimPrefix(path+"."+n.Content[i].Value, "."), n.Content[i+1])...)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			all = append(all, keysOf(path, item)...)
		}
	default:
		all = append(all, path)
	}
	return all
}

// asked are the paths that the fields of a topic ask for.
func (t setupTopic) asked() []string {
	var all []string
	for _, f := range t.fields {
		all = append(all, f.path)
	}
	for _, l := range t.lists {
		for _, f := range l.fields {
			all = append(all, l.key+"."+f.path)
		}
		if l.inner != nil {
			for _, f := range l.inner.fields {
				all = append(all, l.inner.key+"."+f.path)
			}
		}
	}
	return all
}

func TestEveryKeyOfTheEventFileIsSetInTheBrowserOrStandsInAListOfReasons(t *testing.T) {
	data, err := os.ReadFile("../registration/testdata/eventfile/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, topic := range setupTopics {
		asked = append(asked, topic.asked()...)
	}
	used := map[string]bool{}
	for _, key := range keysOf("", doc.Content[0]) {
		if strings.HasSuffix(key, ".id") {
			continue // made from the name, and never changed
		}
		if slices.ContainsFunc(asked, func(path string) bool { return within(key, path) }) {
			continue
		}
		known := false
		for path := range notInForms {
			if within(key, path) {
				known, used[path] = true, true
			}
		}
		if !known {
			t.Errorf("no page of the setup asks for %s", key)
		}
	}
	for path := range notInForms {
		if !used[path] {
			t.Errorf("%s stands among the reasons for nothing", path)
		}
	}
}

func TestAnEventMadeFromNothingTakesRegistrationsWithEveryRuleWithoutItsFile(t *testing.T) {
	s := newSite(t)
	const slug = "new-2028"
	b := s.staff(store.RoleOwner, "")
	b.submit(b.get("/console/new"), "main", url.Values{"name.ko": {"새 학회"}, "name.en": {"New 2028"}, "slug": {slug}, "starts": {"2028-05-01"}}).to()
	set := func(topic string, fields url.Values) {
		t.Helper()
		path := "/console/" + slug + "/setup/" + topic
		b.submit(b.get(path).want(200), "main", fields).to()
	}
	set("basics", url.Values{"event.place.ko": {"서울"}, "event.place.en": {"Seoul"}, "event.ends": {"2028. 5. 2."}})
	set("organizer", url.Values{"organizer.name.ko": {"새학회"}, "organizer.email": {"office@example.org"}})
	set("channels", url.Values{"channels.0.gateway": {"transfer"}, "channels.0.account.bank": {"예시은행"}, "channels.0.account.number": {"000-000"}, "channels.0.account.holder": {"새학회"}})
	set("prices", url.Values{
		"registration.unpaid": {"reprice"}, "phases.0.until": {"2028-03-01"}, "phases.1.name.ko": {"나중"}, "phases.1.name.en": {"Late"},
		"categories.0.prices.regular.KRW": {"100,000"}, "categories.1.name.en": {"Student"}, "categories.1.prices.regular.KRW": {"50000"},
	})
	set("prices", url.Values{"categories.0.prices.late.KRW": {"150000"}})
	set("extras", url.Values{"extras.0.name.ko": {"만찬"}, "extras.0.name.en": {"Banquet"}, "extras.0.price.KRW": {"60000"}, "extras.0.max": {"2"},
		"extras.1.name.en": {"Extra page"}, "extras.1.price.KRW": {"30000"}, "extras.1.categories": {"participant"}})
	set("person", url.Values{"person.passport_name": {"optional"}, "person.country": {"required"}, "person.affiliation": {"none"}})
	set("questions", url.Values{
		"questions.0.label.ko": {"식사"}, "questions.0.label.en": {"Meal"}, "questions.0.kind": {"choice"}, "questions.0.required": {"true"},
		"questions.0.options.more": {"고기 | Meat\n채식 | Vegetarian | 30"},
	})
	set("questions", url.Values{"questions.1.label.en": {"Allergies"}, "questions.1.if": {"meal.vegetarian"}})
	set("quotas", url.Values{"quotas.0.places": {"200"}, "quotas.0.of": {"participant", "student"}})
	set("groups", url.Values{"groups.max": {"30"}, "groups.replace": {"2028-04-20"}})
	set("waiting", url.Values{"waiting_list.offer": {"48"}})
	set("approval", url.Values{"categories.1.evidence": {"student_id"}, "categories.1.approval": {"before"}, "approval.pay_within": {"24"}})
	set("papers", url.Values{"papers.categories": {"participant"}, "papers.per_registration": {"2"}, "papers.extra_page": {"extra-page"}, "papers.deadline": {"2028-04-01"}})
	set("refunds", url.Values{
		"event.refund_rule.ko": {"규정에 따릅니다."}, "changes.cancel": {"2028-04-20"}, "refund_policy.steps.0.until": {"2028-04-01"}, "refund_policy.steps.0.percent": {"100"},
		"refund_policy.categories.student": {"2028-04-10 100%\n2028년 4월 20일 18:00 50"},
	})
	set("changes", url.Values{"changes.details": {"2028-04-25"}, "changes.order": {"2028-04-20"}, "changes.transfer": {"2028-04-25"}})
	set("legal", url.Values{"consents.0.label.ko": {"사진"}, "consents.0.label.en": {"Photos"}})
	set("dates", url.Values{"event.state": {"open"}})

	e := s.event(slug)
	steps := e.Refunds.ByCategory["student"]
	if e.Unpaid != registration.UnpaidReprice || e.Groups.Max != 30 || e.Waiting.Offer.Hours() != 48 || e.Approval.PayWithin.Hours() != 24 ||
		e.Category("student").Approval != registration.ApprovalBefore || e.Papers.PerRegistration != 2 || e.Changes.Details.IsZero() || len(steps) != 2 || steps[1].Percent != 50 {
		t.Errorf("the event is %+v", e)
	}

	attendee := s.browser()
	page := attendee.get("/e/" + slug + "/register").want(200)
	page = attendee.get(attendee.submit(page, "main", url.Values{"category": {"participant"}, "extra.banquet": {"1"}}).to()).want(200)
	details := with(person, url.Values{"country": {"KR"}, "answer.meal": {"vegetarian"}, "answer.allergies": {"땅콩"}})
	page = attendee.get(attendee.submit(page, "main", details).to()).want(200)
	order := attendee.submit(page, "main", consents).to()
	if got := attendee.status(order); got["due"] != 160000.0 {
		t.Errorf("the order owes %v, want 160000", got["due"])
	}
	s.healthy()
}
