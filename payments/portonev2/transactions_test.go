package portonev2_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxTransactionsAreWhatTheBooksSay(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	for i, card := range []string{"kr", "kr", "declined"} {
		b.through(t, g, fresh(fmt.Sprintf("listed0000%d", i), won(150000)), card)
	}
	r := payments.RefundAttempt{RefundID: "rf1", OrderNo: "listed00000", Amount: won(50000), Captured: won(150000), Balance: won(150000), Key: "R1"}
	part, err := g.Refund(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if status := exchangeJSON(t, b.url+"/_sandbox/api/refund", `{"payment":"listed00001"}`); status != 200 {
		t.Fatalf("refund outside: %d", status)
	}
	day := payments.Day{From: time.Now().Add(-time.Hour).UTC(), To: time.Now().Add(time.Hour).UTC()}
	list, err := g.Transactions(t.Context(), day)
	if err != nil || len(list) != 4 {
		t.Fatalf("list: %+v, %v", list, err)
	}
	got := map[string]payments.Transaction{}
	for _, tx := range list {
		got[fmt.Sprint(tx.OrderNo, tx.Refund)] = tx
		if tx.Method != "card" || tx.Mode != registration.Test || tx.GatewayID == "" || tx.Refund != (tx.RefundID != "") {
			t.Errorf("row %+v", tx)
		}
	}
	for key, minor := range map[string]int64{"listed00000false": 150000, "listed00000true": 50000, "listed00001false": 150000, "listed00001true": 150000} {
		if got[key].Amount != won(minor) {
			t.Errorf("%s: %+v, want %d", key, got[key], minor)
		}
	}
	if got["listed00000true"].RefundID != part.GatewayID || !g.Capabilities().Lists {
		t.Errorf("refund %+v, want id %s", got["listed00000true"], part.GatewayID)
	}
	before := payments.Day{From: day.From.Add(-48 * time.Hour), To: day.From}
	if list, err := g.Transactions(t.Context(), before); err != nil || len(list) != 0 {
		t.Errorf("another day: %+v, %v", list, err)
	}
}

func TestTransactionsHostileAnswers(t *testing.T) {
	day := payments.Day{From: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)}
	items := func(all ...string) reply { return ok(`{"items":[` + strings.Join(all, ",") + `],"page":{}}`) }
	back := cancelled("PARTIAL_CANCELLED", "50000", `{"status":"SUCCEEDED","id":"c1","totalAmount":50000,"cancelledAt":"2026-11-01T10:00:00Z"}`)
	tests := map[string]struct {
		answer reply
		rows   int
		err    error
	}{
		"nothing":               {items(), 0, nil},
		"one":                   {items(paid()), 1, nil},
		"and a refund":          {items(back), 2, nil},
		"a refund under way":    {items(strings.Replace(back, "SUCCEEDED", "REQUESTED", 1)), 1, nil},
		"a refund of tomorrow":  {items(strings.Replace(back, "2026-11-01T10", "2026-11-02T10", 1)), 1, nil},
		"of another store":      {items(paid("store-test-demo", "store-test-other")), 0, nil},
		"another system's":      {items(paid("reg2026000123a1", "an order/1")), 0, nil},
		"paid another day":      {items(paid("2026-11-01T00:00:41Z", "2026-10-31T23:59:59Z")), 0, nil},
		"one that failed":       {items(paid(`"PAID"`, `"FAILED"`)), 0, nil},
		"no time":               {items(paid("2026-11-01T00:00:41Z", "soon")), 0, payments.ErrNoAnswer},
		"a strange currency":    {items(paid(`"KRW"`, `"XXX"`)), 0, payments.ErrNoAnswer},
		"an amount of text":     {items(paid(`"total": 150000`, `"total": "150000"`)), 0, payments.ErrNoAnswer},
		"test or live untold":   {items(paid(`"TEST"`, `"SOON"`)), 0, payments.ErrNoAnswer},
		"a refund without time": {items(strings.Replace(back, "2026-11-01T10:00:00Z", "", 1)), 0, payments.ErrNoAnswer},
		"no list":               {ok(`{"page":{}}`), 0, payments.ErrNoAnswer},
		"a list without end":    {items(strings.Split(strings.Repeat(paid()+"\n~", 100), "\n~")[:100]...), 0, payments.ErrNoAnswer},
		"a web page":            {reply{Status: 200, Body: "<html>", Kind: "text/html"}, 0, payments.ErrNoAnswer},
		"too many requests":     {refusal(429, "TOO_MANY_REQUESTS"), 0, payments.ErrBusy},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{"GET /payments": tc.answer})
		list, err := connect(t, channel(f.URL)).Transactions(t.Context(), day)
		if len(list) != tc.rows || !errors.Is(err, tc.err) {
			t.Errorf("%s: %+v, %v, want %d rows, %v", name, list, err, tc.rows, tc.err)
		}
		if len(list) == 2 && (!list[1].Refund || list[1].Amount != won(50000) || list[1].RefundID != "c1") {
			t.Errorf("%s: %+v", name, list[1])
		}
	}
}
