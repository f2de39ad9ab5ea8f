package handlers

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/encoding/korean"
)

// allatSite is an event whose channels go through AllatPay: cards in won, virtual accounts in won, cards in dollars.
func allatSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	channel := func(key, shop, method, cards string, cur registration.Currency) payments.Channel {
		return payments.Channel{
			Key: key, Gateway: "allat", Mode: registration.Test, Currency: cur, Cards: cards, Methods: []string{method}, APIURL: s.bank,
			ScriptURL: s.bank + "/common/NonAllatPayRE.js", Credentials: map[string]string{"shop_id": "allat_" + shop, "cross_key": "allat_key_" + shop},
		}
	}
	e := sampleEvent()
	e.Channels = []registration.ChannelOffer{
		{ID: "korea", Gateway: "allat", Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"}},
		{ID: "account", Gateway: "allat", Currency: registration.KRW, Cards: "domestic", Methods: []string{"virtual_account"}},
		{ID: "abroad", Gateway: "allat", Currency: registration.USD, Cards: "overseas", Methods: []string{"card"}},
	}
	s.applyWith(e, channel("korea", "demo", "card", "domestic", registration.KRW), channel("account", "demo", "virtual_account", "domestic", registration.KRW),
		channel("abroad", "demousd", "card", "overseas", registration.USD))
	return s
}

// euckr writes a form as AllatPay's scripts and windows do.
func euckr(t *testing.T, fields url.Values) url.Values {
	t.Helper()
	out := url.Values{}
	for name, values := range fields {
		text, err := korean.EUCKR.NewEncoder().String(values[0])
		if err != nil {
			t.Fatalf("%s is not EUC-KR: %v", name, err)
		}
		out.Set(name, text)
	}
	return out
}

// allatFields reads the form of a hand-over page.
func (b *browser) allatFields(handOver string) url.Values {
	b.s.t.Helper()
	var launch struct {
		Call struct{ Fields map[string]string }
	}
	if err := json.Unmarshal([]byte(b.get(handOver).want(200).doc().Find("script#launch").Text()), &launch); err != nil {
		b.s.t.Fatalf("launch: %v", err)
	}
	fields := url.Values{}
	for name, value := range launch.Call.Fields {
		fields.Set(name, value)
	}
	return fields
}

