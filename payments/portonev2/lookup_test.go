package portonev2_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

func TestLookupReadsAPaidPayment(t *testing.T) {
	f := newFake(t, map[string]reply{readAt: ok(paid())})
	g := connect(t, channel(f.URL))
	out, err := g.Lookup(t.Context(), attempt())
	if err != nil {
		t.Fatalf("look up: %v", err)
	}
	want := payments.Outcome{
		Status: payments.StatusCaptured, GatewayID: "019a3f1e-5c10-7b8a-9f00-1c2d3e4f5a6b", OrderNo: "reg2026000123a1", Mode: registration.Test,
		Captured: won(150000), Refunded: won(0), Method: "card", Card: "436420******1234", Approve: "30012345",
		Proof: "https://pg.example.org/slip?x=1", At: time.Date(2026, 11, 1, 0, 0, 41, 0, time.UTC),
	}
	if out != want {
		t.Errorf("outcome %+v\nwant %+v", out, want)
	}
	r := f.Only(t)
	if r.Whole != readAt+"?storeId=store-test-demo" || r.Header.Get("Authorization") != "PortOne portone-test-demo" || r.Body != "" {
		t.Errorf("request %s %v %q", r.Whole, r.Header, r.Body)
	}
	settled, err := g.Settle(t.Context(), attempt())
	if err != nil || settled != want {
		t.Errorf("settle: %+v, %v", settled, err)
	}
	for _, r := range f.Requests() {
		if !strings.HasPrefix(r.Whole, "GET ") {
			t.Errorf("settling sent %s", r.Whole)
		}
	}
}

func TestLookupAsksByOurNumberWhateverTheCandidate(t *testing.T) {
	f := newFake(t, map[string]reply{readAt: ok(paid())})
	a := attempt()
	a.GatewayID = "019a0000-somebody-else"
	out, err := connect(t, channel(f.URL)).Lookup(t.Context(), a)
	if err != nil || out.OrderNo != a.OrderNo || out.GatewayID == a.GatewayID {
		t.Errorf("outcome %+v, %v", out, err)
	}
	a.OrderNo = ""
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), a); err == nil {
		t.Errorf("without a number: %+v", out)
	}
}

func TestLookupTellsTestMoneyFromLiveMoney(t *testing.T) {
	live := channel("")
	live.Mode = registration.Live
	for kind, want := range map[string]registration.Mode{"TEST": registration.Test, "LIVE": registration.Live} {
		f := newFake(t, map[string]reply{readAt: ok(paid(`"type": "TEST"`, `"type": "`+kind+`"`))})
		out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
		if err != nil || out.Mode != want {
			t.Errorf("%s: %+v, %v", kind, out, err)
		}
	}
	for name, change := range map[string]string{"another word": `"type": "MAYBE"`, "no word": `"kind": "x"`, "a number": `"type": 1`} {
		f := newFake(t, map[string]reply{readAt: ok(paid(`"type": "TEST"`, change))})
		if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); !errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: money of no kind: %+v, %v", name, out, err)
		}
	}
}

func TestLookupStates(t *testing.T) {
	account := `"method": {"type": "PaymentMethodVirtualAccount", "expiredAt": "2026-11-08T14:59:59Z"`
	tests := map[string]struct {
		body   string
		status payments.Status
		reason string
	}{
		"the window is open":   {paid(`"PAID"`, `"READY"`, `"channel"`, `"none"`), payments.StatusPending, ""},
		"under review":         {paid(`"PAID"`, `"PAY_PENDING"`), payments.StatusPending, ""},
		"a word that is new":   {paid(`"PAID"`, `"SOMETHING_NEW"`), payments.StatusPending, ""},
		"failed":               {paid(`"PAID"`, `"FAILED"`, `"customer": {}`, `"failure": {"reason": "x", "pgCode": "REJECT_CARD_PAYMENT"}`), payments.StatusFailed, "payment.declined.limit"},
		"failed without words": {paid(`"PAID"`, `"FAILED"`, `"customer": {}`, `"failure": {}`), payments.StatusFailed, "payment.failed"},
		"window closed":        {paid(`"PAID"`, `"FAILED"`, `"customer": {}`, `"failure": {"pgCode": "PAY_PROCESS_CANCELED"}`), payments.StatusFailed, "payment.cancelled"},
		"an account":           {paid(`"PAID"`, `"VIRTUAL_ACCOUNT_ISSUED"`, `"method": {"type": "PaymentMethodCard"`, account), payments.StatusDeposit, ""},
		"an account closed":    {paid(`"PAID"`, `"CANCELLED"`, `"paidAt"`, `"x"`, `"method": {"type": "PaymentMethodCard"`, account), payments.StatusFailed, "payment.cancelled"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{readAt: ok(tc.body)})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err != nil || out.Status != tc.status || out.Reason != tc.reason || out.Captured.Minor != 0 || out.OrderNo != "reg2026000123a1" {
				t.Errorf("outcome %+v, %v", out, err)
			}
			if (tc.status == payments.StatusDeposit) != (out.Deadline.Equal(time.Date(2026, 11, 8, 14, 59, 59, 0, time.UTC))) {
				t.Errorf("deadline %v", out.Deadline)
			}
		})
	}
}

