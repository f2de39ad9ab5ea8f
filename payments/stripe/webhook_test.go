package stripe_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"

	"github.com/stripe/stripe-go/v85/webhook"
)

func TestParseReturn(t *testing.T) {
	tests := map[string]struct {
		query string
		want  payments.Return
	}{
		"paid":               {"session_id=cs_test_a1B2", payments.Return{GatewayID: "cs_test_a1B2"}},
		"nothing":            {"", payments.Return{}},
		"went back":          {"cancelled=1", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"not substituted":    {"session_id=%7BCHECKOUT_SESSION_ID%7D", payments.Return{}},
		"an id with a path":  {"session_id=cs_..%2F..%2Fx", payments.Return{}},
		"another kind of id": {"session_id=pi_1", payments.Return{}},
		"an id too long":     {"session_id=cs_" + strings.Repeat("a", 300), payments.Return{}},
	}
	g := connect(t, channel(""))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			values, err := url.ParseQuery(tc.query)
			if err != nil {
				t.Fatalf("query: %v", err)
			}
			if got, err := g.ParseReturn(payments.Request{Method: "GET", Query: values}); err != nil || got != tc.want {
				t.Errorf("%+v, %v, want %+v", got, err, tc.want)
			}
		})
	}
}

// signedAt is a header for a body as Stripe's own library makes it.
func signedAt(at time.Time, body, secret string) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret, Timestamp: at}).Header
}

// event is a notification about an object.
func event(kind, object string) string {
	return `{"id":"evt_1","object":"event","api_version":"2019-02-19","livemode":false,"type":"` + kind + `","data":{"object":` + object + `}}`
}

func TestParseWebhook(t *testing.T) {
	const (
		byOrder = `"metadata":{"order":"reg2026000123a1"}`
		charge  = `{"id":"ch_1","object":"charge","payment_intent":"pi_1","amount_refunded":5,` + byOrder + `}`
	)
	session := payments.Hint{EventID: "evt_1", OrderNo: "reg2026000123a1", GatewayID: "cs_test_a1", Kind: "checkout.session.completed"}
	moved := payments.Hint{EventID: "evt_1", OrderNo: "reg2026000123a1", GatewayID: "pi_1", Kind: "charge.refunded"}
	unnamed := payments.Hint{EventID: "evt_1", GatewayID: "pi_1", Kind: "refund.failed"}
	tests := map[string]struct {
		body string
		want []payments.Hint
		err  error
	}{
		"a session is complete":       {event("checkout.session.completed", paid), []payments.Hint{session}, nil},
		"a charge was refunded":       {event("charge.refunded", charge), []payments.Hint{moved}, nil},
		"the payment in full":         {event("charge.refunded", strings.Replace(charge, `"pi_1"`, `{"id":"pi_1"}`, 1)), []payments.Hint{moved}, nil},
		"a refund by hand failed":     {event("refund.failed", `{"id":"re_1","object":"refund","payment_intent":"pi_1","metadata":{}}`), []payments.Hint{unnamed}, nil},
		"of the other mode":           {strings.Replace(event("checkout.session.completed", paid), `"livemode":false`, `"livemode":true`, 1), nil, nil},
		"a refused card":              {event("payment_intent.payment_failed", `{"id":"pi_1"}`), nil, nil},
		"an unknown event":            {event("new.thing", `7`), nil, nil},
		"names no payment":            {event("charge.refunded", `{"object":"charge"}`), nil, payments.ErrMalformed},
		"an object that is text":      {event("charge.refunded", `"x"`), nil, payments.ErrMalformed},
		"ids of the wrong shape":      {event("checkout.session.expired", `{"object":"checkout.session","id":"/","client_reference_id":"a b"}`), nil, payments.ErrMalformed},
		"mode not told":               {strings.Replace(event("charge.refunded", charge), `"livemode":false,`, "", 1), nil, payments.ErrMalformed},
		"a thin event":                {`{"id":"evt_1","object":"v2.core.event","type":"x","livemode":false}`, nil, payments.ErrMalformed},
		"no JSON":                     {`session=x`, nil, payments.ErrMalformed},
		"a list":                      {`[]`, nil, payments.ErrMalformed},
		"half an object":              {event("charge.refunded", charge)[:60], nil, payments.ErrMalformed},
		"metadata of the wrong types": {event("charge.refunded", `{"object":"charge","payment_intent":"pi_1","metadata":{"order":7}}`), []payments.Hint{{EventID: "evt_1", GatewayID: "pi_1", Kind: "charge.refunded"}}, nil},
	}
	g := connect(t, channel(""))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, header := range []string{"Stripe-Signature", "stripe-signature"} {
				got, err := g.ParseWebhook(payments.Request{
					Method: "POST", Body: []byte(tc.body), Now: start, Header: map[string][]string{header: {signedAt(start, tc.body, "whsec_test")}},
				})
				if !slices.Equal(got, tc.want) || !errors.Is(err, tc.err) {
					t.Errorf("%+v, %v, want %+v, %v", got, err, tc.want, tc.err)
				}
			}
		})
	}
}

