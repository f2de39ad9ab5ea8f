package toss_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/toss"
	"foyer/registration"
)

// seen is one request as it came over the wire.
type seen struct {
	line   string // method and path
	header http.Header
	body   string
}

// fake is a real HTTP server that answers with what a test wrote down, by "METHOD path".
type fake struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seen
}

// reply is one prepared answer.
type reply struct {
	status int
	body   string
	kind   string // content type; application/json when empty
	raw    func(w http.ResponseWriter)
}

// newFake serves the replies; a request for anything else is a 404 of the gateway's kind.
func newFake(t *testing.T, replies map[string]reply) *fake {
	t.Helper()
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read request: %v", err)
		}
		line := r.Method + " " + r.URL.EscapedPath()
		f.mu.Lock()
		f.seen = append(f.seen, seen{line: line, header: r.Header, body: string(body)})
		f.mu.Unlock()
		re, ok := replies[line]
		if !ok {
			re = refusal(http.StatusNotFound, "NOT_FOUND_PAYMENT")
		}
		if re.raw != nil {
			re.raw(w)
			return
		}
		if re.kind == "" {
			re.kind = "application/json;charset=UTF-8"
		}
		w.Header().Set("Content-Type", re.kind)
		w.WriteHeader(re.status)
		if _, err := io.WriteString(w, re.body); err != nil {
			t.Logf("write answer: %v", err)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// requests are what came so far.
func (f *fake) requests() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]seen(nil), f.seen...)
}

// only gives the one request that came.
func (f *fake) only(t *testing.T) seen {
	t.Helper()
	all := f.requests()
	if len(all) != 1 {
		t.Fatalf("%d requests came, want 1: %+v", len(all), all)
	}
	return all[0]
}

func ok(body string) reply { return reply{status: http.StatusOK, body: body} }

func refusal(status int, code string) reply {
	return reply{status: status, body: `{"code":"` + code + `","message":"<b>a text that nobody shows</b>"}`}
}

// broken sends raw bytes and hangs up.
func broken(t *testing.T, raw string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("take the connection: %v", err)
			return
		}
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Errorf("write: %v", err)
		}
		if err := conn.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "korea", Gateway: "toss", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		Credentials: map[string]string{"client_key": "test_ck_demo", "secret_key": "test_sk_demo"},
		APIURL:      base,
	}
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	g, err := toss.New(c, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

// attempt is one payment of 150,000 won that has been authenticated.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: "reg2026000123a1", GatewayID: "tviva20261101090000AbCd1", Key: "CONFIRMKEY1",
		Amount:    registration.Money{Minor: 150000, Cur: registration.KRW},
		OrderName: "2026 가을 학술대회", Lang: registration.Korean, Payer: registration.Person{Name: "Kim", Email: "kim@example.org"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

const paid = `{
	"mId": "tosspayments", "version": "2022-11-16", "paymentKey": "tviva20261101090000AbCd1", "lastTransactionKey": "tx1",
	"orderId": "reg2026000123a1", "orderName": "x", "currency": "KRW", "method": "카드", "status": "DONE",
	"totalAmount": 150000, "balanceAmount": 150000, "approvedAt": "2026-11-01T09:00:41+09:00", "failure": null,
	"card": {"amount": 150000, "number": "48902300****406*", "approveNo": "00000001", "cardType": "신용"},
	"cancels": null, "easyPay": "PAYPAL", "virtualAccount": null, "somethingNew": [1, {"a": 2}],
	"receipt": {"url": "https://dashboard.tosspayments.com/receipt/redirection?transactionId=x&ref=PX"}
}`
