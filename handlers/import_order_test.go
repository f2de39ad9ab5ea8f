package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"foyer/store"
)

func TestOrdersOfAListStandInTheOrderOfItsRows(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	list, want := strings.Builder{}, []string(nil)
	list.WriteString("name,email,category\n")
	for i := range 30 {
		want = append(want, fmt.Sprintf("p%02d@example.org", i))
		fmt.Fprintf(&list, "A,%s,student\n", want[i])
	}
	path := admin.send("/console/"+slug+"/import", "people.csv", list.String(), nil).to()
	admin.submit(admin.get(path).want(200), "main", with(invited, nil)).to()
	s.imports(0)
	var got []string
	err := s.store.EachOrder(t.Context(), store.OrderFilter{EventID: s.event(slug).ID, TestToo: true}, func(r store.OrderRow) error {
		got = append(got, r.Email)
		return nil
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the list of orders is %v (%v)", got, err)
	}
	s.healthy()
}
