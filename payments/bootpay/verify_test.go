package bootpay_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/bootpay"
	"foyer/registration"
)

const (
	oldTokenLine = "POST /request/token"
	oldLookLine  = "GET /receipt/" + receiptID
	oldToken     = `{"status":200,"code":0,"message":"","data":{"token":"old-token","server_time":1,"expired_at":2}}`
	oldPaid      = `{"status":200,"code":0,"message":"","data":{"receipt_id":"66f0a1b2c3d4e5f601234567","order_id":"REG2026000123A1","name":"x",
		"price":150000,"tax_free":0,"remain_price":150000,"cancelled_price":0,"unit":"krw","pg":"kcp","method":"card","pg_name":"KCP",
		"payment_data":{"card_no":"5570420412341074","p":150000,"s":1},"requested_at":"2026-11-20 16:44:02","purchased_at":"2026-11-20 16:45:10",
		"status":1,"status_en":"complete"}}`
)

func shop(base string) bootpay.Shop {
	return bootpay.Shop{ApplicationID: "rest", PrivateKey: "bootpay_private_hush", API: base, Transport: payments.NewTransport(5 * time.Second)}
}

func purchase() bootpay.Purchase {
	return bootpay.Purchase{ReceiptID: receiptID, OrderNo: orderNo, Price: won(150000)}
}

func TestVerifyAPaidReceipt(t *testing.T) {
	f := newFake(t, map[string]reply{oldTokenLine: ok(oldToken), oldLookLine: ok(oldPaid)})
	want := bootpay.Paid{
		ReceiptID: receiptID, OrderNo: orderNo, Status: bootpay.StatusPaid, Price: won(150000), Cancelled: won(0), Company: "kcp", Method: "card",
		At: time.Date(2026, 11, 20, 7, 45, 10, 0, time.UTC),
	}
	for _, number := range []string{orderNo, ""} {
		p := purchase()
		p.OrderNo = number
		if got, err := bootpay.Verify(t.Context(), shop(f.URL), p); err != nil || got != want {
			t.Errorf("verify: %+v, %v\nwant %+v", got, err, want)
		}
	}
	if lines := f.WholeLines(); !slices.Equal(lines[:2], []string{oldTokenLine, oldLookLine}) {
		t.Errorf("requests %v", lines)
	}
	if got := f.Last(t).Header.Get("Authorization"); got != "old-token" {
		t.Errorf("the token was sent as %q", got)
	}
	if got := f.Requests()[0].Body; got != `{"application_id":"rest","private_key":"bootpay_private_hush"}` {
		t.Errorf("sent %s", got)
	}
}

func TestVerifyEveryOtherStatus(t *testing.T) {
	for _, status := range []string{"0", "2", "3", "5", "11", "12", "20", "-1", "-2", "-3", "-11", "-20", "-30", "99"} {
		f := newFake(t, map[string]reply{oldTokenLine: ok(oldToken), oldLookLine: ok(changed(t, oldPaid, `"status":1,`, `"status":`+status+`,`))})
		got, err := bootpay.Verify(t.Context(), shop(f.URL), purchase())
		if !errors.Is(err, bootpay.ErrNotPaid) || got.Price != won(150000) || got.Status == bootpay.StatusPaid {
			t.Errorf("status %s: %+v, %v", status, got, err)
		}
	}
}

