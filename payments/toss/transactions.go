package toss

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	// listPage keeps a page of transactions under 1 MiB; the gateway gives 5,000 at most.
	listPage = 1000
	// listPages bounds the pages of one day.
	listPages = 500
	// listTime is how the gateway takes a moment, in Korean time.
	listTime = "2006-01-02T15:04:05.000"
)

// transaction is one row of the gateway's list: a capture, or money that went back.
type transaction struct {
	Key        text   `json:"transactionKey"`
	PaymentKey text   `json:"paymentKey"`
	OrderID    text   `json:"orderId"`
	Method     text   `json:"method"`
	Status     text   `json:"status"`
	At         text   `json:"transactionAt"`
	Currency   text   `json:"currency"`
	Amount     number `json:"amount"`
}

// Transactions lists what the gateway captured and gave back under the channel's key from day.From until before day.To, in the gateway's
// order. Rows of accounts that wait for a deposit, or were closed without one, are no money and are left out.
//
// A row of an impossible shape makes the whole list ErrNoAnswer: half a list would look like missing money.
func (g *gateway) Transactions(ctx context.Context, day payments.Day) ([]payments.Transaction, error) {
	var all []payments.Transaction
	after := ""
	for range listPages {
		rows, err := g.list(ctx, day, after)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			t, err := g.movement(ctx, &rows[i], day)
			if err != nil {
				return nil, err
			}
			if t != nil {
				all = append(all, *t)
			}
		}
		if len(rows) < listPage {
			return all, nil
		}
		if last := only(string(rows[len(rows)-1].Key), maxKey); last != "" && last != after {
			after = last
			continue
		}
		return nil, noAnswer(opList, errors.New("the list does not go on"))
	}
	return nil, noAnswer(opList, errors.New("too many transactions in one day"))
}

// list reads one page of rows, those after the row of a key.
func (g *gateway) list(ctx context.Context, day payments.Day, after string) ([]transaction, error) {
	q := url.Values{
		"startDate": {day.From.In(korea).Format(listTime)},
		"endDate":   {day.To.Add(-time.Millisecond).In(korea).Format(listTime)},
		"limit":     {strconv.Itoa(listPage)},
	}
	if after != "" {
		q.Set("startingAfter", after)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/v1/transactions?"+q.Encode(), nil)
	if err != nil {
		return nil, errors.New("toss: make request")
	}
	body, err := g.exchange(req, opList)
	if err != nil {
		return nil, err
	}
	var rows []transaction
	if err := json.Unmarshal(body, &rows); err != nil || rows == nil {
		return nil, noAnswer(opList, errors.New("answer is no list of transactions"))
	}
	return rows, nil
}

// movement is a row as the contract has it; nil for one that is no movement of money, or of another day.
func (g *gateway) movement(ctx context.Context, row *transaction, day payments.Day) (*payments.Transaction, error) {
	back := false
	switch row.Status {
	case "DONE":
	case "CANCELED", "PARTIAL_CANCELED":
		back = true
	default:
		return nil, nil
	}
	key, at := only(string(row.PaymentKey), maxKey), instant(row.At)
	amount, err := registration.ParseMoney(strings.TrimPrefix(string(row.Amount), "-"), registration.Currency(row.Currency))
	if key == "" || at.IsZero() || err != nil || amount.Minor <= 0 {
		return nil, noAnswer(opList, errors.New("a transaction cannot be read"))
	}
	if at.Before(day.From) || !at.Before(day.To) {
		return nil, nil
	}
	t := &payments.Transaction{
		GatewayID: key, OrderNo: only(string(row.OrderID), maxOrderNo), Refund: back, Amount: amount, Mode: g.channel.Mode,
		Method: (&payment{Method: row.Method}).word(), At: at,
	}
	if !back {
		return t, nil
	}
	t.RefundID = only(string(row.Key), maxKey)
	if t.Method != string(payments.MethodVirtualAccount) {
		return t, nil
	}
	p, err := g.get(ctx, path(key)) // an account may have been closed before anybody paid
	if err != nil {
		return nil, err
	}
	if p.state() != payments.StatusCaptured {
		return nil, nil
	}
	return t, nil
}
