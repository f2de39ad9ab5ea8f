package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"foyer/registration"
	"foyer/store"
)

// mistakesEvent is the sample with everything that a row of a list can be refused for.
func mistakesEvent() registration.Event {
	e := papersEvent()
	text := func(ko, en string) registration.Text { return registration.Text{Ko: ko, En: en} }
	e.Categories = append(e.Categories,
		registration.Category{ID: "abroad", Name: text("해외", "Abroad"), Prices: map[string]registration.Prices{"early": {registration.USD: 9000}}},
		registration.Category{ID: "never", Name: text("미정", "Later"), Prices: map[string]registration.Prices{}})
	e.Extras = append(e.Extras, registration.Extra{ID: "book", Name: text("논문집", "Proceedings"), Price: registration.Prices{registration.KRW: 20000}, Max: 1})
	e.Questions = []registration.Question{{ID: "bus", Label: text("버스", "Bus"), Kind: registration.AskChoice, Per: registration.PerPerson,
		Options: []registration.Option{{ID: "early", Label: text("첫차", "first")}, {ID: "late", Label: text("막차", "last")}}}}
	e.Quotas = append(e.Quotas, registration.Quota{ID: "seats", Places: 1, Of: []string{"bus.early"}})
	return e
}

// rowsNamed are the rows that a page names below an id, by what it says of them.
func rowsNamed(page answer, id string) (rows []string) {
	for _, li := range page.doc().Find("#" + id + " li").EachIter() {
		rows = append(rows, strings.Join(strings.Fields(li.Text()), " "))
	}
	return rows
}

const mistakesHeader = "name,email,category,papers,banquet,page,book,bus,country\n"

// rowMistakes are the rows of lists with one mistake each, and what is said of it. AT stands for an address of its own, CODE for the order
// that covers paper 45.
var rowMistakes = map[string]struct {
	rows   string
	en, ko string
	made   int
}{
	"unknown paper":      {"A,AT,student,99\n", "Row 2: Paper 99: not on the list of accepted papers. Check the number, or upload the list of papers first.", "99: 채택 논문 목록에 없는", 0},
	"another's paper":    {"A,AT,student,#045\n", "Row 2: Paper 45 (CODE): another registration covers this already. Remove the number, or change the papers of that registration first.", "45 (CODE): 이미 다른 등록이", 0},
	"a paper twice":      {"A,AT,student,12\nB,bAT,student,012\n", "Row 3: Paper 12 is on row 2 too. Write it on one row only.", "12: 2번째 줄에도 있는 논문", 1},
	"too many papers":    {"A,AT,student,\"13, 14\"\n", "Row 2: Papers 13, 14: this row covers 1 paper. Remove the other numbers.", "13, 14: 이 줄로는 논문을 1편까지", 0},
	"no author":          {"A,AT,few,13\n", "Row 2: Paper 13: people of this category cover no papers. Remove the numbers, or change the category.", "13: 이 등록 구분으로는", 0},
	"a paper is missing": {"A,AT,student\n", "Row 2: This category has to cover a paper. Write its number.", "이 등록 구분은 논문이 필요합니다", 0},
	"pages of no paper":  {"A,AT,guest,,,1\n", "Row 2: Extra pages belong to a paper. Write its number.", "추가 쪽을 신청하는 줄에는", 0},
	"no paper number":    {"A,AT,student,<b>\n", "Row 2: “<b>” is not a paper number.", "“<b>”: 논문 번호가 아닙니다", 0},
	"sold out category":  {"A,AT,few\nB,bAT,few\n", "Row 3: Few: too few places are left. Raise the quota in the event's setup first.", "소수: 자리가 모자랍니다", 1},
	"sold out option":    {"A,AT,guest,,,,,early\nB,bAT,guest,,,,,first\nC,cAT,guest,,,,,last\n", "Row 3: Bus first: too few places are left. Raise the quota in the event's setup first.", "버스 첫차: 자리가 모자랍니다", 2},
	"too many extras":    {"A,AT,guest,,11\n", "Row 2: “banquet: 11”: write a number from 0 to 10.", "“banquet: 11”: 0부터 10까지의", 0},
	"no price":           {"A,AT,never\n", "Row 2: Later: the category has no price. Set one in the event's setup first.", "미정: 등록비가 없는", 0},
	"two currencies":     {"A,AT,abroad,,,,1\n", "Row 2: Abroad: the category and the extras have no price in the same currency. Set one in the event's setup.", "해외: 추가 항목과 같은 통화로", 0},
	"no category":        {"A,AT\n", "Row 2: Write the category.", "등록 구분을 적어", 0},
	"an address twice":   {"A,AT,guest\nB,AT,guest\n", "Row 3: AT is on row 2 too. Keep one of the two.", "AT: 2번째 줄에도 있는 주소", 1},
	"has registered":     {"A,first@example.org,guest\n", "Row 2: first@example.org", "first@example.org", 0},
	"has the paper, too": {"A,first@example.org,student,45\n", "Row 2: first@example.org", "first@example.org", 0},
	"registered, wrong":  {"A,first@example.org,student,99\n", "Row 2: Paper 99: not on the list of accepted papers. Check the number, or upload the list of papers first. first@example.org has registered already. If this is somebody else, change the address.", "이미 등록된", 0},
	"two mistakes":       {"A,AT,student,99,,,,,Korea\n", "Row 2: “Korea”: write a country code of two letters, such as KR. Paper 99: not on the list of accepted papers. Check the number, or upload the list of papers first.", "두 글자 국가 코드를 적어 주십시오. 논문 99: 채택", 0},
}

