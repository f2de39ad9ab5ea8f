package handlers

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// approvingEvent is the sample with categories that staff look at, and a question for a file.
func approvingEvent() registration.Event {
	text := func(ko, en string) registration.Text { return registration.Text{Ko: ko, En: en} }
	price := map[string]registration.Prices{"early": {registration.KRW: 100000, registration.USD: 8000}}
	e := sampleEvent()
	e.Categories = append(e.Categories,
		registration.Category{ID: "pupil", Name: text("재학생", "Pupil"), Evidence: "student_id", Approval: registration.ApprovalBefore, Prices: price},
		registration.Category{ID: "fellow", Name: text("회원", "Fellow"), Evidence: "member_number", Approval: registration.ApprovalAfter, Prices: price},
	)
	e.Questions = []registration.Question{{ID: "poster", Label: text("포스터", "Poster"), Kind: registration.AskFile, Per: registration.PerPerson, Categories: []string{"pupil"}}}
	e.Quotas[0].Of = append(e.Quotas[0].Of, "pupil", "fellow")
	return e
}

// sent is one file of a form.
type sent struct{ field, name, body string }

// multi posts a form with files.
func (b *browser) multi(path string, fields url.Values, files ...sent) answer {
	b.s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, list := range fields {
		for _, v := range list {
			if err := w.WriteField(k, v); err != nil {
				b.s.t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="` + f.field + `"; filename="` + f.name + `"`}, "Content-Type": {"application/octet-stream"},
		})
		if err == nil {
			_, err = part.Write([]byte(f.body))
		}
		if err != nil {
			b.s.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.s.t.Fatal(err)
	}
	return b.do("POST", path, w.FormDataContentType(), body.String(), nil)
}

const (
	aPDF = "%PDF-1.7\n1 0 obj"
	aPNG = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
)

// proofPage chooses a category and opens the page about the person.
func (b *browser) proofPage(category string) answer {
	b.s.t.Helper()
	page := b.get("/e/" + slug + "/register").want(200)
	return b.get(b.submit(page, "main", url.Values{"category": {category}}).to()).want(200)
}

// evidenceOf reads the evidence of the order at that path.
func (s *site) evidenceOf(path string) store.Evidence {
	s.t.Helper()
	o, err := s.store.OrderByCode(s.t.Context(), strings.Split(path, "/")[2])
	if err != nil {
		s.t.Fatal(err)
	}
	all, err := s.store.EvidenceOf(s.t.Context(), o.ID)
	if err != nil || len(all) != 1 {
		s.t.Fatalf("evidence %+v: %v", all, err)
	}
	return all[0]
}

func TestAStudentSendsAProofIsApprovedAndPays(t *testing.T) {
	for _, lang := range []string{"ko", "en"} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t)
			s.apply(approvingEvent())
			b := s.browser()
			b.header.Set("Accept-Language", lang)
			page := b.proofPage("pupil")
			action, fields := page.form("main")
			if page.doc().Find("form#main").AttrOr("enctype", "") != "multipart/form-data" {
				t.Error("the form cannot send files")
			}
			// refused for its e-mail address: the file stays
			page = b.multi(action, with(fields, url.Values{"name": {"홍길동"}, "email": {"no"}}), sent{"evidence", "C:\\학생증.JPG", aPNG}).want(422)
			if !strings.Contains(page.doc().Find("#evidence-hint + .kept, .kept").Text(), "학생증.png") || page.doc().Find(`#name`).AttrOr("value", "") != "홍길동" {
				t.Errorf("what was sent is not kept: %s", page.body)
			}
			to := b.multi(action, with(fields, person), sent{"answer.poster", "poster.pdf", aPDF}).to()
			check := b.get(to).want(200)
			if text := check.doc().Text(); !strings.Contains(text, "학생증.png") || !strings.Contains(text, "poster.pdf") {
				t.Errorf("the check page does not name the files: %s", text)
			}
			order := b.submit(check, "main", consents).to()
			page = b.get(order).want(200)
			title := map[string]string{"ko": "승인을 기다리고 있습니다", "en": "Awaiting approval"}[lang]
			if page.doc().Find("h1").Text() != title || page.doc().Find("form#pay").Length() != 0 {
				t.Errorf("the order's page says %q", page.doc().Find("h1").Text())
			}
			if b.status(order)["order"] != "awaiting_approval" {
				t.Error("the status address does not tell")
			}
			b.post(order+"/pay", url.Values{"channel": {"korea"}}).want(http.StatusConflict)

			desk := s.staff(store.RoleOrganizer, "")
			desk.header.Set("Accept-Language", lang)
			list := desk.get("/console/" + slug + "/evidence").want(200)
			src := list.doc().Find("img.console-proof").AttrOr("src", "")
			file := desk.get(src).want(200)
			if file.body != aPNG || file.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment;") ||
				!strings.Contains(file.header.Get("Content-Disposition"), "filename*=UTF-8''%ED%95%99%EC%83%9D%EC%A6%9D.png") ||
				!strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") || file.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("the file comes as %v", file.header)
			}
			b.get(src).want(http.StatusSeeOther) // to sign in
			other := s.staff(store.RoleOrganizer, s.otherEvent())
			other.get(src).want(http.StatusNotFound)
			x := s.evidenceOf(order)
			form := "accept-" + x.RegistrationID
			for range 2 {
				desk.submit(list, form, nil).want(http.StatusSeeOther)
			}
			if n := s.mails(store.MailApproved); n != 1 {
				t.Errorf("%d mails about the approval", n)
			}
			if b.get(order).want(200).doc().Find("form#extend").Length() != 0 {
				t.Error("somebody who has days is offered minutes more")
			}
			b.pay(order, "korea", "kr")
			if b.status(order)["order"] != "paid" {
				t.Error("the approved order was not paid")
			}
			if csv := desk.get("/console/" + slug + "/export?format=csv").want(200); !strings.Contains(csv.body, "poster.pdf") ||
				!strings.Contains(csv.body, map[string]string{"ko": "확인됨", "en": "Accepted"}[lang]) {
				t.Error("the export does not tell of the evidence")
			}
			s.healthy()
		})
	}
}

