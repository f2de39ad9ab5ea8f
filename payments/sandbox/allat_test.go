package sandbox

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// openAllat opens a sandbox and gives its address.
func openAllat(t *testing.T, cfg Config) (*Sandbox, string) {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s, srv.URL
}

// allatOrder is the form that a merchant's page posts.
func allatOrder(change func(url.Values)) url.Values {
	f := url.Values{
		"allat_shop_id": {"allat_demo"}, "allat_order_no": {"ORDER-1"}, "allat_amt": {"150000"}, "allat_product_nm": {toEUCKR("학생 등록")},
		"allat_buyer_nm": {toEUCKR("홍길동")}, "allat_recp_addr": {"online"}, "shop_receive_url": {"https://shop.example.org/receive"}, "allat_test_yn": {"Y"},
	}
	if change != nil {
		change(f)
	}
	return f
}

const allatMain = "/servlet/AllatPay/nonactivex/nonre/nonre_main.jsp"

// posted is what came of a form: where it led to, and the page there.
type posted struct {
	status int
	at     string
	body   []byte
}

// postAllat posts a form and goes where it leads.
func postAllat(t *testing.T, address string, form url.Values) posted {
	t.Helper()
	res, err := http.PostForm(address, form)
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("read: %v, %v", err, cerr)
	}
	return posted{res.StatusCode, res.Request.URL.String(), body}
}

// ticketOf walks through a window and gives what it posts to the merchant.
func ticketOf(t *testing.T, base, card string, change func(url.Values)) (form url.Values) {
	t.Helper()
	window := postAllat(t, base+allatMain, allatOrder(change)).at // it was led there
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(postAllat(t, window, url.Values{"card": {card}}).body))
	if err != nil {
		t.Fatalf("window: %v", err)
	}
	form = url.Values{}
	page.Find("form#post input").Each(func(_ int, in *goquery.Selection) { form.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	return form
}

// oldClient writes a request as AllatPay's own client libraries do: HTTP/1.0, nothing percent-encoded, two empty lines too many.
func oldClient(t *testing.T, base, path, body, version, tail string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatalf("deadline: %v", err)
	}
	fmt.Fprintf(conn, "POST %s HTTP/%s\r\nHost: tx.allatpay.com:443\r\nContent-type: application/x-www-form-urlencoded\r\nContent-length: %d\r\nAccept: */*\r\n\r\n%s%s",
		path, version, len(body), body, tail)
	raw, err := io.ReadAll(bufio.NewReader(conn))
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return fromEUCKR(string(raw))
}

func TestAllatAnswersItsOwnOldClients(t *testing.T) {
	s, base := openAllat(t, Config{})
	for i, version := range []string{"1.0", "1.1"} {
		order := fmt.Sprint("ORDER-", i)
		ticket := ticketOf(t, base, "kr", func(f url.Values) { f.Set("allat_order_no", order) }).Get("allat_enc_data")
		body := "allat_shop_id=allat_demo&allat_amt=150000&allat_enc_data=" + ticket + "&allat_cross_key=allat_key_demo&allat_apply_ymdhms=20261120164500&allat_opt_lang=PHP&allat_opt_ver=1.0.7.1"
		said := oldClient(t, base, "/servlet/AllatPay/pay/approval.jsp", body, version, "\r\n\r\n")
		for _, part := range []string{"HTTP/1.0 200", "\r\n\r\nreply_cd=0001\nreply_msg=테스트 정상처리\norder_no=" + order + "\namt=150000\npay_type=CARD\n", "partcancel_yn=Y\n"} {
			if !strings.Contains(said, part) {
				t.Errorf("HTTP/%s: no %q in %q", version, part, said)
			}
		}
		seq := s.Books().Payments[i].ID
		enc := "00000010"
		for _, field := range []string{"allat_shop_id\x03allat_demo", "allat_order_no\x03" + order, "allat_amt\x0350000", "allat_pay_type\x03CARD",
			"allat_seq_no\x03" + seq, "allat_test_yn\x03Y", "allat_opt_pin\x03NOUSE", "allat_opt_mod\x03APP"} {
			enc += field + "\x18"
		}
		body = "allat_shop_id=allat_demo&allat_enc_data=" + enc + "&allat_cross_key=allat_key_demo"
		said = oldClient(t, base, "/servlet/AllatPay/pay/cancel.jsp", body, version, "\r\n\r\n")
		if !strings.Contains(said, "reply_cd=0001\n") || !strings.Contains(said, "part_cancel_flag=1\nremain_amt=100000\n") {
			t.Errorf("HTTP/%s: cancel: %q", version, said)
		}
	}
	for _, r := range s.Books().Requests {
		if strings.Contains(r.Body, "allat_key_demo") || !strings.Contains(r.Body, "allat_cross_key=***") {
			t.Errorf("the books hold the cross key: %s", r.Body)
		}
	}
}

