package handlers

import (
	"net/url"
	"strings"
	"sync"
	"testing"

	"foyer/payments"
	"foyer/store"
)

// mails counts the jobs of a kind of mail, in any state.
func (s *site) mails(kind string) (n int) {
	s.t.Helper()
	err := s.store.Row(s.t.Context(), `SELECT COUNT(*) FROM jobs WHERE kind = 'mail' AND CAST(payload AS TEXT) LIKE $1`, `%"kind":"`+kind+`"%`).Scan(&n)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// sendMails ends the mail jobs as if they had been sent.
func (s *site) sendMails() {
	s.t.Helper()
	jobs, err := s.store.ClaimJobs(s.t.Context(), []string{store.JobMail}, 100, 60e9, false)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, j := range jobs {
		if err := s.store.FinishJob(s.t.Context(), j); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestANewLinkEndsTheOldOne(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	old := b.register("student")
	back := b.window(b.start(old, "korea"), "kr")
	order := s.admin(s.newest().OrderID)
	staff := s.staff(store.RoleAdmin, slug)
	page := staff.get(order).want(200)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { staff.submit(page, "new-link", nil).want(303) })
	}
	wg.Wait()
	if s.mails(payments.MailNewLink) != 1 || s.acts("link_renewed") != 1 {
		t.Errorf("%d mails, %d in the audit", s.mails(payments.MailNewLink), s.acts("link_renewed"))
	}
	page = staff.get(order).want(200)
	renewed, _ := page.doc().Find("#person a[href^='/o/'], section a[href^='/o/']").Attr("href")
	if renewed == old || !strings.HasPrefix(renewed, "/o/") {
		t.Fatalf("the new address is %q, the old one %q", renewed, old)
	}
	b.get(renewed).want(200)
	gone, unknown := b.get(old).want(404), b.get("/o/AAAA-AAAA/"+strings.Split(old, "/")[3]).want(404)
	if stable(gone) != stable(unknown) {
		t.Error("an address that has ended is told from one that never was")
	}
	for path, field := range map[string]string{"/pay": "channel", "/cancel": "reason"} {
		b.post(old+path, url.Values{field: {"korea"}}).want(404)
	}
	status := "/pay/" + s.newest().Token + "/status"
	for name, who := range map[string]*browser{"another browser": s.browser(), "the browser with the old cookie": b} {
		if to := who.get(back).to(); to != status {
			t.Errorf("a return within the hour leads %s to %s", name, to)
		}
	}
	if to := b.get("/e/" + slug + "/register/check").to(); to != "/find" {
		t.Errorf("the browser of the form is led to %s", to)
	}
	if p := s.newest(); p.State != payments.Confirmed {
		t.Errorf("the payment is %s", p.State)
	}
	s.healthy()
}

func TestWhoStartsAPaymentFromTheNewLinkComesBackToIt(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.start(b.register("student"), "korea")
	order := s.admin(s.newest().OrderID)
	staff := s.staff(store.RoleOwner, "")
	staff.submit(staff.get(order).want(200), "new-link", nil).want(303)
	o, err := s.store.Order(t.Context(), s.newest().OrderID)
	if err != nil {
		t.Fatal(err)
	}
	renewed := orderPath(o.Code, s.store.Keys().OrderSecret(o.ID, o.SecretVersion))
	if to := b.get(b.window(b.start(renewed, "korea"), "kr")).to(); to != renewed {
		t.Errorf("the return leads to %s", to)
	}
}

func TestMailsAreSentAgainOnceAtATime(t *testing.T) {
	s := newSite(t)
	order, _ := s.paid("student")
	b := s.staff(store.RoleOrganizer, slug)
	again := url.Values{"kind": {payments.MailRegistered}}
	page := b.get(order).want(200)
	if page.doc().Find("form.admin-again").Length() != 0 {
		t.Error("a mail that still waits can be sent again")
	}
	if to := b.post(order+"/mail", again).to(); to != order+"?saved=mail" || s.mails(payments.MailRegistered) != 1 || s.acts("mail_sent_again") != 0 {
		t.Errorf("leads to %s, %d mails, %d in the audit", to, s.mails(payments.MailRegistered), s.acts("mail_sent_again"))
	}
	s.sendMails()
	if page = b.get(order).want(200); page.doc().Find("form.admin-again button").Length() != 1 {
		t.Fatal("the confirmation cannot be sent again")
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { b.post(order+"/mail", again).want(303) })
	}
	wg.Wait()
	if s.mails(payments.MailRegistered) != 2 || s.acts("mail_sent_again") != 1 {
		t.Errorf("%d mails, %d in the audit", s.mails(payments.MailRegistered), s.acts("mail_sent_again"))
	}
	if !strings.Contains(b.get(order).want(200).body, "mail sent again") {
		t.Error("the timeline does not tell")
	}
	for _, kind := range []string{"", payments.MailDeposit, payments.MailAttention, "links"} {
		b.post(order+"/mail", url.Values{"kind": {kind}}).want(404)
	}
}

func TestAConfirmationCanBeSentAgainAfterItsJobIsForgotten(t *testing.T) {
	s := newSite(t)
	order, _ := s.paid("student")
	s.sendMails()
	s.clock.Pass(15 * 24 * 60 * 60e9)
	if _, err := s.store.PruneJobs(t.Context(), s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	b := s.staff(store.RoleOwner, "")
	if b.get(order).want(200).doc().Find("form.admin-again").Length() != 1 {
		t.Fatal("it cannot")
	}
	b.post(order+"/mail", url.Values{"kind": {payments.MailRegistered}}).want(303)
	if s.mails(payments.MailRegistered) != 1 {
		t.Error("it was not")
	}
}