func TestAProofMayComeLaterAndMayHaveToComeAgain(t *testing.T) {
	s := newSite(t)
	s.apply(approvingEvent())
	b := s.browser()
	page := b.proofPage("pupil")
	if text := b.submit(page, "main", person).want(422).doc().Find("#problems").Text(); !strings.Contains(text, "Send it later") {
		t.Errorf("without a proof: %s", text)
	}
	check := b.get(b.submit(page, "main", with(person, url.Values{"evidence_later": {"1"}})).to()).want(200)
	order := b.submit(check, "main", consents).to()
	x := s.evidenceOf(order)
	page = b.get(order).want(200)
	action, fields := page.form("evidence-" + x.RegistrationID + "-form")
	for name, f := range map[string]sent{
		"none": {}, "empty": {"evidence", "a.pdf", ""}, "a program": {"evidence", "card.pdf", "MZ\x90\x00"}, "a web page": {"evidence", "a.png", "<html>"},
	} {
		var files []sent
		if f.field != "" {
			files = append(files, f)
		}
		if got := b.multi(action, fields, files...).want(422); got.doc().Find("#problems a").Length() != 1 {
			t.Errorf("%s: %s", name, got.doc().Find("#problems").Text())
		}
	}
	b.multi(action, fields, sent{"evidence", "card.pdf", aPDF}).want(303)
	desk := s.staff(store.RoleOrganizer, "")
	list := desk.get("/console/" + slug + "/evidence").want(200)
	ask := "ask-" + x.RegistrationID
	if got := desk.submit(list, ask, nil).want(422); got.doc().Find("#problems").Length() != 1 {
		t.Error("a refusal without a reason was taken")
	}
	desk.submit(list, ask, url.Values{"reason": {"The card has expired."}, "refuse": {""}}).want(303)
	if text := b.get(order).want(200).doc().Text(); !strings.Contains(text, "The card has expired.") {
		t.Error("the order's page does not tell the reason")
	}
	b.multi(action, fields, sent{"evidence", "new.pdf", aPDF}).want(303)
	if to := desk.submit(list, "accept-"+x.RegistrationID, nil).to(); !strings.Contains(to, "changed=1") {
		t.Errorf("an old page decides: %s", to)
	}
	list = desk.get("/console/" + slug + "/evidence").want(200)
	desk.submit(list, ask, url.Values{"reason": {"No."}, "refuse": {"1"}}).want(303)
	if text := b.get(order).want(200).doc().Find("h1").Text(); text != "Your registration is cancelled" || b.status(order)["order"] != "cancelled" {
		t.Errorf("after a refusal the page says %q", text)
	}
	s.healthy()
}

