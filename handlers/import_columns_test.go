package handlers

import (
	"errors"
	"strings"
	"testing"

	"foyer/store"

	"github.com/xuri/excelize/v2"
)

func TestAListIsToldWhichColumnsItLacksAndWhetherItIsEmpty(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	var book strings.Builder
	f := excelize.NewFile()
	if err := errors.Join(f.Write(&book), f.Close()); err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]string{
		"name,email,kategory\nA,a@example.org,few\n": "There is no column for: Category. Columns found: name, email, kategory.",
		"category,a\nfew,b\n":                        "There is no column for: Name, Email. Columns found: category, a.",
		"A,a@example.org,few\n":                      "No columns for name, email and category were found.",
		"":                                           "The file is empty.",
		"\ufeff\r\n,,\r\n":                           "The file is empty.",
		book.String():                                "The file is empty.",
	} {
		for _, path := range []string{"/import", "/members", "/papers/file"} {
			said := admin.send("/console/"+slug+path, "list.csv", list, nil).want(422).doc().Find("#problems").Text()
			if (path == "/import" || strings.Contains(want, "empty")) && !strings.Contains(said, want) {
				t.Errorf("%s says %q of %q, want %q", path, said, list[:min(len(list), 40)], want)
			}
		}
	}
	if said := admin.send("/console/"+slug+"/import", "", "", nil).want(422).doc().Find("#problems").Text(); !strings.Contains(said, "Choose a file.") {
		t.Errorf("without a file the page says %q", said)
	}
}

func TestAPreviewShowsHowColumnsAreUnderstoodAndNamesThoseThatAreNotRead(t *testing.T) {
	s := newSite(t)
	s.withDesk(mistakesEvent())
	s.accepted("12")
	admin := s.staff(store.RoleAdmin, "")
	upload := func(list string) answer {
		return admin.get(admin.send("/console/"+slug+"/import", "people.csv", list, nil).to()).want(200)
	}
	text := func(page answer, of string) string {
		return strings.Join(strings.Fields(page.doc().Find(of).Text()), " ")
	}
	page := upload("name,email,category,papers,banquet,버스,languge,만찬 신청\nA,a@example.org,student,12,2,첫차,en,1\n")
	if got := text(page, "#unknown strong"); got != "Columns not read: languge, 만찬 신청" {
		t.Errorf("of columns that are not read the page says %q", got)
	}
	if got := text(page, "dl.summary"); !strings.Contains(got, "Columns readname, email, category, papers, banquet, 버스") {
		t.Errorf("of those that are read it says %q", got)
	}
	if got := text(page, "tbody td[data-label='Registered for']"); got != "Student, Banquet × 2 Bus: first Papers: 12" {
		t.Errorf("the person takes %q", got)
	}
	if got := text(page, "thead"); strings.Contains(got, "Language") {
		t.Errorf("a list without languages shows some: %q", got)
	}
	page = upload("name,email,category,language\nA,a@example.org,guest,국문\nB,b@example.org,guest,\n")
	if got := text(page, "tbody td[data-label='Language of mails']"); got != "KoreanAs chosen below" || page.doc().Find("#unknown").Length() > 0 {
		t.Errorf("the languages are %q", got)
	}
}

func TestATemplateOfAListHasTheEventsOwnColumnsAndTheyAreRead(t *testing.T) {
	s := newSite(t)
	s.withDesk(mistakesEvent())
	s.accepted("12")
	admin := s.staff(store.RoleAdmin, "")
	for lang, want := range map[string]string{
		"ko": "\ufeff성명,이메일,등록 구분,소속,휴대전화,국가,언어,논문 번호,만찬,추가 논문,추가 쪽,논문집,버스\r\n",
		"en": "\ufeffName,Email,Category,Affiliation,Phone,Country,Language,Papers,Banquet,Extra paper,Extra page,Proceedings,Bus\r\n",
	} {
		page := admin.get("/console/" + slug + "/import?lang=" + lang).want(200)
		file := admin.get(page.doc().Find("#main a").AttrOr("href", "")).want(200)
		if file.body != want || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %q", lang, file.body)
		}
		list := file.body + "가나다,a" + lang + "@example.org,student,,,,ko,12,2,,,1,first\r\n"
		preview := admin.get(admin.send("/console/"+slug+"/import", "people.csv", list, nil).to()).want(200).doc()
		if preview.Find("tbody tr").Length() != 1 || preview.Find("#unknown").Length() > 0 {
			t.Errorf("%s: the filled template is understood as %s", lang, preview.Text())
		}
	}
}
