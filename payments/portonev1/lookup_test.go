package portonev1_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

// known is the attempt with PortOne's id.
func known() payments.Attempt {
	a := attempt()
	a.GatewayID = impUID
	return a
}

func TestLookupReadsAPaidPayment(t *testing.T) {
	f := newFake(t, with(map[string]reply{readAt: ok(paid())}))
	g := connect(t, channel(f.URL))
	out, err := g.Lookup(t.Context(), known())
	if err != nil {
		t.Fatalf("look up: %v", err)
	}
	want := payments.Outcome{
		Status: payments.StatusCaptured, GatewayID: impUID, OrderNo: orderNo, Mode: registration.Test, Captured: won(150000), Refunded: won(0),
		Method: "card", Card: "542879*********4", Approve: "42827474", Proof: "https://pg.example.org/slip?x=1",
		At: time.Unix(1793520041, 0).UTC(),
	}
	if out != want {
		t.Errorf("outcome %+v\nwant %+v", out, want)
	}
	if f.lines() != readAt+"?include_sandbox=true" || f.calls()[0].Header.Get("Authorization") != "Bearer TOKEN1" {
		t.Errorf("requests %s", f.lines())
	}
	if settled, err := g.Settle(t.Context(), known()); err != nil || settled != want {
		t.Errorf("settle: %+v, %v", settled, err)
	}
}

func TestLookupByOurNumberFindsTheTryWithTheMoney(t *testing.T) {
	other := func(id, status string) string {
		return paid(impUID, id, `"status": "paid"`, `"status": "`+status+`"`)
	}
	tests := map[string]struct {
		list   []string
		status payments.Status
		id     string
	}{
		"one":                           {[]string{paid()}, payments.StatusCaptured, impUID},
		"a later try failed":            {[]string{other("imp_2", "failed"), paid()}, payments.StatusCaptured, impUID},
		"a later window is open":        {[]string{other("imp_2", "ready"), paid()}, payments.StatusCaptured, impUID},
		"failed, and a window is open":  {[]string{other("imp_2", "failed"), other("imp_1", "ready")}, payments.StatusPending, "imp_1"},
		"all failed: the newest":        {[]string{other("imp_2", "failed"), other("imp_1", "failed")}, payments.StatusFailed, "imp_2"},
		"a word that nobody knows":      {[]string{other("imp_2", "something")}, payments.StatusPending, "imp_2"},
		"an account beside a paid card": {[]string{account(), other("imp_2", "paid")}, payments.StatusCaptured, "imp_2"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{findAt: ok(list(tc.list...))}))
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err != nil || out.Status != tc.status || out.GatewayID != tc.id || out.OrderNo != orderNo {
				t.Errorf("outcome %+v, %v", out, err)
			}
		})
	}
}

func TestLookupOfACandidateThatBringsNothing(t *testing.T) {
	stranger := paid(orderNo, "reg2026000999z9")
	tests := map[string]struct {
		read, find reply
		status     payments.Status
	}{
		"nobody knows it":                 {no(404, "-1"), no(404, "-1"), payments.StatusMissing},
		"nobody knows it, but our number": {no(404, "-1"), ok(list(paid())), payments.StatusCaptured},
		"it is somebody else's":           {ok(stranger), no(404, "-1"), payments.StatusMissing},
		"somebody else's, and ours":       {ok(stranger), ok(list(paid())), payments.StatusCaptured},
		"it failed, another try paid":     {ok(paid(`"status": "paid"`, `"status": "failed"`)), ok(list(paid(impUID, "imp_2"))), payments.StatusCaptured},
		"it failed, and is the only one":  {ok(paid(`"status": "paid"`, `"status": "failed"`)), no(404, "-1"), payments.StatusFailed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{readAt: tc.read, findAt: tc.find}))
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), known())
			if err != nil || out.Status != tc.status || (out.OrderNo != "" && out.OrderNo != orderNo) {
				t.Errorf("outcome %+v, %v", out, err)
			}
		})
	}
}

