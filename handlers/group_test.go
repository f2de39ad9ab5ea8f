package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/documents"
	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
)

// groupEvent is the sample with questions and codes that takes groups.
func groupEvent() registration.Event {
	e := ruledEvent()
	e.Questions[0].Required = false // many lists of the tests leave it out
	e.Groups = registration.Groups{Max: 200, Replace: time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)}
	e.Person = registration.PersonForm{PassportName: registration.AskAlways, Phone: registration.AskIfWanted}
	return e
}

var payer = url.Values{"name": {"예시대학교"}, "email": {"office@example.org"}, "organization": {"예시대학교 산학협력단"}}

func list(rows ...string) url.Values {
	return with(payer, url.Values{"people": {strings.Join(rows, "\n")}})
}

const groupPath = "/e/" + slug + "/register/group"

func TestAGroupIsOneOrderWithOnePaymentAndOneReceipt(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	if to := page.doc().Find(`a[href="` + groupPath + `"]`).Length(); to != 1 {
		t.Fatal("the register page does not lead to the group's")
	}
	page = b.get(groupPath).want(200)
	to := b.submit(page, "main", list("성명\tE-mail\t등록 구분\t만찬\t셔틀버스\t소속", "홍길동\tgildong@example.org\t학생\t2\t이용하지 않음\t예시연구소", "",
		"Jane Roe\tjane@example.org\tstudent\t\t\tExample Lab", "김예시\tkim@example.org\tStudent\tO\tNo\t")).to()
	page = b.get(to).want(200)
	text := page.doc().Text()
	for _, want := range []string{"홍길동", "jane@example.org", "예시대학교", "3 participants"} {
		if !strings.Contains(text, want) {
			t.Errorf("the check page lacks %q", want)
		}
	}
	order := b.submit(page, "main", consents).to()
	if again := b.submit(page, "main", consents).to(); again != order {
		t.Errorf("the same form again leads to %s", again)
	}
	var people, orders int
	if err := s.store.Row(t.Context(), `SELECT COUNT(*), COUNT(DISTINCT order_id) FROM registrations`).Scan(&people, &orders); err != nil || people != 3 || orders != 1 {
		t.Errorf("%d registrations of %d orders (%v)", people, orders, err)
	}
	b.pay(order, "korea", "kr")
	page = b.get(order).want(200)
	if got := b.status(order); got["order"] != "paid" || !strings.Contains(page.doc().Text(), "Jane Roe") {
		t.Errorf("the order is %v", got)
	}
	receipts, err := s.store.Receipts(t.Context(), s.newest().OrderID)
	if err != nil || len(receipts) != 1 || receipts[0].Body.People != 3 || receipts[0].Body.Payer.Name != "예시대학교" {
		t.Errorf("receipts %+v (%v)", receipts, err)
	}
}

func TestEachMistakeOfAListIsToldByRowAndNothingIsLost(t *testing.T) {
	s := newSite(t)
	e := groupEvent()
	e.Groups.Max = 3
	s.apply(e)
	head, good := "Name,Email,Category,Banquet,Shuttle bus", "홍길동,gildong@example.org,student,1,no"
	for name, c := range map[string]struct {
		rows []string
		want string
	}{
		"nothing":               {[]string{""}, "Paste a list"},
		"only headers":          {[]string{head}, "Paste a list"},
		"no headers":            {[]string{good}, "column names in the first row"},
		"a column missing":      {[]string{"Name,Category", "홍길동,student"}, "Email: Add this column"},
		"a column of no event":  {[]string{"Name,Email,Category,Shoe size", "a,a@example.org,student,42"}, "Shoe size: This event"},
		"a column not asked":    {[]string{"Name,Email,Category,Badge name", "a,a@example.org,student,A"}, "Badge name: This event"},
		"a column twice":        {[]string{"Name,Email,Category,이메일", "a,a@example.org,student,b@example.org"}, "there twice"},
		"no name":               {[]string{head, ",a@example.org,student"}, "Row 2, Name: Enter the name"},
		"no address":            {[]string{head, good, "a,nobody,student"}, "Row 3, Email: Enter an email"},
		"an address twice":      {[]string{head, good, "a,GILDONG@example.org,student"}, "Same email as in row 2"},
		"a category of none":    {[]string{head, "a,a@example.org,king"}, "no category “king”"},
		"a hidden category":     {[]string{head, "a,a@example.org,speaker"}, "no category"},
		"no category":           {[]string{head, "a,a@example.org,"}, "Choose a category"},
		"too many banquets":     {[]string{head, "a,a@example.org,student,99"}, "Row 2, Banquet"},
		"a banquet in words":    {[]string{head, "a,a@example.org,student,perhaps"}, "Row 2, Banquet"},
		"an option of none":     {[]string{head, "a,a@example.org,student,,perhaps"}, "Row 2, Shuttle bus: Choose one"},
		"a row too long":        {[]string{head, good + ",,,more"}, "more cells"},
		"too many people":       {[]string{head, good, "a,a@example.org,student", "b,b@example.org,student", "c,c@example.org,student"}, "The list has 4 people"},
		"an option with 1 left": {[]string{head, "a,a@example.org,student,,yes", "b,b@example.org,student,,yes"}, "you need 2 and 1 are left"},
		"Hangul in a passport":  {[]string{"Name,Email,Category,Family name", "a,a@example.org,student,홍"}, "Latin letters"},
		"a card number":         {[]string{head, "4111 1111 1111 1111,a@example.org,student"}, "looks like a card number was taken out"},
		"a stray quote":         {[]string{"a", "\""}, "column names"},
	} {
		b := s.browser()
		a := b.submit(b.get(groupPath).want(200), "main", list(c.rows...)).want(http.StatusUnprocessableEntity)
		said, kept := a.doc().Find("#problems").Text(), a.doc().Find("textarea#people").Text()
		if !strings.Contains(said, c.want) {
			t.Errorf("%s: the page says %q, want %q", name, said, c.want)
		}
		if first := strings.Split(c.rows[0], ",")[0]; !strings.Contains(kept, first) && name != "a card number" {
			t.Errorf("%s: the list comes back as %q", name, kept)
		}
		if strings.Contains(a.body, "4111 1111") || a.doc().Find("#name").AttrOr("value", "") != "예시대학교" {
			t.Errorf("%s: a card number is sent back, or the payer is lost", name)
		}
		a.doc().Find("#problems a").Each(func(_ int, link *goquery.Selection) {
			if a.doc().Find(link.AttrOr("href", "")).Length() != 1 {
				t.Errorf("%s: the summary leads to %s, which is not there", name, link.AttrOr("href", ""))
			}
		})
		if again := b.get(groupPath).want(200).doc().Find("textarea#people").Text(); strings.TrimSpace(again) != strings.TrimSpace(kept) {
			t.Errorf("%s: the draft keeps %q of %q", name, again, kept)
		}
	}
}

