package portonev2

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	// listPage keeps a page of payments well under 1 MiB.
	listPage = 100
	// listPages are as many as PortOne gives: 60,000 payments.
	listPages = 600
	// listBack is how long after its first partial refund a payment may have another one.
	listBack = 366 * 24 * time.Hour
)

// listRequest asks for a page of payments. PortOne takes it as JSON in the query.
type listRequest struct {
	Page struct {
		Number int `json:"number"`
		Size   int `json:"size"`
	} `json:"page"`
	Filter listFilter `json:"filter"`
}

// listFilter chooses payments whose state changed since From; without an end it reaches until now.
type listFilter struct {
	Store  string   `json:"storeId"`
	Type   string   `json:"timestampType"`
	From   string   `json:"from"`
	Status []string `json:"status"`
}

// Transactions lists what was captured, and the cancellations that succeeded, from day.From until before day.To, of the whole store.
// PortOne lists payments, not movements: those whose state changed since the day began are read, and those refunded in part within the
// last year, for a further partial refund does not change their state.
//
// Cancels made in the payment company's own console are not known to PortOne and missing here too. A payment of an impossible shape
// makes the whole list ErrNoAnswer.
func (g *gateway) Transactions(ctx context.Context, day payments.Day) ([]payments.Transaction, error) {
	seen := map[string]bool{}
	var all []payments.Transaction
	for _, f := range []listFilter{
		{From: day.From.UTC().Format(time.RFC3339), Status: []string{"PAID", "PARTIAL_CANCELLED", "CANCELLED"}},
		{From: day.From.Add(-listBack).UTC().Format(time.RFC3339), Status: []string{"PARTIAL_CANCELLED"}},
	} {
		f.Store, f.Type = g.settings.store, "STATUS_CHANGED_AT"
		if err := g.eachPayment(ctx, f, func(p *payment) error {
			if seen[p.ID] {
				return nil
			}
			seen[p.ID] = true
			rows, err := p.movements(day)
			all = append(all, rows...)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// eachPayment reads all pages of a list.
func (g *gateway) eachPayment(ctx context.Context, f listFilter, do func(*payment) error) error {
	first := ""
	for number := range listPages {
		in := listRequest{Filter: f}
		in.Page.Number, in.Page.Size = number, listPage
		body, err := json.Marshal(in)
		if err != nil {
			return errors.New("portonev2: write request")
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/payments?"+url.Values{"requestBody": {string(body)}}.Encode(), nil)
		if err != nil {
			return errors.New("portonev2: make request")
		}
		var out struct {
			Items *[]payment `json:"items"`
		}
		if err := g.send(req, opList, &out); err != nil {
			return err
		}
		if out.Items == nil {
			return noAnswer(opList, errors.New("answer is no list of payments"))
		}
		if len(*out.Items) > 0 {
			if again := (*out.Items)[0].ID; number > 0 && again == first {
				return noAnswer(opList, errors.New("the list does not go on"))
			}
			first = (*out.Items)[0].ID
		}
		for i := range *out.Items {
			p := &(*out.Items)[i]
			if !payments.Plain(p.ID, maxOrderNo) || p.StoreID != g.settings.store {
				continue // of another system that uses the store, whose numbers are not ours
			}
			if err := do(p); err != nil {
				return noAnswer(opList, err)
			}
		}
		if len(*out.Items) < listPage {
			return nil
		}
	}
	return noAnswer(opList, errors.New("too many payments"))
}

// movements are what moved for a payment within the day.
func (p *payment) movements(day payments.Day) ([]payments.Transaction, error) {
	if p.state() != payments.StatusCaptured {
		return nil, nil
	}
	captured, _ := p.money()
	paid := instant(p.PaidAt)
	if captured.Minor <= 0 || paid.IsZero() || !payments.Plain(p.TransactionID, maxID) || p.mode() == "" {
		return nil, errors.New("a payment cannot be read")
	}
	row := payments.Transaction{
		GatewayID: p.TransactionID, OrderNo: p.ID, Amount: captured, Mode: p.mode(), Method: payments.Member[method](p.Method).word(), At: paid,
	}
	var all []payments.Transaction
	if within(paid, day) {
		all = append(all, row)
	}
	for _, c := range p.cancels() {
		n, ok := minorOf(c.Amount)
		at := instant(c.At)
		switch {
		case c.Status != cancelSucceeded:
			continue
		case !ok || n == 0 || at.IsZero():
			return nil, errors.New("a cancellation cannot be read")
		case within(at, day):
			back := row
			back.Refund, back.RefundID, back.At = true, payments.OnlyPlain(string(c.ID), maxID), at
			back.Amount = registration.Money{Minor: n, Cur: captured.Cur}
			all = append(all, back)
		}
	}
	return all, nil
}

// within reports whether a moment is of the day.
func within(at time.Time, day payments.Day) bool { return !at.Before(day.From) && at.Before(day.To) }
