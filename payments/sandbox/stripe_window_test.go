package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

// stripeShop is a merchant's server at a sandbox.
type stripeShop struct {
	t    *testing.T
	url  string
	book *sandbox.Sandbox
}

func openStripe(t *testing.T, cfg sandbox.Config) *stripeShop {
	t.Helper()
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatalf("open the sandbox: %v", err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		if err := s.Close(); err != nil { // first: it ends slow answers
			t.Errorf("close the sandbox: %v", err)
		}
		srv.Close()
	})
	return &stripeShop{t: t, url: srv.URL, book: s}
}

// call sends a form, or reads when there is none, and gives status and body.
func (s *stripeShop) call(key, path string, form url.Values) (int, string) {
	s.t.Helper()
	method := http.MethodPost
	if form == nil {
		method = http.MethodGet
	}
	if !strings.HasPrefix(path, "http") {
		path = s.url + path
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		s.t.Fatalf("read %s: %v, %v", path, err, cerr)
	}
	if to := res.Header.Get("Location"); to != "" {
		return res.StatusCode, to
	}
	return res.StatusCode, string(body)
}

// session makes a session and gives its page.
func (s *stripeShop) session(locale string) string {
	s.t.Helper()
	status, body := s.call("sk_test_demo", "/v1/checkout/sessions", url.Values{
		"mode": {"payment"}, "client_reference_id": {"order1"}, "locale": {locale}, "line_items[0][quantity]": {"2"},
		"line_items[0][price_data][currency]": {"krw"}, "line_items[0][price_data][unit_amount]": {"165000"},
		"line_items[0][price_data][product_data][name]": {"조기 등록 <b>"}, "success_url": {"http://shop.example/return?id={CHECKOUT_SESSION_ID}"},
		"cancel_url": {"http://shop.example/fail"},
	})
	var made struct{ URL string }
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != http.StatusOK || made.URL == "" {
		s.t.Fatalf("make a session: %d, %v: %s", status, err, body)
	}
	return made.URL
}

func TestStripeWindowShowsWhatIsPaid(t *testing.T) {
	s := openStripe(t, sandbox.Config{})
	for locale, words := range map[string][]string{
		"ko": {`lang="ko"`, "330,000원", "국내 전용 카드", "실제 결제가 아닙니다"}, "en": {`lang="en"`, "KRW 330,000", "Card for Korea only", "no real money"},
	} {
		page := s.session(locale)
		status, body := s.call("", page, nil)
		for _, w := range append(words, `id="main"`, `data-testid="card-visa"`, `data-testid="card-lost-answer"`, "조기 등록 &lt;b&gt;", "order1") {
			if status != http.StatusOK || !strings.Contains(body, w) {
				t.Errorf("%s: %d without %s", locale, status, w)
			}
		}
		if status, to := s.call("", page, url.Values{"card": {"declined"}}); status != http.StatusSeeOther || !strings.HasSuffix(page, to) {
			t.Errorf("declined: %d to %s", status, to)
		}
		if _, body := s.call("", page, nil); !strings.Contains(body, "insufficient_funds") || !strings.Contains(body, `id="main"`) {
			t.Error("the page does not tell that the card was refused, or is over")
		}
		if _, to := s.call("", page, url.Values{"card": {"jcb"}}); to != "http://shop.example/return?id="+page[strings.LastIndex(page, "/")+1:] {
			t.Errorf("paid: to %s", to)
		}
		if status, body := s.call("", page, nil); status != http.StatusOK || strings.Contains(body, `id="main"`) || !strings.Contains(body, "http://shop.example/return") {
			t.Errorf("the page after the payment: %d", status)
		}
		if status, _ := s.call("", page, url.Values{"card": {"jcb"}}); status != http.StatusSeeOther {
			t.Errorf("paying again: %d", status)
		}
	}
	for _, p := range s.book.Books().Payments {
		if p.Captured != 330000 {
			t.Errorf("captured %d", p.Captured)
		}
	}
}

func TestStripeWindowRefusesWhatItDoesNotKnow(t *testing.T) {
	s := openStripe(t, sandbox.Config{SlowConfirm: time.Millisecond})
	page := s.session("en")
	for address, want := range map[string]int{page: http.StatusBadRequest, s.url + "/c/pay/cs_test_nothing": http.StatusNotFound} {
		if status, _ := s.call("", address, url.Values{"card": {"gold"}}); status != want {
			t.Errorf("%s: %d, want %d", address, status, want)
		}
	}
	if status, to := s.call("", page, url.Values{"card": {"slow"}}); status != http.StatusSeeOther || !strings.Contains(to, "/return?id=") {
		t.Errorf("slow: %d to %s", status, to)
	}
}

func TestStripeTakesItsOwnTestKeysOnly(t *testing.T) {
	s := openStripe(t, sandbox.Config{})
	for key, want := range map[string]int{
		"": 401, "sk_live_demo": 401, "pk_test_demo": 401, "test_sk_demo": 401, "sk_test_": 401, "sk_test_demo": 404, "rk_test_demo": 404,
	} {
		if status, body := s.call(key, "/v1/checkout/sessions/cs_test_nothing", nil); status != want {
			t.Errorf("%q: %d, want %d: %s", key, status, want, body)
		}
	}
	if status, body := s.call("sk_test_demo", "/v1/checkout/elsewhere", nil); status != http.StatusNotFound || !strings.Contains(body, "Unrecognized request URL") {
		t.Errorf("an unknown path: %d: %s", status, body)
	}
}
