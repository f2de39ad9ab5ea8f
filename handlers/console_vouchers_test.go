package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

func TestOrganizersMakeCodesAndTakeThemBack(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOrganizer, slug)
	path := "/console/" + slug + "/vouchers"
	page := b.get(path).want(200)
	to := b.submit(page, "main", url.Values{
		"kind": {"off"}, "amount.KRW": {"30,000"}, "amount.USD": {"25.50"}, "count": {"40"}, "batch": {"후원사"}, "uses": {"1"}, "until": {"2027-06-30"}, "scope": {"student"},
	}).to()
	list := b.get(to).want(200)
	if !strings.Contains(list.doc().Text(), "40 codes were made") || list.doc().Find(".console-vouchers tbody tr").Length() != 40 {
		t.Error("the page does not show the forty codes")
	}
	csv := b.get(path + ".csv?batch=" + url.QueryEscape("후원사")).want(200)
	if lines := strings.Count(csv.body, "\n"); lines != 41 {
		t.Errorf("the CSV has %d lines, want a title and forty codes", lines)
	}
	made, err := s.store.Vouchers(t.Context(), s.event(slug).ID, "", "", 1)
	if err != nil {
		t.Fatal(err)
	}
	v := made[0]
	if v.Off[registration.KRW] != 30000 || v.Off[registration.USD] != 2550 || v.Uses != 1 || v.Until.IsZero() || v.Scope[0] != "student" {
		t.Errorf("the code is %+v", v)
	}
	if to := b.post(path+"/remove", url.Values{"code": {v.Code}}).to(); to != path {
		t.Errorf("withdrawing leads to %s", to)
	}
	if _, err := s.store.Voucher(t.Context(), s.event(slug).ID, v.Code); !isCode(err, registration.CodeNotFound) {
		t.Errorf("the withdrawn code can still be found: %v", err)
	}
	s.healthy()
}

func TestAWrongFormOfCodesSaysWhatToDoAndMakesNone(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOrganizer, slug)
	path := "/console/" + slug + "/vouchers"
	for name, tc := range map[string]struct {
		fields url.Values
		want   []string
	}{
		"nothing":         {url.Values{"kind": {""}}, []string{"#kind"}},
		"no percent":      {url.Values{"kind": {"percent"}}, []string{"#percent"}},
		"too much":        {url.Values{"kind": {"percent"}, "percent": {"101"}, "count": {"9999"}, "uses": {"-1"}}, []string{"#count", "#uses", "#percent"}},
		"no amount":       {url.Values{"kind": {"off"}, "amount.KRW": {"1.5"}}, []string{"#amount-KRW"}},
		"opens nothing":   {url.Values{"kind": {"none"}}, []string{"#kind"}},
		"many of one":     {url.Values{"kind": {"percent"}, "percent": {"10"}, "count": {"2"}, "code": {"ABC"}}, []string{"#code"}},
		"ends before":     {url.Values{"kind": {"percent"}, "percent": {"10"}, "from": {"2027-05-01"}, "until": {"2027-04-01"}}, []string{"#until"}},
		"no time":         {url.Values{"kind": {"percent"}, "percent": {"10"}, "from": {"soon"}}, []string{"#from"}},
		"nothing off":     {url.Values{"kind": {"off"}, "amount.KRW": {"0"}}, []string{"#amount-KRW"}},
		"a formula":       {url.Values{"kind": {"percent"}, "percent": {"10"}, "code": {"=1+1"}}, []string{"#code"}},
		"bytes, no text":  {url.Values{"kind": {"percent"}, "percent": {"\xff"}}, []string{"#percent"}},
		"unknown in list": {url.Values{"kind": {"bribe"}}, []string{"#kind"}},
	} {
		t.Run(name, func(t *testing.T) {
			refused := b.submit(b.get(path).want(200), "main", tc.fields).want(http.StatusUnprocessableEntity)
			for _, field := range tc.want {
				if refused.doc().Find("#problems a[href='"+field+"']").Length() != 1 || refused.doc().Find(field).Length() != 1 {
					t.Errorf("nothing leads to %s: %s", field, refused.doc().Find("#problems").Text())
				}
			}
		})
	}
	if n := s.count("vouchers"); n != 0 {
		t.Errorf("%d codes were made", n)
	}
}

func TestTheFormOfCodesAsksOnlyWhatBelongsToItsKind(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOrganizer, slug)
	path := "/console/" + slug + "/vouchers"
	form := b.get(path).want(200).doc().Find("form#main")
	if form.Find(".of-percent [name=percent]").Length() != 1 || form.Find(".of-amount [name='amount.KRW'], .of-amount [name='amount.USD']").Length() != 2 {
		t.Error("the fields of a kind do not stand with it")
	}
	if form.Find("[name=kind][value=none]").Length() != 0 {
		t.Error("an event without hidden categories offers codes that open one")
	}
	limits := form.Find("details")
	for _, name := range []string{"scope", "uses", "per_person", "from", "until", "note"} {
		if limits.Find("[name="+name+"]").Length() == 0 {
			t.Errorf("%s is not among the limits", name)
		}
	}
	if _, open := limits.Attr("open"); open {
		t.Error("the limits are open before anybody asked for one")
	}
	refused := b.submit(b.get(path), "main", url.Values{"uses": {"many"}, "percent": {"5"}}).want(http.StatusUnprocessableEntity)
	if _, open := refused.doc().Find("form#main details").Attr("open"); !open {
		t.Error("the field with the mistake is folded away")
	}
}

func TestAnswersAndCodesAreOnTheStaffsPageAndInTheExport(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	b := s.browser()
	page := b.get(b.submit(b.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}, "voucher": {"HALF"}}).to()).want(200)
	page = b.get(b.submit(page, "main", with(person, url.Values{
		"answer.bus": {"yes"}, "answer.stop": {"=cmd|' /C calc'!A0"}, "answer.from": {"VN"}, "answer.note": {"감사합니다"},
	})).to()).want(200)
	code := strings.Split(b.submit(page, "main", consents).to(), "/")[2]
	staff := s.staff(store.RoleOrganizer, slug)
	shown := staff.get("/admin/" + slug + "/orders/" + code).want(200).doc().Text()
	for _, want := range []string{"Shuttle bus", "Vietnam", "감사합니다", "Voucher HALF"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the order's page does not show %s", want)
		}
	}
	csv := staff.get("/console/" + slug + "/export?format=csv").want(200).body
	if !strings.Contains(csv, "Shuttle bus,Stop,Country,Message") || !strings.Contains(csv, "HALF,Yes,'=cmd|' /C calc'!A0,Vietnam,감사합니다") {
		t.Errorf("the export is %s", csv)
	}
}
