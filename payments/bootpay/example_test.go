package bootpay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"foyer/payments"
	"foyer/payments/bootpay"
	"foyer/registration"
)

// A cloud function that a shop's page calls with a receipt id after the payment. The price comes from the shop's own books: what the
// browser says about it does not count. A server on this machine stands for Bootpay here; without API the real one is called.
func ExampleVerify() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := `{"status":200,"code":0,"data":{"token":"t"}}`
		if r.Method == http.MethodGet {
			answer = `{"status":200,"code":0,"data":{"receipt_id":"66f0a1b2c3d4e5f601234567","order_id":"order-1","price":3000,
				"cancelled_price":0,"unit":"krw","pg":"kcp","method":"card","status":1,"purchased_at":"2026-11-20 16:45:10"}}`
		}
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, answer); err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()
	shop := bootpay.Shop{ApplicationID: "of-rest", PrivateKey: "from-the-secret-store", API: stand.URL}
	prices := map[string]int64{"order-1": 3000, "order-2": 90000}

	function := func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Receipt, Order string }
		if err := json.NewDecoder(io.LimitReader(r.Body, 1<<10)).Decode(&in); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		paid, err := bootpay.Verify(r.Context(), shop, bootpay.Purchase{
			ReceiptID: in.Receipt, OrderNo: in.Order, Price: registration.Money{Minor: prices[in.Order], Cur: registration.KRW},
		})
		switch {
		case err == nil:
			fmt.Fprintln(w, "paid", paid.Price.Format(registration.English), "by", paid.Method)
		case errors.Is(err, bootpay.ErrNotPaid), errors.Is(err, bootpay.ErrDiffers):
			http.Error(w, err.Error(), http.StatusPaymentRequired)
		default: // Bootpay did not answer, or refused the keys: not known, so never "not paid"
			http.Error(w, "ask again", http.StatusServiceUnavailable)
		}
	}
	for _, body := range []string{
		`{"receipt":"66f0a1b2c3d4e5f601234567","order":"order-1"}`,
		`{"receipt":"66f0a1b2c3d4e5f601234567","order":"order-2"}`,
	} {
		w := httptest.NewRecorder()
		function(w, httptest.NewRequest(http.MethodPost, "/verify", strings.NewReader(body)))
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 paid KRW 3,000 by card
	// 402 bootpay: verify: another order: the receipt is for something else
}

// A program that has a shop of its own confirms a payment after the payer has come back from the window.
func Example() {
	receipt := func(status int) string {
		return fmt.Sprintf(`{"receipt_id":"66f0a1b2c3d4e5f601234567","order_id":"order20260001","price":150000,"cancelled_price":0,"sandbox":true,
			"status":%d,"method_symbol":"card","card_data":{"card_no":"55704204****1074","card_approve_no":"30035610"}}`, status)
	}
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := 2 // the payer is done, nothing is charged
		if r.URL.Path == "/v2/confirm" {
			status = 1
		}
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, receipt(status)); err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()

	gateway, err := bootpay.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: stand.URL,
		Credentials: map[string]string{"client_key": "example", "secret_key": "from-the-secret-store"},
	}, payments.NewTransport(60*time.Second))
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	price := registration.Money{Minor: 150000, Cur: registration.KRW}
	outcome, err := gateway.Settle(context.Background(), payments.Attempt{
		GatewayID: "66f0a1b2c3d4e5f601234567", // receipt_id, as the browser brought it
		OrderNo:   "order20260001",
		Amount:    price,
		Key:       "made-and-stored-before-the-call",
	})
	switch {
	case errors.Is(err, payments.ErrNoAnswer):
		fmt.Println("not known yet: Lookup, then the same call again")
	case err != nil:
		fmt.Println("refused:", err)
	case outcome.Captured == price && outcome.OrderNo == "order20260001":
		fmt.Println("paid", outcome.Captured.Format(registration.English), "by", outcome.Method, outcome.Card)
	}
	// Output: paid KRW 150,000 by card 55704204****1074
}
