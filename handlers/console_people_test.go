package handlers

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with: go test ./handlers -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// peopleEvent has something for every column of the list of people.
func peopleEvent() registration.Event {
	e := groupEvent()
	e.Consents = []registration.ConsentAsk{{ID: "photos", Label: registration.Text{Ko: "사진 촬영", En: "Photographs"}}, {ID: "mail", Label: registration.Text{Ko: "소식지", En: "Newsletter"}}}
	e.Texts.Privacy = registration.Text{Ko: "개인정보", En: "Privacy"}
	e.Categories = append(e.Categories, registration.Category{ID: "fellow", Name: registration.Text{Ko: "회원", En: "Fellow"}, Evidence: registration.EvidenceMemberNumber,
		Approval: registration.ApprovalAfter, Prices: e.Categories[0].Prices})
	e.Papers = registration.Papers{Categories: []string{"student"}, PerRegistration: 2}
	return e
}

// gathered fills that event: a group that has paid, somebody whose order was never paid, and hostile names.
func (s *site) gathered() {
	s.t.Helper()
	s.apply(peopleEvent())
	b := s.browser()
	page := b.get(groupPath).want(200)
	page = b.get(b.submit(page, "main", list("Name,Email,Category,Banquet,Shuttle bus,Affiliation,Family name,Given name", "홍길동,gildong@example.org,student,2,no,예시연구소,Hong,Gildong",
		"=1+1,jane@example.org,student,,yes,@SUM(A1),Roe,Jane", "김예시,kim@example.org,guest,1,no,,Kim,Yesi")).to()).want(200)
	order := b.submit(page, "main", with(consents, url.Values{"consent.photos": {"1"}})).to()
	b.pay(order, "korea", "kr")
	alone := s.ordered(s.event(slug), registration.Person{Name: "이표본", Email: "lee@example.org"}, registration.Cart{Category: "student", Extras: map[string]int64{"banquet": 3}})
	if _, err := s.store.Order(s.t.Context(), alone.ID); err != nil {
		s.t.Fatal(err)
	}
}

func TestEachPersonIsARowOfTheListOfPeople(t *testing.T) {
	s := newSite(t)
	s.gathered()
	b := s.staff(store.RoleOrganizer, slug)
	for _, lang := range []string{"ko", "en"} {
		text := b.get("/console/" + slug + "/export?list=people&format=csv&lang=" + lang).want(200).body
		rows, err := s.store.Rows(t.Context(), `SELECT code FROM orders ORDER BY placed_at, id`)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; rows.Next(); i++ {
			var code string
			if err := rows.Scan(&code); err != nil {
				t.Fatal(err)
			}
			text = strings.ReplaceAll(text, code, fmt.Sprintf("ORDER-%d", i))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		golden(t, "people."+lang+".csv", text)
	}
	if n := s.acts("exported"); n != 2 {
		t.Errorf("%d exports written down", n)
	}
}

func TestTheListOfPeopleAddsUpToItsOrders(t *testing.T) {
	s := newSite(t)
	s.crowd()
	s.gathered()
	b := s.staff(store.RoleOwner, "")
	for _, format := range []string{"csv", "xlsx"} {
		for _, filter := range []string{"", "&state=paid", "&q=gildong"} {
			header, orders := b.exported(filter, format)
			head, people := b.exported(filter+"&list=people", format)
			for _, cur := range []registration.Currency{registration.KRW, registration.USD} {
				if owed, sum := sumOf(t, header, orders, "Amount", cur), sumOf(t, head, people, "Amount", cur); owed != sum {
					t.Errorf("%s %q: the people owe %d %s, their orders %d", format, filter, sum, cur, owed)
				}
			}
			if len(people) < len(orders) || slices.Contains(head, "Received (KRW)") {
				t.Errorf("%s %q: %d people of %d orders", format, filter, len(people), len(orders))
			}
		}
	}
	_, people := b.exported("&list=people&category=guest", "csv")
	head, _ := b.exported("&list=people", "csv")
	for _, row := range people {
		if got := row[slices.Index(head, "Category")]; got != "Guest" {
			t.Errorf("a %s among the guests", got)
		}
	}
	for _, bad := range []string{"list=people&format=json", "list=nobody&format=csv", "list=people"} {
		b.get("/console/" + slug + "/export?" + bad).want(400)
	}
}

// Whoever orders dinners adds the column up; the row of somebody who does not come stays, without one.
func TestExtrasOfWhoDoesNotComeAreNotCountedInTheListOfPeople(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := func() string {
		return b.submit(b.fill("student", url.Values{"extra.banquet": {"1"}}), "main", consents).to()
	}
	b.submit(b.submit(b.get(order()).want(200), "cancel", nil).want(200), "main", nil).to()
	order()
	head, people := s.staff(store.RoleOwner, "").exported("&list=people", "csv")
	column, counted := slices.Index(head, "Banquet"), map[string]string{}
	for _, row := range people {
		counted[row[slices.Index(head, "Registration")]] = row[column]
	}
	if len(people) != 2 || counted["Place given back"] != "" || counted["Place held"] != "1" {
		t.Errorf("the list counts %v", counted)
	}
}

func TestWhatWasAgreedToIsInEveryExport(t *testing.T) {
	s := newSite(t)
	s.gathered()
	b := s.staff(store.RoleOwner, "")
	e := s.event(slug)
	want := map[string]string{"Terms (version)": termsVersion(e), "Privacy notice (version)": e.PrivacyVersion(), "Photographs": e.Consents[0].Version(), "Newsletter": ""}
	o := s.groupOrder()
	first := s.own(o, 0)
	s.clock.Pass(time.Hour)
	b.submit(b.get(first).want(200), "main", with(consents, url.Values{"consent.photos": {"1"}, "answer.from": {"KR"}})).to()
	agreed := map[string]time.Time{"": s.clock.Now().Add(-time.Hour), "&list=people": s.clock.Now()} // the payer's, and his own
	for _, list := range []string{"", "&list=people"} {
		head, rows := b.exported("&q=gildong"+list, "csv")
		if len(rows) == 0 {
			t.Fatal("nobody is found")
		}
		if open := rows[0][slices.Index(head, "Own consent missing")]; (open == "=1+1; 김예시" || open == "'=1+1; 김예시") != (list == "") || (open != "" && list != "") {
			t.Errorf("%q: own consents are missing of %q", list, open)
		}
		for title, version := range want {
			if got := rows[0][slices.Index(head, title)]; got != version {
				t.Errorf("%s%s: %q, want %q", title, list, got, version)
			}
		}
		if at := rows[0][slices.Index(head, "Agreed at (Asia/Seoul)")]; at != agreed[list].In(e.Location()).Format(time.DateTime) {
			t.Errorf("agreed at %s", at)
		}
	}
	if body := b.get("/console/" + slug + "/export?format=json&q=gildong").want(200).body; !strings.Contains(body, `"consents":[{"id":"order"`) || !strings.Contains(body, `"agreements":[{"open":false,"consents":[{"id":"terms"`) || !strings.Contains(body, `{"open":true,"consents":[]}`) {
		t.Errorf("the JSON lacks the consents: %s", body)
	}
}