// allatWindow opens AllatPay's window as its script would, chooses, and gives what the window posts to the receive page.
func (b *browser) allatWindow(fields url.Values, card string) url.Values {
	b.s.t.Helper()
	opened := b.do("POST", b.s.bank+"/servlet/AllatPay/nonactivex/nonre/nonre_main.jsp", "application/x-www-form-urlencoded", euckr(b.s.t, fields).Encode(), nil)
	chosen := b.do("POST", b.s.bank+opened.header.Get("Location"), "application/x-www-form-urlencoded", "card="+card, nil).want(200)
	posted := url.Values{}
	chosen.doc().Find("form#post input").Each(func(_ int, in *goquery.Selection) { posted.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	return posted
}

var fromAllat = http.Header{"Origin": {"https://tx.allatpay.com"}, "Sec-Fetch-Site": {"cross-site"}}

// allatPay goes the whole way: window, receive page, return. It gives where the return leads.
func (b *browser) allatPay(handOver, card string) answer {
	b.s.t.Helper()
	fields := b.allatFields(handOver)
	posted := b.allatWindow(fields, card)
	received := b.do("POST", handOver+"/receive", "application/x-www-form-urlencoded", euckr(b.s.t, posted).Encode(), fromAllat).want(200)
	received.doc().Find("form#main input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		fields.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	if fields.Get("allat_result_msg") != posted.Get("allat_result_msg") {
		b.s.t.Errorf("the message came as %q, not %q", fields.Get("allat_result_msg"), posted.Get("allat_result_msg"))
	}
	return b.do("POST", handOver+"/return", "application/x-www-form-urlencoded", fields.Encode(), nil)
}

func TestAllatPaysInBothCurrencies(t *testing.T) {
	s := allatSite(t)
	for channel, card := range map[string]string{"korea": "kr", "abroad": "visa"} {
		b := s.browser()
		order := b.register("student")
		if to := b.allatPay(b.start(order, channel), card).to(); to != order {
			t.Errorf("%s leads to %s", channel, to)
		}
		p := s.newest()
		if got := b.status(order); got["order"] != "paid" || p.State != payments.Confirmed || len(p.GatewayID) != 10 || p.Captured != p.Amount {
			t.Errorf("%s: %v, payment %+v", channel, got, p)
		}
	}
	if n := s.count("receipts"); n != 2 {
		t.Errorf("%d receipts", n)
	}
}

func TestAllatHandOverOpensAPopUp(t *testing.T) {
	s := allatSite(t)
	b := s.browser()
	handOver := b.start(b.register("student"), "korea")
	page := b.get(handOver).want(200)
	csp := page.header.Get("Content-Security-Policy")
	for _, part := range []string{"script-src 'self' " + s.bank, "frame-src 'self' " + s.bank, "form-action 'self' " + s.bank} {
		if !strings.Contains(csp, part) {
			t.Errorf("policy lacks %q: %s", part, csp)
		}
	}
	if page.header.Get("Cross-Origin-Opener-Policy") != "same-origin-allow-popups" {
		t.Error("the pop-up cannot find its opener")
	}
	script := page.doc().Find("#pay-window script[src]")
	if script.AttrOr("src", "") != s.bank+"/common/NonAllatPayRE.js" || script.AttrOr("charset", "") != "euc-kr" || script.AttrOr("async", "no")+script.AttrOr("defer", "no") != "nono" {
		t.Errorf("script %v", script.Nodes)
	}
	if page.doc().Find(`#pay-window [data-state="ready"] button[data-launch]`).Length() != 1 {
		t.Error("no button to open the window with")
	}
	phone := b.do("GET", handOver, "", "", http.Header{"User-Agent": {"Mozilla/5.0 (iPhone) Mobile/15E148"}}).want(200)
	if src := phone.doc().Find("#pay-window script[src]").AttrOr("src", ""); src != s.bank+"/common/AllatPayM.js" {
		t.Errorf("on a telephone: %s", src)
	}
}

func TestAllatReceiveChangesNothingAndEscapes(t *testing.T) {
	s := allatSite(t)
	b := s.browser()
	handOver := b.start(b.register("student"), "korea")
	before := s.newest()
	evil := url.Values{"allat_result_cd": {"0000"}, "allat_result_msg": {`"></script><script>alert('가')</script>`}, "allat_enc_data": {`00000110");alert(1)//`}}
	page := s.browser().do("POST", handOver+"/receive", "application/x-www-form-urlencoded", euckr(t, evil).Encode(), fromAllat).want(200)
	if strings.Contains(page.body, "<script>alert") || page.doc().Find("input[name=allat_result_msg]").AttrOr("value", "") != evil.Get("allat_result_msg") {
		t.Errorf("not escaped, or not whole: %s", page.body)
	}
	for name, want := range map[string]string{"Cross-Origin-Opener-Policy": "unsafe-none", "X-Frame-Options": "", "Cache-Control": "no-store"} {
		if got := page.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self' "+s.bank) || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %s", csp)
	}
	after := s.newest()
	if before.State != after.State || after.Candidate != "" || len(s.gateway.Books().Requests) != 0 {
		t.Errorf("it changed something: %+v", after)
	}
	for name, tc := range map[string]struct {
		path, body string
		want       int
	}{
		"too long": {handOver + "/receive", strings.Repeat("a", 65<<10), 413}, "nobody's token": {"/pay/" + strings.Repeat("a", 26) + "/receive", "", 404},
		"garbage": {handOver + "/receive", "%zz&&=", 200}, "nothing": {handOver + "/receive", "", 200},
	} {
		if got := b.do("POST", tc.path, "application/x-www-form-urlencoded", tc.body, fromAllat); got.status != tc.want {
			t.Errorf("%s: %d, want %d", name, got.status, tc.want)
		}
	}
	other := newSite(t)
	o := other.browser()
	if got := o.do("POST", o.start(o.register("student"), "korea")+"/receive", "", "", fromAllat); got.status != 404 {
		t.Errorf("a gateway without a receive page: %d", got.status)
	}
}

func TestAllatCancelledAndDeclined(t *testing.T) {
	s := allatSite(t)
	b := s.browser()
	order := b.register("student")
	b.allatPay(b.start(order, "korea"), "cancel")
	if p := s.newest(); p.Reason != "payment.cancelled" || p.State.HasMoney() {
		t.Errorf("closed: %+v", p)
	}
	b.allatPay(b.start(order, "korea"), "declined")
	if p := s.newest(); p.State != payments.Failed || p.Reason != "payment.declined.card" {
		t.Errorf("declined: %s, %s", p.State, p.Reason)
	}
	b.allatPay(b.start(order, "korea"), "kr")
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("status %v", got)
	}
}

func TestAllatLostAnswerGoesToAPersonAndIsNeverSentAgain(t *testing.T) {
	s := allatSite(t)
	b := s.browser()
	order := b.register("student")
	handOver := b.start(order, "korea")
	s.gateway.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpConfirm, After: true})
	b.allatPay(handOver, "kr")
	for range 3 {
		if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		b.do("POST", handOver+"/return", "application/x-www-form-urlencoded", "allat_result_cd=0000&allat_enc_data=00000110AA", nil)
	}
	if p := s.newest(); p.State != payments.Unknown {
		t.Errorf("payment is %s", p.State)
	}
	if n := len(s.gateway.Books().Requests); n != 1 {
		t.Errorf("%d approvals were sent", n)
	}
	var kind string
	if err := s.store.Row(t.Context(), "SELECT kind FROM attention").Scan(&kind); err != nil || kind != payments.AttentionUnknown {
		t.Errorf("attention %q, %v", kind, err)
	}
}