func TestAllatRefusesASecondApprovalOfAnOrder(t *testing.T) {
	s, base := openAllat(t, Config{})
	first, second := ticketOf(t, base, "kr", nil), ticketOf(t, base, "kr", nil)
	approve := func(ticket string) string {
		body := "allat_shop_id=allat_demo&allat_amt=150000&allat_enc_data=" + ticket + "&allat_cross_key=allat_key_demo"
		return oldClient(t, base, "/servlet/AllatPay/pay/approval.jsp", body, "1.0", "")
	}
	for i, tc := range []struct{ ticket, want string }{
		{first.Get("allat_enc_data"), "reply_cd=0001"}, {first.Get("allat_enc_data"), "reply_cd=0606"}, {second.Get("allat_enc_data"), "reply_cd=0606"},
		{"00000110", "reply_cd=3002"},
	} {
		if said := approve(tc.ticket); !strings.Contains(said, tc.want) {
			t.Errorf("step %d: %q, want %s", i, said, tc.want)
		}
	}
	if b := s.Books(); b.Payments[0].Captured != 150000 || b.Payments[1].Captured != 0 {
		t.Errorf("books %+v", b.Payments)
	}
}

func TestAllatWindowsOpenFromAnotherSite(t *testing.T) {
	_, base := openAllat(t, Config{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+allatMain, strings.NewReader(allatOrder(nil).Encode()))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {"https://shop.example.org"}, "Sec-Fetch-Site": {"cross-site"}}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("window: %v", err)
	}
	text, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("window: %v, %v", err, cerr)
	}
	if !strings.Contains(string(text), "학생 등록") || !strings.Contains(string(text), `data-testid="card-kr"`) {
		t.Errorf("window: %s", text)
	}
	csp := res.Header.Get("Content-Security-Policy")
	if res.Header.Get("Cross-Origin-Opener-Policy") != "unsafe-none" || res.Header.Get("X-Frame-Options") != "" ||
		!strings.Contains(csp, "frame-ancestors 'self' https://shop.example.org") {
		t.Errorf("the window cannot find its way back: %v", res.Header)
	}
	for name, change := range map[string]func(url.Values){
		"shop": func(f url.Values) { f.Set("allat_shop_id", "myshop") }, "amount": func(f url.Values) { f.Set("allat_amt", "1e5") },
		"order number": func(f url.Values) { f.Set("allat_order_no", "A 'B'") }, "receive address": func(f url.Values) { f.Set("shop_receive_url", "javascript:1") },
	} {
		if res := postAllat(t, base+allatMain, allatOrder(change)); res.status != http.StatusBadRequest {
			t.Errorf("a bad %s: %d", name, res.status)
		}
	}
	utf8 := allatOrder(func(f url.Values) { f.Set("allat_product_nm", "학생 등록") })
	if twin := postAllat(t, base+strings.Replace(allatMain, "AllatPay", "AllatPayUtf8", 1), utf8); !strings.Contains(string(twin.body), "학생 등록") {
		t.Errorf("the twin in UTF-8: %d %s", twin.status, twin.body)
	}
}

func TestAllatScriptsHaveTheRealFunctions(t *testing.T) {
	_, base := openAllat(t, Config{})
	for path, functions := range map[string][]string{
		"NonAllatPayRE.js": {"function AllatPay_Approval(", "function AllatPay_Closechk_Start(", "function AllatPay_Closechk_End("},
		"AllatPayEN.js":    {"function AllatPay_Approval("},
		"AllatPayM.js":     {"function Allat_Mobile_Approval(", "function Allat_Mobile_Close("},
	} {
		res, err := http.Get(base + "/common/" + path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		text, err := io.ReadAll(res.Body)
		if cerr := res.Body.Close(); err != nil || cerr != nil || res.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Fatalf("%s: %v, %v", path, err, cerr)
		}
		for _, f := range functions {
			if !strings.Contains(string(text), f) {
				t.Errorf("%s has no %s", path, f)
			}
		}
	}
}
