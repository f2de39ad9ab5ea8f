package sandbox_test

import (
	"testing"
	"time"

	"foyer/payments/sandbox"
)

const iamportScript = `
const { Iamport, Request } = require("iamport-rest-client-nodejs");
const { Payments, Prepare } = Request;
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const iamport = new Iamport({ apiKey: "imp-key-test-demo", apiSecret: "imp-secret-test-demo", baseUrl: input.url });
const stranger = new Iamport({ apiKey: "imp-key-test-demo", apiSecret: "imp-secret-test-other", baseUrl: input.url });
const said = async (request, as) => {
  try { const r = await request.request(as || iamport); return { status: r.status, ok: r.data.response || r.data, code: r.data.code }; }
  catch (e) { return { status: e.response.status || 200, code: e.response.data.code }; }
};
(async () => {
  const out = {};
  const id = { imp_uid: input.paid };
  out.registered = await said(Prepare.postAmount({ merchant_uid: "order00009", amount: 1000 }));
  out.read = await said(Prepare.getAmount({ merchant_uid: "order00009" }));
  out.paid = await said(Payments.getByImpUid(id));
  out.byOrder = await said(Payments.getByMerchantUid({ merchant_uid: "order00001" }));
  out.paidByOrder = await said(Payments.getByMerchantUid({ merchant_uid: "order00001", status: "paid", sorting: "-paid" }));
  out.all = await said(Payments.getByMerchantUids({ merchant_uid: "order00001", status: "all" }));
  out.many = await said(Payments.getByImpUids({ imp_uid: [input.paid, "imp_000000000000"] }));
  out.listed = await said(Payments.getByStatus({ status: "paid" }));
  out.missing = await said(Payments.getByImpUid({ imp_uid: "imp_000000000000" }));
  out.stranger = await said(Payments.getByImpUid(id), stranger);
  out.part = await said(Payments.cancel({ ...id, amount: 50000, checksum: 150000, reason: "만찬 취소" }));
  out.stale = await said(Payments.cancel({ ...id, amount: 50000, checksum: 150000, reason: "x" }));
  out.rest = await said(Payments.cancel({ ...id, reason: "x" }));
  out.over = await said(Payments.cancel({ ...id, reason: "x" }));
  console.log(JSON.stringify(out));
})().catch((e) => { console.error(e); process.exit(1); });
`

// TestOfficialClientPortoneV1 lets PortOne's own client of the first API register, look up and cancel against the sandbox.
func TestOfficialClientPortoneV1(t *testing.T) {
	g := start(t, func(c *sandbox.Config) { c.Now = time.Now }) // the client's clock is the machine's
	g.iamportPay("order00001", "150000", "declined")
	paid := g.iamportPay("order00001", "150000", "kr").Get("imp_uid")
	type said struct {
		Status int
		Code   int
		OK     map[string]any
	}
	type listed struct {
		OK struct{ List []map[string]any }
	}
	var out struct {
		Registered, Read, Paid, ByOrder, PaidByOrder, Missing, Stranger, Part, Stale, Rest, Over said
		All, Listed                                                                              listed
		Many                                                                                     struct {
			Status int
			OK     []map[string]any
		}
	}
	officialClient(t, "iamport-rest-client-nodejs", iamportScript, map[string]any{"url": g.url, "paid": paid}, &out)
	want(t, "registered", out.Registered.OK["merchant_uid"], "order00009")
	want(t, "registered, read", out.Read.OK["amount"], 1000.0)
	for what, r := range map[string]said{"by id": out.Paid, "by order": out.ByOrder, "by order and state": out.PaidByOrder} {
		want(t, what, r.OK["imp_uid"], paid)
		want(t, what, r.OK["status"], "paid")
		want(t, what, r.OK["amount"], 150000.0)
	}
	want(t, "all tries", len(out.All.OK.List), 2)
	want(t, "many, some missing", out.Many.Status, 207)
	want(t, "many", len(out.Many.OK), 1)
	want(t, "listed", len(out.Listed.OK.List), 1)
	want(t, "missing", out.Missing.Status, 404)
	want(t, "another shop's secret", out.Stranger.Status, 401)
	want(t, "part", out.Part.OK["cancel_amount"], 50000.0)
	want(t, "stale balance", out.Stale.Code, 1)
	want(t, "rest", out.Rest.OK["cancel_amount"], 150000.0)
	want(t, "once too often", out.Over.Code, 1)
}
