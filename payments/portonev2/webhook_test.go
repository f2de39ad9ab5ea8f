package portonev2_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"foyer/payments"
)

var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// signed is a notification as PortOne sends it, signed with key at noon.
func signed(key, body string) payments.Request {
	seconds := strconv.FormatInt(noon.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("wh-1." + seconds + "." + body))
	return payments.Request{Method: http.MethodPost, Body: []byte(body), Now: noon, Header: map[string][]string{
		"Webhook-Id": {"wh-1"}, "Webhook-Timestamp": {seconds},
		"Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}}
}

const (
	current = "sandbox-webhook-secret-demo"
	next    = "sandbox-webhook-secret-demo-next"
	paidNow = `{"type":"Transaction.Paid","timestamp":"2026-11-01T12:00:00.000Z","data":{"paymentId":"reg2026000123a1","storeId":"store-test-demo","transactionId":"tx-1"}}`
)

func TestSignaturesOfTheStandardsOwnVectors(t *testing.T) {
	dir := os.Getenv("FOYER_TEST_SCHEMAS")
	if dir == "" {
		t.Skip("FOYER_TEST_SCHEMAS names no folder")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "standard-webhooks-vectors.json"))
	if err != nil {
		t.Fatalf("read vectors: %v", err)
	}
	var file struct {
		Vectors []struct {
			Name, Secret, Body string
			Headers            map[string]string
			Now                int64
			Valid              bool
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil || len(file.Vectors) == 0 {
		t.Fatalf("read vectors: %d, %v", len(file.Vectors), err)
	}
	for _, v := range file.Vectors {
		t.Run(v.Name, func(t *testing.T) {
			c := channel("")
			c.Credentials["webhook_secret"] = v.Secret
			r := payments.Request{Body: []byte(v.Body), Header: map[string][]string{}, Now: time.Unix(v.Now, 0)}
			for name, value := range v.Headers {
				r.Header[http.CanonicalHeaderKey(name)] = []string{value}
			}
			if _, err := connect(t, c).ParseWebhook(r); errors.Is(err, payments.ErrSignature) == v.Valid {
				t.Errorf("valid %v, error %v", v.Valid, err)
			}
		})
	}
}

func TestWebhookNamesThePayment(t *testing.T) {
	hints, err := connect(t, channel("")).ParseWebhook(signed(current, paidNow))
	want := payments.Hint{EventID: "wh-1", OrderNo: "reg2026000123a1", GatewayID: "tx-1", Kind: "Transaction.Paid"}
	if err != nil || len(hints) != 1 || hints[0] != want {
		t.Errorf("hints %+v, %v", hints, err)
	}
}

func TestWebhookSecretsMayChange(t *testing.T) {
	code := func(key string) string { return "whsec_" + base64.StdEncoding.EncodeToString([]byte(key)) }
	for list, takes := range map[string][2]bool{
		code(current):                    {true, false},
		code(next):                       {false, true},
		code(current) + "," + code(next): {true, true},
		" " + code(next) + " , " + strings.TrimPrefix(code(current), "whsec_") + ",": {true, true},
	} {
		c := channel("")
		c.Credentials["webhook_secret"] = list
		g := connect(t, c)
		for i, key := range []string{current, next} {
			hints, err := g.ParseWebhook(signed(key, paidNow))
			if takes[i] != (err == nil && len(hints) == 1) || takes[i] == errors.Is(err, payments.ErrSignature) {
				t.Errorf("secrets %q, signed with %s: %+v, %v", list, key, hints, err)
			}
		}
	}
}

func TestForgedWebhooksAreRefused(t *testing.T) {
	good := signed(current, paidNow)
	tests := map[string]func(*payments.Request){
		"another secret": func(r *payments.Request) { *r = signed("another", paidNow) },
		"another body":   func(r *payments.Request) { r.Body = []byte(strings.Replace(paidNow, "a1", "a2", 1)) },
		"another id":     func(r *payments.Request) { r.Header["Webhook-Id"] = []string{"wh-2"} },
		"another time": func(r *payments.Request) {
			r.Header["Webhook-Timestamp"] = []string{strconv.FormatInt(noon.Unix()+1, 10)}
		},
		"too late":       func(r *payments.Request) { r.Now = noon.Add(301 * time.Second) },
		"too early":      func(r *payments.Request) { r.Now = noon.Add(-301 * time.Second) },
		"no id":          func(r *payments.Request) { delete(r.Header, "Webhook-Id") },
		"no time":        func(r *payments.Request) { delete(r.Header, "Webhook-Timestamp") },
		"no signature":   func(r *payments.Request) { delete(r.Header, "Webhook-Signature") },
		"two signatures": func(r *payments.Request) { r.Header["webhook-signature"] = []string{"v1,x"} },
		"two ids":        func(r *payments.Request) { r.Header["Webhook-Id"] = []string{"wh-1", "wh-1"} },
		"version 2": func(r *payments.Request) {
			r.Header["Webhook-Signature"][0] = "v2" + r.Header["Webhook-Signature"][0][2:]
		},
		"no version": func(r *payments.Request) { r.Header["Webhook-Signature"][0] = r.Header["Webhook-Signature"][0][3:] },
		"without its padding": func(r *payments.Request) {
			r.Header["Webhook-Signature"][0] = strings.TrimRight(r.Header["Webhook-Signature"][0], "=")
		},
		"a time with letters": func(r *payments.Request) { r.Header["Webhook-Timestamp"][0] += "x" },
		"no headers":          func(r *payments.Request) { r.Header = nil },
	}
	g := connect(t, channel(""))
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			r := signed(current, paidNow)
			change(&r)
			if hints, err := g.ParseWebhook(r); !errors.Is(err, payments.ErrSignature) || hints != nil {
				t.Errorf("hints %+v, %v", hints, err)
			}
		})
	}
	if _, err := g.ParseWebhook(good); err != nil {
		t.Errorf("the true one: %v", err)
	}
}

