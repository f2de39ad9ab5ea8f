package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"foyer/store"
)

var invited = url.Values{"lang": {"ko"}, "how": {"invited"}, "reason": {"초청"}}

func TestAPreviewNamesEveryMistakeOfARow(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	upload := func(list string) answer {
		return admin.get(admin.send("/console/"+slug+"/import", "people.csv", list, nil).to()).want(200)
	}
	admin.submit(upload("name,email,category\nA,a@example.org,few\n"), "main", invited).to()
	s.imports(0)
	list := "name,email,category,country,lang\nB,b@example.org,student,,\n,a@example.org,nothing,Korea,fr\nA,A@example.org,student,,\n"
	rows := upload(list).doc().Find("#rows li")
	want := []string{
		"Row 3: Write the name. “Korea”: write a country code of two letters, such as KR. “fr”: write ko or en. “nothing” is not a category of the event. Write a name from the event's setup. " +
			"a@example.org is on row 4 too. Keep one of the two. a@example.org has registered already. If this is somebody else, change the address.",
	}
	for i, text := range want {
		if got := strings.Join(strings.Fields(rows.Eq(i).Text()), " "); got != text {
			t.Errorf("the page says\n%s\nwant\n%s", got, text)
		}
	}
	korean := admin.get(admin.send("/console/"+slug+"/import?lang=ko", "people.csv", list, nil).to() + "?lang=ko").want(200).doc()
	if got := strings.Join(strings.Fields(korean.Find("#rows li").First().Text()), " "); !strings.HasPrefix(got, "3번째 줄: 이름을 적어 주십시오. “Korea”: ") {
		t.Errorf("in Korean the page says %s", got)
	}
	if rows.Length() != len(want) {
		t.Errorf("%d rows are named", rows.Length())
	}
}

func TestAPreviewNamesAHundredRowsAndCountsTheRest(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	var list, members strings.Builder
	list.WriteString("name,email,category\n")
	members.WriteString("number,name\n")
	for i := range 130 {
		fmt.Fprintf(&list, ",nobody,nothing%d\n", i)
		fmt.Fprintf(&members, "%d,\n", i)
	}
	doc := admin.get(admin.send("/console/"+slug+"/import", "people.csv", list.String(), nil).to()).want(200).doc()
	if n := doc.Find("#rows li").Length(); n != 100 || !strings.Contains(doc.Text(), "130 rows cannot be taken") || !strings.Contains(doc.Text(), "and 30 more") {
		t.Errorf("%d rows are named: %s", n, doc.Text())
	}
	doc = admin.send("/console/"+slug+"/members", "members.csv", members.String(), nil).want(422).doc()
	if n := doc.Find("#lines li").Length(); n != 100 || !strings.Contains(doc.Text(), "130 lines have to be corrected") || !strings.Contains(doc.Text(), "and 30 more") {
		t.Errorf("%d lines of members are named: %s", n, doc.Text())
	}
}

func TestAListWithoutRowsIsRefused(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	for path, list := range map[string]string{"/import": "name,email,category\n,,\n", "/papers/file": "number,title\n\n"} {
		if said := admin.send("/console/"+slug+path, "list.csv", list, nil).want(422).doc().Find("#problems").Text(); !strings.Contains(said, "nothing below the column names") {
			t.Errorf("%s says %q", path, said)
		}
	}
}

func TestProgressCountsTheRowsThatWereLeftOut(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	for _, list := range []string{"A,a@example.org,student\n", "A,a@example.org,student\nB,b@example.org,student\nC,no address,student\n"} {
		path := admin.send("/console/"+slug+"/import", "people.csv", "name,email,category\n"+list, nil).to()
		page := admin.get(path).want(200)
		admin.submit(page, "main", invited).to()
		s.imports(0)
		again, text := strings.Contains(list, "B,"), admin.get(path).want(200).doc().Text()
		for _, said := range []string{page.doc().Text(), text} {
			if got := strings.Contains(said, "1 is registered already and is left out"); got != again {
				t.Errorf("who is registered already is told: %v, by %s", got, said)
			}
		}
		if again && (!strings.Contains(text, "3 of 3 rows are done, 1 registration was") || !strings.Contains(text, "1 row to look at")) {
			t.Errorf("the page says %s", text)
		}
	}
}