func TestARefusedProofAfterPaymentAsksForTheDifference(t *testing.T) {
	s := newSite(t)
	e := approvingEvent()
	e.Categories[3].Approval = registration.ApprovalAfter
	proved := e.Categories[3]
	proved.ID, proved.Prices = "fellow", e.Categories[0].Prices
	e.Categories = append(e.Categories, proved)
	s.apply(e)
	b := s.browser()
	page := b.proofPage("pupil")
	check := b.get(b.submit(page, "main", with(person, url.Values{"evidence_later": {"1"}})).to()).want(200)
	order := b.submit(check, "main", consents).to()
	b.pay(order, "korea", "kr")
	x := s.evidenceOf(order)
	desk := s.staff(store.RoleOrganizer, "")
	list := desk.get("/console/" + slug + "/evidence?state=missing").want(200)
	ask := func(category, until, reason string) answer {
		return desk.submit(list, "ask-"+x.RegistrationID, url.Values{"category": {category}, "until": {until}, "reason": {reason}, "difference": {"1"}, "refuse": {""}})
	}
	_, preset := list.form("ask-" + x.RegistrationID)
	if list.doc().Find("option[value=fellow]").Length() != 0 || preset.Get("category") != "" {
		t.Errorf("what has to be proved itself is offered, or %q is preset", preset.Get("category"))
	}
	for name, a := range map[string]answer{
		"one to be proved": ask("fellow", "2027-04-01", "No."), "none chosen": ask("", "2027-04-01", "No."),
		"a cheaper one": ask("guest", "2027-04-01", "No."), "no category": ask("nobody", "2027-04-01", "No."), "a day gone by": ask("student", "2026-01-01", "No."),
		"no day": ask("student", "soon\x00", "No."), "no reason": ask("student", "2027-04-01", ""), "a card": ask("student", "2027-04-01", "4242 4242 4242 4242"),
	} {
		if a.want(422).doc().Find("#problems a").Length() != 1 {
			t.Errorf("%s: %s", name, a.doc().Find("#problems").Text())
		}
	}
	if to := ask("student", "2027-04-01", "Not enrolled.").to(); strings.Contains(to, "changed") {
		t.Fatalf("not asked: %s", to)
	}
	if to := ask("student", "2027-04-01", "Not enrolled.").to(); !strings.Contains(to, "changed=1") {
		t.Errorf("asked twice: %s", to)
	}
	if text := b.get(order).want(200).doc().Text(); !strings.Contains(text, "Not enrolled.") || !strings.Contains(text, "has been asked for") {
		t.Error("the order's page does not tell")
	}
	b.pay(order, "korea", "kr")
	if p := s.newest(); p.State != payments.Confirmed || p.Amount.Minor != 50000 {
		t.Errorf("the difference: %s of %d", p.State, p.Amount.Minor)
	}
	if text := b.get(order).want(200).doc().Text(); strings.Contains(text, "Not enrolled.") && strings.Contains(text, "Send another") {
		t.Error("a proof is still asked for although the difference is paid")
	}
	if n := s.mails(payments.MailAmendDue); n != 1 {
		t.Errorf("%d mails about the difference", n)
	}
	decided := desk.get("/console/" + slug + "/evidence?state=refused").want(200).doc()
	if item := decided.Find("#evidence-" + x.RegistrationID); item.Length() != 1 || item.Find("form").Length() != 0 || !strings.Contains(item.Text(), "Not asked for any more") {
		t.Errorf("what was decided, of somebody who has another category by now, shows %q", item.Text())
	}
	s.healthy()
}

