package store

import (
	"testing"

	"foyer/payments"
	"foyer/registration"
)

func TestAttentionSaysWhomToReachAndAboutHowMuch(t *testing.T) {
	onBoth(t, func(b *books) {
		event, other := b.event("sample-2027", registration.Test), b.event("other-2027", registration.Test)
		id, code := b.order(event, sample{state: registration.OrderPaid})
		pay := b.payment(event, id, try{state: payments.Confirmed})
		surplus := b.payment(event, id, try{state: payments.Surplus, currency: registration.USD})
		b.attention(event, id, surplus, payments.AttentionSurplus)
		b.attention(event, id, pay, payments.AttentionMismatch)
		away, _ := b.paid(other)
		b.attention(other, away, b.payment(other, away, try{state: payments.Surplus}), payments.AttentionSurplus)
		list, err := b.Attention(b.t.Context(), event)
		if err != nil || len(list) != 2 {
			b.t.Fatalf("%+v, %v", list, err)
		}
		e := list[0]
		if e.Kind != payments.AttentionSurplus || e.OrderCode != code || e.Name != "홍길동" || e.Email == "" || e.PaymentID != surplus ||
			e.Amount != (registration.Money{Minor: 12000, Cur: registration.USD}) || e.Since.IsZero() {
			b.t.Errorf("entry: %+v", e)
		}
		b.exec(`UPDATE attention SET refund_id = $1 WHERE payment_id = $2`, b.refund(event, id, pay, payments.RefundRequested, 30000, false), pay)
		if list, err = b.Attention(b.t.Context(), event); err != nil || list[1].Amount != (registration.Money{Minor: 30000, Cur: registration.KRW}) {
			b.t.Errorf("of a refund it says %v, %v", list[1].Amount, err)
		}
		if n, err := b.CountAttention(b.t.Context(), event); n != 2 || err != nil {
			b.t.Errorf("counted %d, %v", n, err)
		}
	})
}

func TestClosedAttentionIsGoneAndAuditedOnce(t *testing.T) {
	onBoth(t, func(b *books) {
		h := newHall(b)
		list, err := b.Attention(b.t.Context(), h.event)
		if err != nil || len(list) != 1 {
			b.t.Fatalf("%+v, %v", list, err)
		}
		if err := b.CloseAttention(b.t.Context(), list[0].ID, "staff:admin@example.org", "계좌로 돌려드림"); err != nil {
			b.t.Fatal(err)
		}
		if err := b.CloseAttention(b.t.Context(), list[0].ID, "staff:admin@example.org", ""); codeOf(err) != registration.CodeNotFound {
			b.t.Errorf("a second time: %v", err)
		}
		b.wantText(`SELECT actor || ' ' || what || ' ' || from_state || '>' || to_state || ' ' || reason FROM audit WHERE to_state = 'attention_closed'`,
			"staff:admin@example.org event surplus>attention_closed 계좌로 돌려드림")
		if names, found := h.examine(); len(names) > 0 {
			b.t.Errorf("the doctor does not accept it: %v", found)
		}
	})
}

func TestAttentionStaysWhileNobodyKnows(t *testing.T) {
	onBoth(t, func(b *books) {
		h := newHall(b)
		entry := b.attention(h.event, h.torn, h.unsure, payments.AttentionUnknown)
		if err := b.CloseAttention(b.t.Context(), entry, "staff:admin@example.org", ""); codeOf(err) != registration.CodeConflict {
			b.t.Errorf("got %v", err)
		}
		refund := b.refund(h.event, h.refunded, h.returned, payments.RefundUnknown, 1, false)
		entry = b.attention(h.event, h.refunded, h.returned, payments.AttentionRefundUnknown)
		b.exec(`UPDATE attention SET refund_id = $2 WHERE id = $1`, entry, refund)
		if err := b.CloseAttention(b.t.Context(), entry, "staff:admin@example.org", ""); codeOf(err) != registration.CodeConflict {
			b.t.Errorf("got %v", err)
		}
	})
}
