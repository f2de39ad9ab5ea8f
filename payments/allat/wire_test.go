package allat_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/allat"
	"foyer/registration"
)

// receiver takes notifications and answers as AllatPay wants it.
func receiver(t *testing.T, came chan<- payments.Request) string {
	t.Helper()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read notification: %v", err)
		}
		if _, err := io.WriteString(w, "0000 ok"); err != nil {
			t.Errorf("answer: %v", err)
		}
		came <- payments.Request{Method: r.Method, Header: r.Header, Body: body, Now: time.Now()}
	}))
	t.Cleanup(shop.Close)
	return shop.URL
}

// control sends one JSON command to the sandbox.
func control(t *testing.T, address, text string) {
	t.Helper()
	res, err := http.Post(address, "application/json", strings.NewReader(text))
	if err != nil {
		t.Fatalf("control: %v", err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("control %s: %d, %v", text, res.StatusCode, err)
	}
}

// raw is a server that does with each connection what a test wants, and counts the requests that it has read.
func raw(t *testing.T, answer func(net.Conn)) (address string, requests *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	requests = &atomic.Int64{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				requests.Add(1)
				answer(conn)
			}()
		}
	}()
	return "http://" + l.Addr().String(), requests
}

func ready(number string) payments.Attempt {
	a := attempt(number)
	a.GatewayID = "00000110A1B2C3D4"
	return a
}

// What surely never left is told apart from what may have arrived, and nothing is sent a second time.
func TestWhatIsKnownOfAnUnansweredCall(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	nobody := "http://" + closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	secure := httptest.NewTLSServer(http.NotFoundHandler()) // its certificate is nobody's
	defer secure.Close()
	silent, asked := raw(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) })
	hangsUp, hung := raw(t, func(net.Conn) {})
	half, halved := raw(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nreply_cd=0000\namt=15") })
	tests := map[string]struct {
		api      string
		want     error
		requests *atomic.Int64
	}{
		"nobody listens":              {nobody, payments.ErrBusy, nil},
		"a certificate that is wrong": {secure.URL, payments.ErrBusy, nil},
		"no answer in time":           {silent, payments.ErrNoAnswer, asked},
		"the connection is cut":       {hangsUp, payments.ErrNoAnswer, hung},
		"half an answer":              {half, payments.ErrNoAnswer, halved},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			g, err := allat.New(channel(tc.api), payments.NewTransport(time.Second))
			if err != nil {
				t.Fatalf("connect: %v", err)
			}
			_, err = g.Settle(t.Context(), ready("PHASE00001"))
			if !errors.Is(err, tc.want) || (errors.Is(tc.want, payments.ErrBusy) && errors.Is(err, payments.ErrNoAnswer)) {
				t.Errorf("%v, want %v", err, tc.want)
			}
			if strings.Contains(err.Error(), "allat_key_demo") {
				t.Errorf("the error quotes the key: %v", err)
			}
			if tc.requests != nil && tc.requests.Load() != 1 {
				t.Errorf("%d requests, want one", tc.requests.Load())
			}
		})
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := connect(t, channel(silent)).Settle(over, ready("PHASE00002")); !errors.Is(err, payments.ErrBusy) || asked.Load() != 1 {
		t.Errorf("a context that is over: %v", err)
	}
}

// mute is a transport that tells nothing about its connections.
type mute struct{}

func (mute) Do(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }

func TestATransportThatTellsNothingCountsAsSent(t *testing.T) {
	g, err := allat.New(channel("http://127.0.0.1:1"), mute{})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	if _, err := g.Settle(t.Context(), ready("PHASE00003")); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("%v, want no answer", err)
	}
}

// replies serves one reply over TLS, in EUC-KR, as AllatPay does, and hands on the request's body.
func replies(t *testing.T, mode registration.Mode, reply string) (g payments.Gateway, body *string) {
	t.Helper()
	body = new(string)
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read request: %v", err)
		}
		*body = string(text)
		w.Header().Set("Content-Type", "text/html;charset=EUC-KR")
		if _, err := io.WriteString(w, reply); err != nil {
			t.Errorf("answer: %v", err)
		}
	}))
	t.Cleanup(srv.Close)
	client := payments.NewTransport(5 * time.Second)
	pool := srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	client.Transport = &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "example.com"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, srv.Listener.Addr().String())
		},
	}
	c := channel("")
	c.Mode = mode
	c.Credentials = map[string]string{"shop_id": "confkr01", "cross_key": "9c41"}
	g, err := allat.New(c, client)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g, body
}

const slip = "reply_msg=\xc1\xa4\xbb\xf3\xc3\xb3\xb8\xae\norder_no=REG0001\namt=150000\npay_type=CARD\napproval_ymdhms=20261120164502\nseq_no=0123456789\n" +
	"approval_no=12345678\ncard_id=61\ncard_nm=BC\nunknown=a=b\npartcancel_yn=Y"