// takeOver takes a list over as invitations and gives the page that says what became of it.
func (s *site) takeOver(b *browser, path string, page answer) answer {
	s.t.Helper()
	if page.doc().Find("#main").Length() == 0 { // there is nobody to register
		return page
	}
	b.submit(page, "main", with(invited, nil)).to()
	s.imports(0)
	return b.get(path).want(200)
}

func TestEveryMistakeThatARowCanBeRefusedForIsInThePreview(t *testing.T) {
	for name, tc := range rowMistakes {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.withDesk(mistakesEvent())
			s.accepted("12", "13", "14", "45")
			admin := s.staff(store.RoleAdmin, "")
			first := admin.send("/console/"+slug+"/import", "people.csv", mistakesHeader+"First,first@example.org,student,45\n", nil).to()
			s.takeOver(admin, first, admin.get(first).want(200))
			var code string
			if err := s.store.Row(t.Context(), `SELECT code FROM orders`).Scan(&code); err != nil {
				t.Fatal(err)
			}
			filled := strings.NewReplacer("AT", "somebody@example.org", "CODE", code)
			path := admin.send("/console/"+slug+"/import", "people.csv", mistakesHeader+filled.Replace(tc.rows), nil).to()
			page := admin.get(path).want(200)
			want, id := []string{filled.Replace(tc.en)}, "rows"
			if tc.en == "Row 2: first@example.org" {
				id = "registered"
			}
			if got := append(rowsNamed(page, "rows"), rowsNamed(page, "registered")...); !slices.Equal(got, want) || page.doc().Find("#"+id+" li").Length() != 1 {
				t.Errorf("the preview says %q, want %q", got, want)
			}
			if got := rowsNamed(admin.get(path+"?lang=ko"), id); len(got) != 1 || !strings.Contains(got[0], filled.Replace(tc.ko)) {
				t.Errorf("in Korean it says %q, want %q", got, filled.Replace(tc.ko))
			}
			admin.get(path + "?lang=en")
			if got := rowsNamed(s.takeOver(admin, path, page), id); !slices.Equal(got, want) {
				t.Errorf("the result says %q, want %q", got, want)
			}
			if n := s.count("orders") - 1; n != tc.made {
				t.Errorf("%d orders, want %d", n, tc.made)
			}
			s.healthy()
		})
	}
}

