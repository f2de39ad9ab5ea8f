package sandbox_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/portonev2"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// officialClient runs a script that uses somebody else's package, which is not part of this repository: e2e/package.json names it. The
// script gets in as JSON on its standard input, and what it prints is read into out.
func officialClient(t *testing.T, packageName, script string, in, out any) {
	t.Helper()
	modules, err := filepath.Abs("../../e2e/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, packageName)); err != nil {
		t.Skipf("node_modules/%s is not installed in e2e", packageName)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "client.cjs")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", file)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stdin = bytes.NewReader(raw)
	var said, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &trouble
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, trouble.String())
	}
	if err := json.Unmarshal(said.Bytes(), out); err != nil {
		t.Fatalf("read %s: %v", said.String(), err)
	}
}

const portoneScript = `
const { PaymentClient, PortOneClient, Webhook } = require("@portone/server-sdk");
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const settled = async (promise) => {
  try { return { ok: await promise }; } catch (e) { return { type: e.data && e.data.type, name: e.name }; }
};
(async () => {
  const client = PaymentClient({ secret: input.secret, baseUrl: input.url, storeId: input.store });
  const stranger = PaymentClient({ secret: "not-a-secret", baseUrl: input.url });
  const id = "order00001";
  const out = {};
  out.registered = await settled(client.preRegisterPayment({ paymentId: "order00002", totalAmount: 1000, currency: "KRW" }));
  out.paid = await settled(client.getPayment({ paymentId: id }));
  out.missing = await settled(client.getPayment({ paymentId: "order99999" }));
  out.stranger = await settled(stranger.getPayment({ paymentId: id }));
  out.part = await settled(client.cancelPayment({ paymentId: id, reason: "만찬 취소", amount: 50000, currentCancellableAmount: 150000 }));
  out.stale = await settled(client.cancelPayment({ paymentId: id, reason: "x", amount: 50000, currentCancellableAmount: 150000 }));
  out.rest = await settled(client.cancelPayment({ paymentId: id, reason: "x" }));
  out.over = await settled(client.cancelPayment({ paymentId: id, reason: "x" }));
  out.late = await settled(client.preRegisterPayment({ paymentId: id, totalAmount: 1 }));
  out.hooks = [];
  for (const h of input.hooks) {
    for (const secret of [...input.secrets, "whsec_b3RoZXI="]) {
      const r = await settled(Webhook.verify(secret, h.body, h.headers));
      out.hooks.push(r.ok ? r.ok.type + " " + r.ok.data.paymentId : r.name);
    }
  }
  console.log(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
`

// TestOfficialClientPortoneV2 lets PortOne's own server SDK look up, cancel and verify webhooks against the sandbox.
func TestOfficialClientPortoneV2(t *testing.T) {
	g := start(t, func(c *sandbox.Config) { c.Now = time.Now }) // the client's clock is the machine's
	g.listen(always200)
	g.portonePay("order00001", 150000, "kr")
	type told struct {
		Body    string            `json:"body"`
		Headers map[string]string `json:"headers"`
	}
	var hooks []told
	for range 2 {
		h := g.hook()
		one := told{Body: h.body, Headers: map[string]string{}}
		for name := range h.header {
			one.Headers[name] = h.header.Get(name)
		}
		hooks = append(hooks, one)
	}
	current, next, _ := sandbox.PortoneV2WebhookSecrets("store-test-demo")
	type said struct {
		OK   map[string]any `json:"ok"`
		Type string         `json:"type"`
		Name string         `json:"name"`
	}
	var out struct {
		Registered, Paid, Missing, Stranger, Part, Stale, Rest, Over, Late said
		Hooks                                                              []string
	}
	officialClient(t, "@portone/server-sdk", portoneScript, map[string]any{
		"url": g.url, "secret": "portone-test-demo", "store": "store-test-demo", "hooks": hooks, "secrets": []string{current, next},
	}, &out)
	want(t, "pre-register", out.Registered.OK != nil, true)
	want(t, "get", out.Paid.OK["status"], "PAID")
	want(t, "get another", out.Missing.Type, "PAYMENT_NOT_FOUND")
	want(t, "get by a stranger", out.Stranger.Type, "UNAUTHORIZED")
	for what, r := range map[string]said{"part": out.Part, "rest": out.Rest} {
		c, _ := r.OK["cancellation"].(map[string]any)
		want(t, what, c["status"], "SUCCEEDED")
	}
	want(t, "stale balance", out.Stale.Type, "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")
	want(t, "once too often", out.Over.Type, "PAYMENT_ALREADY_CANCELLED")
	want(t, "register what is paid", out.Late.Type, "ALREADY_PAID")
	kinds := map[string]int{}
	for _, h := range out.Hooks {
		kinds[h]++
	}
	if kinds["Transaction.Ready order00001"] != 2 || kinds["Transaction.Paid order00001"] != 2 || kinds["WebhookVerificationError"] != 2 {
		t.Errorf("webhooks verified: %v", kinds)
	}
}

const standardScript = `
const { Webhook } = require("standardwebhooks");
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const out = { verified: [], header: "" };
for (const secret of input.secrets) {
  try { out.verified.push(new Webhook(secret).verify(input.hook.body, input.hook.headers).type); } catch (e) { out.verified.push(e.name); }
}
out.header = new Webhook(input.secrets[0]).sign("wh-official", new Date(input.seconds * 1000), input.body);
console.log(JSON.stringify(out));
`

// TestOfficialClientStandardWebhooks lets the standard's own library verify what the sandbox signs, and the adapter what the library
// signs.
func TestOfficialClientStandardWebhooks(t *testing.T) {
	g := start(t, func(c *sandbox.Config) { c.Now = time.Now })
	g.listen(always200)
	g.portoneWay("order00001", 150000)
	h := g.hook()
	headers := map[string]string{}
	for name := range h.header {
		headers[name] = h.header.Get(name)
	}
	current, next, _ := sandbox.PortoneV2WebhookSecrets("store-test-demo")
	const body = `{"type":"Transaction.Paid","data":{"paymentId":"order00001","transactionId":"tx-1","memo":"학회등록"}}`
	var out struct {
		Verified []string
		Header   string
	}
	officialClient(t, "standardwebhooks", standardScript, map[string]any{
		"secrets": []string{current, next, "whsec_b3RoZXI="}, "hook": map[string]any{"body": h.body, "headers": headers},
		"body": body, "seconds": 1793491241,
	}, &out)
	want(t, "verified", len(out.Verified), 3)
	for i, kind := range []string{"Transaction.Ready", "Transaction.Ready", "WebhookVerificationError"} {
		want(t, "verified", out.Verified[i], kind)
	}
	gateway, err := portonev2.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW,
		Credentials: map[string]string{"store_id": "store-1", "channel_key": "channel-key-1", "api_secret": "x", "webhook_secret": current},
	}, payments.NewTransport(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	hints, err := gateway.ParseWebhook(payments.Request{Body: []byte(body), Now: time.Unix(1793491242, 0), Header: map[string][]string{
		"Webhook-Id": {"wh-official"}, "Webhook-Timestamp": {"1793491241"}, "Webhook-Signature": {out.Header},
	}})
	if err != nil || len(hints) != 1 || hints[0].OrderNo != "order00001" {
		t.Errorf("hints %+v, %v", hints, err)
	}
}
