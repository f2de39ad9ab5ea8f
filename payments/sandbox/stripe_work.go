package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a session is told beside what Payment has room for is kept in Session.Metadata under these prefixes: its own metadata, that of
// its payment, the payer's address, and the metadata of each refund behind the refund's id.
const (
	stripeOwnMeta = "session:"
	stripePayMeta = "payment:"
	stripeEmail   = "email"
)

// create begins a session.
func (g *stripe) create(t *tx, c *stripeCall) answer {
	if refused := c.check(stripeCreateNames); refused != nil {
		return *refused
	}
	name, total, code, param := stripeItems(c.form)
	if code != "" {
		return c.invalid(code, param, "Invalid or missing: "+param)
	}
	deadline, ok := stripeDeadline(c.form, t.now)
	types := append(c.form["payment_method_types[0]"], c.form["payment_method_types[]"]...)
	switch {
	case c.form.Get("mode") != "payment":
		return c.invalid("", "mode", "The sandbox takes mode=payment only.")
	case slices.ContainsFunc(types, func(v string) bool { return v != "card" }):
		return c.invalid("", "payment_method_types", "The sandbox takes cards only.")
	case !ok:
		return c.invalid("", "expires_at", "expires_at must be 30 minutes to 24 hours away.")
	case originOf(c.form.Get("success_url")) == "" || (c.form.Get("cancel_url") != "" && originOf(c.form.Get("cancel_url")) == ""):
		return c.invalid("url_invalid", "success_url", "Not a valid URL")
	case len(c.form.Get("client_reference_id")) > 200:
		return c.invalid("", "client_reference_id", "Invalid string: at most 200 characters")
	case total.Minor < stripeLeast[total.Cur]:
		return c.invalid("amount_too_small", "", "The total is less than the least amount that can be charged.")
	}
	p := &Payment{
		ID: stripeSession + stripeTail(), Dialect: stripeName, Merchant: c.merchant, OrderID: c.form.Get("client_reference_id"), OrderName: name,
		Currency: total.Cur, Amount: total.Minor, State: StateReady, RequestedAt: t.now, Deadline: deadline, Refunds: []Refund{},
		Session: Session{
			SuccessURL: c.form.Get("success_url"), FailURL: c.form.Get("cancel_url"), Language: stripeLanguage(c.form.Get("locale")),
			AnyCard: true, BaseURL: g.s.baseURL(c.r), Metadata: map[string]string{stripeEmail: c.form.Get("customer_email")},
		},
	}
	within(c.form, "metadata", stripeOwnMeta, p.Session.Metadata)
	within(c.form, "payment_intent_data[metadata]", stripePayMeta, p.Session.Metadata)
	p.note(t.now, "opened", "")
	t.save(p)
	return jsonAnswer(http.StatusOK, g.sessionObject(p, c))
}

// session answers one session.
func (g *stripe) session(t *tx, c *stripeCall) answer {
	if refused := c.check(stripeReadNames); refused != nil {
		return *refused
	}
	p := ofStripe(t, c, stripeSession, c.r.PathValue("id"))
	if p == nil {
		return c.missing("session", c.r.PathValue("id"))
	}
	return jsonAnswer(http.StatusOK, g.sessionObject(p, c))
}

// expire ends an open session.
func (g *stripe) expire(t *tx, c *stripeCall) answer {
	if refused := c.check(stripeReadNames); refused != nil {
		return *refused
	}
	p := ofStripe(t, c, stripeSession, c.r.PathValue("id"))
	switch {
	case p == nil:
		return c.missing("session", c.r.PathValue("id"))
	case !p.open():
		return c.invalid("", "", "Only sessions with the status open can be expired; this one is "+g.status(p)+".")
	}
	t.expire(p)
	return jsonAnswer(http.StatusOK, g.sessionObject(p, c))
}

// intent answers the payment behind a session.
func (g *stripe) intent(t *tx, c *stripeCall) answer {
	if refused := c.check(stripeReadNames); refused != nil {
		return *refused
	}
	p := ofStripe(t, c, stripeIntent, c.r.PathValue("id"))
	if p == nil {
		return c.missing("intent", c.r.PathValue("id"))
	}
	return jsonAnswer(http.StatusOK, g.intentObject(p, c.expands("latest_charge")))
}