func TestWebhooksOfEveryKind(t *testing.T) {
	event := func(kind string) string { return strings.Replace(paidNow, "Transaction.Paid", kind, 1) }
	g := connect(t, channel(""))
	for body, want := range map[string]string{ // the hint's kind, "" for none
		event("Transaction.Failed"):                         "Transaction.Failed",
		event("Transaction.Cancelled"):                      "Transaction.Cancelled",
		event("Transaction.PartialCancelled"):               "Transaction.PartialCancelled",
		event("Transaction.CancelPending"):                  "Transaction.CancelPending",
		event("Transaction.SomethingNew"):                   "Transaction.SomethingNew",
		event("Transaction.Ready"):                          "",
		event("Transaction.Confirm"):                        "",
		event("BillingKey.Ready"):                           "",
		`{"type":"Transaction.Future","data":{"memo":"x"}}`: "",
		`{"type":"Transaction.Future","data":[1]}`:          "malformed",
		`{}`: "",
		`{"payment_id":"reg2026000123a1","tx_id":"tx-1","status":"Paid"}`:      "Paid",
		`payment_id=reg2026000123a1&tx_id=tx-1&status=Paid`:                    "Paid",
		`{"payment_id":"reg2026000123a1","tx_id":"tx-1","status":"Ready"}`:     "",
		`{"type":"Transaction.Paid","data":{}}`:                                "malformed",
		`{"type":"Transaction.Paid","data":{"paymentId":"a/../b"}}`:            "malformed",
		`{"type":"Transaction.Paid","data":{"paymentId":["reg2026000123a1"]}}`: "malformed",
		`[]`:                      "malformed",
		`{"type":`:                "malformed",
		``:                        "malformed",
		`<xml/>`:                  "malformed",
		`{"type":7}`:              "malformed",
		strings.Repeat("{", 9000): "malformed",
	} {
		hints, err := g.ParseWebhook(signed(current, body))
		switch {
		case want == "malformed":
			if !errors.Is(err, payments.ErrMalformed) || hints != nil {
				t.Errorf("%.60s: %+v, %v", body, hints, err)
			}
		case want == "":
			if err != nil || len(hints) != 0 {
				t.Errorf("%.60s: %+v, %v", body, hints, err)
			}
		case err != nil || len(hints) != 1 || hints[0].Kind != want || hints[0].OrderNo != "reg2026000123a1" || hints[0].GatewayID != "tx-1":
			t.Errorf("%.60s: %+v, %v", body, hints, err)
		}
	}
}

func TestParseReturn(t *testing.T) {
	tests := map[string]struct {
		query string
		want  payments.Return
	}{
		"paid":               {"paymentId=reg2026000123a1&transactionType=PAYMENT&txId=tx-1", payments.Return{GatewayID: "tx-1", OrderNo: "reg2026000123a1"}},
		"paid, older names":  {"payment_id=reg2026000123a1&tx_id=tx-1", payments.Return{GatewayID: "tx-1", OrderNo: "reg2026000123a1"}},
		"nothing":            {"", payments.Return{}},
		"over the limit":     {"paymentId=reg2026000123a1&txId=tx-1&code=PGProviderError&message=x&pgCode=REJECT_CARD_PAYMENT", payments.Return{OrderNo: "reg2026000123a1", Failed: true, Reason: "payment.declined.limit"}},
		"window closed":      {"paymentId=reg2026000123a1&code=PGProviderError&pgCode=PAY_PROCESS_CANCELED", payments.Return{OrderNo: "reg2026000123a1", Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"cancelled by word":  {"code=Cancelled", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"another amount":     {"code=AmountNotEqualToPredefined", payments.Return{Failed: true, Reason: "payment.declined.amount"}},
		"no such channel":    {"code=ChannelNotFound", payments.Return{Failed: true, Reason: "payment.channel"}},
		"a code that is new": {"code=SomethingNew&pgCode=W123", payments.Return{Failed: true, Reason: "payment.failed"}},
		"a code that is bad": {"code=<script>", payments.Return{Failed: true, Reason: "payment.failed"}},
		"ids that are bad":   {"paymentId=../../x&txId=%00%0a" + strings.Repeat("9", 300), payments.Return{}},
	}
	g := connect(t, channel(""))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := url.ParseQuery(tc.query)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []payments.Request{{Method: http.MethodGet, Query: q}, {Method: http.MethodPost, Form: q}} {
				if got, err := g.ParseReturn(r); err != nil || got != tc.want {
					t.Errorf("%s: %+v, %v, want %+v", r.Method, got, err, tc.want)
				}
			}
		})
	}
}
