package portonev1

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"foyer/payments"
)

// Settle looks the payment up: the company captured when the payer was through the window, and nothing is left to confirm.
func (g *gateway) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	return g.Lookup(ctx, a)
}

// Lookup asks by PortOne's id when a.GatewayID is set, and by our order number when that finds nothing of ours, or nothing that has
// money. StatusMissing when PortOne knows neither, as before the window opens.
//
// One order number may stand for several tries in the window, of which at most one captures: StatusFailed can still become
// StatusCaptured when the payer tries again, or when the company decides late. Payments of a test channel are shown by PortOne's id
// for sure; by order number PortOne does not promise to show them.
func (g *gateway) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	if !payments.Plain(a.OrderNo, maxOrderNo) {
		return payments.Outcome{}, errors.New("portonev1: nothing to look up by: the order number is missing")
	}
	best, err := g.candidate(ctx, &a)
	if err != nil {
		return payments.Outcome{}, err
	}
	if best == nil || rank(best) < rankCaptured {
		tries, err := g.tries(ctx, a.OrderNo)
		if err != nil {
			return payments.Outcome{}, err
		}
		for i := range tries {
			if best == nil || rank(&tries[i]) > rank(best) {
				best = &tries[i]
			}
		}
	}
	if best == nil {
		return payments.Outcome{Status: payments.StatusMissing}, nil
	}
	return best.outcome(), nil
}

// The order in which the tries of one number count: money first, and an open window before one that has failed.
const (
	rankFailed = iota + 1
	rankPending
	rankDeposit
	rankCaptured
)

func rank(p *payment) int {
	switch p.status() {
	case payments.StatusCaptured:
		return rankCaptured
	case payments.StatusDeposit:
		return rankDeposit
	case payments.StatusPending:
		return rankPending
	case payments.StatusFailed, payments.StatusMissing, payments.StatusLapsed:
	}
	return rankFailed
}

// candidate reads the payment of the attempt's own id; nil when there is none, or when it is of another order number: an id from a
// browser may be anybody's.
func (g *gateway) candidate(ctx context.Context, a *payments.Attempt) (*payment, error) {
	if !payments.Plain(a.GatewayID, maxID) {
		return nil, nil
	}
	p, err := g.get(ctx, a.GatewayID)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if p.orderNo() != a.OrderNo {
		return nil, nil
	}
	return &p, nil
}

// get reads one payment. Those of test channels are shown, too: their mode tells them apart.
func (g *gateway) get(ctx context.Context, id string) (payment, error) {
	var p payment
	if err := g.send(ctx, opLookup, http.MethodGet, "/payments/"+url.PathEscape(id)+"?include_sandbox=true", nil, &p); err != nil {
		return payment{}, err
	}
	if err := p.check(); err != nil {
		return payment{}, noAnswer(opLookup, err)
	}
	if p.ID != id {
		return payment{}, noAnswer(opLookup, errors.New("answer is about another payment"))
	}
	return p, nil
}

// page is one page of a list.
type page struct {
	Next number    `json:"next"` // number of the page after it, 0 on the last one
	List []payment `json:"list"`
}

// check makes sure that every row can be read.
func (p *page) check() error {
	for i := range p.List {
		if err := p.List[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// tries are the payments of an order number, newest first; none when PortOne knows nothing of it.
func (g *gateway) tries(ctx context.Context, orderNo string) ([]payment, error) {
	var p page
	err := g.send(ctx, opLookup, http.MethodGet, "/payments/findAll/"+url.PathEscape(orderNo)+"?limit=1000", nil, &p)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, noAnswer(opLookup, err)
	}
	for i := range p.List {
		if p.List[i].orderNo() != orderNo {
			return nil, noAnswer(opLookup, errors.New("answer is about another order number"))
		}
	}
	return p.List, nil
}
