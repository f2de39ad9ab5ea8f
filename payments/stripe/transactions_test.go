package stripe_test

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
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("listed", registration.USD))
	day := payments.Day{From: time.Now().Add(-time.Hour).UTC(), To: time.Now().Add(time.Hour).UTC()}
	usd := func(minor int64) registration.Money { return registration.Money{Minor: minor, Cur: registration.USD} }
	var ids []string
	for i, card := range []string{"visa", "jcb"} {
		ids = append(ids, pay(t, g, fresh(fmt.Sprintf("listed0000%d", i), usd(12000)), card).GatewayID)
	}
	choose(t, begun(t, g, fresh("listed00002", usd(12000))), "declined-window")
	r := payments.RefundAttempt{
		RefundID: "rf1", GatewayID: ids[0], OrderNo: "listed00000", Amount: usd(2000), Captured: usd(12000), Balance: usd(12000), Key: "R1",
	}
	if _, err := g.Refund(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	b.control(t, "refund", map[string]any{"payment": "listed00001", "amount": 12000})
	list, err := g.Transactions(t.Context(), day)
	if err != nil || len(list) != 4 {
		t.Fatalf("list: %+v, %v", list, err)
	}
	got := map[string]payments.Transaction{}
	for _, tx := range list {
		got[fmt.Sprint(tx.OrderNo, tx.Refund)] = tx
		if tx.Method != "card" || tx.Mode != registration.Test || tx.At.IsZero() || tx.Refund != (tx.RefundID != "") {
			t.Errorf("row %+v", tx)
		}
	}
	for key, want := range map[string]struct {
		minor int64
		id    string
	}{"listed00000false": {12000, ids[0]}, "listed00000true": {2000, ids[0]}, "listed00001false": {12000, ids[1]}, "listed00001true": {12000, ids[1]}} {
		if tx := got[key]; tx.Amount != usd(want.minor) || tx.GatewayID != want.id {
			t.Errorf("%s: %+v, want %d of %s", key, tx, want.minor, want.id)
		}
	}
	before := payments.Day{From: day.From.Add(-48 * time.Hour), To: day.From}
	if list, err := g.Transactions(t.Context(), before); err != nil || len(list) != 0 || !g.Capabilities().Lists {
		t.Errorf("another day: %+v, %v", list, err)
	}
}

const (
	chargesLine = "GET /v1/charges"
)

func TestTransactionsHostileAnswers(t *testing.T) {
	row := func(change ...string) string {
		r := `{"id":"ch_1","status":"succeeded","amount":1000,"amount_captured":1000,"currency":"krw","created":1793491241,"livemode":false,` +
			`"payment_intent":"pi_1","metadata":{"order":"reg2026000123a1"},"payment_method_details":{"type":"card","card":{}}}`
		return strings.NewReplacer(change...).Replace(r)
	}
	at := time.Unix(1793491241, 0).UTC()
	day := payments.Day{From: at.Add(-time.Hour), To: at.Add(time.Hour)}
	tests := map[string]struct {
		answer reply
		rows   int
		err    error
	}{
		"nothing":               {listOf(false), 0, nil},
		"one":                   {listOf(false, row()), 1, nil},
		"another system's":      {listOf(false, row(`"order"`, `"shop"`)), 0, nil},
		"one that failed":       {listOf(false, row("succeeded", "failed")), 0, nil},
		"one of another day":    {listOf(false, row("1793491241", "1793400000")), 0, nil},
		"an amount of text":     {listOf(false, row(`"amount_captured":1000`, `"amount_captured":"1000"`)), 0, payments.ErrNoAnswer},
		"a fraction":            {listOf(false, row(`"amount_captured":1000`, `"amount_captured":10.5`)), 0, payments.ErrNoAnswer},
		"a strange currency":    {listOf(false, row("krw", "zzz")), 0, payments.ErrNoAnswer},
		"no time":               {listOf(false, row("1793491241", "null")), 0, payments.ErrNoAnswer},
		"no list":               {ok(`{"object":"charge"}`), 0, payments.ErrNoAnswer},
		"more, and nothing":     {listOf(true), 0, payments.ErrNoAnswer},
		"more, without an end":  {listOf(true, row()), 0, payments.ErrNoAnswer},
		"a web page":            {reply{Status: 200, Body: "<html>", Kind: "text/html"}, 0, payments.ErrNoAnswer},
		"too many requests":     {reply{Status: 429, Body: `{}`}, 0, payments.ErrBusy},
		"the gateway's trouble": {reply{Status: 500, Body: `{"error":{"type":"api_error"}}`}, 0, payments.ErrNoAnswer},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{chargesLine: tc.answer, refundsLine: listOf(false), listLine: listOf(false)})
		list, err := connect(t, channel(f.URL)).Transactions(t.Context(), day)
		if len(list) != tc.rows || !errors.Is(err, tc.err) {
			t.Errorf("%s: %+v, %v, want %d rows, %v", name, list, err, tc.rows, tc.err)
		}
		if len(list) == 1 && (list[0].GatewayID != "" || list[0].Amount != won(1000)) {
			t.Errorf("%s: %+v", name, list[0])
		}
	}
}