func TestSignatures(t *testing.T) {
	const vector = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925"
	body := event("checkout.session.completed", paid)
	good := signedAt(start, body, "whsec_test")
	_, v1, _ := strings.Cut(good, ",")
	tests := map[string]struct {
		header string
		ok     bool
	}{
		"signed now":                   {good, true},
		"with the next secret":         {signedAt(start, body, "whsec_next"), true},
		"with both secrets":            {good + "," + strings.Split(signedAt(start, body, "whsec_gone"), ",")[1], true},
		"an older scheme beside":       {good + ",v0=6ffbb59b", true},
		"a signature of no hex beside": {fmt.Sprintf("t=%d,v1=zz,%s", start.Unix(), v1), true},
		"300 s old":                    {signedAt(start.Add(-300*time.Second), body, "whsec_test"), true},
		"301 s old":                    {signedAt(start.Add(-301*time.Second), body, "whsec_test"), false},
		"301 s ahead":                  {signedAt(start.Add(301*time.Second), body, "whsec_test"), false},
		"with another secret":          {signedAt(start, body, "whsec_other"), false},
		"another time than signed":     {fmt.Sprintf("t=%d,%s", start.Unix()+1, v1), false},
		"two times":                    {fmt.Sprintf("t=%d,%s", start.Unix(), signedAt(start.Add(-time.Hour), body, "whsec_test")), false},
		"under the older scheme":       {strings.Replace(good, "v1=", "v0=", 1), false},
		"a part that is no pair":       {good + ",x", false},
		"a part with two signs":        {good + ",v1=a=b", false},
		"no time":                      {v1, false},
		"a time that is text":          {"t=now," + v1, false},
		"a time out of all bounds":     {"t=9223372036854775807," + v1, false},
		"a signature cut short":        {good[:len(good)-2], false},
		"nothing":                      {"", false},
		"the signature of another":     {fmt.Sprintf("t=%d,v1=%s", start.Unix(), vector), false},
	}
	c := channel("")
	c.Credentials["webhook_secret"] = "whsec_test, whsec_next"
	g := connect(t, c)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			hints, err := g.ParseWebhook(payments.Request{Body: []byte(body), Now: start, Header: map[string][]string{"Stripe-Signature": {tc.header}}})
			if tc.ok != (len(hints) == 1) || tc.ok != (err == nil) || (!tc.ok && !errors.Is(err, payments.ErrSignature)) {
				t.Errorf("%+v, %v", hints, err)
			}
		})
	}
	if _, err := g.ParseWebhook(payments.Request{Body: []byte(body), Now: start}); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("no header: %v", err)
	}
	// A body, time, secret and signature that were computed elsewhere: signed well, and no event that we know.
	known := payments.Request{
		Body: []byte(`{"id":"evt_1"}`), Now: time.Unix(1700000000, 0), Header: map[string][]string{"Stripe-Signature": {"t=1700000000,v1=" + vector}},
	}
	if _, err := g.ParseWebhook(known); !errors.Is(err, payments.ErrMalformed) {
		t.Errorf("known vector: %v, want a good signature", err)
	}
	known.Body = []byte(`{"id":"evt_2"}`)
	if _, err := g.ParseWebhook(known); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("changed body: %v", err)
	}
}

func TestLiveChannelHearsLiveEventsOnly(t *testing.T) {
	c := channel("")
	live(&c)
	c.Mode = registration.Live
	g := connect(t, c)
	for mode, want := range map[string]int{"true": 1, "false": 0} {
		body := strings.Replace(event("checkout.session.completed", paid), `"livemode":false,"type"`, `"livemode":`+mode+`,"type"`, 1)
		hints, err := g.ParseWebhook(payments.Request{
			Body: []byte(body), Now: start, Header: map[string][]string{"Stripe-Signature": {signedAt(start, body, "whsec_test")}},
		})
		if err != nil || len(hints) != want {
			t.Errorf("livemode %s: %+v, %v", mode, hints, err)
		}
	}
}
