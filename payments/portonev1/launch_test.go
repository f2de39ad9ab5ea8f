package portonev1_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

const promised = `{"merchant_uid":"reg2026000123a1","amount":150000,"currency":"KRW"}`

func TestBeginRegistersTheAmountAndPreparesTheWindow(t *testing.T) {
	f := newFake(t, with(map[string]reply{prepareAt: ok(promised)}))
	l, err := connect(t, channel(f.URL)).Begin(t.Context(), attempt())
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	if r := f.calls()[0]; f.lines() != prepareAt || r.Body != promised || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("requests %s, %s", f.lines(), r.Body)
	}
	want := map[string]any{
		"code": "imp-test-demo", "pg": "html5_inicis", "pay_method": "card", "merchant_uid": orderNo, "name": "2026 가을 학술대회",
		"amount": json.Number("150000"), "currency": "KRW", "language": "ko", "m_redirect_url": "https://reg.example.org/pay/T/return",
		"buyer_name": "Kim", "buyer_email": "kim@example.org", "buyer_tel": "01012345678",
	}
	if !reflect.DeepEqual(l.Call, want) {
		t.Errorf("call %v\nwant %v", l.Call, want)
	}
	if l.Gateway != "portonev1" || l.Script != "https://cdn.iamport.kr/v1/iamport.js" || l.OrderNo != orderNo || l.Href != "" {
		t.Errorf("launch %+v", l)
	}
	raw, err := json.Marshal(l)
	if err != nil || strings.Contains(string(raw), "secret") || strings.Contains(string(raw), "TOKEN1") || !strings.Contains(string(raw), `"amount":150000,`) {
		t.Errorf("launch as JSON: %s, %v", raw, err)
	}
}

func TestBeginCountsInMajorUnits(t *testing.T) {
	f := newFake(t, with(map[string]reply{prepareAt: ok(`{"merchant_uid":"reg2026000123a1","amount":120.5,"currency":"USD"}`)}))
	c := channel(f.URL)
	c.Currency, c.PG, c.Cards = registration.USD, "eximbay", "overseas"
	a := attempt()
	a.Amount, a.Lang = dollars(12050), registration.English
	l, err := connect(t, c).Begin(t.Context(), a)
	if err != nil || l.Call["amount"] != json.Number("120.50") || l.Call["language"] != "en" || l.Call["currency"] != "USD" {
		t.Fatalf("launch %+v, %v", l, err)
	}
	if body := f.calls()[0].Body; !strings.Contains(body, `"amount":120.50,"currency":"USD"`) {
		t.Errorf("body %s", body)
	}
}

func TestBeginAgainReadsWhatIsRegistered(t *testing.T) {
	const getAt, putAt = "GET /payments/prepare/" + orderNo, "PUT /payments/prepare"
	other := ok(`{"merchant_uid":"reg2026000123a1","amount":120000,"currency":"KRW"}`)
	tests := map[string]struct {
		replies map[string]reply
		lines   string
		err     bool
	}{
		"the same amount":               {map[string]reply{prepareAt: no(400, "-1"), getAt: ok(promised)}, prepareAt + "; " + getAt, false},
		"refused under 200":             {map[string]reply{prepareAt: no(200, "1"), getAt: ok(promised)}, prepareAt + "; " + getAt, false},
		"the same, no currency":         {map[string]reply{prepareAt: no(200, "1"), getAt: ok(`{"merchant_uid":"reg2026000123a1","amount":150000,"currency":null}`)}, prepareAt + "; " + getAt, false},
		"another amount":                {map[string]reply{prepareAt: no(400, "-1"), getAt: other, putAt: ok(promised)}, prepareAt + "; " + getAt + "; " + putAt, false},
		"another amount that stays":     {map[string]reply{prepareAt: no(400, "-1"), getAt: other, putAt: other}, prepareAt + "; " + getAt + "; " + putAt, true},
		"nothing is registered":         {map[string]reply{prepareAt: no(400, "-1")}, prepareAt + "; " + getAt, true},
		"an answer about another sum":   {map[string]reply{prepareAt: other}, prepareAt, true},
		"an answer of another number":   {map[string]reply{prepareAt: ok(`{"merchant_uid":"x","amount":150000}`)}, prepareAt, true},
		"the keys do not fit":           {map[string]reply{prepareAt: no(401, "-1")}, prepareAt + "; " + prepareAt, true},
		"a fault":                       {map[string]reply{prepareAt: no(500, "-1")}, prepareAt, true},
		"the answer is lost on the way": {map[string]reply{prepareAt: {Raw: gatewaytest.Broken(t, "HTTP/1.1 2")}}, prepareAt, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(tc.replies))
			_, err := connect(t, channel(f.URL)).Begin(t.Context(), attempt())
			if (err != nil) != tc.err || f.lines() != tc.lines {
				t.Errorf("%v after %s", err, f.lines())
			}
		})
	}
}

