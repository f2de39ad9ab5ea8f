package sandbox

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"foyer/registration"
)

// approve takes the money of an authenticated payment, or issues its account. A ticket is good for one approval.
func (g *allat) approve(t *tx, c *allatCall) allatReply {
	p := ofTicket(t, c.in["allat_enc_data"])
	switch {
	case p == nil || p.Merchant != c.merchant.id:
		return allatNo("3002")
	case p.State == StateCaptured, p.State == StateDeposit, g.taken(t, p):
		return allatNo("0606")
	case p.State == StateExpired:
		return allatNo("3009")
	case p.State != StateAuthenticated:
		return allatNo("3002")
	case c.in["allat_amt"] != strconv.FormatInt(p.Amount, 10):
		return allatNo("3003")
	case p.Session.Choice == choiceAccount:
		g.issue(t, p)
		return g.reply(c, p)
	case p.Session.Choice == choiceDeclined:
		return g.abort(t, p, "3004")
	case !fits(p, *p.Card):
		return g.abort(t, p, "3005")
	}
	p.State, p.Captured, p.CapturedAt = StateCaptured, p.Amount, t.now
	p.Transaction, p.Capture = p.ID, p.ID
	p.note(t.now, "captured", p.Money(p.Amount).Decimal())
	t.save(p)
	return g.reply(c, p)
}

// taken reports whether another payment under the same order number was approved.
func (g *allat) taken(t *tx, p *Payment) bool {
	for _, other := range t.ofOrder(p.Merchant, p.OrderID) {
		if other.ID != p.ID && (other.Captured > 0 || other.State == StateDeposit) {
			return true
		}
	}
	return false
}

// abort ends a payment for good.
func (g *allat) abort(t *tx, p *Payment, code string) allatReply {
	p.State, p.Failure = StateFailed, code
	p.note(t.now, "declined", code)
	t.save(p)
	return allatNo(code)
}

// issue makes a virtual account, which is good to the end of its last day.
func (g *allat) issue(t *tx, p *Payment) {
	y, m, d := t.now.Add(allatTerm).In(kst).Date()
	p.State, p.Deadline = StateDeposit, time.Date(y, m, d, 23, 59, 59, 0, kst).UTC()
	p.Method, p.Account = "VBANK", &Account{Bank: "20", Number: "5620" + p.ID, Holder: "올앳"}
	p.note(t.now, "issued", p.Account.Number)
	t.save(p)
}

// reply tells of a payment that was approved.
func (g *allat) reply(c *allatCall, p *Payment) allatReply {
	code, at := c.merchant.code(p), g.s.cfg.Now().In(kst).Format("20060102150405")
	r := allatReply{
		"reply_cd=" + code, "reply_msg=" + allatTexts[code], "order_no=" + p.OrderID, "amt=" + strconv.FormatInt(p.Amount, 10),
		"pay_type=CARD", "approval_ymdhms=" + at, "seq_no=" + p.ID,
	}
	if p.Account != nil {
		r[4] = "pay_type=VBANK"
		return append(r,
			"account_no="+p.Account.Number, "account_nm="+p.Account.Holder, "income_account_nm=", "bank_id="+p.Account.Bank, "bank_nm=우리은행",
			"income_limit_ymd="+p.Deadline.In(kst).Format("20060102"), "income_expect_ymd=", "cash_yn=N", "escrow_yn=N",
		)
	}
	return append(r,
		"approval_no="+p.ID[2:], "card_id="+p.Card.Issuer, "card_nm="+p.Card.Brand, "card_no="+p.Card.Number, "sell_mm=00", "zerofee_yn=N",
		"cert_yn=Y", "contract_yn=N", "save_amt=0", "card_pointdc_amt=0", "escrow_yn=N", "partcancel_yn=Y",
	)
}

// allatPairs reads the values of a request that no window was part of; nil when they are not written so.
func allatPairs(enc string) map[string]string {
	rest, ok := strings.CutPrefix(enc, "00000010")
	if !ok {
		return nil
	}
	in := map[string]string{}
	for _, field := range strings.Split(strings.TrimSuffix(rest, "\x18"), "\x18") {
		name, value, ok := strings.Cut(field, "\x03")
		if !ok {
			return nil
		}
		in[name] = value
	}
	return in
}

