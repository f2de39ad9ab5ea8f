package handlers

import (
	"strings"
	"testing"

	"foyer/registration"
)

func TestAttendeesReadWhatBecomesOfAnUnpaidPrice(t *testing.T) {
	for rule, want := range map[registration.Unpaid]string{registration.UnpaidKeeps: "You keep this price", registration.UnpaidReprice: "This price holds for payments until"} {
		s := newSite(t)
		e := sampleEvent()
		e.Unpaid = rule
		s.apply(e)
		b := s.browser()
		check := b.fill("student", nil)
		order := b.submit(check, "main", consents).to()
		for _, page := range []answer{check, b.get(order).want(200)} {
			if !strings.Contains(page.doc().Text(), want) {
				t.Errorf("%q: the page does not say %q", rule, want)
			}
		}
		b.pay(order, "korea", "kr")
		if strings.Contains(b.get(order).want(200).doc().Text(), want) {
			t.Errorf("%q: a paid order still speaks of it", rule)
		}
	}
}
