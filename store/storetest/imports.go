package storetest

import (
	"testing"

	"foyer/store"
)

func countedRows(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	id, err := d.store.KeepImport(d.ctx, d.event.ID, store.Import{Kind: store.ImportOrders, Name: "people.csv", Body: []byte("name"), Actor: staff})
	if err != nil {
		t.Fatal(err)
	}
	rows := []store.ImportRow{
		{Row: 2, OrderID: d.place().OrderID},
		{Row: 3, Problem: `[{"key":"import.order.registered","text":"a@example.org"}]`},
		{Row: 4, Problem: `[{"key":"import.papers.unknown","text":"9"},{"key":"import.order.registered","text":"b@example.org"}]`},
		{Row: 5, Problem: "handmade.refused"},
	}
	if err := d.store.SettleRows(d.ctx, id, rows); err != nil {
		t.Fatal(err)
	}
	if got, err := d.store.ImportProgress(d.ctx, id); err != nil || got != (store.ImportCounts{Settled: 4, Refused: 3, Registered: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
	for registered, want := range map[bool][]int{true: {3}, false: {4, 5}} {
		found, err := d.store.RefusedRows(d.ctx, id, registered, 10)
		if err != nil || len(found) != len(want) || found[0].Row != want[0] {
			t.Errorf("registered %v: %+v, %v", registered, found, err)
		}
	}
}