func TestListsThatAreNoListsDoNoHarm(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	head := "Name\tEmail\tCategory\tNote"
	for name, text := range map[string]string{
		"ten thousand rows": head + strings.Repeat("\na\ta@example.org\tstudent", 10_000),
		"NULs":              head + "\na\x00b\ta@example.org\x00\tstudent\t\x00",
		"invalid UTF-8":     head + "\n\xff\xfe\t\xc3\x28@example.org\tstudent",
		"formulas":          head + "\n=HYPERLINK(\"http://evil.example\")\t+1@example.org\tstudent\t@SUM(A1)",
		"right to left":     head + "\n\u202eabc\u202c\ta@exam\u200fple.org\tstu\u200bdent",
		"decomposed":        head + "\n\u1112\u1169\u11bc\ta@example.org\tstudent",
		"full width":        head + "\n홍\tａ＠ｅｘａｍｐｌｅ．ｏｒｇ\tstudent",
		"emoji":             head + "\n👩‍👩‍👧\ta@example.org\tstudent",
		"markup":            head + "\n\"><script>alert(1)</script>\ta@example.org\tstudent",
		"one long cell":     head + "\n" + strings.Repeat("가", 100_000),
		"two hundred cells": strings.Repeat("x\t", 500),
		"only quotes":       strings.Repeat("\"", 1001),
		"ragged":            head + "\na\n\t\t\t\t\t\n,,,\nb;c;d",
		"SQL":               head + "\n'; DROP TABLE orders; --\ta@example.org\tstudent",
		"carriage returns":  strings.ReplaceAll(head+"\na\ta@example.org\tstudent", "\n", "\r"),
	} {
		for field := range with(payer, url.Values{"people": nil, "voucher": nil, "answer.note": nil}) {
			sent := with(payer, url.Values{"people": {head + "\na\ta@example.org\tstudent"}})
			sent[field] = []string{text}
			a := b.post(groupPath, sent)
			if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") {
				t.Errorf("%s in %s: %d %.300s", name, field, a.status, a.body)
			}
			if a.status == http.StatusSeeOther {
				b.get(a.to()).want(200)
			}
		}
	}
	if a := b.post(groupPath, url.Values{"people": {strings.Repeat("a", 3<<20)}}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("three megabytes: %d", a.status)
	}
	s.apply(ruledEvent())
	b.get(groupPath).want(http.StatusNotFound)
}