func TestLookupTellsTestMoneyFromLiveMoney(t *testing.T) {
	for name, tc := range map[string]struct {
		change []string
		want   registration.Mode
	}{
		"a test channel":               {nil, registration.Test},
		"a live channel":               {[]string{`"sandbox": true`, `"sandbox": false`}, registration.Live},
		"a shop id for trying out":     {[]string{`"sandbox": true`, `"sandbox": false`, "SHOP000001", "INIpayTest"}, registration.Test},
		"another company's shop id":    {[]string{`"sandbox": true`, `"sandbox": false`, "SHOP000001", "TC0ONETIME"}, registration.Test},
		"a live shop id, test channel": {[]string{"SHOP000001", "KSES000001"}, registration.Test},
	} {
		f := newFake(t, with(map[string]reply{readAt: ok(paid(tc.change...))}))
		out, err := connect(t, channel(f.URL)).Lookup(t.Context(), known())
		if err != nil || out.Mode != tc.want || out.Captured != won(150000) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	for _, change := range []string{`"sandboxes": true`, `"sandbox": null`, `"sandbox": "yes"`} {
		f := newFake(t, with(map[string]reply{readAt: ok(paid(`"sandbox": true`, change))}))
		if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), known()); !errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: money of no kind: %+v, %v", change, out, err)
		}
	}
}

// account is a payment whose account waits for its deposit.
func account(change ...string) string {
	return strings.NewReplacer(change...).Replace(paid(`"status": "paid"`, `"status": "ready"`, `"pay_method": "card"`, `"pay_method": "vbank"`,
		`"paid_at": 1793520041`, `"paid_at": 0`, `"vbank_num": null`, `"vbank_num": "56014203456789"`, `"vbank_name": null`, `"vbank_name": "국민은행"`,
		`"vbank_holder": null`, `"vbank_holder": "학회"`, `"vbank_date": 0`, `"vbank_date": 1794150000`))
}

func TestLookupStates(t *testing.T) {
	tests := map[string]struct {
		body   string
		status payments.Status
		reason string
	}{
		"the window is open":            {paid(`"status": "paid"`, `"status": "ready"`), payments.StatusPending, ""},
		"failed":                        {paid(`"status": "paid"`, `"status": "failed"`, `"fail_reason": null`, `"fail_reason": "[x] y"`), payments.StatusFailed, ""},
		"an account":                    {account(), payments.StatusDeposit, ""},
		"an account that is not told":   {account("56014203456789", "unknown"), payments.StatusPending, ""},
		"an account given up":           {account(`"status": "ready"`, `"status": "cancelled"`), payments.StatusFailed, "payment.cancelled"},
		"cancelled before it was paid":  {paid(`"status": "paid"`, `"status": "cancelled"`, `"paid_at": 1793520041`, `"paid_at": null`), payments.StatusFailed, "payment.cancelled"},
		"a state that is new to us":     {paid(`"status": "paid"`, `"status": "reviewing"`), payments.StatusPending, ""},
		"an account, refunded later":    {account(`"status": "ready"`, `"status": "cancelled"`, `"paid_at": 0`, `"paid_at": 1793520041`, `"cancel_amount": 0`, `"cancel_amount": 150000`), payments.StatusCaptured, ""},
		"cancelled, without a pay time": {gone("cancelled", "150000", row("150000", "x")), payments.StatusCaptured, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{readAt: ok(tc.body)}))
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), known())
			if err != nil || out.Status != tc.status || out.Reason != tc.reason || out.OrderNo != orderNo {
				t.Errorf("outcome %+v, %v", out, err)
			}
			want := payments.Account{}
			if tc.status == payments.StatusDeposit {
				want = payments.Account{Bank: "국민은행", Number: "56014203456789", Holder: "학회"}
			}
			if out.Account != want || out.Deadline.IsZero() != (want == payments.Account{}) {
				t.Errorf("account %+v until %v", out.Account, out.Deadline)
			}
		})
	}
}