func TestLookupCountsOnlyWhatHasGoneBack(t *testing.T) {
	done := func(n int) string {
		return fmt.Sprintf(`{"status":"SUCCEEDED","id":"c","totalAmount":%d,"reason":"x"}`, n)
	}
	asked := func(n int) string {
		return fmt.Sprintf(`{"status":"REQUESTED","id":"c","totalAmount":%d,"reason":"x"}`, n)
	}
	failed := `{"status":"FAILED","id":"c","totalAmount":7000,"reason":"x"}`
	tests := map[string]struct {
		body string
		gone int64
	}{
		"a part":                       {cancelled("PARTIAL_CANCELLED", "50000", done(50000)), 50000},
		"two parts":                    {cancelled("PARTIAL_CANCELLED", "70000", done(50000)+","+done(20000)), 70000},
		"all":                          {cancelled("CANCELLED", "150000", done(50000)+","+done(100000)), 150000},
		"all without a time":           {strings.Replace(cancelled("CANCELLED", "150000", done(150000)), `"paidAt"`, `"x"`, 1), 150000},
		"requested":                    {cancelled("PAID", "0", asked(50000)), 0},
		"requested and counted so":     {cancelled("PARTIAL_CANCELLED", "50000", asked(50000)), 0},
		"all is requested":             {cancelled("CANCELLED", "150000", asked(150000)), 0},
		"a part, another requested":    {cancelled("PARTIAL_CANCELLED", "50000", done(50000)+","+asked(20000)), 50000},
		"one failed":                   {cancelled("PARTIAL_CANCELLED", "50000", failed+","+done(50000)), 50000},
		"a sum and no list":            {paid(`"cancelled": 0`, `"cancelled": 30000`), 30000},
		"a state of its own, not back": {cancelled("PAID", "0", `{"status":"NEW","id":"c","totalAmount":50000}`), 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{readAt: ok(tc.body)})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(tc.gone) {
				t.Errorf("outcome %+v, %v; want %d back", out, err, tc.gone)
			}
		})
	}
}

func TestAmountsThatCannotBeOursNeverPass(t *testing.T) {
	tests := map[string]string{
		"a fraction of a won":      paid(`"total": 150000`, `"total": 150000.5`),
		"an exponent":              paid(`"total": 150000`, `"total": 15e4`),
		"less than nothing":        paid(`"total": 150000`, `"total": -150000`),
		"nothing":                  paid(`"total": 150000`, `"total": 0`, `"paid": 150000`, `"paid": 0`),
		"a text":                   paid(`"total": 150000`, `"total": "150000"`),
		"larger than any":          paid(`"total": 150000`, `"total": 99999999999999999999`),
		"no total":                 paid(`"total": 150000`, `"sum": 150000`),
		"no amounts":               paid(`"amount": {`, `"money": {`),
		"paid less":                paid(`"paid": 150000`, `"paid": 1000`),
		"paid more":                paid(`"paid": 150000`, `"paid": 150001`),
		"a currency of elsewhere":  paid(`"KRW"`, `"XAU"`),
		"no currency":              paid(`"KRW"`, `null`),
		"more back than taken":     cancelled("CANCELLED", "200000", `{"status":"SUCCEEDED","totalAmount":200000}`),
		"sum and list differ":      cancelled("PARTIAL_CANCELLED", "10000", `{"status":"SUCCEEDED","totalAmount":50000}`),
		"a refund without a sum":   cancelled("PARTIAL_CANCELLED", "50000", `{"status":"SUCCEEDED"}`),
		"a refund of a half":       cancelled("PARTIAL_CANCELLED", "50000", `{"status":"SUCCEEDED","totalAmount":49999.5}`),
		"a sum that is a fraction": paid(`"cancelled": 0`, `"cancelled": 0.5`),
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{readAt: ok(body)})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err == nil && (out.Captured.Minor != 0 || out.Captured == won(0)) {
				t.Errorf("passes for an amount: %+v", out)
			}
			if err != nil && !errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWhatAPromotionPaysIsPartOfTheTotal(t *testing.T) {
	f := newFake(t, map[string]reply{readAt: ok(paid(`"discount": 0`, `"discount": 10000`, `"paid": 150000`, `"paid": 140000`))})
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); err != nil || out.Captured != won(150000) {
		t.Errorf("outcome %+v, %v", out, err)
	}
}

func TestLookupMissing(t *testing.T) {
	f := newFake(t, nil)
	out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
	if err != nil || out.Status != payments.StatusMissing || out.GatewayID != "" {
		t.Errorf("outcome %+v, %v", out, err)
	}
}

