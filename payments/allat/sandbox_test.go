package allat_test

import (
	"errors"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxPaysInWonAndInCents(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for name, tc := range map[string]struct {
		amount registration.Money
		card   string
		path   string
	}{
		"demo": {won(150000), "kr", "/servlet/AllatPay/pay/approval.jsp"},
		"usd":  {cents(12050), "visa", "/servlet/AllatPay/pay/approval_dol.jsp"},
		"any":  {won(1000), "amex", "/servlet/AllatPay/pay/approval.jsp"},
	} {
		t.Run(name, func(t *testing.T) {
			c := b.contract(name)
			if name == "any" {
				c.Cards = "any"
			}
			g, a := connect(t, c), attempt("ORDER"+name)
			a.Amount = tc.amount
			out := b.settled(t, g, a, tc.card)
			if out.Status != payments.StatusCaptured || out.OrderNo != a.OrderNo || out.Mode != registration.Test || out.Refunded != (registration.Money{Cur: a.Amount.Cur}) {
				t.Errorf("outcome %+v", out)
			}
			if out.Method != "card" || out.Card == "" || out.Approve == "" || out.At.IsZero() || len(out.GatewayID) != 10 {
				t.Errorf("the slip is not whole: %+v", out)
			}
			books := b.Books()
			last := books.Payments[len(books.Payments)-1]
			if last.ID != out.GatewayID || last.Captured != a.Amount.Minor || last.OrderName != a.OrderName {
				t.Errorf("books: %+v", last)
			}
			if r := books.Requests[len(books.Requests)-1]; r.Path != tc.path {
				t.Errorf("approved at %s", r.Path)
			}
		})
	}
}

func TestSandboxDeclinesAndWindowsThatFail(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	for number, card := range map[string]string{"DECLINED01": "declined", "DECLINED02": "wrong-place"} {
		_, err := g.Settle(t.Context(), b.authenticated(t, g, attempt(number), card, nil))
		if r, is := errors.AsType[*payments.Refusal](err); !is || !r.Declined || r.Key != "payment.declined.card" || errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: %v", card, err)
		}
	}
	for card, want := range map[string]payments.Return{
		"cancel":          {OrderNo: "DECLINED03", Failed: true, Cancelled: true, Reason: "payment.cancelled"},
		"declined-window": {OrderNo: "DECLINED03", Failed: true, Reason: "payment.failed"},
	} {
		l, err := g.Begin(t.Context(), attempt("DECLINED03"))
		if err != nil {
			t.Fatalf("begin: %v", err)
		}
		got, said := b.walk(t, g, form(t, l), card)
		if got != want {
			t.Errorf("%s: %+v from %v, want %+v", card, got, said, want)
		}
		if card == "cancel" && said["allat_result_msg"] != "사용자가 결제를 취소하였습니다." {
			t.Errorf("the message came as %q", said["allat_result_msg"])
		}
	}
	if n := b.captured(); n != 0 {
		t.Errorf("%d was taken", n)
	}
}

// The payer's browser may change anything that it was given.
func TestSandboxTamperedForms(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	cheap := b.authenticated(t, g, attempt("TAMPER0001"), "kr", func(f url.Values) { f.Set("allat_amt", "100") })
	_, err := g.Settle(t.Context(), cheap)
	if r, is := errors.AsType[*payments.Refusal](err); !is || !r.Declined || b.captured() != 0 {
		t.Errorf("a cheaper window: %v", err)
	}
	other := b.authenticated(t, g, attempt("TAMPER0002"), "kr", nil)
	stranger := attempt("TAMPER0003")
	stranger.GatewayID = other.GatewayID
	out, err := g.Settle(t.Context(), stranger)
	if err != nil || out.OrderNo != other.OrderNo {
		t.Errorf("another order's ticket must be told by its order number: %+v, %v", out, err)
	}
	if _, err := g.Settle(t.Context(), other); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("a ticket that was used: %v, want no answer", err)
	}
	made := attempt("TAMPER0004")
	made.GatewayID = "00000110" + "1234567890" + "FF"
	if _, err := g.Settle(t.Context(), made); err == nil || b.captured() != 150000 {
		t.Errorf("an invented ticket: %v", err)
	}
}

func TestSandboxTellsTestFromLive(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	live := b.settled(t, connect(t, b.contract("live")), attempt("LIVE000001"), "kr")
	if live.Mode != registration.Live {
		t.Errorf("0000 came as %s", live.Mode)
	}
	g := connect(t, b.contract("live"))
	if _, err := g.Refund(t.Context(), refundOf(live, 1000, 150000)); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("real money back in a test channel: %v", err)
	}
}

