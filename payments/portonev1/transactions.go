package portonev1

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// Bounds of reading a list: rows on a page, pages of one list, and the longest time that one list may span.
const (
	pageRows = 1000
	maxPages = 200
	longSpan = 90 * 24 * time.Hour
)

// Transactions lists the captures and refunds of a day, or of up to 90 days. PortOne lists by a payment's last state, and by the time of
// that state; what the state is after a refund in part it does not say. So both lists are read wider than the day: what is called
// paid from 90 days before its end, which shows refunds in part of older payments; what is called cancelled for 90 days from
// its begin, which shows captures that were refunded later.
//
// Whether payments of test channels are listed PortOne does not say.
func (g *gateway) Transactions(ctx context.Context, day payments.Day) ([]payments.Transaction, error) {
	if !day.From.Before(day.To) || day.To.Sub(day.From) > longSpan {
		return nil, errors.New("portonev1: a list spans more than nothing and 90 days at most")
	}
	var all []payments.Transaction
	seen := map[string]bool{}
	for _, span := range spans(day) {
		rows, err := g.list(ctx, span)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if p := &rows[i]; !seen[p.ID] {
				seen[p.ID] = true
				all = append(all, p.movements(day)...)
			}
		}
	}
	return all, nil
}

// span is one list: payments whose last state is this, and came between these times.
type span struct {
	state    string
	from, to time.Time
}

// spans are the lists that hold a day's movements.
func spans(day payments.Day) []span {
	return []span{{statePaid, day.To.Add(-longSpan), day.To}, {stateCancelled, day.From, day.From.Add(longSpan)}}
}

// list reads all pages of a list.
func (g *gateway) list(ctx context.Context, s span) ([]payment, error) {
	var rows []payment
	for n := 1; n <= maxPages; n++ {
		query := url.Values{
			"page": {strconv.Itoa(n)}, "limit": {strconv.Itoa(pageRows)}, "sorting": {"started"},
			"from": {strconv.FormatInt(s.from.Unix(), 10)}, "to": {strconv.FormatInt(s.to.Unix(), 10)},
		}
		var p page
		if err := g.send(ctx, opList, http.MethodGet, "/payments/status/"+s.state+"?"+query.Encode(), nil, &p); err != nil {
			return nil, err
		}
		if err := p.check(); err != nil {
			return nil, noAnswer(opList, err)
		}
		rows = append(rows, p.List...)
		if p.Next == "" || p.Next == "0" || len(p.List) == 0 {
			return rows, nil
		}
	}
	return nil, fmt.Errorf("portonev1: list payments: more than %d pages", maxPages)
}

// movements are what a payment moved within a day.
func (p *payment) movements(day payments.Day) []payments.Transaction {
	if p.status() != payments.StatusCaptured {
		return nil
	}
	within := func(m moment) bool { return !m.Before(day.From) && m.Before(day.To) }
	captured, _ := p.money()
	one := payments.Transaction{GatewayID: p.ID, OrderNo: p.orderNo(), Mode: p.mode(), Method: p.method()}
	var all []payments.Transaction
	if within(p.PaidAt) {
		taken := one
		taken.Amount, taken.At = captured, p.PaidAt.Time
		all = append(all, taken)
	}
	cancels, _ := p.cancels()
	for _, c := range cancels {
		if !within(c.At) {
			continue
		}
		back := one
		back.Refund, back.RefundID, back.At = true, payments.OnlyPlain(string(c.ID), maxID), c.At.Time
		if m, err := registration.ParseMoney(string(c.Amount), captured.Cur); err == nil {
			back.Amount = m
		}
		all = append(all, back)
	}
	return all
}
