package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
)

func TestAnAttendeeChangesDetailsUntilTheDeadline(t *testing.T) {
	s := newSite(t)
	e := ruledEvent()
	e.Questions = e.Questions[2:3] // the country
	e.Changes = changeable().Changes
	s.apply(e)
	b := s.browser()
	order := b.paidOrder()
	form := b.get(order + "/details").want(200)
	if _, now := form.form("main"); now.Get("name") != "홍길동" {
		t.Fatalf("the form begins with %v", now)
	}
	refused := b.submit(form, "main", url.Values{"name": {""}, "answer.from": {"VN"}}).want(http.StatusUnprocessableEntity)
	b.submit(refused, "main", url.Values{"name": {"홍길순"}, "answer.from": {"VN"}, "email": {"else@example.org"}}).to()
	page := b.get(order).want(200).doc().Text()
	if !strings.Contains(page, "홍길순") || strings.Contains(page, "else@example.org") {
		t.Error("the name did not change, or the address did")
	}
	if _, now := b.get(order + "/details").want(200).form("main"); now.Get("answer.from") != "VN" {
		t.Errorf("the answer is %v", now)
	}
	var found int
	if err := s.store.Row(t.Context(), "SELECT COUNT(*) FROM orders WHERE search LIKE '%홍길순%' AND name = '홍길순'").Scan(&found); err != nil || found != 1 {
		t.Errorf("the new name finds %d orders (%v)", found, err)
	}
	s.clock.Pass(120 * 24 * time.Hour)
	b.get(order + "/details").to()
	b.post(order+"/details", url.Values{"name": {"늦은이"}}).to()
	if strings.Contains(b.get(order).want(200).doc().Text(), "늦은이") {
		t.Error("changed after the deadline")
	}
	s.healthy()
}

func TestATransferredOrderBelongsToTheOtherPersonAlone(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	id := s.newest().OrderID
	before, err := s.store.Order(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	mailed := s.mails(payments.MailRegistered)
	form := b.get(order + "/transfer").want(200)
	if said := b.submit(form, "main", url.Values{"name": {""}, "email": {"younghee@example.org"}}).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, "the new participant") {
		t.Errorf("the page asks for a name by %q", said)
	}
	b.submit(form, "main", url.Values{"name": {"홍길동"}, "email": {"Gildong@example.org"}}).want(http.StatusUnprocessableEntity)
	done := b.submit(form, "main", url.Values{"name": {"김영희"}, "email": {"younghee@example.org"}}).want(200)
	if !strings.Contains(done.doc().Text(), "younghee@example.org") {
		t.Error("the page does not say where the new address went")
	}
	b.submit(form, "main", url.Values{"name": {"김영희"}, "email": {"younghee@example.org"}}).want(http.StatusNotFound)
	b.get(order).want(http.StatusNotFound)
	after, err := s.store.Order(t.Context(), id)
	if err != nil || after.Payer.Email != "younghee@example.org" || after.Registrations[0].CheckInToken == before.Registrations[0].CheckInToken {
		t.Fatalf("the order is of %v (%v)", after.Payer, err)
	}
	theirs := s.browser().get(orderPath(after.Code, s.store.Keys().OrderSecret(id, after.SecretVersion))).want(200)
	if !strings.Contains(theirs.doc().Text(), "김영희") || strings.Contains(theirs.doc().Text(), "gildong@example.org") {
		t.Error("the new page is not the other person's")
	}
	if s.mails(payments.MailTransferred) != 1 || s.mails(payments.MailRegistered) != mailed+1 {
		t.Error("not both were told by mail")
	}
	s.healthy()
}

func TestNoFieldAboutAPersonTakesTheServerDown(t *testing.T) {
	s := newSite(t)
	e := ruledEvent()
	e.Questions = e.Questions[2:]
	e.Changes = changeable().Changes
	s.apply(e)
	b := s.browser()
	order := b.paidOrder()
	for path, fields := range map[string]url.Values{
		order + "/details":  {"name": {"Kim"}, "organization": {"X"}, "answer.from": {"VN"}, "asked": {"from"}, "person": {""}},
		order + "/transfer": {"name": {""}, "email": {"kim"}, "person": {""}},
	} {
		for field := range fields {
			for name, value := range nasty {
				sent := maps.Clone(fields)
				sent[field] = []string{value}
				a := b.post(path, sent)
				if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") {
					t.Errorf("%s with %s in %s: %d %.300s", path, name, field, a.status, a.body)
				}
			}
		}
	}
	s.healthy()
}