func TestLookupReadsAmountsByTheirText(t *testing.T) {
	usd := func(amount string) string {
		return paid(`"amount": 150000`, `"amount": `+amount, `"currency": "KRW"`, `"currency": "USD"`)
	}
	strange := registration.Money{}
	tests := map[string]struct {
		body           string
		captured, back registration.Money
	}{
		"won":                               {paid(), won(150000), won(0)},
		"dollars with a half cent column":   {usd("14.2"), dollars(1420), dollars(0)},
		"dollars":                           {usd("120.50"), dollars(12050), dollars(0)},
		"a binary fraction's trap":          {usd("1.1"), dollars(110), dollars(0)},
		"a part of a cent":                  {usd("14.205"), strange, strange},
		"a part of a won":                   {paid(`"amount": 150000`, `"amount": 150000.5`), strange, strange},
		"an exponent":                       {paid(`"amount": 150000`, `"amount": 15e4`), strange, strange},
		"less than nothing":                 {paid(`"amount": 150000`, `"amount": -150000`), strange, strange},
		"nothing":                           {paid(`"amount": 150000`, `"amount": 0`), strange, strange},
		"a currency of elsewhere":           {paid(`"KRW"`, `"XAU"`), registration.Money{Cur: "XAU"}, registration.Money{Cur: "XAU"}},
		"no currency":                       {paid(`"currency": "KRW"`, `"cur": "KRW"`), strange, strange},
		"a part back, called cancelled":     {gone("cancelled", "50000", row("50000", "x")), won(150000), won(50000)},
		"a part back, called paid":          {gone("paid", "50000", row("50000", "x")), won(150000), won(50000)},
		"a sum and no rows":                 {gone("cancelled", "50000", ""), won(150000), won(50000)},
		"rows and no sum":                   {gone("cancelled", "null", row("50000", "x")+","+row("20000", "y")), won(150000), won(70000)},
		"all back":                          {gone("cancelled", "150000", row("150000", "x")), won(150000), won(150000)},
		"more back than was taken":          {gone("cancelled", "150001", ""), strange, strange},
		"rows above the sum":                {gone("cancelled", "10000", row("50000", "x")), strange, strange},
		"cancelled, and nothing back":       {gone("cancelled", "0", ""), strange, strange},
		"cancelled, and nothing said of it": {gone("cancelled", "null", ""), strange, strange},
		"rows that are no list":             {paid(`"cancel_history": []`, `"cancel_history": "x"`), strange, strange},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{readAt: ok(tc.body)}))
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), known())
			if err != nil || out.Status != payments.StatusCaptured || out.Captured != tc.captured || out.Refunded != tc.back {
				t.Errorf("outcome %+v, %v", out, err)
			}
		})
	}
}

func TestLookupOfHostileAnswersLearnsNothing(t *testing.T) {
	tests := map[string]struct {
		reply reply
		want  error
	}{
		"another payment's id":      {ok(paid(impUID, "imp_999999999999")), payments.ErrNoAnswer},
		"amount in quotes":          {ok(paid(`"amount": 150000`, `"amount": "150000"`)), payments.ErrNoAnswer},
		"no status":                 {ok(paid(`"status": "paid"`, `"state": "paid"`)), payments.ErrNoAnswer},
		"an empty response":         {ok(`null`), payments.ErrNoAnswer},
		"a list":                    {ok(`[]`), payments.ErrNoAnswer},
		"no code":                   {reply{Status: 200, Body: `{"response":` + paid() + `}`}, payments.ErrNoAnswer},
		"not an object":             {reply{Status: 200, Body: `"paid"`}, payments.ErrNoAnswer},
		"cut short":                 {reply{Status: 200, Body: `{"code":0,"response":{"imp_uid"`}, payments.ErrNoAnswer},
		"HTML":                      {reply{Status: 200, Body: `<html>`, Kind: "text/html"}, payments.ErrNoAnswer},
		"another character set":     {reply{Status: 200, Body: `{}`, Kind: "application/json; charset=euc-kr"}, payments.ErrNoAnswer},
		"nothing to show, with 207": {reply{Status: 207, Body: `{}`}, payments.ErrNoAnswer},
		"a fault with a code":       {no(500, "-1"), payments.ErrNoAnswer},
		"a fault without":           {reply{Status: 503, Body: "x"}, payments.ErrNoAnswer},
		"a 404 of a proxy":          {reply{Status: 404, Body: "<html>", Kind: "text/html"}, payments.ErrNoAnswer},
		"a 404 without a code":      {reply{Status: 404, Body: "{}"}, payments.ErrNoAnswer},
		"too many":                  {no(429, "-1"), payments.ErrBusy},
		"a redirect": {reply{Raw: func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://elsewhere.invalid/")
			w.WriteHeader(307)
		}}, payments.ErrNoAnswer},
		"a broken connection": {reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{")}, payments.ErrNoAnswer},
		"too large":           {reply{Status: 200, Body: strings.Repeat(" ", 2<<20)}, payments.ErrNoAnswer},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{readAt: tc.reply}))
			if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), known()); !errors.Is(err, tc.want) || out.Status != "" {
				t.Errorf("outcome %+v, %v", out, err)
			}
		})
	}
	f := newFake(t, with(map[string]reply{findAt: ok(list(paid(orderNo, "reg2026000999z9")))}))
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("a list of another number: %+v, %v", out, err)
	}
	f = newFake(t, with(map[string]reply{readAt: no(200, "-1")}))
	_, err := connect(t, channel(f.URL)).Lookup(t.Context(), known())
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "CODE_-1" {
		t.Errorf("a refusal under 200: %v", err)
	}
}
