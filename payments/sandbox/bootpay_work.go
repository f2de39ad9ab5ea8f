package sandbox

import (
	"net/http"

	"foyer/registration"
)

// quirk is what the payer's test card makes of a confirm.
func (g *bootpay) quirk(c *bootpayCall) Fault {
	if c.op != OpConfirm {
		return Fault{}
	}
	choice := ""
	_, err := g.s.write(func(t *tx) {
		if p := t.payment(c.in.ReceiptID); p != nil && p.State == StateAuthenticated {
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

// own is the receipt that a request names; nil when it does not exist or is another project's.
func (g *bootpay) own(t *tx, c *bootpayCall) *Payment {
	p := t.payment(c.in.ReceiptID)
	if p == nil || p.Dialect != bootpayName || p.Merchant != c.merchant.id {
		return nil
	}
	return p
}

// confirm takes the money of an authenticated payment. Bootpay does not compare amounts here: the merchant has to.
func (g *bootpay) confirm(t *tx, c *bootpayCall) answer {
	p := g.own(t, c)
	switch {
	case p == nil:
		return bootpayError("RC_NOT_FOUND")
	case p.State != StateAuthenticated:
		return bootpayError("RC_NOT_CONFIRM_READY")
	}
	if p.Session.Choice == choiceDeclined || !fits(p, *p.Card) {
		g.abort(t, p, "RC_CONFIRM_FAILED")
		return bootpayError("RC_CONFIRM_FAILED")
	}
	g.capture(t, p)
	r := g.receipt(p)
	r.Status, r.Locale = 1, bootpayLocale[1] // this confirm itself still counts as running
	return jsonAnswer(http.StatusOK, r)
}

func (g *bootpay) capture(t *tx, p *Payment) {
	p.State, p.Captured, p.CapturedAt = StateCaptured, p.Amount, t.now
	p.Transaction = g.newTransaction()
	p.note(t.now, "captured", p.Money(p.Amount).Decimal())
	t.save(p)
	t.tell(p)
}

// abort ends a payment for good.
func (g *bootpay) abort(t *tx, p *Payment, code string) {
	p.State, p.Failure = StateFailed, code
	p.note(t.now, "declined", code)
	t.save(p)
	t.tell(p)
}

func (g *bootpay) lookup(t *tx, c *bootpayCall) answer {
	p := g.own(t, c)
	if p == nil {
		return bootpayError("RC_NOT_FOUND")
	}
	return jsonAnswer(http.StatusOK, g.receipt(p))
}

// cancel gives all or a part of the money back. A cancel id that has been carried out is refused; which code Bootpay has for that is
// not public.
func (g *bootpay) cancel(t *tx, c *bootpayCall) answer {
	p := g.own(t, c)
	if p == nil {
		return bootpayError("RC_NOT_FOUND")
	}
	_, slow := g.slowCancel(p)
	switch {
	case p.State != StateCaptured || slow:
		return bootpayError("RC_CANCEL_SERVER_ERROR")
	case p.Left() == 0:
		return bootpayError("RC_ALREADY_CANCELLED")
	}
	amount := p.Left()
	if c.in.Price != "" {
		m, err := registration.ParseMoney(c.in.Price.String(), p.Currency)
		if err != nil || m.Minor == 0 {
			return bootpayError("INVALID_REQUEST_PARAMS")
		}
		amount = m.Minor
	}
	scope := bootpayName + " " + p.Merchant + " cancel " + c.in.CancelID
	if _, seen := t.answer(scope); (seen && c.in.CancelID != "") || amount > p.Left() {
		return bootpayError("RC_CANCEL_SERVER_ERROR")
	}
	if p.Session.Metadata[bootpayCancels] == "stuck" {
		p.Failure = "RC_CANCEL_SERVER_ERROR"
		t.save(p)
		return bootpayError("RC_CANCEL_SERVER_ERROR")
	}
	t.remember(stored{Scope: scope, Status: http.StatusOK, Body: []byte("{}")})
	t.refund(p, Refund{ID: g.newTransaction(), Amount: amount, Reason: c.in.Message})
	return jsonAnswer(http.StatusOK, g.receipt(p))
}