func TestAGroupsListCanBeAFile(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	var xlsx bytes.Buffer
	out, err := documents.NewXLSX(&xlsx, "list", []documents.Column{{Title: "이름"}, {Title: "메일"}, {Title: "구분"}})
	if err != nil {
		t.Fatal(err)
	}
	row := func(texts ...string) {
		var cells []documents.Cell
		for _, text := range texts {
			cells = append(cells, documents.TextCell(text))
		}
		if err := out.Row(cells...); err != nil {
			t.Fatal(err)
		}
	}
	row("홍길동", "gildong@example.org", "학생")
	row("김예시", "kim", "학생")
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	a := b.send(groupPath, "list.xlsx", xlsx.String(), payer).want(http.StatusUnprocessableEntity)
	if said := a.doc().Find("#problems").Text(); !strings.Contains(said, "Row 3, Email") {
		t.Errorf("the page says %q", said)
	}
	kept := a.doc().Find("textarea#people").Text()
	b.submit(a, "main", with(payer, url.Values{"people": {strings.Replace(kept, "kim", "kim@example.org", 1)}})).want(http.StatusSeeOther)
	for name, data := range map[string][]byte{"an old sheet": []byte("\xd0\xcf\x11\xe0"), "a broken sheet": []byte("PK\x03\x04xxxx"), "a page": []byte("<html>"), "bytes": {0, 1, 2, 0xff}} {
		if a := b.send(groupPath, "list.xlsx", string(data), payer); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Save it as CSV or XLSX") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if head := b.get(groupPath + "/sample.csv").want(200).body; !strings.Contains(head, "Email") || !strings.Contains(head, "Banquet") {
		t.Errorf("the empty list has %q", head)
	}
}

func TestTwoHundredPeopleInOnePostAreOneOrder(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	rows := []string{"Name,Email,Category"}
	for i := range 200 {
		rows = append(rows, fmt.Sprintf("참가자%03d,member%03d@example.org,student", i, i))
	}
	page := b.get(b.submit(b.get(groupPath).want(200), "main", list(rows...)).to()).want(200)
	b.submit(page, "main", consents).to()
	if orders, people := s.count("orders"), s.count("registrations"); orders != 1 || people != 200 {
		t.Errorf("%d orders with %d people, want one with 200", orders, people)
	}
	s.healthy()
}

func TestACodeOfAGroupCountsForThoseItIsFor(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent()) // HALF may be used twice
	b := s.browser()
	three := list("name,email,category", "a,a@example.org,student", "b,b@example.org,student", "c,c@example.org,student")
	for code, want := range map[string]string{"NO-SUCH": "There is no such code", "한글_27": "There is no such code", "old": "has expired", "SPEAKER-27": "not for"} {
		a := b.submit(b.get(groupPath).want(200), "main", with(three, url.Values{"voucher": {code}})).want(http.StatusUnprocessableEntity)
		if said := a.doc().Find("#problems").Text(); !strings.Contains(said, want) || !strings.EqualFold(a.doc().Find("#voucher").AttrOr("value", ""), code) {
			t.Errorf("%s: %q", code, said)
		}
	}
	late := b.submit(b.get(groupPath).want(200), "main", with(three, url.Values{"voucher": {"half"}})).want(http.StatusUnprocessableEntity)
	if said := late.doc().Find("#problems").Text(); !strings.Contains(said, "good for 2 people of one order, and it would count for 3 of your list") {
		t.Errorf("three uses of two: %q", said)
	}
	two := list("name,email,category", "a,a@example.org,student", "b,b@example.org,student")
	page := b.get(b.submit(late, "main", with(two, url.Values{"voucher": {"half"}})).to()).want(200)
	if got := b.status(b.submit(page, "main", consents).to()); got["due"] != 150000.0 {
		t.Errorf("two at half price owe %v", got["due"])
	}
	one := list("name,email,category", "a,a@example.org,student")
	page = b.get(b.submit(b.get(groupPath), "main", with(one, url.Values{"voucher": {"half"}})).to()).want(200)
	if said := b.submit(page, "main", consents).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "used up") {
		t.Errorf("a third use of two: %q", said)
	}
}

func TestACodeForOnePersonIsRefusedBeforeAGroupIsChecked(t *testing.T) {
	s := newSite(t)
	e := groupEvent()
	e.Vouchers = append(e.Vouchers, registration.Voucher{Code: "ONE", Percent: 50, Uses: 20, PerPerson: 1})
	s.apply(e)
	b := s.browser()
	two := list("name,email,category", "a,a@example.org,student", "b,b@example.org,student")
	refused := b.submit(b.get(groupPath).want(200), "main", with(two, url.Values{"voucher": {"one"}})).want(http.StatusUnprocessableEntity)
	if said := refused.doc().Find("#problems").Text(); !strings.Contains(said, "good for one person of one order, and it would count for 2 of your list") {
		t.Errorf("two people with a code for one: %q", said)
	}
	for _, want := range []string{"", "as often as one email address may use it"} { // the same payer once more
		page := b.get(b.submit(b.get(groupPath), "main", with(list("name,email,category", "a,a@example.org,student"), url.Values{"voucher": {"one"}})).to()).want(200)
		answer := b.submit(page, "main", consents)
		if said := answer.doc().Find("#problems").Text(); !strings.Contains(said, want) || (want == "") != (answer.status == http.StatusSeeOther) {
			t.Errorf("%d, the page says %q, want %q", answer.status, said, want)
		}
	}
}
