package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"

	"foyer/registration"
)

// of is the try of a payment id that counts: the one that took money, else the newest; nil when no window was opened for it.
func (g *portoneV2) of(t *tx, merchant, paymentID string) *Payment {
	var found *Payment
	for _, p := range t.ofOrder(merchant, paymentID) {
		if p.Dialect == portoneV2Name && (found == nil || found.Captured == 0) {
			found = p
		}
	}
	if found != nil {
		settleDue(t, found)
	}
	return found
}

// preRegister fixes the amount of a payment id before its window.
func (g *portoneV2) preRegister(t *tx, c *portoneV2Call) answer {
	id := c.r.PathValue("paymentId")
	if p := g.of(t, c.merchant, id); p != nil && p.Captured > 0 {
		return portoneV2Fail("ALREADY_PAID")
	}
	if !g.promise(c.merchant, id, c.body) {
		return portoneV2Fail("INVALID_REQUEST")
	}
	return jsonAnswer(http.StatusOK, struct{}{})
}

// promise keeps what a payment id was registered with, the last time; false when it cannot be read.
func (g *portoneV2) promise(merchant, paymentID string, body []byte) bool {
	var in portoneV2Promise
	if !readJSON(body, &in) {
		return false
	}
	if in.Total != "" {
		if n, err := strconv.ParseInt(in.Total.String(), 10, 64); err != nil || n <= 0 {
			return false
		}
	}
	g.registered[orderKey(merchant, paymentID)] = in
	return true
}

func (g *portoneV2) get(t *tx, c *portoneV2Call) answer {
	p := g.of(t, c.merchant, c.r.PathValue("paymentId"))
	if p == nil {
		return portoneV2Fail("PAYMENT_NOT_FOUND")
	}
	return jsonAnswer(http.StatusOK, g.object(p))
}

// cancel gives all or a part of the money back, or notes that it shall.
func (g *portoneV2) cancel(t *tx, c *portoneV2Call) answer {
	var in struct {
		Reason  string      `json:"reason"`
		Amount  json.Number `json:"amount"`
		Current json.Number `json:"currentCancellableAmount"`
		Account *struct {
			Bank   string `json:"bank"`
			Number string `json:"number"`
			Holder string `json:"holderName"`
		} `json:"refundAccount"`
	}
	if !readJSON(c.body, &in) || in.Reason == "" {
		return portoneV2Fail("INVALID_REQUEST")
	}
	p := g.of(t, c.merchant, c.r.PathValue("paymentId"))
	switch {
	case p == nil:
		return portoneV2Fail("PAYMENT_NOT_FOUND")
	case p.State != StateCaptured:
		return portoneV2Fail("PAYMENT_NOT_PAID")
	case p.Left() == 0:
		return portoneV2Fail("PAYMENT_ALREADY_CANCELLED")
	}
	free := p.Left() - p.underWay()
	amount, err := portoneV2Amount(in.Amount, free)
	current, err2 := portoneV2Amount(in.Current, free)
	switch {
	case err != nil || err2 != nil || (in.Amount != "" && amount <= 0):
		return portoneV2Fail("INVALID_REQUEST")
	case current != free:
		return portoneV2Fail("CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")
	case amount > free || amount == 0:
		return portoneV2Fail("CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT")
	}
	var to *Account
	if p.Method == tossVirtual {
		if in.Account == nil || in.Account.Bank == "" || in.Account.Holder == "" || !tossNumber.MatchString(in.Account.Number) {
			return portoneV2PgFail("INVALID_REFUND_ACCOUNT_INFO")
		}
		to = &Account{Bank: in.Account.Bank, Number: in.Account.Number, Holder: in.Account.Holder}
	}
	if p.Session.Metadata["refunds"] == "broken" {
		return portoneV2PgFail("COMMON_ERROR")
	}
	id := portoneV2ID(t.now)
	if p.Session.Metadata["refunds"] == "" {
		t.refund(p, Refund{ID: id, Amount: amount, Reason: in.Reason, Account: to})
		return jsonAnswer(http.StatusOK, map[string]any{"cancellation": portoneV2Done(p, p.Refunds[len(p.Refunds)-1])})
	}
	w := portoneV2Wait{ID: id, Amount: amount, Reason: in.Reason, At: t.now, Status: "REQUESTED"}
	g.s.putOff(t, p, w)
	return jsonAnswer(http.StatusOK, map[string]any{"cancellation": w.object()})
}

// closeAccount ends an account that nobody has paid into.
func (g *portoneV2) closeAccount(t *tx, c *portoneV2Call) answer {
	p := g.of(t, c.merchant, c.r.PathValue("paymentId"))
	switch {
	case p == nil:
		return portoneV2Fail("PAYMENT_NOT_FOUND")
	case p.State != StateDeposit:
		return portoneV2Fail("PAYMENT_NOT_WAITING_FOR_DEPOSIT")
	}
	p.State, p.Failure, p.Transaction = StateFailed, tossClosed, portoneV2ID(t.now)
	p.note(t.now, "account-closed", "")
	t.save(p)
	t.tell(p)
	return jsonAnswer(http.StatusOK, map[string]string{"closedAt": portoneV2Time(t.now)})
}

// portoneV2Amount reads an amount in minor units; none is otherwise.
func portoneV2Amount(n json.Number, otherwise int64) (int64, error) {
	if n == "" {
		return otherwise, nil
	}
	return strconv.ParseInt(n.String(), 10, 64)
}

// portoneV2Capture takes the money of an open window.
func portoneV2Capture(t *tx, p *Payment, choice string) {
	p.State, p.Captured, p.CapturedAt, p.AuthenticatedAt, p.Session.Choice = StateCaptured, p.Amount, t.now, t.now, choice
	p.Transaction = p.ID
	p.note(t.now, "captured", p.Money(p.Amount).Decimal())
	t.save(p)
	t.tell(p)
}

// portoneV2Abort ends a try without money; another one may follow under the same payment id.
func portoneV2Abort(t *tx, p *Payment, code string) {
	p.State, p.Failure = StateFailed, code
	what := "declined"
	if code == portoneV2Closed {
		what = "closed"
	}
	p.note(t.now, what, code)
	t.save(p)
	t.tell(p)
}

// portoneV2Closed is what the company behind PortOne says when the payer closes the window.
const portoneV2Closed = "PAY_PROCESS_CANCELED"

// portoneV2Minimum is the least that a card pays.
func portoneV2Minimum(p *Payment) bool { return p.Currency != registration.KRW || p.Amount >= 100 }