func TestApprovalsOfALiveChannel(t *testing.T) {
	tests := map[string]struct {
		reply  string
		status payments.Status
		mode   registration.Mode
		err    error  // or
		code   string // of a refusal
	}{
		"real money":               {reply: "reply_cd=0000\n" + slip, status: payments.StatusCaptured, mode: registration.Live},
		"test money":               {reply: "reply_cd=0001\n" + slip, status: payments.StatusCaptured, mode: registration.Test},
		"lines that end with CRLF": {reply: strings.ReplaceAll("reply_cd=0000\n"+slip, "\n", "\r\n"), status: payments.StatusCaptured, mode: registration.Live},
		"the last of two counts":   {reply: "reply_cd=3004\nreply_cd=0000\n" + slip, status: payments.StatusCaptured, mode: registration.Live},
		"a decline":                {reply: "reply_cd=3004\nreply_msg=x\n", code: "3004"},
		"done before, perhaps":     {reply: "reply_cd=0431\nreply_msg=x\n", err: payments.ErrNoAnswer, code: "0431"},
		"a client's own code":      {reply: "reply_cd=0299\nreply_msg=x\n", err: payments.ErrNoAnswer, code: "0299"},
		"a page":                   {reply: "<html>\n<body>Service</body>\n", err: payments.ErrNoAnswer},
		"nothing":                  {reply: "", err: payments.ErrNoAnswer},
		"success without amount":   {reply: "reply_cd=0000\n" + strings.Replace(slip, "amt=150000\n", "", 1), err: payments.ErrNoAnswer},
		"an amount with a point":   {reply: "reply_cd=0000\n" + strings.Replace(slip, "150000", "1500.00", 1), err: payments.ErrNoAnswer},
		"an amount cut off":        {reply: "reply_cd=0000\npay_type=CARD\nseq_no=1\norder_no=REG0001\namt=1500", err: payments.ErrNoAnswer},
		"a code cut off":           {reply: "reply_cd=00", err: payments.ErrNoAnswer},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			g, body := replies(t, registration.Live, tc.reply)
			a := ready("REG0001")
			out, err := g.Settle(t.Context(), a)
			r, refused := errors.AsType[*payments.Refusal](err)
			switch {
			case tc.status != "" && (err != nil || out.Status != tc.status || out.Mode != tc.mode || out.Captured != a.Amount || out.GatewayID != "0123456789"):
				t.Errorf("%+v, %v", out, err)
			case tc.err != nil && !errors.Is(err, tc.err), tc.err == nil && errors.Is(err, payments.ErrNoAnswer):
				t.Errorf("%v, want %v", err, tc.err)
			case tc.code != "" && (!refused || r.Code != tc.code), tc.code != "" && tc.err == nil && !r.Declined:
				t.Errorf("%v, want code %s", err, tc.code)
			}
			for _, part := range []string{"allat_shop_id=confkr01&", "&allat_cross_key=9c41&", "&allat_enc_data=00000110A1B2C3D4&", "&allat_amt=150000&", "&allat_opt_ver=1.0.7.1"} {
				if !strings.Contains(*body, part) {
					t.Errorf("request lacks %s: %s", part, *body)
				}
			}
		})
	}
}

func TestRefundsOfALiveChannel(t *testing.T) {
	paid := payments.Outcome{GatewayID: "0123456789", OrderNo: "REG0001", Captured: won(150000), Method: "transfer"}
	tests := map[string]struct {
		reply string
		gone  int64
		err   error
		code  string
	}{
		"done":                     {reply: "reply_cd=0000\nreply_msg=x\npart_cancel_flag=1\nremain_amt=100000\npay_type=ABANK", gone: 50000},
		"others have cancelled":    {reply: "reply_cd=0000\nremain_amt=60000\n", gone: 90000},
		"the rest is not told":     {reply: "reply_cd=0000\nremain_amt=1000", gone: 50000},
		"in test only":             {reply: "reply_cd=0001\nremain_amt=100000\n", code: "0001"},
		"refused":                  {reply: "reply_cd=3007\nreply_msg=x\n", code: "3007"},
		"done before, perhaps":     {reply: "reply_cd=1310\nreply_msg=x\n", err: payments.ErrNoAnswer},
		"a page instead of a code": {reply: "<html>", err: payments.ErrNoAnswer},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			g, body := replies(t, registration.Live, tc.reply)
			out, err := g.Refund(t.Context(), refundOf(paid, 50000, 150000))
			r, refused := errors.AsType[*payments.Refusal](err)
			switch {
			case tc.gone > 0 && (err != nil || out.Refunded != won(tc.gone)):
				t.Errorf("%+v, %v", out, err)
			case tc.err != nil && !errors.Is(err, tc.err):
				t.Errorf("%v, want %v", err, tc.err)
			case tc.code != "" && (!refused || r.Code != tc.code || r.Passing || r.Settled || errors.Is(err, payments.ErrNoAnswer)):
				t.Errorf("%v, want a final %s", err, tc.code)
			}
			want := "allat_enc_data=00000010allat_shop_id%03confkr01%18allat_order_no%03REG0001%18allat_amt%0350000%18allat_pay_type%03ABANK%18" +
				"allat_seq_no%030123456789%18allat_test_yn%03N%18allat_opt_pin%03NOUSE%18allat_opt_mod%03APP%18&"
			if !strings.Contains(*body, want) {
				t.Errorf("request %s", *body)
			}
		})
	}
}
