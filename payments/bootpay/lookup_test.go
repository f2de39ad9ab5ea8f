package bootpay_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/bootpay"
	"foyer/registration"
)

// moved sends every request to another host, as api_url would in test mode.
type moved struct {
	to string
	payments.Transport
}

func (m moved) Do(r *http.Request) (*http.Response, error) {
	to, err := url.Parse(m.to)
	if err != nil {
		return nil, err
	}
	r.URL.Scheme, r.URL.Host = to.Scheme, to.Host
	return m.Transport.Do(r)
}

// connectVia makes the gateway of a live channel whose calls end up at base.
func connectVia(t *testing.T, c payments.Channel, base string) payments.Gateway {
	t.Helper()
	g, err := bootpay.New(c, moved{base, payments.NewTransport(5 * time.Second)})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

// The amounts decide about money, never the status alone.
func TestLookupReadsMoney(t *testing.T) {
	part := func(status, cancelled string) string {
		return changed(t, at(status), `"cancelled_price":0`, `"cancelled_price":`+cancelled)
	}
	nobody := registration.Money{}
	tests := map[string]struct {
		body               string
		captured, refunded registration.Money
	}{
		"paid":                           {paid, won(150000), won(0)},
		"no currency":                    {changed(t, paid, `"currency":"KRW",`, ``), won(150000), won(0)},
		"currency in small letters":      {changed(t, paid, "KRW", "krw"), won(150000), won(0)},
		"won with zeros behind":          {changed(t, paid, "150000", "150000.0"), won(150000), won(0)},
		"a part back, cancelled":         {part("20", "50000"), won(150000), won(50000)},
		"a part back, still called paid": {part("1", "50000"), won(150000), won(50000)},
		"all of it back":                 {part("20", "150000"), won(150000), won(150000)},
		"cancelled without saying":       {changed(t, at("20"), `"cancelled_price":0,`, ``), won(150000), won(150000)},
		"paid without saying":            {changed(t, paid, `"cancelled_price":0,`, ``), won(150000), won(0)},
		"refund failed":                  {part("-20", "50000"), won(150000), won(50000)},
		"refund in progress":             {part("-30", "0"), won(150000), won(0)},
		"cancelled, but nothing back":    {at("20"), nobody, nobody},
		"more back than was taken":       {part("20", "150001"), nobody, nobody},
		"back less than nothing":         {part("20", "-1"), nobody, nobody},
		"parts of a won":                 {changed(t, paid, "150000", "150000.5"), nobody, nobody},
		"an exponent":                    {changed(t, paid, "150000", "1.5e5"), nobody, nobody},
		"more than can be counted":       {changed(t, paid, "150000", "15000000000000000000"), nobody, nobody},
		"nothing":                        {changed(t, paid, "150000", "0"), nobody, nobody},
		"dollars":                        {changed(t, changed(t, paid, "KRW", "USD"), "150000", "120.5"), registration.Money{Minor: 12050, Cur: registration.USD}, registration.Money{Cur: registration.USD}},
		"a currency that nobody counts":  {changed(t, paid, "KRW", "BTC"), registration.Money{Cur: "BTC"}, registration.Money{Cur: "BTC"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{lookLine: ok(tc.body)})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err != nil || out.Status != payments.StatusCaptured || out.Captured != tc.captured || out.Refunded != tc.refunded {
				t.Errorf("%+v, %v, want %+v and %+v back", out, err, tc.captured, tc.refunded)
			}
		})
	}
}

func TestLookupReadsTheRest(t *testing.T) {
	tests := map[string]struct {
		body string
		is   func(payments.Outcome) bool
	}{
		"failed in the window": {at("-1"), func(o payments.Outcome) bool {
			return o.Reason == "payment.failed" && o.Captured == registration.Money{}
		}},
		"confirmation failed":     {at("-2"), func(o payments.Outcome) bool { return o.Reason == "payment.declined.card" }},
		"account given up":        {at("-3"), func(o payments.Outcome) bool { return o.Reason == "payment.lapsed" }},
		"live":                    {changed(t, paid, "true", "false"), func(o payments.Outcome) bool { return o.Mode == registration.Live }},
		"a wallet":                {changed(t, changed(t, paid, `"method_origin_symbol":"card"`, `"method_origin_symbol":"kakaopay"`), `"method_symbol":"card"`, `"method_symbol":"kakaopay"`), func(o payments.Outcome) bool { return o.Method == "easy_pay" }},
		"a bank":                  {changed(t, paid, `"method_origin_symbol":"card"`, `"method_origin_symbol":"bank"`), func(o payments.Outcome) bool { return o.Method == "transfer" }},
		"a telephone":             {changed(t, paid, `"method_origin_symbol":"card"`, `"method_origin_symbol":"phone"`), func(o payments.Outcome) bool { return o.Method == "mobile" }},
		"a card number in full":   {changed(t, paid, "55704204****1074", "5570420412341074"), func(o payments.Outcome) bool { return o.Card == "" }},
		"a card that is text":     {changed(t, paid, `"card_data":{`, `"card_data":"x","y":{`), func(o payments.Outcome) bool { return o.Card == "" && o.Captured == won(150000) }},
		"a slip that is a script": {changed(t, paid, "https://receipt", "javascript:alert(1)//receipt"), func(o payments.Outcome) bool { return o.Proof == "" }},
		"a time without a zone":   {changed(t, paid, "2026-11-20T16:45:10+09:00", "2026-11-20 16:45:10"), func(o payments.Outcome) bool { return o.At.Equal(time.Date(2026, 11, 20, 7, 45, 10, 0, time.UTC)) }},
		"a time that is none":     {changed(t, paid, "2026-11-20T16:45:10+09:00", "yesterday"), func(o payments.Outcome) bool { return o.At.IsZero() }},
		"an account's deadline": {changed(t, at("5"), `"card_data"`, `"vbank_data":{"expired_at":"2026-11-25T23:59:59+09:00"},"card_data"`), func(o payments.Outcome) bool {
			return o.Deadline.Equal(time.Date(2026, 11, 25, 14, 59, 59, 0, time.UTC))
		}},
		"the card's own slip":      {changed(t, changed(t, paid, `"receipt_url":"https://receipt.example.org/r/1",`, ``), `"tid"`, `"receipt_url":"https://pg.example.org/2","tid"`), func(o payments.Outcome) bool { return o.Proof == "https://pg.example.org/2" }},
		"an approval that is text": {changed(t, paid, "30035610", "<b>"), func(o payments.Outcome) bool { return o.Approve == "" }},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{lookLine: ok(tc.body)})
		if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); err != nil || !tc.is(out) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

func TestLookupWithoutAReceipt(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	a := attempt()
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("a receipt that Bootpay does not know: %+v, %v", out, err)
	}
	for _, id := range []string{"", "../token", "a b"} {
		a.GatewayID = id
		if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusMissing {
			t.Errorf("receipt %q: %+v, %v", id, out, err)
		}
	}
	if n := len(f.WholeLines()); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
}

func TestLookupThatTellsNothing(t *testing.T) {
	for name, re := range hostile(t) {
		f := newFake(t, map[string]reply{lookLine: re})
		out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
		if err == nil || out.Status != "" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
		checkHush(t, err)
	}
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	f.Close()
	if _, err := g.Lookup(t.Context(), attempt()); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("nobody there: %v", err)
	} else {
		checkHush(t, err)
	}
}