// begun is the call of a channel that was changed.
func begun(t *testing.T, change func(*payments.Channel, *payments.Attempt)) (map[string]any, error) {
	t.Helper()
	c, a := channel(""), attempt()
	change(&c, &a)
	f := newFake(t, with(map[string]reply{
		prepareAt: ok(`{"merchant_uid":"reg2026000123a1","amount":` + a.Amount.Decimal() + `,"currency":"` + string(a.Amount.Cur) + `"}`),
	}))
	c.APIURL = f.URL
	l, err := connect(t, c).Begin(t.Context(), a)
	return l.Call, err
}

func TestBeginForEachCompanyAndMethod(t *testing.T) {
	methods := func(all ...string) []string { return all }
	tests := map[string]struct {
		pg, payMethod, cards string
		methods              []string
		asked                payments.Method
		cur                  registration.Currency
		want                 map[string]any // members that must be there, nil for those that must not
	}{
		"KCP card":           {"kcp.T0000", "", "", methods("card"), "", "", map[string]any{"pg": "kcp.T0000", "pay_method": "card", "bypass": nil}},
		"KCP transfer":       {"kcp", "", "", methods("card", "transfer"), "transfer", "", map[string]any{"pay_method": "trans"}},
		"KCP phone":          {"kcp", "", "", methods("phone"), "phone", "", map[string]any{"pay_method": "phone", "digital": true, "bypass": map[string]any{"shop_user_id": orderNo}}},
		"Inicis account":     {"html5_inicis", "", "", methods("card", "virtual_account"), "virtual_account", "", map[string]any{"pay_method": "vbank", "vbank_due": "20261110000000"}},
		"Inicis phone":       {"html5_inicis", "", "", methods("phone"), "", "", map[string]any{"pay_method": "phone", "digital": true, "bypass": nil}},
		"Inicis, its wallet": {"html5_inicis", "kakaopay", "", methods("easy_pay"), "easy_pay", "", map[string]any{"pay_method": "kakaopay"}},
		"NICE":               {"nice_v2", "", "", methods("card"), "", "", map[string]any{"pg": "nice_v2", "pay_method": "card"}},
		"NICE account":       {"nice_v2", "", "", methods("virtual_account"), "", "", map[string]any{"pay_method": "vbank", "vbank_due": "20261110000000"}},
		"KakaoPay":           {"kakaopay", "", "", methods("easy_pay"), "easy_pay", "", map[string]any{"pg": "kakaopay", "pay_method": "card"}},
		"NaverPay": {"naverpay", "", "", methods("easy_pay"), "", "", map[string]any{
			"pay_method": "naverpay", "naverPopupMode": false,
			"naverProducts": []map[string]any{{"categoryType": "ETC", "categoryId": "ETC", "uid": orderNo, "name": "2026 가을 학술대회", "count": 1}},
		}},
		"PayPal":            {"paypal_v2", "", "overseas", methods("paypal"), "paypal", "USD", map[string]any{"pay_method": "paypal", "uiType": "paypal-spb", "currency": "USD"}},
		"Eximbay abroad":    {"eximbay", "", "overseas", methods("card"), "", "USD", map[string]any{"pg": "eximbay", "pay_method": "card", "bypass": nil}},
		"Eximbay, UnionPay": {"eximbay", "unionpay", "overseas", methods("card"), "", "USD", map[string]any{"pay_method": "unionpay"}},
		"Eximbay at home":   {"eximbay", "", "domestic", methods("card"), "", "", map[string]any{"bypass": map[string]any{"issuercountry": "KR", "eximbay": map[string]any{"issuercountry": "KR"}}}},
		"Toss abroad":       {"tosspayments", "", "overseas", methods("card"), "", "", map[string]any{"bypass": map[string]any{"tosspayments": map[string]any{"useInternationalCardOnly": true}}}},
		"the shop's first":  {"", "", "", nil, "", "", map[string]any{"pg": nil, "channelKey": nil, "pay_method": "card"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			call, err := begun(t, func(c *payments.Channel, a *payments.Attempt) {
				c.PG, c.PayMethod, c.Cards, c.Methods, a.Method = tc.pg, tc.payMethod, tc.cards, tc.methods, tc.asked
				a.Due = time.Date(2026, 11, 9, 15, 0, 0, 0, time.UTC)
				if tc.cur != "" {
					c.Currency, a.Amount = tc.cur, registration.Money{Minor: 15000, Cur: tc.cur}
				}
			})
			if err != nil {
				t.Fatalf("begin: %v", err)
			}
			for key, value := range tc.want {
				if got, there := call[key]; there != (value != nil) || (there && !reflect.DeepEqual(got, value)) {
					t.Errorf("%s is %v, want %v", key, got, value)
				}
			}
		})
	}
}

