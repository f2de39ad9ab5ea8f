package handlers

import (
	"net/url"
	"strings"
	"testing"
)

func TestADifferenceForOneOfManySaysWhoseItIs(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order, o := s.paidGroup(b, 4)
	form := b.get(order + "/change?person=" + o.Registrations[2].ID).want(200)
	b.submit(b.submit(form, "main", url.Values{"extra.banquet": {"1"}}).want(200), "main", nil).to()
	for name, said := range map[string]string{
		"the payer": b.get(order).want(200).doc().Find("#change").Text(),
		"staff":     s.staff("admin", "").get(s.admin(o.ID)).want(200).doc().Find("#change").Text(),
	} {
		if !strings.Contains(said, "Person 2Student → Student, Banquet") || strings.Contains(said, "Student, Student") || strings.Contains(said, "Person 1") {
			t.Errorf("%s read %q", name, said)
		}
	}
}
