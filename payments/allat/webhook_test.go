package allat_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"foyer/payments"
)

// notice is a true notification, changed by change before or after it is signed.
func notice(at time.Time, before, after func(url.Values)) payments.Request {
	f := url.Values{
		"shop_id": {"allat_demo"}, "order_no": {"NOTICE0001"}, "tx_seq_no": {"0123456789"}, "apply_amt": {"150000"}, "income_amt": {"150000"},
		"income_ymdhms": {"20261121093000"}, "noti_currenttimemillis": {strconv.FormatInt(at.UnixMilli(), 10)}, "income_account_nm": {"\xc8\xab\xb1\xe6\xb5\xbf"},
	}
	if before != nil {
		before(f)
	}
	sum := md5.Sum([]byte(f.Get("shop_id") + "allat_key_demo" + f.Get("order_no") + f.Get("noti_currenttimemillis")))
	f.Set("hash_value", hex.EncodeToString(sum[:]))
	if after != nil {
		after(f)
	}
	return payments.Request{Method: "POST", Body: []byte(f.Encode()), Now: at}
}

func TestNotificationsOfDeposits(t *testing.T) {
	g, now := connect(t, channel("http://127.0.0.1:9100")), time.Date(2026, 11, 21, 0, 30, 5, 0, time.UTC)
	hints, err := g.ParseWebhook(notice(now, nil, nil))
	if err != nil || len(hints) != 1 || hints[0].OrderNo != "NOTICE0001" || hints[0].Kind != "deposit" {
		t.Fatalf("hints %+v, %v", hints, err)
	}
	if told := hints[0].Told; told.Captured != won(150000) || !told.At.Equal(now.Add(-5*time.Second)) || told.Method != "virtual_account" {
		t.Errorf("told %+v", told)
	}
	set := func(name, value string) func(url.Values) { return func(f url.Values) { f.Set(name, value) } }
	for name, tc := range map[string]struct {
		request payments.Request
		want    error
	}{
		"another order number":       {notice(now, nil, set("order_no", "NOTICE0002")), payments.ErrSignature},
		"no digest":                  {notice(now, nil, set("hash_value", "")), payments.ErrSignature},
		"another shop":               {notice(now, set("shop_id", "allat_other"), nil), payments.ErrSignature},
		"no time":                    {notice(now, set("noti_currenttimemillis", ""), nil), payments.ErrSignature},
		"six minutes old":            {notice(now, set("noti_currenttimemillis", strconv.FormatInt(now.Add(-6*time.Minute).UnixMilli(), 10)), nil), payments.ErrSignature},
		"six minutes ahead":          {notice(now, set("noti_currenttimemillis", strconv.FormatInt(now.Add(6*time.Minute).UnixMilli(), 10)), nil), payments.ErrSignature},
		"an amount that is none":     {notice(now, nil, set("income_amt", "1e5")), payments.ErrMalformed},
		"JSON":                       {payments.Request{Body: []byte(`{"order_no":"NOTICE0001"}`), Now: now}, payments.ErrMalformed},
		"nothing":                    {payments.Request{Now: now}, payments.ErrMalformed},
		"what cannot be decoded":     {payments.Request{Body: []byte("order_no=%zz"), Now: now}, payments.ErrMalformed},
		"an order number with a tag": {notice(now, set("order_no", "<script>"), nil), payments.ErrMalformed},
	} {
		if got, err := g.ParseWebhook(tc.request); !errors.Is(err, tc.want) {
			t.Errorf("%s: %+v, %v, want %v", name, got, err, tc.want)
		}
	}
	upper := notice(now, nil, func(f url.Values) { f.Set("hash_value", strings.ToUpper(f.Get("hash_value"))) })
	if _, err := g.ParseWebhook(upper); err != nil {
		t.Errorf("a digest in capitals: %v", err)
	}
}

func TestReturnsAreHintsOnly(t *testing.T) {
	g := connect(t, channel("http://127.0.0.1:9100"))
	for name, tc := range map[string]struct {
		form url.Values
		want payments.Return
	}{
		"authenticated":      {url.Values{"allat_result_cd": {"0000"}, "allat_enc_data": {"00000110AB"}, "allat_order_no": {"RETURN0001"}}, payments.Return{GatewayID: "00000110AB", OrderNo: "RETURN0001"}},
		"without a ticket":   {url.Values{"allat_result_cd": {"0000"}}, payments.Return{}},
		"a ticket of spaces": {url.Values{"allat_result_cd": {"0000"}, "allat_enc_data": {"a b\r\nc"}}, payments.Return{}},
		"a failure's ticket": {url.Values{"allat_result_cd": {"3004"}, "allat_enc_data": {"00000110AB"}}, payments.Return{Failed: true, Reason: "payment.failed"}},
		"closed":             {url.Values{"allat_result_cd": {"9998"}}, payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"garbage":            {url.Values{"allat_order_no": {"'><b>"}, "allat_result_cd": {""}, "x": {"y"}}, payments.Return{}},
		"nothing":            {nil, payments.Return{}},
	} {
		got, err := g.ParseReturn(payments.Request{Method: "POST", Form: tc.form})
		if err != nil || got != tc.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, tc.want)
		}
	}
	got, err := g.ParseReturn(payments.Request{Method: "GET", Query: url.Values{"allat_result_cd": {"0000"}, "allat_enc_data": {"00000110AB"}}})
	if err != nil || got.GatewayID != "00000110AB" {
		t.Errorf("by GET: %+v, %v", got, err)
	}
}

func TestReceiveReadsEUCKR(t *testing.T) {
	g := connect(t, channel("http://127.0.0.1:9100")).(payments.Receiver)
	got := g.ParseReceive(payments.Request{Body: []byte("allat_result_cd=9999&allat_result_msg=%BB%E7%BF%EB%C0%DA+%C3%EB%BC%D2%3Cb%3E&allat_enc_data=&other=1")})
	if got["allat_result_cd"] != "9999" || got["allat_result_msg"] != "사용자 취소<b>" || len(got) != 3 {
		t.Errorf("%v", got)
	}
	if got := g.ParseReceive(payments.Request{Body: []byte("%zz")}); len(got) != 3 || got["allat_result_cd"] != "" {
		t.Errorf("what cannot be decoded: %v", got)
	}
}
