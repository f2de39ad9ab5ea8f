package toss_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"foyer/payments"
	"foyer/payments/toss"
	"foyer/registration"
)

// A program that has a shop of its own confirms a payment after the payer has come back from the window. A server on this machine
// stands for Toss Payments here; without APIURL the real one is called.
func Example() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := io.WriteString(w, `{"paymentKey":"tviva2026","orderId":"order20260001","status":"DONE","method":"카드","currency":"KRW",
			"totalAmount":150000,"balanceAmount":150000,"card":{"number":"48902300****406*","approveNo":"00000001"}}`)
		if err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()

	gateway, err := toss.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: stand.URL,
		Credentials: map[string]string{"client_key": "test_ck_example", "secret_key": "test_sk_example"},
	}, payments.NewTransport(60*time.Second))
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	price := registration.Money{Minor: 150000, Cur: registration.KRW}
	outcome, err := gateway.Settle(context.Background(), payments.Attempt{
		GatewayID: "tviva2026", // paymentKey, as the browser brought it
		OrderNo:   "order20260001",
		Amount:    price,
		Key:       "made-and-stored-before-the-call",
	})
	switch {
	case errors.Is(err, payments.ErrNoAnswer):
		fmt.Println("not known yet: the same call with the same key later, or Lookup")
	case err != nil:
		fmt.Println("refused:", err)
	case outcome.Captured == price && outcome.OrderNo == "order20260001":
		fmt.Println("paid", outcome.Captured.Format(registration.English), "by", outcome.Method, outcome.Card)
	}
	// Output: paid KRW 150,000 by card 48902300****406*
}
