package sandbox_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"foyer/payments/sandbox"
)

// stripeClient is a shop that uses Stripe's own library for Node: it makes a session, has it paid, refunds it and takes its
// notifications. It prints one JSON object of what it saw.
const stripeClient = `
const Stripe = require('stripe');
const http = require('http');
const base = new URL(process.env.SANDBOX);
const stripe = new Stripe('sk_test_demo', { protocol: 'http', host: base.hostname, port: base.port, maxNetworkRetries: 0, telemetry: false });
const control = (what, body) => fetch(new URL('/_sandbox/api/' + what, base), { method: 'POST', body: JSON.stringify(body) });
const click = (url, card) => fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ card }) });
const problem = async (promise) => {
  try { await promise; return 'none'; } catch (e) { return [e.type, e.code, e.statusCode].join(' '); }
};
const session = (order, more) => ({
  mode: 'payment', client_reference_id: order, payment_method_types: ['card'],
  payment_intent_data: { metadata: { order } },
  line_items: [{ quantity: 1, price_data: { currency: 'krw', unit_amount: 330000, product_data: { name: 'Early bird' } } }],
  success_url: 'http://127.0.0.1:1/return?session_id={CHECKOUT_SESSION_ID}', cancel_url: 'http://127.0.0.1:1/fail', ...more,
});

(async () => {
  const events = [], waiting = [];
  const shop = http.createServer((req, res) => {
    let raw = '';
    req.on('data', (d) => { raw += d; });
    req.on('end', () => {
      let event;
      try { event = stripe.webhooks.constructEvent(raw, req.headers['stripe-signature'], 'whsec_demo'); } catch (e) { event = { type: e.type }; }
      res.end();
      events.push(event);
      (waiting.shift() || (() => {}))();
    });
  });
  await new Promise((done) => shop.listen(0, '127.0.0.1', done));
  const arrival = (n) => events.length >= n ? null : new Promise((done) => waiting.push(done)).then(() => arrival(n));
  await control('webhooks', { key: 'sk_test_demo', url: 'http://127.0.0.1:' + shop.address().port });

  const out = {};
  const made = await stripe.checkout.sessions.create(session('order1'), { idempotencyKey: 'K1' });
  const again = await stripe.checkout.sessions.create(session('order1'), { idempotencyKey: 'K1' });
  out.made = [made.object, made.status, made.payment_status, made.amount_total, made.currency, made.livemode, made.payment_intent];
  out.again = again.id === made.id;
  out.other = await problem(stripe.checkout.sessions.create(session('order2'), { idempotencyKey: 'K1' }));
  out.small = await problem(stripe.checkout.sessions.create(session('order3', { expires_at: Math.floor(Date.now() / 1000) + 600 })));
  out.unknown = await problem(stripe.checkout.sessions.create(session('order4', { no_such_thing: 1 })));
  out.missing = await problem(stripe.checkout.sessions.retrieve('cs_test_nothing'));

  const refused = await click(made.url, 'declined');
  out.refused = refused.status;
  const still = await stripe.checkout.sessions.retrieve(made.id, { expand: ['payment_intent'] });
  out.still = [still.status, still.payment_intent.status, still.payment_intent.last_payment_error.decline_code];
  const back = await click(made.url, 'visa');
  out.back = back.headers.get('location') === 'http://127.0.0.1:1/return?session_id=' + made.id;
  const paid = await stripe.checkout.sessions.retrieve(made.id, { expand: ['payment_intent.latest_charge'] });
  const charge = paid.payment_intent.latest_charge;
  out.paid = [paid.status, paid.payment_status, paid.url, paid.payment_intent.status, paid.payment_intent.amount_received,
    charge.amount_refunded, charge.metadata.order, charge.payment_method_details.card.last4];
  const found = [];
  for await (const s of stripe.checkout.sessions.list({ limit: 1, created: { gte: made.created - 5 } })) found.push(s.client_reference_id);
  out.found = found;
  out.late = await problem(stripe.checkout.sessions.expire(made.id));

  const intent = paid.payment_intent.id;
  const refund = { payment_intent: intent, amount: 30000, reason: 'requested_by_customer', metadata: { refund: 'r1' } };
  const first = await stripe.refunds.create(refund, { idempotencyKey: 'R1' });
  const second = await stripe.refunds.create(refund, { idempotencyKey: 'R1' });
  out.refund = [first.object, first.status, first.amount, first.metadata.refund, second.id === first.id];
  out.much = await problem(stripe.refunds.create({ payment_intent: intent, amount: 300001 }));
  const rest = await stripe.refunds.create({ payment_intent: intent, expand: ['charge'] });
  out.rest = [rest.amount, rest.charge.amount_refunded, rest.charge.refunded];
  out.over = await problem(stripe.refunds.create({ payment_intent: intent }));
  out.refunds = (await stripe.refunds.list({ payment_intent: intent })).data.map((r) => r.amount);

  const open = await stripe.checkout.sessions.create(session('order5'));
  out.expired = (await stripe.checkout.sessions.expire(open.id)).status;
  const wrong = new Stripe('sk_live_x', { protocol: 'http', host: base.hostname, port: base.port, maxNetworkRetries: 0, telemetry: false });
  out.key = await problem(wrong.refunds.list());

  await arrival(4);
  await control('webhook', { payment: open.id, how: 'forged' });
  await arrival(5);
  out.events = events.map((e) => e.type).sort();
  out.orders = events.map((e) => e.data && (e.data.object.client_reference_id || e.data.object.metadata.order)).filter(Boolean).sort();
  shop.close();
  shop.closeAllConnections();
  console.log(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
`

