package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

// lists are the cases about what staff take out of the lists.
var lists = map[string]func(*testing.T, Opener){
	"each person of an order is a row with what is theirs":   listedPeople,
	"orders are found by evidence and by an open change":     listedByStanding,
	"a list of people follows the pages of its orders":       listedPages,
	"drafts that have become orders are told by their names": listedDrafts,
	"rows of an import are counted by what became of them":   countedRows,
}

// people reads the list of people.
func (d *desk) people(f store.OrderFilter) (rows []store.PersonRow) {
	d.t.Helper()
	f.EventID, f.TestToo = d.event.ID, true
	if err := d.store.EachPerson(d.ctx, f, func(p store.PersonRow) error { rows = append(rows, p); return nil }); err != nil {
		d.t.Fatal(err)
	}
	return rows
}

func listedPeople(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	d.approving(registration.ApprovalAfter, registration.EvidenceMemberNumber)
	d.accept("7", "12")
	n := d.group("student", "fellow", "guest")
	n.Answers, n.ForOrder, n.Papers = registration.Answers{"meal": {"vegan"}}, registration.Answers{"note": {"hello"}}, []string{"12", "7"}
	n.More[0].Proof = registration.Proof{Number: "M-1"}
	n.Consents = []registration.Consent{{ID: "terms", Version: "v1", At: d.clock.Now().UTC()}}
	o := d.order(d.placeGroup(n).OrderID)
	d.place()
	rows := d.people(store.OrderFilter{Query: o.Code})
	var got []string
	sum := int64(0)
	for _, r := range rows {
		got = append(got, strings.Join([]string{fmt.Sprint(r.No), r.Registration.Person.Name, r.Registration.Category(), string(r.Registration.State), string(r.Evidence), r.Member,
			strings.Join(r.Papers, "+"), fmt.Sprint(r.Registration.Answers), fmt.Sprint(r.ForOrder), r.Actor, r.Order.Name, r.Order.Consents[0].Version}, "|"))
		sum += registration.Total(r.Registration.Lines)[r.Order.Total.Cur]
	}
	want := []string{
		"1|참가자000|student|held|none||12+7|map[meal:[vegan]]|map[note:[hello]]|attendee|예시대학교 연구실|v1",
		"2|참가자001|fellow|held|given|M-1||map[]|map[]|attendee|예시대학교 연구실|v1",
		"3|참가자002|guest|held|none|||map[]|map[]|attendee|예시대학교 연구실|v1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("people\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if sum != rows[0].Order.Total.Minor || sum == 0 {
		t.Errorf("the people owe %d, their order %d", sum, rows[0].Order.Total.Minor)
	}
	if one := d.people(store.OrderFilter{Category: "fellow"}); len(one) != 1 || one[0].Registration.Category() != "fellow" {
		t.Errorf("%d people of one category", len(one))
	}
	d.clock.Pass(2 * hold)
	d.expireHolds(2)
	if gone := d.people(store.OrderFilter{Query: o.Code}); len(gone) != 3 || gone[0].Papers != nil || gone[0].Registration.State != registration.Cancelled {
		t.Errorf("after the hold: %+v", gone)
	}
}

func listedPages(t *testing.T, open Opener) {
	d := newDesk(t, open, 2000)
	want := 0
	for i := range 502 {
		d.placeGroup(d.group(repeated("student", 1+i%2)...))
		want += 1 + i%2
	}
	rows, seen := d.people(store.OrderFilter{}), map[string]bool{}
	for _, r := range rows {
		seen[r.Registration.ID] = true
	}
	if len(rows) != want || len(seen) != want {
		t.Errorf("%d rows of %d people, want %d", len(rows), len(seen), want)
	}
	at := 0
	err := d.store.EachOrder(d.ctx, store.OrderFilter{EventID: d.event.ID, TestToo: true}, func(r store.OrderRow) error {
		for no := range r.People {
			if rows[at].Order.Code != r.Code || rows[at].No != no+1 {
				return fmt.Errorf("row %d is number %d of %s, want %d of %s", at, rows[at].No, rows[at].Order.Code, no+1, r.Code)
			}
			at++
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func listedByStanding(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	changing := d.changed()
	d.approving(registration.ApprovalAfter, registration.EvidenceMemberNumber)
	for _, number := range []string{"", "M-1"} {
		n := d.group("student", "fellow")
		n.More[0].Proof = registration.Proof{Number: number}
		d.placeGroup(n)
	}
	d.place()
	find := func(f store.OrderFilter) (ids []string, people int) {
		f.EventID, f.TestToo = d.event.ID, true
		page, err := d.store.Orders(d.ctx, f, store.Cursor{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			ids = append(ids, r.ID)
		}
		if n, err := d.store.CountOrders(d.ctx, f); err != nil || int(n) != len(ids) {
			t.Errorf("%+v counts %d of %d orders (%v)", f, n, len(ids), err)
		}
		if _, err := d.store.Totals(d.ctx, f); err != nil {
			t.Error(err)
		}
		return ids, len(d.people(f))
	}
	for state, want := range map[registration.EvidenceState][2]int{
		"": {4, 6}, registration.EvidenceNone: {2, 2}, registration.EvidenceMissing: {1, 1}, registration.EvidenceGiven: {1, 1},
		registration.EvidenceAccepted: {0, 0}, registration.EvidenceRefused: {0, 0}, "nonsense": {0, 0},
	} {
		if ids, people := find(store.OrderFilter{Evidence: state}); len(ids) != want[0] || people != want[1] {
			t.Errorf("evidence %q: %d orders, %d people, want %v", state, len(ids), people, want)
		}
	}
	if ids, _ := find(store.OrderFilter{Changing: true}); !slices.Equal(ids, []string{changing}) {
		t.Errorf("a change is open in %v, want %s", ids, changing)
	}
}

func listedDrafts(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	for _, draft := range []string{"import-a-1", "import-a-12", "import-ab-1", "staff-a"} {
		n := d.newOrder("student", 0)
		n.DraftID = draft
		d.placeOf(n)
	}
	for prefix, want := range map[string]int{"import-a-": 2, "import-ab-": 1, "import-c-": 0} {
		placed, err := d.store.DraftsPlaced(d.ctx, d.event.ID, prefix)
		if err != nil || len(placed) != want || want > 0 && !placed[prefix+"1"] {
			t.Errorf("%s: %v, %v", prefix, placed, err)
		}
	}
	if placed, err := d.store.DraftsPlaced(d.ctx, "another", "import-a-"); err != nil || len(placed) > 0 {
		t.Errorf("of another event: %v, %v", placed, err)
	}
}
