package toss_test

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

// today is the span in which a test happens, with room on both sides.
func today() payments.Day {
	return payments.Day{From: time.Now().Add(-time.Hour).UTC(), To: time.Now().Add(time.Hour).UTC()}
}

func TestSandboxTransactionsAreWhatTheBooksSay(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	c := b.contract("any", "any", registration.KRW)
	c.Methods = []string{"card", "virtual_account"}
	g := connect(t, c)
	card := b.authenticated(t, g, fresh("listed00001", won(150000)), "kr")
	account := b.authenticated(t, g, paidBy("listed00002", payments.MethodVirtualAccount), "account")
	closed := b.authenticated(t, g, paidBy("listed00003", payments.MethodVirtualAccount), "account")
	for _, a := range []payments.Attempt{card, account, closed} {
		if _, err := g.Settle(t.Context(), a); err != nil {
			t.Fatalf("settle: %v", err)
		}
	}
	b.control(t, "deposit", account.OrderNo)
	r := payments.RefundAttempt{GatewayID: card.GatewayID, Amount: won(50000), Balance: won(150000), Key: "R1"}
	part, err := g.Refund(t.Context(), r)
	if err != nil {
		t.Fatalf("refund: %v", err)
	}
	none := payments.RefundAttempt{GatewayID: closed.GatewayID, Amount: won(150000), Balance: won(150000), Key: "R2"}
	if _, err := g.Refund(t.Context(), none); err != nil {
		t.Fatalf("close an account that nobody paid into: %v", err)
	}
	list, err := g.Transactions(t.Context(), today())
	if err != nil || len(list) != 3 {
		t.Fatalf("list: %+v, %v", list, err)
	}
	got := map[string]payments.Transaction{}
	for _, tx := range list {
		got[fmt.Sprint(tx.OrderNo, tx.Refund)] = tx
		if tx.At.IsZero() || tx.Mode != registration.Test {
			t.Errorf("row %+v", tx)
		}
	}
	if tx := got["listed00001false"]; tx.Amount != won(150000) || tx.GatewayID != card.GatewayID || tx.Method != "card" || tx.RefundID != "" {
		t.Errorf("capture: %+v", tx)
	}
	if tx := got["listed00001true"]; tx.Amount != won(50000) || tx.RefundID != part.GatewayID {
		t.Errorf("refund: %+v, want id %s", tx, part.GatewayID)
	}
	if tx := got["listed00002false"]; tx.Amount != won(150000) || tx.Method != "virtual_account" {
		t.Errorf("deposit: %+v", tx)
	}
	if !g.Capabilities().Lists {
		t.Error("the capabilities do not tell of the list")
	}
	before := payments.Day{From: time.Now().Add(-48 * time.Hour), To: time.Now().Add(-24 * time.Hour)}
	if list, err := g.Transactions(t.Context(), before); err != nil || len(list) != 0 {
		t.Errorf("another day: %+v, %v", list, err)
	}
}

const listLine = "GET /v1/transactions"

func TestTransactionsHostileAnswers(t *testing.T) {
	row := func(change ...string) string {
		r := `{"transactionKey":"t1","paymentKey":"k1","orderId":"reg2026000123a1","method":"카드","status":"DONE","transactionAt":"2026-11-01T09:00:00+09:00","currency":"KRW","amount":1000}`
		return strings.NewReplacer(change...).Replace(r)
	}
	day := payments.DayOf(registration.Date{Year: 2026, Month: 11, Day: 1}, time.FixedZone("KST", 9*60*60))
	tests := map[string]struct {
		answer reply
		rows   int
		err    error
	}{
		"nothing":             {ok(`[]`), 0, nil},
		"one":                 {ok(`[` + row() + `]`), 1, nil},
		"a new status":        {ok(`[` + row("DONE", "ON_HOLD") + `]`), 0, nil},
		"an account issued":   {ok(`[` + row("DONE", "WAITING_FOR_DEPOSIT") + `]`), 0, nil},
		"the day before":      {ok(`[` + row("2026-11-01", "2026-10-31") + `]`), 0, nil},
		"the last second":     {ok(`[` + row("2026-11-01T09:00:00", "2026-11-01T23:59:59") + `]`), 1, nil},
		"a negative refund":   {ok(`[` + row("DONE", "CANCELED", "1000", "-1000") + `]`), 1, nil},
		"null":                {ok(`null`), 0, payments.ErrNoAnswer},
		"an object":           {ok(`{"data":[]}`), 0, payments.ErrNoAnswer},
		"cut short":           {ok(`[` + row()), 0, payments.ErrNoAnswer},
		"an amount of text":   {ok(`[` + row("1000", `"1000"`) + `]`), 0, payments.ErrNoAnswer},
		"a fraction of won":   {ok(`[` + row("1000", `1000.5`) + `]`), 0, payments.ErrNoAnswer},
		"a strange currency":  {ok(`[` + row("KRW", "MUSD") + `]`), 0, payments.ErrNoAnswer},
		"no time":             {ok(`[` + row("2026-11-01T09:00:00+09:00", "soon") + `]`), 0, payments.ErrNoAnswer},
		"no payment":          {ok(`[` + row("k1", "../x") + `]`), 0, payments.ErrNoAnswer},
		"a web page":          {reply{Status: 200, Body: "<html>", Kind: "text/html"}, 0, payments.ErrNoAnswer},
		"too many requests":   {refusal(429, "TOO_MANY_REQUESTS"), 0, payments.ErrBusy},
		"the gateway's fault": {refusal(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"), 0, payments.ErrNoAnswer},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{listLine: tc.answer})
		list, err := connect(t, channel(f.URL)).Transactions(t.Context(), day)
		if len(list) != tc.rows || !errors.Is(err, tc.err) {
			t.Errorf("%s: %+v, %v, want %d rows, %v", name, list, err, tc.rows, tc.err)
		}
		if len(list) == 1 && (list[0].Amount.Minor != 1000 || list[0].Refund != (name == "a negative refund")) {
			t.Errorf("%s: %+v", name, list[0])
		}
	}
	f := newFake(t, map[string]reply{listLine: refusal(401, "UNAUTHORIZED_KEY")})
	_, err := connect(t, channel(f.URL)).Transactions(t.Context(), day)
	if _, refused := errors.AsType[*payments.Refusal](err); !refused {
		t.Errorf("wrong keys: %v", err)
	}
}

func TestTransactionsOfALongDayComeInPages(t *testing.T) {
	day := payments.DayOf(registration.Date{Year: 2026, Month: 11, Day: 1}, time.FixedZone("KST", 9*60*60))
	var rows []string
	for i := range 1000 {
		rows = append(rows, fmt.Sprintf(`{"transactionKey":"t%d","paymentKey":"k%d","status":"DONE","transactionAt":"2026-11-01T09:00:00+09:00","currency":"KRW","amount":1000}`, i, i))
	}
	f := newFake(t, map[string]reply{listLine: ok("[" + strings.Join(rows, ",") + "]")})
	_, err := connect(t, channel(f.URL)).Transactions(t.Context(), day)
	if !errors.Is(err, payments.ErrNoAnswer) || len(f.Requests()) != 2 {
		t.Errorf("a list that begins again: %v after %d requests", err, len(f.Requests()))
	}
}
