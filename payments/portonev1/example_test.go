package portonev1_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"foyer/payments"
	"foyer/payments/portonev1"
	"foyer/registration"
)

// A program that has a shop of its own, say a function in a cloud, is told an imp_uid by its page: it asks PortOne what is true, and
// compares the order number and the amount with what it asked for. A server on this machine stands for PortOne here; without APIURL
// the real one is called.
func Example() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := `{"code":0,"message":null,"response":{"access_token":"a-token","now":1793520000,"expired_at":1793521800}}`
		if r.Method == http.MethodGet {
			body = `{"code":0,"message":null,"response":{"imp_uid":"imp_347242536261","merchant_uid":"order20260001","status":"paid","sandbox":true,
				"amount":150000,"cancel_amount":0,"currency":"KRW","pay_method":"card","card_number":"542879*********4","paid_at":1793520041}}`
		}
		if _, err := io.WriteString(w, body); err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()

	gateway, err := portonev1.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: stand.URL,
		Credentials: map[string]string{"imp_code": "imp00000000", "imp_key": "key-of-the-api", "imp_secret": "secret-of-the-api"},
	}, payments.NewTransport(60*time.Second))
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	price := registration.Money{Minor: 150000, Cur: registration.KRW}
	outcome, err := gateway.Lookup(context.Background(), payments.Attempt{OrderNo: "order20260001", GatewayID: "imp_347242536261"})
	switch {
	case errors.Is(err, payments.ErrNoAnswer):
		fmt.Println("not known yet: look up again later")
	case err != nil:
		fmt.Println("refused:", err)
	case outcome.Status != payments.StatusCaptured:
		fmt.Println("not paid:", outcome.Status)
	case outcome.Captured != price || outcome.OrderNo != "order20260001" || outcome.Mode != registration.Test:
		fmt.Println("something else was paid: give it back")
	default:
		fmt.Println("paid", outcome.Captured.Format(registration.English), "by", outcome.Method, outcome.Card)
	}
	// Output: paid KRW 150,000 by card 542879*********4
}
