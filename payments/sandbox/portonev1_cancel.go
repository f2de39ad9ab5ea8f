package sandbox

import (
	"net/http"
	"strings"

	"foyer/registration"
)

// cancel gives all or a part of the money back. What it refuses is a 200 with a code that is not 0.
func (g *portoneV1) cancel(t *tx, c *portoneV1Call) answer {
	p := g.cancelled(t, c)
	if p == nil {
		return missingV1()
	}
	amount, trouble := g.cancelAmount(p, c.in)
	if trouble != "" {
		return portoneV1Fail(http.StatusOK, trouble)
	}
	if p.Session.Metadata[portoneV1Refunds] == "broken" {
		return portoneV1Fail(http.StatusOK, "[취소실패] PG사에서 취소를 거절하였습니다.")
	}
	p.noted(portoneV1Told, c.in["enable_webhook"])
	r := Refund{ID: g.newTransaction(), Amount: amount, Reason: c.in["reason"]}
	if p.Account != nil {
		r.Account = &Account{Bank: c.in["refund_bank"], Number: c.in["refund_account"], Holder: c.in["refund_holder"]}
	}
	if p.Session.Metadata[portoneV1Refunds] == "" && !strings.HasPrefix(p.Session.Metadata[portoneV1Company], "paypal") {
		t.refund(p, r)
		return portoneV1Good(http.StatusOK, g.object(p))
	}
	g.s.putOff(t, p, portoneV2Wait{ID: r.ID, Amount: amount, Reason: r.Reason, At: t.now, Status: "REQUESTED"})
	return portoneV1Good(http.StatusOK, g.object(p))
}

// cancelled is the payment that a cancel is of: imp_uid goes before merchant_uid.
func (g *portoneV1) cancelled(t *tx, c *portoneV1Call) *Payment {
	if id := c.in["imp_uid"]; id != "" {
		return g.one(t, c.merchant, id)
	}
	return g.paid(t, c.merchant, c.in["merchant_uid"])
}

// cancelAmount checks a cancel; trouble is the sentence to answer, "" when amount may go back. No amount, or 0, is all that is left.
func (g *portoneV1) cancelAmount(p *Payment, in map[string]string) (amount int64, trouble string) {
	free := p.Left() - p.underWay()
	read := func(name string) (int64, bool) {
		if in[name] == "" {
			return free, true
		}
		m, err := registration.ParseMoney(in[name], p.Currency)
		return m.Minor, err == nil
	}
	amount, ok1 := read("amount")
	checksum, ok2 := read("checksum")
	if amount == 0 {
		amount = free
	}
	switch {
	case p.State != StateCaptured:
		return 0, "취소할 수 있는 상태의 결제가 아닙니다."
	case p.Left() == 0:
		return 0, "이미 전액취소된 주문입니다."
	case !ok1 || !ok2:
		return 0, "amount, checksum을 확인해주세요."
	case checksum != free:
		return 0, "취소가능잔액(checksum) 검증에 실패하였습니다."
	case amount > free:
		return 0, "취소요청금액이 취소가능잔액을 초과하였습니다."
	case p.Account != nil && (in["refund_holder"] == "" || in["refund_bank"] == "" || in["refund_account"] == ""):
		return 0, "환불계좌 정보가 필요합니다."
	}
	return amount, ""
}
