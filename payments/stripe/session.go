package stripe

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// session is a Checkout Session, as far as it is read. What decides about money is strict; the rest may be null, missing or of
// another type without harm, because Stripe adds and changes such members with its versions.
type session struct {
	ID            string `json:"id"`
	Status        string `json:"status"`
	PaymentStatus string `json:"payment_status"`
	OrderNo       text   `json:"client_reference_id"`
	Currency      text   `json:"currency"`
	Total         number `json:"amount_total"`
	Live          *bool  `json:"livemode"`
	URL           text   `json:"url"`
	Intent        ref    `json:"payment_intent"`
}

// intent is the payment behind a session. It exists once the payer has tried to pay.
type intent struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Currency text   `json:"currency"`
	Received number `json:"amount_received"`
	Charge   ref    `json:"latest_charge"`
	Problem  loose  `json:"last_payment_error"`
}

// charge is one try to take money from a card.
type charge struct {
	ID       string `json:"id"`
	Currency text   `json:"currency"`
	Refunded number `json:"amount_refunded"`
	Created  number `json:"created"`
	Receipt  text   `json:"receipt_url"`
	Details  loose  `json:"payment_method_details"`
}

// parseSession reads a session. It must at least say which one it is, how it stands and whether it is real money.
func parseSession(body []byte) (session, error) {
	var s session
	if err := json.Unmarshal(body, &s); err != nil {
		return session{}, fmt.Errorf("read session: %w", err)
	}
	if !sessionID(s.ID) || !payments.Plain(s.Status, maxCode) || !payments.Plain(s.PaymentStatus, maxCode) || s.Live == nil {
		return session{}, errors.New("read session: id, status, payment_status or livemode is missing")
	}
	return s, nil
}

// mode is the mode that Stripe itself names.
func (s *session) mode() registration.Mode {
	if *s.Live {
		return registration.Live
	}
	return registration.Test
}

// state maps the session's two words. Money counts whatever the session's own status is; a word that is new to us is pending.
// A payment that is neither paid nor under way any more has failed.
func (s *session) state(p *intent) payments.Status {
	switch {
	case s.PaymentStatus == "paid" || s.PaymentStatus == "no_payment_required":
		return payments.StatusCaptured
	case s.Status == "expired":
		return payments.StatusLapsed
	case s.Status == "complete" && (p.Status == "requires_payment_method" || p.Status == "canceled"):
		return payments.StatusFailed
	}
	return payments.StatusPending
}

// outcome is the contract's account of a session. Of a paid one it must be known what has gone back: without the charge it is an
// error.
func (s *session) outcome() (payments.Outcome, error) {
	p := payments.Member[intent](s.Intent.object)
	c := payments.Member[charge](p.Charge.object)
	out := payments.Outcome{Status: s.state(&p), GatewayID: s.ID, OrderNo: payments.OnlyPlain(string(s.OrderNo), maxOrderNo), Mode: s.mode()}
	switch out.Status {
	case payments.StatusCaptured:
		if s.PaymentStatus == "paid" && (p.ID == "" || c.ID == "") {
			return payments.Outcome{}, errors.New("answer lacks the charge of a paid session")
		}
		out.Captured, out.Refunded = s.money(&p, &c)
		out.Method, out.Card, out.Approve = c.card()
		out.Proof, out.At = payments.Link(string(c.Receipt), maxLink, out.Mode), instant(c.Created)
	case payments.StatusFailed:
		out.Reason = p.reason(keyFailed)
	case payments.StatusLapsed:
		out.Reason = p.reason(keyLapsed)
	case payments.StatusDeposit, payments.StatusPending, payments.StatusMissing:
	}
	return out, nil
}

// total is the session's amount. ok is false when it cannot be counted in: then the Money holds the currency as Stripe names
// it, which equals no price.
func (s *session) total() (registration.Money, bool) {
	cur := registration.Currency(strings.ToUpper(payments.OnlyPlain(string(s.Currency), 12)))
	n, ok := minorOf(s.Total)
	if !cur.Known() || !ok {
		return registration.Money{Cur: cur}, false
	}
	return registration.Money{Minor: n, Cur: cur}, true
}

// money is what was taken in all and what went back of it. An account that contradicts itself (the payment took another sum or
// another currency than the session asked for, or more went back than came) is the zero Money: it equals no price, so that the
// payment is not confirmed and goes before a person.
func (s *session) money(p *intent, c *charge) (captured, refunded registration.Money) {
	captured, ok := s.total()
	refunded = registration.Money{Cur: captured.Cur}
	if !ok || s.PaymentStatus != "paid" {
		return registration.Money{Cur: captured.Cur}, refunded
	}
	got, ok := minorOf(p.Received)
	gone, told := minorOf(c.Refunded)
	if !ok || !told || got != captured.Minor || gone > got || p.Currency != s.Currency || c.Currency != s.Currency {
		return registration.Money{}, registration.Money{}
	}
	refunded.Minor = gone
	return captured, refunded
}

// reason is why no money came: the card's, when one was refused, else the one given.
func (p *intent) reason(otherwise string) string {
	if last := payments.Member[problem](p.Problem); last != (problem{}) {
		return reason(&last)
	}
	return otherwise
}

// card tells how it was paid: our word for the method, the last four digits and the approval number.
func (c *charge) card() (method, number, approve string) {
	d := payments.Member[struct {
		Type text `json:"type"`
		Card struct {
			Last4   text `json:"last4"`
			Approve text `json:"authorization_code"`
		} `json:"card"`
	}](c.Details)
	if d.Type != "card" {
		return "", "", ""
	}
	if last := string(d.Card.Last4); len(last) == 4 && strings.Trim(last, "0123456789") == "" {
		number = "**** " + last
	}
	return "card", number, payments.OnlyPlain(string(d.Card.Approve), 40)
}

// instant reads Unix seconds, zero when there are none.
func instant(n number) time.Time {
	if s, ok := minorOf(n); ok && s > 0 {
		return time.Unix(s, 0).UTC()
	}
	return time.Time{}
}

// minorOf reads a whole number of minor units, zero or more; ok is false for anything else.
func minorOf(n number) (v int64, ok bool) {
	v, err := strconv.ParseInt(string(n), 10, 64)
	return v, err == nil && v >= 0
}

// ref is another object: its id, or the whole of it where it was asked for.
type ref struct {
	id     string
	object loose
}

// UnmarshalJSON takes an id or an object with one, and ignores everything else.
func (r *ref) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		r.id = payments.OnlyPlain(s, maxID)
		return nil
	}
	v := payments.Member[struct {
		ID text `json:"id"`
	}](b)
	r.id, r.object = payments.OnlyPlain(string(v.ID), maxID), append(loose(nil), b...)
	return nil
}
