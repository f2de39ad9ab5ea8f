package handlers

import (
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

func TestAMailThatHasNothingToSayAnyMoreIsNotOfferedAgain(t *testing.T) {
	waits := []store.Amendment{{State: registration.AmendmentApplied}, {State: registration.AmendmentPending}}
	for name, tc := range map[string]struct {
		kind    string
		state   registration.OrderState
		changes []store.Amendment
		want    bool
	}{
		"a difference that is asked for":    {payments.MailAmendDue, registration.OrderPaid, waits, true},
		"a difference that was paid":        {payments.MailAmendDue, registration.OrderPaid, waits[:1], false},
		"a change of what is held":          {payments.MailAmended, registration.OrderPaid, waits[:1], true},
		"a change of what was cancelled":    {payments.MailAmended, registration.OrderCancelled, waits[:1], false},
		"a refund of what was cancelled":    {payments.MailRefunded, registration.OrderCancelled, nil, true},
		"a confirmation of what is no more": {payments.MailRegistered, registration.OrderCancelled, nil, false},
	} {
		v := &store.OrderView{Amendments: tc.changes}
		v.Order = &registration.Order{State: tc.state}
		if got := stillTrue(v, tc.kind); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestAttemptsAtDifferentSumsAreTwoLinesOfTheHistory(t *testing.T) {
	won, dollars := registration.Money{Minor: 220000, Cur: registration.KRW}, registration.Money{Minor: 17000, Cur: registration.USD}
	begun := func(id string, m registration.Money) store.AuditRow {
		return store.AuditRow{What: "payment", PaymentID: id, To: string(payments.Started), Amount: &m}
	}
	f := &folder{audit: []store.AuditRow{begun("a", dollars), begun("b", won), begun("c", won)}}
	steps := f.timeline()
	if len(steps) != 2 || steps[0].Amount != dollars || steps[0].Times > 1 || steps[1].Amount != won || steps[1].Times != 2 {
		t.Errorf("the history is %+v", steps)
	}
}

func TestTheAuditNamesCorrectionsAndListsInWords(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	b.refund(order, p, "10000")
	s.reconcile()
	path := b.send("/console/"+slug+"/import", "people.csv", "name,email,category\nA,a@example.org,student\n", nil).to()
	b.submit(b.get(path).want(200), "main", url.Values{"lang": {"en"}, "how": {"invited"}, "reason": {"keynote"}}).to()
	for at, want := range map[string][]string{
		"/console/" + slug + "/audit": {"Correction issued", "Receipt issued", "1 row · Invited free of charge (registered at once) · keynote"},
		order:                         {"Correction issued", "Receipt issued"},
	} {
		text := strings.Join(strings.Fields(b.get(at).want(200).doc().Find(".console-timeline").Text()), " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q: %s", at, w, text)
			}
		}
		if strings.Contains(text, `{"how"`) {
			t.Errorf("%s shows how it is stored: %s", at, text)
		}
	}
}