func TestOfficialClientStripe(t *testing.T) {
	modules, err := filepath.Abs("../../e2e/node_modules")
	if err != nil {
		t.Fatalf("find node_modules: %v", err)
	}
	if _, err := os.Stat(filepath.Join(modules, "stripe")); err != nil {
		t.Skip("e2e/node_modules/stripe is not installed")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	s, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatalf("open the sandbox: %v", err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Errorf("close the sandbox: %v", err)
		}
	})
	cmd := exec.CommandContext(t.Context(), node, "-")
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules, "SANDBOX="+srv.URL)
	cmd.Stdin, cmd.Stderr = strings.NewReader(stripeClient), os.Stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("run Stripe's library: %v", err)
	}
	var got map[string]any
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatalf("read %s: %v", said, err)
	}
	want := map[string]string{
		"made":    `["checkout.session","open","unpaid",330000,"krw",false,null]`,
		"again":   `true`,
		"other":   `"StripeIdempotencyError  400"`,
		"small":   `"StripeInvalidRequestError  400"`,
		"unknown": `"StripeInvalidRequestError parameter_unknown 400"`,
		"missing": `"StripeInvalidRequestError resource_missing 404"`,
		"refused": `303`,
		"still":   `["open","requires_payment_method","insufficient_funds"]`,
		"back":    `true`,
		"paid":    `["complete","paid",null,"succeeded",330000,0,"order1","4242"]`,
		"found":   `["order1"]`,
		"late":    `"StripeInvalidRequestError  400"`,
		"refund":  `["refund","succeeded",30000,"r1",true]`,
		"much":    `"StripeInvalidRequestError  400"`,
		"rest":    `[300000,330000,true]`,
		"over":    `"StripeInvalidRequestError charge_already_refunded 400"`,
		"refunds": `[300000,30000]`,
		"expired": `"expired"`,
		"key":     `"StripeAuthenticationError  401"`,
		"events": `["StripeSignatureVerificationError","charge.refunded","charge.refunded","checkout.session.completed",` +
			`"checkout.session.expired"]`,
		"orders": `["order1","order1","order1","order5"]`,
	}
	for name, value := range want {
		if raw, err := json.Marshal(got[name]); err != nil || string(raw) != value {
			t.Errorf("%s: %s, %v, want %s", name, raw, err, value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d observations, want %d", len(got), len(want))
	}
}
