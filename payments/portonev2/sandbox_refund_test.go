package portonev2_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// refund is a refund of a payment; balance is what is left before it.
func refund(a payments.Attempt, id string, amount, balance int64) payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: id, GatewayID: a.GatewayID, OrderNo: a.OrderNo, Amount: won(amount), Captured: won(150000), Balance: won(balance),
		Whole: amount == balance, Reason: "만찬 취소", Key: "K" + id,
	}
}

func TestSandboxRefundInPartsAndTheRest(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	a, _ := b.through(t, g, fresh("order00010", won(150000)), "kr")
	first, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
	if err != nil || first.Refunded != won(50000) || first.GatewayID == "" || first.Pending {
		t.Fatalf("a part: %+v, %v", first, err)
	}
	if again, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil || again != first {
		t.Errorf("the same refund again: %+v, %v", again, err)
	}
	_, err = g.Refund(t.Context(), refund(a, "r2", 50000, 150000))
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Passing || r.Settled || r.Code != "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN" {
		t.Errorf("with a balance of before: %v", err)
	}
	rest, err := g.Refund(t.Context(), refund(a, "r3", 100000, 100000))
	if err != nil || rest.Refunded != won(150000) || rest.GatewayID == first.GatewayID {
		t.Fatalf("the rest: %+v, %v", rest, err)
	}
	_, err = g.Refund(t.Context(), refund(a, "r4", 1, 1))
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Passing {
		t.Errorf("more than the rest: %v", err)
	}
	out, err := g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(150000) {
		t.Errorf("look up: %+v, %v", out, err)
	}
	if p := b.Books().Payments[0]; p.Refunded != 150000 || len(p.Refunds) != 2 {
		t.Errorf("books %+v", p.Refunds)
	}
}

func TestSandboxLostRefundHappensOnce(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	for n, f := range []sandbox.Fault{
		{Kind: sandbox.FaultTruncated}, {Kind: sandbox.FaultLost, After: true}, {Kind: sandbox.FaultError500, After: true},
		{Kind: sandbox.FaultLost}, {Kind: sandbox.FaultError500},
	} {
		f.Operation = sandbox.OpCancel
		a, _ := b.through(t, g, fresh(fmt.Sprintf("order0030%d", n), won(150000)), "kr")
		b.Arm(f)
		if _, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); !errors.Is(err, payments.ErrNoAnswer) {
			t.Fatalf("%+v: %v, want no answer", f, err)
		}
		out, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
		if err != nil || out.Refunded != won(50000) {
			t.Errorf("%+v: again: %+v, %v", f, out, err)
		}
		if p := b.Books().Payments[n]; p.Refunded != 50000 || len(p.Refunds) != 1 {
			t.Errorf("%+v: books %+v", f, p.Refunds)
		}
	}
}

func TestSandboxRefundThatTakesItsTime(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("-later", "domestic", registration.KRW))
	a, _ := b.through(t, g, fresh("order00012", won(150000)), "kr")
	out, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
	if err != nil || !out.Pending || out.Refunded.Minor != 0 || out.GatewayID == "" {
		t.Fatalf("requested: %+v, %v", out, err)
	}
	if again, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil || again != out {
		t.Errorf("the same refund again: %+v, %v", again, err)
	}
	if got, err := g.Lookup(t.Context(), a); err != nil || got.Status != payments.StatusCaptured || got.Refunded.Minor != 0 {
		t.Errorf("look up: %+v, %v", got, err)
	}
	if _, err := g.Refund(t.Context(), refund(a, "r2", 7000, 100000)); !errors.Is(err, payments.ErrBusy) {
		t.Errorf("another one meanwhile: %v, want busy", err)
	}
	until := time.Now().Add(10 * time.Second)
	for out.Pending && time.Now().Before(until) {
		time.Sleep(50 * time.Millisecond)
		if out, err = g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil {
			t.Fatalf("ask again: %v", err)
		}
	}
	if out.Pending || out.Refunded != won(50000) {
		t.Errorf("carried out: %+v", out)
	}
	if p := b.Books().Payments[0]; p.Refunded != 50000 || len(p.Refunds) != 1 {
		t.Errorf("books %+v", p.Refunds)
	}
}

func TestSandboxRefundThatTheCompanyRefuses(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("-broken", "domestic", registration.KRW))
	a, _ := b.through(t, g, fresh("order00013", won(150000)), "kr")
	_, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Code != "PG_PROVIDER" || !r.Passing {
		t.Errorf("refund: %v", err)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded.Minor != 0 {
		t.Errorf("look up: %+v, %v", out, err)
	}
}
