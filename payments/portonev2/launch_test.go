package portonev2_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

const registerAt = "POST /payments/reg2026000123a1/pre-register"

func TestBeginRegistersTheAmountAndPreparesTheWindow(t *testing.T) {
	f := newFake(t, map[string]reply{registerAt: ok(`{}`)})
	l, err := connect(t, channel(f.URL)).Begin(t.Context(), attempt())
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	r := f.Only(t)
	if r.Whole != registerAt || r.Header.Get("Authorization") != "PortOne portone-test-demo" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("request %s, %v", r.Whole, r.Header)
	}
	if want := `{"storeId":"store-test-demo","totalAmount":150000,"currency":"KRW"}`; r.Body != want {
		t.Errorf("body %s, want %s", r.Body, want)
	}
	want := map[string]any{
		"storeId": store, "channelKey": "channel-key-test-demo", "paymentId": "reg2026000123a1", "orderName": "2026 가을 학술대회",
		"totalAmount": int64(150000), "currency": "KRW", "payMethod": "CARD", "redirectUrl": "https://reg.example.org/pay/T/return",
		"forceRedirect": true, "locale": "KO_KR",
		"customer": map[string]any{"fullName": "Kim", "email": "kim@example.org", "phoneNumber": "01012345678"},
	}
	if !reflect.DeepEqual(l.Call, want) {
		t.Errorf("call %v\nwant %v", l.Call, want)
	}
	if l.Gateway != "portonev2" || l.Script != "https://cdn.portone.io/v2/browser-sdk.js" || l.OrderNo != "reg2026000123a1" || l.Href != "" {
		t.Errorf("launch %+v", l)
	}
	raw, err := json.Marshal(l)
	if err != nil || strings.Contains(string(raw), "portone-test-demo") || strings.Contains(string(raw), "whsec_") {
		t.Errorf("the launch holds a secret: %s, %v", raw, err)
	}
}

func TestBeginCountsInMinorUnits(t *testing.T) {
	f := newFake(t, map[string]reply{registerAt: ok(`{}`)})
	c := channel(f.URL)
	c.Currency, c.Cards = registration.USD, "overseas"
	a := attempt()
	a.Amount, a.Lang = registration.Money{Minor: 12050, Cur: registration.USD}, registration.English
	l, err := connect(t, c).Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	if body := f.Only(t).Body; !strings.Contains(body, `"totalAmount":12050,"currency":"USD"`) {
		t.Errorf("body %s", body)
	}
	bypass, err := json.Marshal(l.Call["bypass"])
	if want := `{"inicis_v2":{"P_RESERVED":["global_visa3d=Y"]},"tosspayments":{"useInternationalCardOnly":true}}`; err != nil || string(bypass) != want {
		t.Errorf("bypass %s, want %s", bypass, want)
	}
	if l.Call["totalAmount"] != int64(12050) || l.Call["locale"] != "EN_US" {
		t.Errorf("call %v", l.Call)
	}
}

func TestBeginForOtherMethodsAndSmallSums(t *testing.T) {
	f := newFake(t, map[string]reply{registerAt: ok(`{}`)})
	for method, want := range map[string]string{"transfer": "TRANSFER", "mobile": "MOBILE", "easy_pay": "EASY_PAY"} {
		c := channel(f.URL)
		c.Methods = []string{method}
		a := attempt()
		a.Amount, a.Payer = won(500), registration.Person{}
		l, err := connect(t, c).Begin(t.Context(), a)
		if err != nil || l.Call["payMethod"] != want || (l.Call["productType"] == "DIGITAL") != (method == "mobile") {
			t.Errorf("%s: %v, %v", method, l.Call, err)
		}
		bypass, err := json.Marshal(l.Call["bypass"])
		if w := `{"inicis_v2":{"P_RESERVED":["below1000=Y"],"acceptmethod":["below1000"]}}`; err != nil || string(bypass) != w {
			t.Errorf("bypass %s, want %s", bypass, w)
		}
		if _, there := l.Call["customer"]; there {
			t.Errorf("a customer without data: %v", l.Call["customer"])
		}
	}
}

func TestBeginRefusesWhatCannotBeSent(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	for name, change := range map[string]func(*payments.Attempt){
		"another currency":  func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
		"nothing":           func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"a short number":    func(a *payments.Attempt) { a.OrderNo = "12345" },
		"a path as number":  func(a *payments.Attempt) { a.OrderNo = "../../x/cancel" },
		"no way back":       func(a *payments.Attempt) { a.Return = "" },
		"no script":         func(a *payments.Attempt) { a.NoScript = true },
		"less than nothing": func(a *payments.Attempt) { a.Amount.Minor = -5 },
	} {
		a := attempt()
		change(&a)
		if l, err := g.Begin(t.Context(), a); err == nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
	if n := len(f.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestBeginErrors(t *testing.T) {
	tests := map[string]struct {
		reply   reply
		code    string // of the refusal
		settled bool
	}{
		"paid already":   {refusal(409, "ALREADY_PAID"), "ALREADY_PAID", true},
		"another secret": {refusal(401, "UNAUTHORIZED"), "UNAUTHORIZED", false},
		"another store":  {refusal(403, "FORBIDDEN"), "FORBIDDEN", false},
		"not understood": {refusal(400, "INVALID_REQUEST"), "INVALID_REQUEST", false},
		"a proxy's page": {reply{Status: 502, Body: "<html>", Kind: "text/html"}, "", false},
		"a redirect": {reply{Raw: func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://elsewhere.invalid/")
			w.WriteHeader(307)
		}}, "", false},
		"cut in the body": {reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{")}, "", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{registerAt: tc.reply})
			_, err := connect(t, channel(f.URL)).Begin(t.Context(), attempt())
			r, refused := errors.AsType[*payments.Refusal](err)
			switch {
			case tc.code == "" && !errors.Is(err, payments.ErrNoAnswer):
				t.Errorf("error %v, want no answer", err)
			case tc.code != "" && (!refused || r.Code != tc.code || r.Settled != tc.settled):
				t.Errorf("error %v, refusal %+v", err, r)
			}
			f.Only(t)
		})
	}
}
