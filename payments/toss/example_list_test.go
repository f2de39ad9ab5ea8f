package toss_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"foyer/payments"
	"foyer/payments/toss"
	"foyer/registration"
)

// A program that keeps its own books compares them with those of Toss Payments, one Korean day at a time.
func Example_transactions() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, `[
			{"transactionKey":"t1","paymentKey":"k1","orderId":"order20260001","method":"카드","status":"DONE","transactionAt":"2026-11-01T09:00:00+09:00","currency":"KRW","amount":150000},
			{"transactionKey":"t2","paymentKey":"k1","orderId":"order20260001","method":"카드","status":"PARTIAL_CANCELED","transactionAt":"2026-11-01T18:00:00+09:00","currency":"KRW","amount":50000}]`); err != nil {
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
	day := payments.DayOf(registration.Date{Year: 2026, Month: time.November, Day: 1}, time.FixedZone("KST", 9*60*60))
	rows, err := gateway.Transactions(context.Background(), day)
	if err != nil {
		fmt.Println("ask again later:", err)
		return
	}
	for _, row := range rows {
		what := "came"
		if row.Refund {
			what = "went back"
		}
		fmt.Println(row.OrderNo, row.Amount.Format(registration.English), what)
	}
	// Output:
	// order20260001 KRW 150,000 came
	// order20260001 KRW 50,000 went back
}
