package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"regexp"
	"unicode/utf8"

	"foyer/registration"
)

var tossOrderID = regexp.MustCompile(`^[A-Za-z0-9_=-]{6,64}$`)

// quirk is what the payer's test card makes of a confirm.
func (g *toss) quirk(c *tossCall) Fault {
	if c.op != OpConfirm {
		return Fault{}
	}
	var in struct {
		PaymentKey string `json:"paymentKey"`
	}
	if json.Unmarshal(c.body, &in) != nil {
		return Fault{}
	}
	choice := ""
	_, err := g.s.write(func(t *tx) {
		if p := t.payment(in.PaymentKey); p != nil && p.State == StateAuthenticated {
			choice = p.Session.Choice
		}
	})
	switch {
	case err != nil:
		return Fault{}
	case choice == choiceSlow:
		return Fault{Kind: FaultSlow, Delay: g.s.cfg.SlowConfirm}
	case choice == choiceLostAnswer:
		return Fault{Kind: FaultLost, After: true}
	}
	return Fault{}
}

// confirm takes the money of an authenticated payment.
func (g *toss) confirm(t *tx, c *tossCall) answer {
	var in struct {
		PaymentKey string      `json:"paymentKey"`
		OrderID    string      `json:"orderId"`
		Amount     json.Number `json:"amount"`
	}
	if !readJSON(c.body, &in) || in.PaymentKey == "" || in.OrderID == "" || in.Amount == "" {
		return c.fail("INVALID_REQUEST")
	}
	p := t.payment(in.PaymentKey)
	if p == nil {
		return c.fail("NOT_FOUND_PAYMENT")
	}
	if p.Merchant != c.merchant.id {
		return c.fail("INVALID_API_KEY")
	}
	switch p.State {
	case StateReady, StateExpired:
		return c.fail("NOT_FOUND_PAYMENT_SESSION")
	case StateCaptured, StateFailed, StateDeposit:
		return c.fail("ALREADY_PROCESSED_PAYMENT")
	case StateAuthenticated:
	}
	amount, err := registration.ParseMoney(in.Amount.String(), p.Currency)
	if err != nil || amount.Minor != p.Amount || in.OrderID != p.OrderID {
		return c.fail("INVALID_REQUEST")
	}
	return g.approve(t, c, p)
}

func (g *toss) approve(t *tx, c *tossCall, p *Payment) answer {
	for _, other := range t.ofOrder(p.Merchant, p.OrderID) {
		if other.Captured > 0 {
			return c.fail("ALREADY_PROCESSED_PAYMENT")
		}
	}
	least := tossMethods[p.Method].least
	if p.Method == "" && p.Currency == registration.KRW {
		least = 100
	}
	if p.Amount < least {
		return c.fail("BELOW_MINIMUM_AMOUNT")
	}
	if code := g.refusal(p); code != "" {
		g.abort(t, p, code)
		return c.fail(code)
	}
	if p.Method == tossVirtual {
		issueAccount(t, p, "20", "ps_"+rand.Text()[:24])
		return jsonAnswer(http.StatusOK, g.object(p, c.english))
	}
	p.State, p.Captured, p.CapturedAt = StateCaptured, p.Amount, t.now
	p.Capture = newTransactionKey()
	p.Transaction = p.Capture
	p.note(t.now, "captured", p.Money(p.Amount).Decimal())
	t.save(p)
	t.tell(p)
	return jsonAnswer(http.StatusOK, g.object(p, c.english))
}

// refusal is the code of a payment that its payer's choice does not let through, "" for the others.
func (g *toss) refusal(p *Payment) string {
	switch {
	case p.Session.Choice == choiceDeclined && p.Method != "":
		return tossMethods[p.Method].declined
	case p.Session.Choice == choiceDeclined:
		return "REJECT_CARD_PAYMENT"
	case p.Card != nil && !fits(p, *p.Card):
		return "INVALID_REJECT_CARD"
	}
	return ""
}

// abort ends a payment for good; code is what look-ups show as its failure.
func (g *toss) abort(t *tx, p *Payment, code string) {
	p.State, p.Failure = StateFailed, code
	p.note(t.now, "declined", code)
	t.save(p)
	t.tell(p)
}