func TestMistakesOfAnXLSXListAreInThePreviewToo(t *testing.T) {
	s := newSite(t)
	s.withDesk(mistakesEvent())
	s.accepted("12", "13")
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"성명", "이메일", "등록 구분", "논문 번호", "만찬"},
		{"홍길동", "a@example.org", "학생", 12, 1}, {"김철수", "b@example.org", "학생", "012"}, {"이영희", "c@example.org", "학생", 99, 11}, {"박민수", "d@example.org", "소수", 13},
		{"최수진", "e@example.org", "소수"}, {"정하늘", "f@example.org", "소수"}, {"강바다", "g@example.org", "해외"},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	admin := s.staff(store.RoleAdmin, "")
	path := admin.send("/console/"+slug+"/import", "people.xlsx", file.String(), nil).to()
	page := admin.get(path).want(200)
	want := []string{
		"Row 3: Paper 12 is on row 2 too. Write it on one row only.",
		"Row 4: “만찬: 11”: write a number from 0 to 10. Paper 99: not on the list of accepted papers. Check the number, or upload the list of papers first.",
		"Row 5: Paper 13: people of this category cover no papers. Remove the numbers, or change the category.",
		"Row 7: Few: too few places are left. Raise the quota in the event's setup first.",
	}
	if got := rowsNamed(page, "rows"); !slices.Equal(got, want) {
		t.Errorf("the preview says\n%s", strings.Join(got, "\n"))
	}
	if got := rowsNamed(page, "unpaid"); len(got) != 1 || !strings.HasPrefix(got[0], "Row 8: Abroad: money in its currency") {
		t.Errorf("the rows that cannot be called paid are %q", got)
	}
	if got := rowsNamed(s.takeOver(admin, path, page), "rows"); !slices.Equal(got, want) || s.count("orders") != 3 {
		t.Errorf("%d orders; the result says\n%s", s.count("orders"), strings.Join(got, "\n"))
	}
	s.healthy()
}

func TestRowsThatTheChosenWayCannotPayAreNamedAndNothingIsBegun(t *testing.T) {
	s := newSite(t)
	s.withDesk(mistakesEvent())
	s.accepted("12")
	admin := s.staff(store.RoleAdmin, "")
	upload := func(rows string) (string, answer) {
		path := admin.send("/console/"+slug+"/import", "people.csv", mistakesHeader+rows, nil).to()
		return path, admin.get(path).want(200)
	}
	paid := url.Values{"lang": {"en"}, "how": {"paid"}, "way": {"desk.on_site"}, "reason": {"현금"}}
	path, page := upload("A,a@example.org,few\nB,b@example.org,abroad\nC,c@example.org,guest\nD,d@example.org,nothing\n")
	if text := page.doc().Text(); !strings.Contains(text, "1 row cannot be registered as already received") || page.doc().Find("#without").Length() > 0 {
		t.Errorf("before the way is chosen the page says %s", text)
	}
	page = admin.submit(page, "main", paid).want(http.StatusUnprocessableEntity)
	_, kept := page.form("main")
	said := page.doc().Find("#problems")
	if !strings.Contains(said.Text(), "1 row has no price in KRW") || said.Find(`a[href="#way"]`).Length() != 1 || kept.Get("way") != "desk.on_site" || kept.Get("reason") != "현금" || kept.Get("how") != "paid" {
		t.Errorf("the page says %q and keeps %v", said.Text(), kept)
	}
	want := "Row 3: Abroad: there is no price in the currency in which the money came. Register it apart, in another way."
	if got := rowsNamed(page, "unpaid"); !slices.Equal(got, []string{want}) {
		t.Errorf("the rows are %q", got)
	}
	admin.submit(page, "main", with(paid, url.Values{"without": {"desk.bank_transfer"}})).want(http.StatusUnprocessableEntity)
	page = admin.submit(page, "main", with(paid, url.Values{"without": {"desk.on_site"}, "reason": {""}})).want(http.StatusUnprocessableEntity)
	if _, kept := page.form("main"); kept.Get("without") != "desk.on_site" || s.count("orders")+s.count("import_rows")+s.count("jobs") > 0 {
		t.Errorf("kept %v; %d orders, %d rows and %d jobs were made", kept, s.count("orders"), s.count("import_rows"), s.count("jobs"))
	}
	admin.submit(page, "main", with(paid, url.Values{"without": {"desk.on_site"}})).to()
	s.imports(0)
	if got := rowsNamed(admin.get(path).want(200), "rows"); len(got) != 2 || got[0] != want || s.states()["paid"] != 2 || s.count("payments") != 1 {
		t.Errorf("orders %v, %d payments; the result says %q", s.states(), s.count("payments"), got)
	}
	_, page = upload("B,b@example.org,abroad\n")
	page = admin.submit(page, "main", with(paid, url.Values{"without": {"desk.on_site"}})).want(http.StatusUnprocessableEntity)
	if said := page.doc().Find("#problems").Text(); !strings.Contains(said, "No row has a price in KRW") || page.doc().Find("#without").Length() > 0 {
		t.Errorf("where no row can be paid the page says %q", said)
	}
	organizer := s.staff(store.RoleOrganizer, "")
	if n := organizer.get(path).want(200).doc().Find("#unpaid").Length(); n > 0 {
		t.Error("who may not call orders paid reads about it")
	}
	admin.submit(page, "main", with(invited, nil)).to()
	s.imports(0)
	if s.states()["paid"] != 3 {
		t.Errorf("after an invitation the orders are %v", s.states())
	}
	s.healthy()
}