func TestVerifyComparesEverything(t *testing.T) {
	tests := map[string]struct{ was, is string }{
		"a smaller price":      {`"price":150000,"tax_free"`, `"price":100,"tax_free"`},
		"a larger price":       {`"price":150000,"tax_free"`, `"price":1500000,"tax_free"`},
		"another order":        {orderNo, "REG2026000999A1"},
		"no order":             {`"` + orderNo + `"`, `null`},
		"another receipt":      {`"receipt_id":"` + receiptID, `"receipt_id":"66f0a1b2c3d4e5f609999999`},
		"dollars":              {`"unit":"krw"`, `"unit":"usd"`},
		"a part has gone back": {`"cancelled_price":0`, `"cancelled_price":50000`},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{oldTokenLine: ok(oldToken), oldLookLine: ok(changed(t, oldPaid, tc.was, tc.is))})
		if got, err := bootpay.Verify(t.Context(), shop(f.URL), purchase()); !errors.Is(err, bootpay.ErrDiffers) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestVerifyThatIsRefused(t *testing.T) {
	no := func(status int, code string) reply {
		return reply{Status: status, Body: `{"status":404,"code":` + code + `,"message":"text that nobody shows","data":null}`}
	}
	tests := map[string]struct {
		token, look reply
		code        string
	}{
		"keys that nobody knows":    {no(404, "-2410"), ok(oldPaid), "-2410"},
		"a refusal called 200":      {no(200, "-2410"), ok(oldPaid), "-2410"},
		"a receipt nobody knows of": {ok(oldToken), no(404, "-2602"), "-2602"},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{oldTokenLine: tc.token, oldLookLine: tc.look})
		_, err := bootpay.Verify(t.Context(), shop(f.URL), purchase())
		if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != tc.code || errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: %v", name, err)
		}
		checkHush(t, err)
	}
}

func TestVerifyWithoutAnAnswer(t *testing.T) {
	more := hostile(t)
	for _, name := range []string{"another receipt", "no status", "a part of a status", "no mode", "a mode as text", "amount as text"} {
		delete(more, name) // about the newer receipt
	}
	more["a newer receipt"] = ok(paid)
	more["no price"] = ok(changed(t, oldPaid, `"price":150000,"tax_free"`, `"tax_free"`))
	more["parts of a won"] = ok(changed(t, oldPaid, `"price":150000,"tax_free"`, `"price":0.5,"tax_free"`))
	more["a status that is text"] = ok(changed(t, oldPaid, `"status":1,"status_en"`, `"status":"1","status_en"`))
	more["an envelope with nothing in it"] = ok(`{"status":200,"code":0,"data":null}`)
	more["a fault with a code"] = reply{Status: 500, Body: `{"status":500,"code":-9999,"message":"x"}`}
	for name, re := range more {
		f := newFake(t, map[string]reply{oldTokenLine: ok(oldToken), oldLookLine: re})
		got, err := bootpay.Verify(t.Context(), shop(f.URL), purchase())
		if err == nil || errors.Is(err, bootpay.ErrNotPaid) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		checkHush(t, err)
		f = newFake(t, map[string]reply{oldTokenLine: re, oldLookLine: ok(oldPaid)})
		if got, err := bootpay.Verify(t.Context(), shop(f.URL), purchase()); err == nil || len(f.WholeLines()) != 1 {
			t.Errorf("%s instead of a token: %+v, %v", name, got, err)
		}
	}
	f := newFake(t, map[string]reply{oldTokenLine: ok(oldToken), oldLookLine: {Status: 429, Body: `{"status":429,"code":-1}`}})
	if _, err := bootpay.Verify(t.Context(), shop(f.URL), purchase()); !errors.Is(err, payments.ErrBusy) {
		t.Errorf("too many requests: %v", err)
	}
}

func TestVerifySendsNothingWithoutSense(t *testing.T) {
	f := newFake(t, nil)
	for name, change := range map[string]func(*bootpay.Shop, *bootpay.Purchase){
		"no receipt":          func(_ *bootpay.Shop, p *bootpay.Purchase) { p.ReceiptID = "" },
		"a receipt as a path": func(_ *bootpay.Shop, p *bootpay.Purchase) { p.ReceiptID = "../x" },
		"no price":            func(_ *bootpay.Shop, p *bootpay.Purchase) { p.Price = registration.Money{} },
		"no keys":             func(s *bootpay.Shop, _ *bootpay.Purchase) { s.PrivateKey = "" },
		"a plain address":     func(s *bootpay.Shop, _ *bootpay.Purchase) { s.API = "http://gateway.example.org" },
		"an address + path":   func(s *bootpay.Shop, _ *bootpay.Purchase) { s.API = "https://gateway.example.org/v2" },
	} {
		s, p := shop(f.URL), purchase()
		change(&s, &p)
		if got, err := bootpay.Verify(t.Context(), s, p); err == nil || got != (bootpay.Paid{}) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if n := len(f.WholeLines()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
