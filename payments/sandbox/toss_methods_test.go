package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

// account is a virtual account that was issued and waits.
func (g *rig) account(merchant, order, amount string, more ...string) *pay {
	g.t.Helper()
	p := g.open(merchant, order, amount, append([]string{"method", "VIRTUAL_ACCOUNT", "customerName", "김 회원"}, more...)...)
	p.choose("account")
	if r := p.confirm(); r.text("status") != "WAITING_FOR_DEPOSIT" {
		g.t.Fatalf("issue: %d %s", r.status, r.raw)
	}
	return p
}

// deposit is a notification of a deposit, or its status alone where it is of the other kind.
type deposit struct {
	EventType string `json:"eventType"`
	Secret    string `json:"secret"`
	Status    string `json:"status"`
	OrderID   string `json:"orderId"`
	Data      struct {
		Status string `json:"status"`
		Secret string `json:"secret"`
	} `json:"data"`
}

// two takes the two webhooks that a virtual account's event brings, whichever comes first.
func (g *rig) two() (changed, callback deposit) {
	g.t.Helper()
	for range 2 {
		var d deposit
		if err := json.Unmarshal([]byte(g.hook().body), &d); err != nil {
			g.t.Fatal(err)
		}
		if d.EventType == "" {
			callback = d
		} else {
			changed = d
		}
	}
	return changed, callback
}

func TestVirtualAccountFromIssueToDepositAndBack(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.account("demo", "order-va", "5000", "cashReceipt", "소득공제", "dueDate", "2026-11-08T23:59:59")
	want(t, "issue is told", g.hook().status(t), "WAITING_FOR_DEPOSIT")
	r := p.lookup()
	va, _ := r.json["virtualAccount"].(map[string]any)
	secret := r.text("secret")
	want(t, "secret", strings.HasPrefix(secret, "ps_"), true)
	want(t, "bank", va["bankCode"], "20")
	want(t, "holder", va["customerName"], "김 회원")
	want(t, "due", va["dueDate"], "2026-11-08T23:59:59+09:00")
	want(t, "expired", va["expired"], false)
	want(t, "approved", r.json["approvedAt"], nil)
	want(t, "confirm again", p.confirm().code(), "ALREADY_PROCESSED_PAYMENT")

	want(t, "deposit", g.control("deposit", `{"payment":"order-va"}`).status, 200)
	changed, callback := g.two()
	want(t, "changed", changed.Data.Status+" "+changed.Data.Secret, "DONE "+secret)
	want(t, "callback", callback.Status+" "+callback.Secret+" "+callback.OrderID, "DONE "+secret+" order-va")
	receipt, _ := p.lookup().json["cashReceipt"].(map[string]any)
	want(t, "cash receipt", receipt["type"], "소득공제")
	want(t, "deposit again", g.control("deposit", `{"payment":"order-va"}`).status, 400)

	want(t, "taken back", g.control("deposit-cancel", `{"payment":"order-va"}`).status, 200)
	_, callback = g.two()
	want(t, "callback", callback.Status, "WAITING_FOR_DEPOSIT")
	r = p.lookup()
	want(t, "status", r.text("status")+r.text("balanceAmount"), "WAITING_FOR_DEPOSIT5000")
	want(t, "cancels", r.json["cancels"], nil)
	want(t, "taken back again", g.control("deposit-cancel", `{"payment":"order-va"}`).status, 400)
	b := p.book()
	want(t, "came", b.Captured, int64(5000))
	want(t, "went", b.Refunded, int64(5000))
	want(t, "by the bank", b.Refunds[0].Taken && b.Refunds[0].Outside, true)
}

func TestForgedDepositDoesNotKnowTheSecret(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.account("demo", "order-forged", "5000")
	g.hook()
	want(t, "send", g.control("webhook", `{"payment":"order-forged","how":"forged"}`).status, 200)
	changed, callback := g.two()
	want(t, "claims", changed.Data.Status+callback.Status, "DONEDONE")
	want(t, "secret", changed.Data.Secret == "" && callback.Secret != p.lookup().text("secret"), true)
	want(t, "truth", p.status(), "WAITING_FOR_DEPOSIT")
}

