package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// newBootpayServer opens a sandbox and gives its address.
func newBootpayServer(t *testing.T, cfg Config) string {
	t.Helper()
	_, base := openBootpay(t, cfg)
	return base
}

func openBootpay(t *testing.T, cfg Config) (*Sandbox, string) {
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

// askBootpay makes one call with the newer keys and gives status and body.
func askBootpay(t *testing.T, method, address, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.SetBasicAuth("bootpay_ck_demo", "bootpay_sk_demo")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	raw, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("read: %v, %v", err, cerr)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s %s: %d %s", method, address, res.StatusCode, raw)
	}
	return res.StatusCode, out
}

func TestBootpayTellsAboutAReceiptAsItStands(t *testing.T) {
	s, base := openBootpay(t, Config{})
	id := authenticatedBootpay(t, base, nil)
	status := func() any {
		_, r := askBootpay(t, "GET", base+"/v2/receipt/"+id, "")
		return r["status"]
	}
	steps := []struct {
		do   func() error
		want float64
	}{
		{func() error { return nil }, 2},
		{func() error { askBootpay(t, "POST", base+"/v2/confirm", `{"receipt_id":"`+id+`"}`); return nil }, 1},
		{func() error { return s.refundOutside(id, 50000, "x") }, 20},
		{func() error { return s.refundOutside(id, 0, "x") }, 20},
	}
	for i, step := range steps {
		if err := step.do(); err != nil || status() != step.want {
			t.Errorf("step %d: %v, status %v, want %v", i, err, status(), step.want)
		}
	}
	if p := s.Books().Payments[0]; p.Status != "20" || p.Captured != 150000 || p.Refunded != 150000 {
		t.Errorf("books: %+v", p)
	}
	left := authenticatedBootpay(t, base, url.Values{"card": {"declined-window"}})
	_, r := askBootpay(t, "GET", base+"/v2/receipt/"+left, "")
	if r["status"] != -1.0 {
		t.Errorf("refused in the window: %v", r["status"])
	}
	over := authenticatedBootpay(t, base, nil)
	if err := s.expireNow(over); err != nil {
		t.Fatalf("expire: %v", err)
	}
	if code, r := askBootpay(t, "POST", base+"/v2/confirm", `{"receipt_id":"`+over+`"}`); code != 400 || r["error_code"] != "RC_NOT_CONFIRM_READY" {
		t.Errorf("confirm too late: %d %v", code, r)
	}
}

func TestBootpayShowsASlowConfirmAsRunning(t *testing.T) {
	_, base := openBootpay(t, Config{SlowConfirm: 400 * time.Millisecond})
	id := authenticatedBootpay(t, base, url.Values{"card": {"slow"}})
	done := make(chan struct{})
	go func() {
		defer close(done)
		if code, r := askBootpay(t, "POST", base+"/v2/confirm", `{"receipt_id":"`+id+`"}`); code != 200 || r["status"] != 1.0 {
			t.Errorf("slow confirm: %d %v", code, r)
		}
	}()
	for waiting := true; waiting; {
		_, r := askBootpay(t, "GET", base+"/v2/receipt/"+id, "")
		waiting = r["status"] == 2.0
		if !waiting && r["status"] != 3.0 {
			t.Fatalf("it never said 3, but %v", r["status"])
		}
	}
	if code, r := askBootpay(t, "POST", base+"/v2/confirm", `{"receipt_id":"`+id+`"}`); code != 400 || r["error_code"] != "RC_NOT_CONFIRM_READY" {
		t.Errorf("a second confirm meanwhile: %d %v", code, r)
	}
	<-done
}

func TestBootpayWindowsThatCannotBeOpened(t *testing.T) {
	base := newBootpayServer(t, Config{})
	good := url.Values{
		"application_id": {"bootpay_js_demo"}, "price": {"1000"}, "order_id": {"o1"}, "order_name": {"x"}, "redirect_url": {"https://shop.example.org/"},
	}
	for name, value := range map[string]string{
		"application_id": "bootpay_rest_demo", "price": "10.5", "order_id": "", "order_name": "", "redirect_url": "javascript:alert(1)",
	} {
		q := url.Values{}
		for n, v := range good {
			q[n] = v
		}
		q.Set(name, value)
		res, err := http.Get(base + "/bootpay/window?" + q.Encode())
		if err != nil {
			t.Fatalf("window: %v", err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s %q: %d, %v", name, value, res.StatusCode, err)
		}
	}
	res, err := http.Get(base + "/bootpay/window?" + good.Encode())
	if err != nil {
		t.Fatalf("window: %v", err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), `data-testid="card-kr"`) {
		t.Errorf("a good one: %d, %v, %v", res.StatusCode, err, cerr)
	}
}

func TestBootpayForgedWebhooksClaimWhatIsNot(t *testing.T) {
	s, base := openBootpay(t, Config{})
	id := authenticatedBootpay(t, base, nil)
	find := func() *Payment { p := s.Books().Payments[0]; return &p }
	g := s.dialects[bootpayName]
	if _, ok := g.webhook(find(), false, time.Now()); ok {
		t.Error("a webhook about a receipt that waits for its confirmation")
	}
	m, ok := g.webhook(find(), true, time.Now())
	if !ok || !strings.Contains(string(m.Body), `"webhook_type":"PAYMENT_COMPLETED"`) {
		t.Errorf("forged: %s", m.Body)
	}
	askBootpay(t, "POST", base+"/v2/confirm", `{"receipt_id":"`+id+`"}`)
	if m, _ := g.webhook(find(), false, time.Now()); !strings.Contains(string(m.Body), `"webhook_type":"PAYMENT_COMPLETED"`) {
		t.Errorf("true: %s", m.Body)
	}
	if m, _ := g.webhook(find(), true, time.Now()); !strings.Contains(string(m.Body), `"webhook_type":"PAYMENT_CANCELLED"`) {
		t.Errorf("forged: %s", m.Body)
	}
	if len(m.Header(time.Now(), 0)) != 0 {
		t.Error("a header that could be taken for a signature")
	}
}

func TestBootpayStandInScriptIsServedToOtherOrigins(t *testing.T) {
	base := newBootpayServer(t, Config{})
	res, err := http.Get(base + "/bootpay-5.3.0.min.js")
	if err != nil {
		t.Fatalf("script: %v", err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("script: %v, %v", err, cerr)
	}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") || res.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
		!strings.Contains(string(body), "window.Bootpay") {
		t.Errorf("%v", res.Header)
	}
}