func TestAllatDepositIsToldByItsNotification(t *testing.T) {
	s := allatSite(t)
	b := s.browser()
	order := b.register("student")
	b.allatPay(b.start(order, "account"), "account")
	p := s.newest()
	if p.State != payments.AwaitingDeposit || p.Account.Number == "" || p.Deadline.IsZero() {
		t.Fatalf("payment %+v", p)
	}
	shop := make(chan []byte, 1)
	s.gateway.SetWebhook("allat_demo", listen(t, shop))
	tell := `{"payment":"` + p.OrderNo + `"}`
	b.do("POST", s.bank+"/_sandbox/api/deposit", "application/json", tell, nil).want(200)
	body := <-shop
	here := "/webhooks/" + slug + "/account"
	b.do("POST", here, "application/x-www-form-urlencoded", strings.Replace(string(body), "hash_value=", "hash_value=0", 1), nil).want(401)
	got := b.do("POST", here, "application/x-www-form-urlencoded", string(body), nil).want(200)
	if !strings.HasPrefix(got.body, "0000") {
		t.Errorf("AllatPay takes nothing but 0000 for a receipt: %q", got.body)
	}
	b.do("POST", here, "application/x-www-form-urlencoded", string(body), nil).want(200)
	s.looks()
	if got := b.status(order); got["order"] != "paid" || s.newest().Captured != p.Amount || s.newest().GatewayID != p.GatewayID {
		t.Errorf("status %v, payment %+v", got, s.newest())
	}
	if n := s.count("receipts"); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

// listen takes one notification and answers as AllatPay wants it.
func listen(t *testing.T, into chan<- []byte) string {
	t.Helper()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if _, err := io.WriteString(w, "0000 ok"); err != nil {
			t.Error(err)
		}
		into <- body
	}))
	t.Cleanup(shop.Close)
	return shop.URL
}