// cancel gives all or a part of the money back.
func (g *toss) cancel(t *tx, c *tossCall) answer {
	var in struct {
		Reason     string      `json:"cancelReason"`
		Amount     json.Number `json:"cancelAmount"`
		Refundable json.Number `json:"refundableAmount"`
		Currency   string      `json:"currency"`

		Account *tossRefundAccount `json:"refundReceiveAccount"`
	}
	p := t.payment(c.r.PathValue("paymentKey"))
	if p == nil {
		return c.fail("NOT_FOUND_PAYMENT")
	}
	if p.Merchant != c.merchant.id {
		return c.fail("FORBIDDEN_REQUEST")
	}
	n := 0
	if readJSON(c.body, &in) {
		n = utf8.RuneCountInString(in.Reason)
	}
	if n == 0 || n > 200 || (in.Currency != "" && in.Currency != string(p.Currency)) {
		return c.fail("INVALID_REQUEST")
	}
	if p.State == StateDeposit || (p.State == StateExpired && p.Account != nil) {
		return g.closeAccount(t, c, p, in.Amount)
	}
	amount, code := g.cancelAmount(t, p, in.Amount, in.Refundable)
	if code != "" {
		return c.fail(code)
	}
	r := Refund{ID: newTransactionKey(), Amount: amount, Reason: in.Reason}
	if p.Method == tossVirtual {
		if code := in.Account.check(); code != "" {
			return c.fail(code)
		}
		r.Account = &Account{Bank: in.Account.Bank, Number: in.Account.Number, Holder: in.Account.Holder}
	}
	t.refund(p, r)
	return jsonAnswer(http.StatusOK, g.object(p, c.english))
}

// cancelAmount checks a cancel against the balance; code is the error to answer, "" when amount may go back.
func (g *toss) cancelAmount(t *tx, p *Payment, asked, refundable json.Number) (amount int64, code string) {
	amount = p.Left()
	if asked != "" {
		m, err := registration.ParseMoney(asked.String(), p.Currency)
		if err != nil || m.Minor == 0 {
			return 0, "INVALID_REQUEST"
		}
		amount = m.Minor
	}
	last := len(p.Refunds) - 1
	switch {
	case p.State != StateCaptured:
		return 0, "NOT_CANCELABLE_PAYMENT"
	case last >= 0 && t.now.Sub(p.Refunds[last].At) < g.s.cfg.CancelGap:
		return 0, "FORBIDDEN_CONSECUTIVE_REQUEST"
	case p.Left() == 0:
		return 0, "ALREADY_CANCELED_PAYMENT"
	}
	if refundable != "" {
		m, err := registration.ParseMoney(refundable.String(), p.Currency)
		if err != nil {
			return 0, "INVALID_REQUEST"
		}
		if m.Minor != p.Left() {
			return 0, "NOT_MATCHES_REFUNDABLE_AMOUNT"
		}
	}
	if amount > p.Left() {
		return 0, "NOT_CANCELABLE_AMOUNT"
	}
	return amount, ""
}

func (g *toss) byKey(t *tx, c *tossCall) answer {
	p := t.payment(c.r.PathValue("paymentKey"))
	if p == nil {
		return c.fail("NOT_FOUND_PAYMENT")
	}
	if p.Merchant != c.merchant.id {
		return c.fail("FORBIDDEN_REQUEST")
	}
	return jsonAnswer(http.StatusOK, g.object(p, c.english))
}

// byOrder answers with the payment that took money, else the newest; the gateway does not say which it gives.
func (g *toss) byOrder(t *tx, c *tossCall) answer {
	var found *Payment
	for _, p := range t.ofOrder(c.merchant.id, c.r.PathValue("orderId")) {
		if found == nil || found.Captured == 0 {
			found = p
		}
	}
	if found == nil {
		return c.fail("NOT_FOUND_PAYMENT")
	}
	return jsonAnswer(http.StatusOK, g.object(found, c.english))
}

// readJSON reads one JSON object, numbers as their text, unknown members ignored.
func readJSON(body []byte, into any) bool {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	return dec.Decode(into) == nil && !dec.More()
}
