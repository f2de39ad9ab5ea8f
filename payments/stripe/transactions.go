package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"

	api "github.com/stripe/stripe-go/v85"
)

// opList is the reading of a day's charges and refunds.
var opList = operation{name: "list"}

// row is a charge or a refund in a list. Charge is a refund's, in full.
type row struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Amount   number            `json:"amount"`
	Taken    number            `json:"amount_captured"`
	Currency text              `json:"currency"`
	Created  number            `json:"created"`
	Live     *bool             `json:"livemode"`
	Intent   ref               `json:"payment_intent"`
	Charge   ref               `json:"charge"`
	Details  loose             `json:"payment_method_details"`
	Metadata map[string]string `json:"metadata"`
}

// Transactions lists the charges that succeeded from day.From until before day.To, and the refunds, newest first. What does not carry an
// order number of ours is of some other system that uses the same account, and left out. The list names charges by their payment;
// GatewayID is the session's as everywhere, "" where Stripe does not tell it.
//
// A row of an impossible shape makes the whole list ErrNoAnswer: half a list would look like missing money.
func (g *gateway) Transactions(ctx context.Context, day payments.Day) ([]payments.Transaction, error) {
	span := &api.RangeQueryParams{GreaterThanOrEqual: day.From.Unix(), LesserThan: day.To.Unix()}
	charges := &api.ChargeListParams{CreatedRange: span}
	charges.Limit = api.Int64(pageSize)
	all, err := g.movements(ctx, "/v1/charges", charges, &charges.ListParams, day)
	if err != nil {
		return nil, err
	}
	refunds := &api.RefundListParams{CreatedRange: span, Expand: api.StringSlice([]string{"data.charge"})}
	refunds.Limit = api.Int64(pageSize)
	back, err := g.movements(ctx, "/v1/refunds", refunds, &refunds.ListParams, day)
	return append(all, back...), err
}

// movements reads all pages of one list. page is the part of params that turns them.
func (g *gateway) movements(ctx context.Context, path string, params any, page *api.ListParams, day payments.Day) ([]payments.Transaction, error) {
	var all []payments.Transaction
	sessions := map[string]string{}
	for range maxDayPages {
		body, err := g.get(ctx, opList, path, params)
		if err != nil {
			return nil, err
		}
		var in struct {
			Object string `json:"object"`
			Data   []row  `json:"data"`
			More   bool   `json:"has_more"`
		}
		if err := json.Unmarshal(body, &in); err != nil || in.Object != "list" || (in.More && len(in.Data) == 0) {
			return nil, noAnswer(opList, errors.New("answer is no list"))
		}
		for i := range in.Data {
			r := &in.Data[i]
			t, err := r.movement(path == "/v1/refunds", g.channel.Mode, day)
			if err != nil {
				return nil, noAnswer(opList, err)
			}
			if t == nil {
				continue
			}
			if t.GatewayID, err = g.sessionOf(ctx, r.Intent.id, sessions); err != nil {
				return nil, err
			}
			all = append(all, *t)
		}
		if !in.More {
			return all, nil
		}
		last := in.Data[len(in.Data)-1].ID
		if page.StartingAfter != nil && *page.StartingAfter == last {
			return nil, noAnswer(opList, errors.New("the list does not go on"))
		}
		page.StartingAfter = api.String(last)
	}
	return nil, noAnswer(opList, errors.New("too many transactions in one day"))
}

// maxDayPages bounds the pages of one day's list.
const maxDayPages = 200

// movement is a row as the contract has it; nil for what moved no money, or is not ours, or is of another moment.
func (r *row) movement(back bool, mode registration.Mode, day payments.Day) (*payments.Transaction, error) {
	own, details, amount := r.Metadata, r.Details, r.Taken
	if back {
		charge := payments.Member[row](r.Charge.object)
		details, amount = charge.Details, r.Amount
		if own[metaOrder] == "" {
			own = charge.Metadata // made in Stripe's console
		}
	}
	orderNo, at := payments.OnlyPlain(own[metaOrder], maxOrderNo), instant(r.Created)
	if r.Status != "succeeded" || orderNo == "" || (amount == "0" && !back) {
		return nil, nil
	}
	minor, ok := minorOf(amount)
	cur := registration.Currency(strings.ToUpper(string(r.Currency)))
	if !ok || minor <= 0 || !cur.Known() || at.IsZero() || !payments.Plain(r.ID, maxID) {
		return nil, errors.New("a charge or refund cannot be read")
	}
	if at.Before(day.From.Truncate(time.Second)) || !at.Before(day.To) {
		return nil, nil
	}
	t := &payments.Transaction{OrderNo: orderNo, Refund: back, Amount: registration.Money{Minor: minor, Cur: cur}, Mode: mode, At: at}
	t.Method, _, _ = (&charge{Details: details}).card()
	if back {
		t.RefundID = r.ID
	}
	if r.Live != nil && *r.Live {
		t.Mode = registration.Live
	}
	return t, nil
}

// sessionOf finds the session that a payment belongs to; known holds those that were found already.
func (g *gateway) sessionOf(ctx context.Context, intent string, known map[string]string) (string, error) {
	if id, ok := known[intent]; ok || intent == "" {
		return id, nil
	}
	params := &api.CheckoutSessionListParams{PaymentIntent: api.String(intent)}
	params.Limit = api.Int64(1)
	page, _, err := g.list(ctx, params)
	if err != nil {
		return "", err
	}
	known[intent] = ""
	if len(page) > 0 && page[0].Intent.id == intent {
		known[intent] = page[0].ID
	}
	return known[intent], nil
}