func TestLookupBelievesNoHostileAnswer(t *testing.T) {
	huge := `{"padding":"` + strings.Repeat("x", 2<<20) + `"}`
	tests := map[string]struct {
		reply reply
		want  error // nil: a refusal
	}{
		"another payment":          {ok(paid(`"id": "reg2026000123a1"`, `"id": "reg2026000123a2"`)), payments.ErrNoAnswer},
		"another store":            {ok(paid(`"store-test-demo"`, `"store-test-other"`)), payments.ErrNoAnswer},
		"no store":                 {ok(paid(`"storeId"`, `"shop"`)), payments.ErrNoAnswer},
		"no transaction":           {ok(paid(`"transactionId"`, `"tx"`)), payments.ErrNoAnswer},
		"a transaction id too bad": {ok(paid(`019a3f1e-5c10-7b8a-9f00-1c2d3e4f5a6b`, `<script>`)), payments.ErrNoAnswer},
		"no status":                {ok(paid(`"status"`, `"state"`)), payments.ErrNoAnswer},
		"an empty object":          {ok(`{}`), payments.ErrNoAnswer},
		"a list":                   {ok(`[]`), payments.ErrNoAnswer},
		"null":                     {ok(`null`), payments.ErrNoAnswer},
		"nothing":                  {ok(``), payments.ErrNoAnswer},
		"half of it":               {ok(paid()[:200]), payments.ErrNoAnswer},
		"a page":                   {reply{Status: 200, Body: "<html>ok</html>", Kind: "text/html"}, payments.ErrNoAnswer},
		"another charset":          {reply{Status: 200, Body: paid(), Kind: "application/json; charset=euc-kr"}, payments.ErrNoAnswer},
		"two MiB":                  {ok(huge), payments.ErrNoAnswer},
		"another 2xx":              {reply{Status: 202, Body: paid()}, payments.ErrNoAnswer},
		"a fault with a type":      {refusal(500, "INTERNAL"), payments.ErrNoAnswer},
		"a 404 without a type":     {reply{Status: 404, Body: `{}`}, payments.ErrNoAnswer},
		"a 404 of a proxy":         {reply{Status: 404, Body: "not here", Kind: "text/html"}, payments.ErrNoAnswer},
		"too many":                 {refusal(429, "TOO_MANY_REQUESTS"), payments.ErrBusy},
		"cut":                      {reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 2")}, payments.ErrNoAnswer},
		"another secret":           {refusal(401, "UNAUTHORIZED"), nil},
		"a type that is new":       {refusal(409, "SOMETHING_NEW"), nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{readAt: tc.reply})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			r, refused := errors.AsType[*payments.Refusal](err)
			if (tc.want != nil && !errors.Is(err, tc.want)) || (tc.want == nil && !refused) || out != (payments.Outcome{}) {
				t.Errorf("outcome %+v, %v; want %v", out, err, tc.want)
			}
			if refused && r.Declined {
				t.Errorf("a look-up declines a payment: %+v", r)
			}
			if err != nil && strings.Contains(err.Error(), "reg2026000123a1") {
				t.Errorf("the error names the payment: %v", err)
			}
		})
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	called := false
	elsewhere := newFake(t, map[string]reply{"GET /take": {Raw: func(http.ResponseWriter) { called = true }}})
	f := newFake(t, map[string]reply{readAt: {Raw: func(w http.ResponseWriter) {
		w.Header().Set("Location", elsewhere.URL+"/take")
		w.WriteHeader(http.StatusFound)
	}}})
	if _, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); !errors.Is(err, payments.ErrNoAnswer) || called {
		t.Errorf("error %v, followed %v", err, called)
	}
}

func TestCardsThatShowTooMuchAreNotKept(t *testing.T) {
	for number, want := range map[string]string{
		"4364201234561234": "", "436420******1234": "436420******1234", "4364-20**-****-1234": "4364-20**-****-1234", "<b>*": "", "1234567890123*": "",
	} {
		f := newFake(t, map[string]reply{readAt: ok(paid(`436420******1234`, number))})
		if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); err != nil || out.Card != want {
			t.Errorf("%s: %q, %v", number, out.Card, err)
		}
	}
	inside := paid(`{"type": "PaymentMethodCard", "approvalNumber": "30012345", "card": {"brand": "LOCAL", "number": "436420******1234"}}`,
		`{"type": "PaymentMethodEasyPay", "provider": "KAKAOPAY", "easyPayMethod": {"type": "PaymentMethodCard", "approvalNumber": "7", "card": {"number": "1234****"}}}`)
	f := newFake(t, map[string]reply{readAt: ok(inside)})
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); err != nil || out.Method != "easy_pay" || out.Card != "1234****" || out.Approve != "7" {
		t.Errorf("a card inside an easy payment: %+v, %v", out, err)
	}
}