func TestDeadlineOfAnAccountPassesWithoutAWord(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.account("demo", "order-late", "5000", "validHours", "1")
	g.hook()
	g.clock.pass(61 * time.Minute)
	r := p.lookup()
	va, _ := r.json["virtualAccount"].(map[string]any)
	want(t, "status", r.text("status"), "WAITING_FOR_DEPOSIT")
	want(t, "expired", va["expired"], true)
	want(t, "deposit", g.control("deposit", `{"payment":"order-late"}`).status, 400)
	want(t, "webhooks", len(g.hooks), 0)
	week := g.account("demo", "order-week", "5000")
	va, _ = week.lookup().json["virtualAccount"].(map[string]any)
	want(t, "a week when nothing is said", va["dueDate"], g.clock.now().Add(168*time.Hour).In(time.FixedZone("KST", 9*3600)).Format("2006-01-02T15:04:05-07:00"))
}

func TestCancelOfAnAccount(t *testing.T) {
	g := start(t)
	p := g.account("demo", "order-unpaid", "5000")
	want(t, "a part before the deposit", p.cancel(`{"cancelReason":"x","cancelAmount":1000}`).code(), "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
	r := p.cancel(`{"cancelReason":"x"}`)
	want(t, "closed", r.text("status")+r.text("balanceAmount"), "CANCELED0")
	want(t, "approved", r.json["approvedAt"], nil)
	want(t, "deposit", g.control("deposit", `{"payment":"order-unpaid"}`).status, 400)

	paid := g.account("demo", "order-paid", "5000")
	g.control("deposit", `{"payment":"order-paid"}`)
	for body, code := range map[string]string{
		`{"cancelReason":"x"}`: "INVALID_REFUND_ACCOUNT_INFO",
		`{"cancelReason":"x","refundReceiveAccount":{"bank":"99","accountNumber":"110123456789","holderName":"김"}}`:     "INVALID_BANK",
		`{"cancelReason":"x","refundReceiveAccount":{"bank":"88","accountNumber":"110-123-456789","holderName":"김"}}`:   "INVALID_REFUND_ACCOUNT_NUMBER",
		`{"cancelReason":"x","refundReceiveAccount":{"bank":"88","accountNumber":"110123456789","holderName":"   "}}`:   "INVALID_REFUND_ACCOUNT_INFO",
		`{"cancelReason":"x","refundReceiveAccount":{"bankCode":"88","accountNumber":"110123456789","holderName":"김"}}`: "INVALID_BANK",
	} {
		want(t, body, paid.cancel(body).code(), code)
	}
	r = paid.cancel(`{"cancelReason":"x","cancelAmount":2000,"refundReceiveAccount":{"bank":"88","accountNumber":"110123456789","holderName":"김"}}`)
	va, _ := r.json["virtualAccount"].(map[string]any)
	to, _ := va["refundReceiveAccount"].(map[string]any)
	want(t, "part", r.text("status")+r.text("balanceAmount"), "PARTIAL_CANCELED3000")
	want(t, "to", to["bankCode"], "88")
	want(t, "deposit of a partly refunded payment is not taken back", g.control("deposit-cancel", `{"payment":"order-paid"}`).status, 400)
}

func TestMethodsOfTheWindow(t *testing.T) {
	g := start(t)
	for method, tc := range map[string]struct{ choice, word, declined, merchant string }{
		"TRANSFER":         {"transfer", "계좌이체", "REJECT_ACCOUNT_PAYMENT", "demo"},
		"MOBILE_PHONE":     {"phone", "휴대폰", "EXCEED_MAX_PAYMENT_AMOUNT", "demo"},
		"FOREIGN_EASY_PAY": {"paypal", "해외간편결제", "REJECT_ACCOUNT_PAYMENT", "demousd"},
	} {
		p := g.open(tc.merchant, "order-"+tc.choice, "1000", "method", method)
		page := g.get(p.window + "?lang=en").raw
		want(t, method+" has its button", strings.Contains(page, `value="`+tc.choice+`"`), true)
		want(t, method+" has no cards", strings.Contains(page, `value="kr"`), false)
		want(t, method+" takes no card", g.post(p.window, url.Values{"card": {"kr"}}).status, http.StatusBadRequest)
		p.choose(tc.choice)
		r := p.confirm()
		want(t, method, r.text("status")+" "+r.text("method"), "DONE "+tc.word)
		poor := g.open(tc.merchant, "order-poor-"+tc.choice, "1000", "method", method)
		poor.choose("declined")
		want(t, method+" without money", poor.confirm().code(), tc.declined)
	}
	small := g.open("demo", "order-small", "150", "method", "TRANSFER")
	small.choose("transfer")
	want(t, "below the minimum", small.confirm().code(), "BELOW_MINIMUM_AMOUNT")
}

func TestListOfTransactions(t *testing.T) {
	g := start(t)
	p := g.paid("demo", "order-list1", "3000", "kr")
	g.clock.pass(time.Minute)
	p.cancel(`{"cancelReason":"x","cancelAmount":1000}`)
	g.clock.pass(time.Minute)
	g.paid("other", "order-list2", "3000", "kr")
	g.paid("demo", "order-list3", "4000", "kr")
	list := func(query string) []map[string]any {
		t.Helper()
		r := g.call("GET", "/v1/transactions?"+query, "demo", "")
		var rows []map[string]any
		if err := json.Unmarshal([]byte(r.raw), &rows); err != nil {
			t.Fatalf("%s: %d %s", query, r.status, r.raw)
		}
		return rows
	}
	const day = "startDate=2026-11-01T00:00:00&endDate=2026-11-01T23:59:59.999"
	rows := list(day)
	want(t, "rows", len(rows), 3)
	for i, status := range []string{"DONE", "PARTIAL_CANCELED", "DONE"} {
		want(t, "status", rows[i]["status"], status)
	}
	want(t, "amount of the cancel", rows[1]["amount"], float64(1000))
	want(t, "limit", len(list(day+"&limit=2")), 2)
	rest := list(day + "&startingAfter=" + rows[1]["transactionKey"].(string))
	want(t, "the rest", len(rest) == 1 && rest[0]["orderId"] == "order-list3", true)
	want(t, "a minute", len(list("startDate=2026-11-01T09:00:30&endDate=2026-11-01T09:01:30")), 1)
	want(t, "wrong key", g.call("GET", "/v1/transactions?"+day+"&startingAfter=x", "demo", "").code(), "INVALID_TRANSACTION_KEY")
	want(t, "no dates", g.call("GET", "/v1/transactions", "demo", "").code(), "INVALID_REQUEST")
}

func TestNightlyCancelGivesEverythingBack(t *testing.T) {
	g := start(t)
	g.listen(always200)
	p := g.paid("demo", "order-night", "3000", "kr")
	g.open("demo", "order-night2", "3000")
	g.hook()
	want(t, "nightly", g.control("nightly", `{}`).status, 200)
	want(t, "told", g.hook().status(t), "CANCELED")
	want(t, "outside", p.book().Refunds[0].Outside, true)
	want(t, "again", g.control("nightly", `{}`).status, 200)
	want(t, "nothing more", len(p.book().Refunds), 1)
}

func TestFaultOfOneGatewayLeavesTheOthersAlone(t *testing.T) {
	g := start(t)
	p := g.open("demo", "order-fault", "3000")
	want(t, "stripe's", g.control("faults", `{"kind":"html","dialect":"stripe","times":1}`).status, 200)
	want(t, "look-up", p.lookup().status, 200)
	want(t, "toss's", g.control("faults", `{"kind":"html","dialect":"toss","operation":"lookup","times":1}`).status, 200)
	want(t, "look-up", p.lookup().status, 502)
	want(t, "unknown gateway", g.control("faults", `{"kind":"html","dialect":"mars"}`).status, 400)
	g.Arm(sandbox.Fault{Kind: sandbox.FaultTooMany, Dialect: "toss"})
	want(t, "armed by a test", p.lookup().status, 429)
}
