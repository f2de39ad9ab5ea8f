package portonev2_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"foyer/payments"
	"foyer/payments/portonev2"
	"foyer/registration"
)

// A program that has a shop of its own, say a function in a cloud, gets a notification: it verifies the signature, asks PortOne what
// is true, and compares. A server on this machine stands for PortOne here; without APIURL the real one is called.
func Example() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := io.WriteString(w, `{"status":"PAID","id":"order20260001","transactionId":"tx-1","storeId":"store-example","currency":"KRW",
			"channel":{"type":"TEST"},"amount":{"total":150000,"discount":0,"paid":150000,"cancelled":0},
			"method":{"type":"PaymentMethodCard","card":{"number":"436420******1234"}}}`)
		if err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()

	gateway, err := portonev2.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: stand.URL,
		Credentials: map[string]string{
			"store_id": "store-example", "channel_key": "channel-key-example", "api_secret": "secret-of-the-api",
			"webhook_secret": "whsec_ZXhhbXBsZS1zZWNyZXQ=",
		},
	}, payments.NewTransport(60*time.Second))
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	hints, err := gateway.ParseWebhook(payments.Request{ // of an http.Request: its header and raw body
		Header: http.Header{
			"Webhook-Id": {"wh-1"}, "Webhook-Timestamp": {"1793491241"},
			"Webhook-Signature": {"v1,zzIM7RWuQjJP78xAlCz6qCj7BqoxRobd19WiWDYz1pQ="},
		},
		Body: []byte(`{"type":"Transaction.Paid","data":{"paymentId":"order20260001","transactionId":"tx-1"}}`),
		Now:  time.Unix(1793491245, 0),
	})
	if err != nil {
		fmt.Println("not from PortOne:", err) // answer 401 and do nothing
		return
	}
	price := registration.Money{Minor: 150000, Cur: registration.KRW}
	for _, h := range hints {
		outcome, err := gateway.Lookup(context.Background(), payments.Attempt{OrderNo: h.OrderNo})
		switch {
		case errors.Is(err, payments.ErrNoAnswer):
			fmt.Println("not known yet: look up again later")
		case err != nil:
			fmt.Println("refused:", err)
		case outcome.Status == payments.StatusCaptured && outcome.Captured == price && outcome.Mode == registration.Test:
			fmt.Println("paid", outcome.Captured.Format(registration.English), "by", outcome.Method, outcome.Card)
		}
	}
	// Output: paid KRW 150,000 by card 436420******1234
}
