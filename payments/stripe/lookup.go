package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"foyer/payments"

	api "github.com/stripe/stripe-go/v85"
)

const (
	// startMargin is by how much our clock and Stripe's may differ.
	startMargin = 5 * time.Minute
	// pageSize keeps a page of sessions well under 1 MiB.
	pageSize = 50
	// maxPages bounds one look-up by order number.
	maxPages = 20
)

// Settle looks the payment up: the payer's card is charged on Stripe's page and nothing is left to confirm.
func (g *gateway) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	return g.Lookup(ctx, a)
}

// Lookup asks by the session's id, and by our order number when there is none or Stripe does not know it. Sessions cannot be searched
// by order number, so those that were made around a.StartedAt are gone through. StatusMissing when none of them is ours.
func (g *gateway) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	s, err := g.find(ctx, &a)
	switch {
	case err != nil:
		return payments.Outcome{}, err
	case s == nil:
		return payments.Outcome{Status: payments.StatusMissing, Mode: g.channel.Mode}, nil
	}
	return s.account()
}

// account is the session's outcome as an answer to a look-up.
func (s *session) account() (payments.Outcome, error) {
	out, err := s.outcome()
	if err != nil {
		return payments.Outcome{}, noAnswer(opLookup, err)
	}
	return out, nil
}

// find gives the session of an attempt, nil when there is none. A session without an order number is some other system's.
func (g *gateway) find(ctx context.Context, a *payments.Attempt) (*session, error) {
	byID, byOrder := sessionID(a.GatewayID), payments.Plain(a.OrderNo, maxOrderNo)
	if !byID && !byOrder {
		return nil, errors.New("stripe: nothing to look up by")
	}
	if byID {
		s, err := g.read(ctx, a.GatewayID)
		switch {
		case err == nil && s.OrderNo != "":
			return s, nil
		case err != nil && !missing(err):
			return nil, err
		case !byOrder:
			return nil, nil
		}
	}
	id, err := g.search(ctx, a)
	if err != nil || id == "" {
		return nil, err
	}
	return g.read(ctx, id)
}

// read gets a session with its payment and charge.
func (g *gateway) read(ctx context.Context, id string) (*session, error) {
	params := &api.CheckoutSessionRetrieveParams{Expand: api.StringSlice([]string{"payment_intent.latest_charge"})}
	body, err := g.get(ctx, opLookup, "/v1/checkout/sessions/"+url.PathEscape(id), params)
	if err != nil {
		return nil, err
	}
	s, err := parseSession(body)
	if err != nil {
		return nil, noAnswer(opLookup, err)
	}
	if s.ID != id {
		return nil, noAnswer(opLookup, errors.New("answer is about another session"))
	}
	return &s, nil
}

// search goes through the sessions that were made around the attempt's start, newest first, for the one with our order number; "" when
// there is none. A session can only have been made while it still had 30 minutes to live, which bounds the time.
func (g *gateway) search(ctx context.Context, a *payments.Attempt) (string, error) {
	params := &api.CheckoutSessionListParams{}
	params.Limit = api.Int64(pageSize)
	if !a.StartedAt.IsZero() {
		params.CreatedRange = &api.RangeQueryParams{
			GreaterThanOrEqual: a.StartedAt.Add(-startMargin).Unix(),
			LesserThanOrEqual:  a.StartedAt.Add(sessionLife - 30*time.Minute + startMargin).Unix(),
		}
	}
	for range maxPages {
		page, more, err := g.list(ctx, params)
		if err != nil {
			return "", err
		}
		if id := ours(page, a.OrderNo); id != "" || !more {
			return id, nil
		}
		params.StartingAfter = api.String(page[len(page)-1].ID)
	}
	return "", noAnswer(opLookup, errors.New("too many sessions to go through"))
}

// list reads one page of sessions; more is false on the last one.
func (g *gateway) list(ctx context.Context, params *api.CheckoutSessionListParams) (page []session, more bool, err error) {
	body, err := g.get(ctx, opLookup, "/v1/checkout/sessions", params)
	if err != nil {
		return nil, false, err
	}
	var in struct {
		Object string            `json:"object"`
		Data   []json.RawMessage `json:"data"`
		More   bool              `json:"has_more"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Object != "list" || (in.More && len(in.Data) == 0) {
		return nil, false, noAnswer(opLookup, errors.New("answer is no list of sessions"))
	}
	for _, raw := range in.Data {
		s, err := parseSession(raw)
		if err != nil {
			return nil, false, noAnswer(opLookup, err)
		}
		page = append(page, s)
	}
	return page, in.More, nil
}

// ours is the id of the session with an order number; of several the paid one, else the newest.
func ours(page []session, orderNo string) string {
	id := ""
	for i := range page {
		switch s := &page[i]; {
		case string(s.OrderNo) != orderNo:
		case s.PaymentStatus == "paid":
			return s.ID
		case id == "":
			id = s.ID
		}
	}
	return id
}
