package stripe_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"foyer/payments"
	"foyer/payments/stripe"
	"foyer/registration"
)

// A program that has a shop of its own asks what became of a Checkout Session, after the browser has come back with its id or a
// notification has named it. A server on this machine stands for Stripe here; without APIURL the real one is called.
func Example() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := io.WriteString(w, `{"id":"cs_test_2026","status":"complete","payment_status":"paid","livemode":false,
			"client_reference_id":"order20260001","amount_total":25000,"currency":"usd",
			"payment_intent":{"id":"pi_2026","status":"succeeded","amount_received":25000,"currency":"usd",
				"latest_charge":{"id":"ch_2026","amount_refunded":0,"currency":"usd",
					"payment_method_details":{"type":"card","card":{"last4":"4242"}}}}}`)
		if err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()

	gateway, err := stripe.New(payments.Channel{
		Mode: registration.Test, Currency: registration.USD, APIURL: stand.URL,
		Credentials: map[string]string{"secret_key": "sk_test_example", "webhook_secret": "whsec_example"},
	}, payments.NewTransport(60*time.Second))
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	price := registration.Money{Minor: 25000, Cur: registration.USD}
	outcome, err := gateway.Lookup(context.Background(), payments.Attempt{
		GatewayID: "cs_test_2026", // as the browser or a notification brought it: only a hint
		OrderNo:   "order20260001",
		Amount:    price,
	})
	switch {
	case errors.Is(err, payments.ErrNoAnswer):
		fmt.Println("not known yet: ask again later")
	case err != nil:
		fmt.Println("refused:", err)
	case outcome.Status == payments.StatusCaptured && outcome.Captured == price && outcome.OrderNo == "order20260001":
		fmt.Println("paid", outcome.Captured.Format(registration.English), "by", outcome.Method, outcome.Card)
	}
	// Output: paid USD 250.00 by card **** 4242
}