func TestAnImportThatIsStoppedFindsThePlacesAndPapersOfItsOwnRows(t *testing.T) {
	s := newSite(t)
	e := mistakesEvent()
	e.Quotas[0].Places = 40
	s.withDesk(e)
	list := strings.Builder{}
	list.WriteString(mistakesHeader)
	var numbers []string
	for i := range 41 {
		numbers = append(numbers, fmt.Sprint(100+i))
		fmt.Fprintf(&list, "A,a%d@example.org,student,%d\n", i, 100+i)
	}
	s.accepted(numbers...)
	admin := s.staff(store.RoleAdmin, "")
	path := admin.send("/console/"+slug+"/import", "people.csv", list.String(), nil).to()
	admin.submit(admin.get(path).want(200), "main", invited).to()
	for _, stop := range []int{7, 13} {
		s.imports(stop)
		admin.submit(admin.get(path).want(200), "resume", nil).to()
	}
	s.clock.Pass(store.MaxTries * 60e9)
	s.imports(0)
	want := "Row 42: Student: too few places are left. Raise the quota in the event's setup first."
	if got := rowsNamed(admin.get(path).want(200), "rows"); !slices.Equal(got, []string{want}) || s.states()["paid"] != 40 {
		t.Errorf("orders %v; the result says %q", s.states(), got)
	}
	s.healthy()
}

func TestWhatIsTakenWhileAListIsTakenOverIsToldByItsKind(t *testing.T) {
	s := newSite(t)
	s.withDesk(mistakesEvent())
	s.accepted("12", "13")
	admin := s.staff(store.RoleAdmin, "")
	path := admin.send("/console/"+slug+"/import", "people.csv", mistakesHeader+"A,a@example.org,few\nB,b@example.org,student,12\nC,c@example.org,student,13\n", nil).to()
	admin.submit(admin.get(path).want(200), "main", invited).to()
	faster := func() {
		for i, w := range []wanted{{cart: registration.Cart{Category: "few"}}, {cart: registration.Cart{Category: "student"}, papers: []string{"12"}}} {
			w.draftID, w.person, w.lang = fmt.Sprint("faster", i), registration.Person{Name: "F", Email: fmt.Sprintf("f%d@example.org", i)}, registration.English
			if _, err := (maker{s.store, s.cashier, s.clock.Now}).make(t.Context(), s.event(slug), w, handMade{How: madeInvited, Reason: "x", Actor: "staff:a"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	before := sync.OnceFunc(faster)
	job := func(ctx context.Context, j store.Job) error {
		return importJob(s.store, s.cashier, s.clock.Now, before)(ctx, j)
	}
	if _, err := s.store.RunDueJobs(t.Context(), map[string]store.JobFunc{store.JobImport: job}, store.RunOptions{}); err != nil {
		t.Fatal(err)
	}
	faults := rowsNamed(admin.get(path).want(200), "rows")
	want := []string{"Row 2: No places are left. Raise the quota in the event's setup first.", "Row 3: Another registration covers the paper already."}
	if !slices.Equal(faults, want) || s.states()["paid"] != 3 {
		t.Errorf("orders %v; the result says %q", s.states(), faults)
	}
	s.healthy()
}