func TestEvidenceLeavesTheListWhenItsPersonChangesCategory(t *testing.T) {
	s := newSite(t)
	e := approvingEvent()
	e.Categories[3].Approval = registration.ApprovalAfter
	s.apply(e)
	b := s.browser()
	page := b.proofPage("pupil")
	check := b.get(b.submit(page, "main", with(person, url.Values{"evidence_later": {"1"}})).to()).want(200)
	order := b.submit(check, "main", consents).to()
	b.pay(order, "korea", "kr")
	x, desk := s.evidenceOf(order), s.staff(store.RoleAdmin, "")
	list, orders := "/console/"+slug+"/evidence?state=missing", "/console/"+slug+"/orders?test=1&evidence=missing"
	shown := func() (entries, found int) {
		return desk.get(list).want(200).doc().Find("#evidence-" + x.RegistrationID).Length(), desk.get(orders).want(200).doc().Find("tbody tr").Length()
	}
	if entries, found := shown(); entries != 1 || found != 1 {
		t.Fatalf("at first %d entries and %d orders", entries, found)
	}
	admin := s.admin(s.newest().OrderID)
	check = desk.submit(desk.changeForm(admin), "main", url.Values{"category": {"student"}, "money": {"same"}, "reason": {"졸업"}}).want(200)
	desk.submit(check, "main", nil).to()
	if entries, found := shown(); entries != 0 || found != 0 {
		t.Errorf("after the change %d entries and %d orders", entries, found)
	}
	if text := desk.get(admin).want(200).doc().Text(); !strings.Contains(text, "Not asked for any more") {
		t.Error("the order's page does not say that no proof is asked for any more")
	}
	if b.get(order).want(200).doc().Find(`form[action$="/evidence"]`).Length() != 0 {
		t.Error("the attendee is still asked for a proof")
	}
	s.healthy()
}

func TestMemberNumbersAreComparedWithTheList(t *testing.T) {
	s := newSite(t)
	s.apply(approvingEvent())
	desk := s.staff(store.RoleOrganizer, "")
	members := "/console/" + slug + "/members"
	bad := desk.multi(members, nil, sent{"file", "list.csv", "회원번호,성명\nA-1,홍길동\nA 1,김철수\n,이영희\nA-3,\n"}).want(422)
	if bad.doc().Find("#lines li").Length() != 3 || s.count("members") != 0 {
		t.Errorf("bad lines: %s", bad.doc().Find("#lines").Text())
	}
	desk.multi(members, nil, sent{"file", "list.csv", "a,b\n1,2\n"}).want(422)
	desk.multi(members, nil, sent{"file", "x.xlsx", "PK\x03\x04nothing"}).want(422)
	desk.multi(members, nil).want(422)
	seen := desk.multi(members, nil, sent{"file", "list.csv", "\ufeff성명,소속,회원번호\n홍 길동,예시대,A-0017\n김철수,,A-0018\n"}).want(200)
	if s.count("members") != 0 {
		t.Error("a preview counts already")
	}
	if to := desk.submit(seen, "main", nil).to(); to != members+"?done=1" || s.count("members") != 2 {
		t.Errorf("leads to %s with %d members", to, s.count("members"))
	}
	desk.submit(seen, "main", nil).want(303) // a double click

	b := s.browser()
	page := b.proofPage("fellow")
	for _, number := range []string{"", "A-9999", "A-0018", "4242 4242 4242 4242", strings.Repeat("9", 3000), "A-0017\x00\u202e' --", "\xff\xfe", "=1+1"} {
		got := b.submit(page, "main", with(person, url.Values{"member_number": {number}})).want(422)
		if p := got.doc().Find("#problems a"); p.Length() != 1 || p.AttrOr("href", "") != "#member_number" {
			t.Errorf("%q: %s", number, got.doc().Find("#problems").Text())
		}
	}
	one := b.submit(page, "main", with(person, url.Values{"member_number": {"A-9999"}})).body
	two := b.submit(page, "main", with(person, url.Values{"member_number": {"A-0018"}})).body
	if strings.ReplaceAll(one, "A-9999", "") != strings.ReplaceAll(two, "A-0018", "") {
		t.Error("the answers tell which numbers there are")
	}
	check := b.get(b.submit(page, "main", with(person, url.Values{"member_number": {"a 0017"}})).to()).want(200)
	late := s.browser()
	lateCheck := late.get(late.submit(late.proofPage("fellow"), "main", with(person, url.Values{"member_number": {"A0017"}})).to()).want(200)
	order := b.submit(check, "main", consents).to()
	if x := s.evidenceOf(order); x.State != registration.EvidenceAccepted {
		t.Errorf("evidence is %s", x.State)
	}
	if got := late.submit(lateCheck, "main", consents).want(409); got.doc().Find("#problems a").AttrOr("href", "") != "#member_number" {
		t.Error("who came second is not told what to do")
	}
	b.pay(order, "korea", "kr")
	s.healthy()
}