func TestSandboxRefusesTheOtherContract(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for name, change := range map[string]func(*payments.Channel){
		"a wrong cross key": func(c *payments.Channel) { c.Credentials["cross_key"] = "allat_key_other" },
		"another shop":      func(c *payments.Channel) { c.Credentials["shop_id"] = "someshop" },
	} {
		c := b.contract("demo")
		a := b.authenticated(t, connect(t, b.contract("demo")), attempt("CONTRACT01"), "kr", nil)
		change(&c)
		_, err := connect(t, c).Settle(t.Context(), a)
		if r, is := errors.AsType[*payments.Refusal](err); !is || r.Code != "3001" {
			t.Errorf("%s: %v", name, err)
		}
	}
	out := b.settled(t, connect(t, b.contract("demo")), attempt("CONTRACT02"), "kr")
	c := b.contract("usd")
	c.Credentials = b.contract("demo").Credentials
	out.Captured.Cur = registration.USD
	_, err := connect(t, c).Refund(t.Context(), refundOf(out, 1000, 150000))
	if r, is := errors.AsType[*payments.Refusal](err); !is || r.Code != "3010" || b.captured() != 150000 {
		t.Errorf("cancel_dol with the domestic key: %v", err)
	}
}

// Every fault is met once: nothing is sent again by itself, and the error tells what is known.
func TestSandboxFaultsAtTheApproval(t *testing.T) {
	for kind, want := range map[sandbox.FaultKind]error{
		sandbox.FaultLost: payments.ErrNoAnswer, sandbox.FaultError500: payments.ErrNoAnswer, sandbox.FaultTooMany: payments.ErrNoAnswer,
		sandbox.FaultHTML: payments.ErrNoAnswer, sandbox.FaultTruncated: payments.ErrNoAnswer, sandbox.FaultHuge: payments.ErrNoAnswer,
		sandbox.FaultRedirect: payments.ErrNoAnswer, sandbox.FaultConflict: payments.ErrNoAnswer,
	} {
		for when, after := range map[string]bool{"before": false, "after": true} {
			t.Run(string(kind)+" "+when, func(t *testing.T) {
				b := openBank(t, sandbox.Config{})
				g := connect(t, b.contract("demo"))
				a := b.authenticated(t, g, attempt("FAULT00001"), "kr", nil)
				b.Arm(sandbox.Fault{Kind: kind, Dialect: "allat", Operation: sandbox.OpConfirm, After: after})
				if out, err := g.Settle(t.Context(), a); !errors.Is(err, want) {
					t.Errorf("%+v, %v, want %v", out, err, want)
				}
				if n := len(b.Books().Requests); n != 1 {
					t.Errorf("%d requests, want one", n)
				}
				if taken := b.captured() > 0; taken != (after || kind == sandbox.FaultTruncated) {
					t.Errorf("taken: %v", taken)
				}
			})
		}
	}
}

func TestSandboxSlowApprovals(t *testing.T) {
	b := openBank(t, sandbox.Config{SlowConfirm: 200 * time.Millisecond})
	g := connect(t, b.contract("demo"))
	b.settled(t, g, attempt("SLOW000001"), "slow")
	a := b.authenticated(t, g, attempt("SLOW000002"), "slow", nil)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if out, err := g.Settle(t.Context(), a); err != nil && !errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("two at once: %+v, %v", out, err)
			}
		})
	}
	all.Wait()
	if n := b.captured(); n != 300000 {
		t.Errorf("%d was taken", n)
	}
	lost := b.authenticated(t, g, attempt("SLOW000003"), "lost-answer", nil)
	if _, err := g.Settle(t.Context(), lost); !errors.Is(err, payments.ErrNoAnswer) || b.captured() != 450000 {
		t.Errorf("the card whose answer is lost: %v", err)
	}
}