// cancel gives all or a part of the money back. Every cancel is a new one.
func (g *allat) cancel(t *tx, c *allatCall) allatReply {
	in := allatPairs(c.in["allat_enc_data"])
	m, err := registration.ParseMoney(in["allat_amt"], registration.KRW) // the number alone: whole won, or cents
	if in == nil || err != nil || in["allat_shop_id"] != c.merchant.shop || in["allat_opt_pin"] != "NOUSE" || in["allat_opt_mod"] != "APP" {
		return allatNo("3008")
	}
	p := g.named(t, c, in)
	switch {
	case p == nil || p.State != StateCaptured || p.Account != nil || in["allat_pay_type"] != "CARD" || p.Session.Metadata[allatTesting] != in["allat_test_yn"]:
		return allatNo("3007")
	case m.Minor <= 0 || p.Left() == 0:
		return allatNo("3007")
	case m.Minor > p.Left():
		return allatNo("3006")
	}
	part := "0"
	if m.Minor < p.Amount {
		part = "1"
	}
	t.refund(p, Refund{ID: g.newTransaction(), Amount: m.Minor, Reason: "cancel"})
	code := c.merchant.code(p)
	return allatReply{
		"reply_cd=" + code, "reply_msg=" + allatTexts[code], "cancel_ymdhms=" + t.now.In(kst).Format("20060102150405"),
		"part_cancel_flag=" + part, "remain_amt=" + strconv.FormatInt(p.Left(), 10), "pay_type=CARD",
	}
}

// named is the payment that a cancel names, by order number and, when it is given, by AllatPay's own.
func (g *allat) named(t *tx, c *allatCall, in map[string]string) *Payment {
	for _, p := range t.ofOrder(c.merchant.id, in["allat_order_no"]) {
		if p.Captured > 0 && (in["allat_seq_no"] == "" || in["allat_seq_no"] == p.ID) {
			return p
		}
	}
	return nil
}

// begin opens a payment from the form that the script posted, or gives nil when it cannot be.
func (g *allat) begin(t *tx, in map[string]string, base string) *Payment {
	m, ok := allatMerchantOf(in["allat_shop_id"])
	amt, err := strconv.ParseInt(in["allat_amt"], 10, 64)
	order := in["allat_order_no"]
	if !ok || err != nil || amt <= 0 || len(in["allat_amt"]) > 10 || order == "" || len(order) > 70 || strings.ContainsAny(order, " '\"") ||
		in["allat_product_nm"] == "" || in["allat_buyer_nm"] == "" || in["allat_recp_addr"] == "" || originOf(in["shop_receive_url"]) == "" {
		return nil
	}
	meta := map[string]string{allatTesting: "N"}
	for field, name := range map[string]string{"allat_test_yn": allatTesting, "allat_card_yn": allatCards, "allat_vbank_yn": allatAccount} {
		if v := in[field]; v != "" {
			meta[name] = v
		}
	}
	p := &Payment{
		ID: g.newTransaction(), Dialect: allatName, Merchant: m.id, OrderID: order, OrderName: in["allat_product_nm"], Currency: m.currency,
		Amount: amt, State: StateReady, RequestedAt: t.now, Deadline: t.now.Add(30 * time.Minute), Refunds: []Refund{},
		Session: Session{SuccessURL: in["shop_receive_url"], FailURL: in["shop_receive_url"], AnyCard: m.any, BaseURL: base, Metadata: meta},
	}
	p.note(t.now, "opened", "")
	t.save(p)
	return p
}

// choose carries one choice in an open window out.
func (g *allat) choose(t *tx, p *Payment, choice string) {
	card, _ := cardFor(p, choice)
	switch choice {
	case choiceCancel:
		p.note(t.now, "closed", "")
	case choiceLeave:
		p.note(t.now, "left", "")
	case choiceDeclinedWindow:
		p.Card = &card
		g.abort(t, p, "3005")
	default:
		if choice != choiceAccount {
			p.Card = &card
		}
		p.Session.Metadata = maps.Clone(p.Session.Metadata)
		p.Session.Metadata[allatTicket] = newTicket(p.ID)
		p.Session.Choice, p.State, p.AuthenticatedAt, p.Deadline = choice, StateAuthenticated, t.now, t.now.Add(allatConfirm)
		p.note(t.now, "authenticated", choice)
	}
	t.save(p)
}
