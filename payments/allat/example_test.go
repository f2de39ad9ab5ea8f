package allat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"foyer/payments"
	"foyer/payments/allat"
	"foyer/registration"
)

// A program that has a shop of its own asks for the approval after its receive page has got allat_enc_data from the window.
func Example() {
	stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.WriteString(w, "reply_cd=0001\norder_no=order20260001\namt=150000\npay_type=CARD\napproval_ymdhms=20261120164502\n"+
			"seq_no=0123456789\napproval_no=30035610\n"); err != nil {
			fmt.Println("answer:", err)
		}
	}))
	defer stand.Close()

	gateway, err := allat.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: stand.URL,
		Credentials: map[string]string{"shop_id": "myshop", "cross_key": "from-the-secret-store"},
	}, payments.NewTransport(60*time.Second))
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	price := registration.Money{Minor: 150000, Cur: registration.KRW}
	// Write down that the approval is on its way before this call: it must never be made twice.
	outcome, err := gateway.Settle(context.Background(), payments.Attempt{
		OrderNo:   "order20260001",
		Amount:    price,              // of the order, never of the browser
		GatewayID: "00000110A1B2C3D4", // allat_enc_data
	})
	switch {
	case errors.Is(err, payments.ErrBusy):
		fmt.Println("nothing was sent: the same call again is safe")
	case errors.Is(err, payments.ErrNoAnswer):
		fmt.Println("it may be paid: a person has to look in KG Allat's administration")
	case err != nil:
		fmt.Println("refused:", err)
	case outcome.Captured == price && outcome.OrderNo == "order20260001":
		fmt.Println("paid", outcome.Captured.Format(registration.English), "by", outcome.Method, "in", outcome.Mode, "mode, number", outcome.GatewayID)
	}
	// Output: paid KRW 150,000 by card in test mode, number 0123456789
}
