package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// bootpayClient drives Bootpay's own server client: both ways to log in, look-up, confirm, cancel in parts, and what it makes of errors.
const bootpayClient = `
const { Bootpay } = require('@bootpay/backend-js');
const [base, first, second] = process.argv.slice(1);
Bootpay.API_ENTRYPOINTS.production = base + '/v2';
const caught = (p) => p.then((v) => ({ unexpected: v }), (e) => ({ code: e.error_code }));
const short = (r) => ({ id: r.receipt_id, order: r.order_id, status: r.status, price: r.price, cancelled: r.cancelled_price, sandbox: r.sandbox,
	symbol: r.method_symbol, no: r.card_data && r.card_data.card_no });
(async () => {
	const out = {};
	Bootpay.setConfiguration({ client_key: 'bootpay_ck_demo', secret_key: 'bootpay_sk_demo' });
	out.waiting = short(await Bootpay.receiptPayment(first));
	out.confirmed = short(await Bootpay.confirmPayment(first));
	out.again = await caught(Bootpay.confirmPayment(first));
	out.part = short(await Bootpay.cancelPayment({ receipt_id: first, cancel_price: 50000, cancel_id: 'c1', cancel_username: 'x', cancel_message: 'y',
		refund: { bank_account: '', bank_username: '', bank_code: '' } }));
	out.replay = await caught(Bootpay.cancelPayment({ receipt_id: first, cancel_price: 50000, cancel_id: 'c1' }));
	out.rest = short(await Bootpay.cancelPayment({ receipt_id: first, cancel_id: 'c2' }));
	out.over = await caught(Bootpay.cancelPayment({ receipt_id: first, cancel_id: 'c3' }));
	out.nobody = await caught(Bootpay.receiptPayment('000000000000000000000000'));
	Bootpay.setConfiguration({ client_key: 'bootpay_ck_demo', secret_key: 'bootpay_sk_other' });
	out.stranger = await caught(Bootpay.receiptPayment(first));
	Bootpay.setConfiguration({ application_id: 'bootpay_rest_demo', private_key: 'bootpay_private_demo' });
	const token = await Bootpay.getAccessToken();
	out.same = (await Bootpay.getAccessToken()).access_token === token.access_token && token.expire_in > 0;
	out.byToken = short(await Bootpay.confirmPayment(second));
	Bootpay.setToken('nonsense');
	out.badToken = await caught(Bootpay.receiptPayment(second));
	Bootpay.setConfiguration({ application_id: 'bootpay_js_demo', private_key: 'bootpay_private_demo' });
	out.browserKey = await caught(Bootpay.getAccessToken());
	console.log(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
`

// authenticatedBootpay opens a window as the script would and lets the payer pay; it gives the receipt id.
func authenticatedBootpay(t *testing.T, base string, more url.Values) string {
	t.Helper()
	q := url.Values{
		"client_key": {"bootpay_ck_demo"}, "price": {"150000"}, "order_id": {"ORDER00001"}, "order_name": {"x"},
		"redirect_url": {"https://shop.example.org/back?own=1"}, "separately_confirmed": {"true"},
	}
	for name, values := range more {
		q[name] = values
	}
	card := "kr"
	if q.Has("card") {
		card = q.Get("card")
	}
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	step := func(res *http.Response, err error) *url.URL {
		if err != nil {
			t.Fatalf("window: %v", err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatalf("window: %v", err)
		}
		to, err := res.Location()
		if err != nil {
			t.Fatalf("window: %d and no way on", res.StatusCode)
		}
		return to
	}
	window := step(client.Get(base + "/bootpay/window?" + q.Encode()))                 //nolint:bodyclose // step closes it
	back := step(client.PostForm(window.String(), url.Values{"card": {card}})).Query() //nolint:bodyclose // step closes it
	if back.Get("own") != "1" || back.Get("receipt_id") == "" {
		t.Fatalf("way back: %v", back)
	}
	return back.Get("receipt_id")
}

// TestOfficialClientBootpay runs @bootpay/backend-js against the dialect.
func TestOfficialClientBootpay(t *testing.T) {
	folder := filepath.Join("..", "..", "e2e")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@bootpay", "backend-js")); err != nil {
		t.Skip("node_modules/@bootpay/backend-js is not installed in e2e")
	}
	srv := newBootpayServer(t, Config{})
	first, second := authenticatedBootpay(t, srv, nil), authenticatedBootpay(t, srv, url.Values{"order_id": {"ORDER00002"}})
	cmd := exec.CommandContext(t.Context(), "node", "-e", bootpayClient, srv, first, second)
	cmd.Dir = folder
	var problems bytes.Buffer
	cmd.Stderr = &problems
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, problems.String())
	}
	var got map[string]any
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatalf("read %s: %v", said, err)
	}
	receipt := func(id, order string, status, cancelled float64) map[string]any {
		return map[string]any{
			"id": id, "order": order, "status": status, "price": 150000.0, "cancelled": cancelled, "sandbox": true, "symbol": "card",
			"no": "48902300****406*",
		}
	}
	code := func(c string) map[string]any { return map[string]any{"code": c} }
	want := map[string]any{
		"waiting": receipt(first, "ORDER00001", 2, 0), "confirmed": receipt(first, "ORDER00001", 1, 0), "again": code("RC_NOT_CONFIRM_READY"),
		"part": receipt(first, "ORDER00001", 20, 50000), "replay": code("RC_CANCEL_SERVER_ERROR"), "rest": receipt(first, "ORDER00001", 20, 150000),
		"over": code("RC_ALREADY_CANCELLED"), "nobody": code("RC_NOT_FOUND"), "stranger": code("APP_SK_NOT_MATCHED"), "same": true,
		"byToken": receipt(second, "ORDER00002", 1, 0), "badToken": code("TOKEN_KEY_INVALID"), "browserKey": code("APP_KEY_NOT_REST"),
	}
	for name, is := range want {
		a, _ := json.Marshal(got[name])
		b, _ := json.Marshal(is)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %s, want %s", name, a, b)
		}
	}
}