func TestBeginWithAChannelKeyLeavesTheCompanyOut(t *testing.T) {
	call, err := begun(t, func(c *payments.Channel, _ *payments.Attempt) {
		c.Credentials = maps.Clone(c.Credentials)
		c.Credentials["channel_key"] = "channel-key-test-demo"
	})
	if _, there := call["pg"]; err != nil || there || call["channelKey"] != "channel-key-test-demo" {
		t.Errorf("call %v, %v", call, err)
	}
}

func TestBeginKeepsToPortOnesLengths(t *testing.T) {
	call, err := begun(t, func(_ *payments.Channel, a *payments.Attempt) {
		a.OrderName = strings.Repeat("학회 ", 30) + "\n<b>"
		a.Payer = registration.Person{Name: strings.Repeat("김", 30), Email: strings.Repeat("a", 60) + "@example.org", Phone: "12"}
	})
	if n, _ := call["name"].(string); err != nil || len([]rune(n)) > 40 || !strings.HasPrefix(n, "학회 학회") {
		t.Errorf("name %v, %v", call["name"], err)
	}
	_, mail := call["buyer_email"]
	_, tel := call["buyer_tel"]
	if call["buyer_name"] != strings.Repeat("김", 16) || mail || tel {
		t.Errorf("buyer %v", call)
	}
}