// charge answers the charge of a payment.
func (g *stripe) charge(t *tx, c *stripeCall) answer {
	p := ofStripe(t, c, stripeCharge, c.r.PathValue("id"))
	if p == nil {
		return c.missing("charge", c.r.PathValue("id"))
	}
	return jsonAnswer(http.StatusOK, g.chargeObject(p))
}

// refund gives all or a part of the money back.
func (g *stripe) refund(t *tx, c *stripeCall) answer {
	if refused := c.check(stripeRefundNames); refused != nil {
		return *refused
	}
	kind, param, id := stripeIntent, "payment_intent", c.form.Get("payment_intent")
	if id == "" {
		kind, param, id = stripeCharge, "charge", c.form.Get("charge")
	}
	p := ofStripe(t, c, kind, id)
	why := c.form.Get("reason")
	switch {
	case id == "":
		return c.invalid("parameter_missing", "charge", "One of payment_intent and charge is required.")
	case p == nil:
		return c.missing(param, id)
	case why != "" && !slices.Contains([]string{"duplicate", "fraudulent", "requested_by_customer"}, why):
		return c.invalid("", "reason", "Invalid reason")
	case p.State != StateCaptured:
		return c.invalid("payment_intent_unexpected_state", "payment_intent", "This payment has no successful charge to refund.")
	case p.Left() == 0:
		return stripeError(http.StatusBadRequest, "invalid_request_error", "charge_already_refunded", "", "The charge has already been refunded.")
	}
	amount := p.Left()
	if typed := c.form.Get("amount"); typed != "" {
		n, err := strconv.ParseInt(typed, 10, 64)
		if err != nil || n < 1 {
			return c.invalid("parameter_invalid_integer", "amount", "Invalid integer: "+typed)
		}
		amount = n
	}
	if amount > p.Left() {
		return stripeError(http.StatusBadRequest, "invalid_request_error", "", "amount", "The refund is greater than what is left of the charge.")
	}
	r := Refund{ID: g.newTransaction(), Amount: amount, Reason: why}
	p.Session.Metadata = maps.Clone(p.Session.Metadata)
	within(c.form, "metadata", r.ID+":", p.Session.Metadata)
	t.refund(p, r)
	return jsonAnswer(http.StatusOK, g.refundObject(p, p.Refunds[len(p.Refunds)-1], c.expands("charge")))
}

// oneRefund answers one refund.
func (g *stripe) oneRefund(t *tx, c *stripeCall) answer {
	for _, id := range t.k.order {
		p := ofStripe(t, c, stripeSession, id)
		if p == nil {
			continue
		}
		for _, r := range p.Refunds {
			if r.ID == c.r.PathValue("id") {
				return jsonAnswer(http.StatusOK, g.refundObject(p, r, c.expands("charge")))
			}
		}
	}
	return c.missing("refund", c.r.PathValue("id"))
}

// pay takes the money of an open session.
func (g *stripe) pay(t *tx, p *Payment, card Card) {
	p.Card, p.Failure = &card, ""
	p.State, p.Captured, p.CapturedAt, p.Transaction = StateCaptured, p.Amount, t.now, stripeID(stripeCharge, p)
	p.note(t.now, "captured", p.Money(p.Amount).Decimal())
	t.save(p)
	t.tell(p)
}

// refuse notes a card that was refused. The session stays open.
func (g *stripe) refuse(t *tx, p *Payment, card Card, code string) {
	p.Card, p.Failure = &card, code
	p.note(t.now, "declined", code)
	t.save(p)
}

// stripeSuccess is where a payer goes back to after paying.
func stripeSuccess(p *Payment) string {
	return strings.ReplaceAll(strings.ReplaceAll(p.Session.SuccessURL, "{CHECKOUT_SESSION_ID}", p.ID), "%7BCHECKOUT_SESSION_ID%7D", p.ID)
}

// unix is a moment as Stripe writes it.
func unix(t time.Time) int64 { return t.Unix() }