func TestSandboxRefundsInPartsAndTheRest(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for name, tc := range map[string]struct{ card, part, rest string }{"demo": {card: "kr"}, "usd": {card: "visa"}} {
		g, a := connect(t, b.contract(name)), attempt("REFUND"+name)
		if name == "usd" {
			a.Amount = cents(150000)
		}
		paid := b.settled(t, g, a, tc.card)
		out, err := g.Refund(t.Context(), refundOf(paid, 50000, 150000))
		if err != nil || out.Refunded.Minor != 50000 || out.Pending {
			t.Fatalf("%s: a part: %+v, %v", name, out, err)
		}
		_, err = g.Refund(t.Context(), refundOf(paid, 100001, 100001))
		if r, is := errors.AsType[*payments.Refusal](err); !is || r.Settled || r.Passing || errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: more than is left: %v", name, err)
		}
		out, err = g.Refund(t.Context(), refundOf(paid, 100000, 100000))
		if err != nil || out.Refunded != paid.Captured {
			t.Errorf("%s: the rest: %+v, %v", name, out, err)
		}
		if _, err = g.Refund(t.Context(), refundOf(paid, 1, 1)); err == nil {
			t.Errorf("%s: after the rest", name)
		}
	}
	if n := b.captured(); n != 0 {
		t.Errorf("%d is still there", n)
	}
}

func TestSandboxLostRefund(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	paid := b.settled(t, g, attempt("REFUND0002"), "kr")
	for _, after := range []bool{false, true} {
		b.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel, After: after})
		if _, err := g.Refund(t.Context(), refundOf(paid, 50000, 150000)); !errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("lost, after the effect %v: %v", after, err)
		}
	}
	if n := b.captured(); n != 100000 {
		t.Errorf("%d is left", n)
	}
}

func TestSandboxDeposit(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	c := b.contract("demo")
	c.Methods = []string{"virtual_account"}
	g, a := connect(t, c), attempt("DEPOSIT001")
	a.Method = payments.MethodVirtualAccount
	out, err := g.Settle(t.Context(), b.authenticated(t, g, a, "account", nil))
	if err != nil || out.Status != payments.StatusDeposit || out.Captured != (registration.Money{}) || out.Method != "virtual_account" {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	if out.Account.Bank != "우리은행" || out.Account.Number == "" || out.Account.Holder != "올앳" || time.Until(out.Deadline) < 6*24*time.Hour {
		t.Errorf("account %+v until %s", out.Account, out.Deadline)
	}
	came := make(chan payments.Request, 4)
	shop := receiver(t, came)
	b.SetWebhook("allat_demo", shop)
	control(t, b.url+"/_sandbox/api/deposit", `{"payment":"DEPOSIT001"}`)
	n := <-came
	hints, err := g.ParseWebhook(n)
	if err != nil || len(hints) != 1 || hints[0].OrderNo != a.OrderNo || hints[0].Told == nil {
		t.Fatalf("hints %+v, %v", hints, err)
	}
	if told := hints[0].Told; told.Status != payments.StatusCaptured || told.Captured != a.Amount || told.GatewayID != out.GatewayID || told.Mode != registration.Test {
		t.Errorf("told %+v", hints[0].Told)
	}
	n.Now = n.Now.Add(6 * time.Minute)
	if _, err := g.ParseWebhook(n); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("six minutes later: %v", err)
	}
	control(t, b.url+"/_sandbox/api/webhook", `{"payment":"DEPOSIT001","how":"forged"}`)
	if _, err := g.ParseWebhook(<-came); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("forged: %v", err)
	}
	out.Captured = a.Amount
	_, err = g.Refund(t.Context(), refundOf(out, 1000, 150000))
	if r, is := errors.AsType[*payments.Refusal](err); !is || r.Code != "VBANK" {
		t.Errorf("refund of a deposit: %v", err)
	}
}

// A look-up or list would be a lie: there is nobody to ask.
func TestNobodyToAsk(t *testing.T) {
	g := connect(t, channel("http://127.0.0.1:1"))
	if _, err := g.Lookup(t.Context(), attempt("LOOKUP0001")); !errors.Is(err, payments.ErrNoInquiry) {
		t.Errorf("look up: %v", err)
	}
	if _, err := g.Transactions(t.Context(), payments.Day{}); !errors.Is(err, payments.ErrNoInquiry) {
		t.Errorf("list: %v", err)
	}
	if c := g.Capabilities(); !c.Once || !c.Ticket || c.Inquiry || c.Lists || !c.TwoStep {
		t.Errorf("capabilities %+v", c)
	}
	payer := gatewaytest.Payer{T: t, Base: openBank(t, sandbox.Config{}).url}
	if page := payer.Post(payer.Base+"/servlet/AllatPay/pay/approval.jsp", url.Values{}); page.Status != http.StatusOK || page.Proto != "HTTP/1.0" {
		t.Errorf("the sandbox answers %s %d", page.Proto, page.Status)
	}
}