func TestBeginRefusesWhatCannotBeSent(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	for name, change := range map[string]func(*payments.Attempt){
		"another currency":         func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
		"nothing":                  func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"a short number":           func(a *payments.Attempt) { a.OrderNo = "12345" },
		"a long number":            func(a *payments.Attempt) { a.OrderNo = strings.Repeat("1", 41) },
		"a path as number":         func(a *payments.Attempt) { a.OrderNo = "../../cancel" },
		"no way back":              func(a *payments.Attempt) { a.Return = "" },
		"no script":                func(a *payments.Attempt) { a.NoScript = true },
		"a method of another kind": func(a *payments.Attempt) { a.Method = payments.MethodOnSite },
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

func TestParseReturn(t *testing.T) {
	g := connect(t, channel(""))
	tests := map[string]struct {
		query string
		want  payments.Return
	}{
		"the newer windows":         {"imp_uid=imp_1&merchant_uid=order00001", payments.Return{GatewayID: "imp_1", OrderNo: "order00001"}},
		"the older ones":            {"imp_uid=imp_1&merchant_uid=order00001&imp_success=true&paid_amount=1", payments.Return{GatewayID: "imp_1", OrderNo: "order00001"}},
		"a callback of theirs":      {"imp_uid=imp_1&merchant_uid=order00001&success=true&status=paid", payments.Return{GatewayID: "imp_1", OrderNo: "order00001"}},
		"failed":                    {"imp_uid=imp_1&merchant_uid=order00001&imp_success=false&error_code=REJECT_CARD_PAYMENT&error_msg=%3Cb%3E", payments.Return{GatewayID: "imp_1", OrderNo: "order00001", Failed: true, Reason: "payment.declined.limit"}},
		"failed, a code of nobody":  {"imp_uid=imp_1&merchant_uid=order00001&error_code=F0004", payments.Return{GatewayID: "imp_1", OrderNo: "order00001", Failed: true, Reason: "payment.failed"}},
		"failed, without a code":    {"imp_uid=imp_1&merchant_uid=order00001&success=false", payments.Return{GatewayID: "imp_1", OrderNo: "order00001", Failed: true, Reason: "payment.failed"}},
		"closed":                    {"imp_uid=imp_1&merchant_uid=order00001&error_code=PAY_PROCESS_CANCELED", payments.Return{GatewayID: "imp_1", OrderNo: "order00001", Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"before the window":         {"imp_uid=null&merchant_uid=order00001&error_code=F1002", payments.Return{OrderNo: "order00001", Failed: true, Reason: "payment.failed"}},
		"a code that is no code":    {"imp_uid=imp_1&merchant_uid=order00001&error_code=%0d%0ax", payments.Return{GatewayID: "imp_1", OrderNo: "order00001", Failed: true, Reason: "payment.failed"}},
		"ids of an impossible kind": {"imp_uid=../cancel&merchant_uid=" + strings.Repeat("1", 41), payments.Return{}},
		"nothing":                   {"", payments.Return{}},
	}
	for name, tc := range tests {
		r, err := g.ParseReturn(request(tc.query))
		if err != nil || r != tc.want {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func TestWebhooksAreHintsOnly(t *testing.T) {
	g := connect(t, channel(""))
	hint := payments.Hint{OrderNo: "order00001", GatewayID: "imp_1", Kind: "paid"}
	for name, tc := range map[string]struct {
		body string
		want payments.Hint
		bad  bool
	}{
		"JSON":                {`{"imp_uid":"imp_1","merchant_uid":"order00001","status":"paid"}`, hint, false},
		"a form":              {"imp_uid=imp_1&merchant_uid=order00001&status=paid", hint, false},
		"with a refund's id":  {`{"imp_uid":"imp_1","merchant_uid":"order00001","status":"cancelled","cancellation_id":"c"}`, payments.Hint{OrderNo: "order00001", GatewayID: "imp_1", Kind: "cancelled"}, false},
		"without our number":  {`{"imp_uid":"imp_1"}`, payments.Hint{GatewayID: "imp_1"}, false},
		"numbers for names":   {`{"imp_uid":1,"merchant_uid":2}`, payments.Hint{}, true},
		"no names":            {`{"status":"paid"}`, payments.Hint{}, true},
		"names that are none": {`{"imp_uid":"../x","merchant_uid":"a b"}`, payments.Hint{}, true},
		"half of it":          {`{"imp_uid":"imp_1"`, payments.Hint{}, true},
		"no form":             {"imp_uid=%zz", payments.Hint{}, true},
		"nothing":             {"", payments.Hint{}, true},
	} {
		hints, err := g.ParseWebhook(payments.Request{Body: []byte(tc.body)})
		if tc.bad != errors.Is(err, payments.ErrMalformed) || (!tc.bad && (len(hints) != 1 || hints[0] != tc.want)) {
			t.Errorf("%s: %+v, %v", name, hints, err)
		}
	}
}
