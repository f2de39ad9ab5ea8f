package payments

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"foyer/registration"
)

// Comparison is what comparing a channel's day with its gateway's books has brought.
type Comparison struct {
	Theirs      int // transactions of the day that were compared
	Differences []Difference
}

// maxLookAgain bounds how many payments one comparison looks up.
const maxLookAgain = 100

// dailyTimeout is how many calls' time reading a gateway's list may take.
const dailyTimeout = 10

// CompareDay compares a day of a channel with the gateway's own list, or with a list that somebody brought when there is one. Payments
// of ours about which the list knows more than we do are looked up first, so that what a look-up settles is no difference any more.
// Money that no payment of ours stands for goes on the attention list. A second call is harmless.
//
// It fails with ErrNoInquiry when there is neither a list of the gateway's nor one that was brought, and with the errors of
// Gateway.Transactions.
func (c *Cashier) CompareDay(ctx context.Context, channelID string, day Day, brought []Transaction) (Comparison, error) {
	l, err := c.line(ctx, channelID)
	if err != nil {
		return Comparison{}, err
	}
	theirs := brought
	if theirs == nil {
		if theirs, err = c.transactions(ctx, l, day.Around(Slack)); err != nil {
			return Comparison{}, err
		}
	}
	theirs = ofMode(theirs, l.channel.Mode)
	found, err := c.compare(ctx, l, day, theirs)
	if err != nil {
		return Comparison{}, err
	}
	if c.lookAgainAt(ctx, found) {
		if found, err = c.compare(ctx, l, day, theirs); err != nil {
			return Comparison{}, err
		}
	}
	closed, err := c.ledger.RaiseStrangers(ctx, channelID, strangers(found))
	if err != nil {
		return Comparison{}, fmt.Errorf("list money that nobody knows: %w", err)
	}
	for i := range found {
		found[i].Closed = found[i].stranger() && slices.Contains(closed, found[i].Theirs.Mark())
	}
	made := Comparison{Differences: found}
	for _, t := range theirs {
		if t.At.IsZero() || day.Has(t.At) {
			made.Theirs++
		}
	}
	return made, nil
}

// transactions reads the gateway's list of a span of time.
func (c *Cashier) transactions(ctx context.Context, l *line, span Day) ([]Transaction, error) {
	if !l.gateway.Capabilities().Lists {
		return nil, ErrNoInquiry
	}
	give, err := l.take(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	callCtx, cancel := context.WithTimeout(ctx, dailyTimeout*c.Timeout)
	defer cancel()
	list, err := l.gateway.Transactions(callCtx, span)
	if err != nil {
		return nil, fmt.Errorf("read the gateway's list: %w", err)
	}
	return list, nil
}

// ofMode leaves out what the list names as money of the other mode.
func ofMode(all []Transaction, mode registration.Mode) []Transaction {
	var kept []Transaction
	for _, t := range all {
		if t.Mode == "" || t.Mode == mode {
			kept = append(kept, t)
		}
	}
	return kept
}

func (c *Cashier) compare(ctx context.Context, l *line, day Day, theirs []Transaction) ([]Difference, error) {
	ids, orderNos := Names(theirs)
	ours, err := c.ledger.Entries(ctx, EntryQuery{
		ChannelID: l.channel.ID, Merchant: l.gateway.Capabilities().Merchant, Span: day.Around(Slack), GatewayIDs: ids, OrderNos: orderNos,
	})
	if err != nil {
		return nil, fmt.Errorf("read our books: %w", err)
	}
	return Compare(day, ours, theirs), nil
}

// lookAgainAt looks the payments up of which the list knows movements that we do not, and reports whether there were any.
func (c *Cashier) lookAgainAt(ctx context.Context, found []Difference) bool {
	seen := map[string]bool{}
	for _, d := range found {
		if d.Kind == OnlyOurs || d.Entry == nil || seen[d.Entry.PaymentID] || len(seen) == maxLookAgain {
			continue
		}
		seen[d.Entry.PaymentID] = true
		if _, err := c.Settle(ctx, d.Entry.PaymentID, Return{}); err != nil && !errors.Is(err, context.Canceled) {
			c.Log.WarnContext(ctx, "look up after comparing", "payment", d.Entry.PaymentID, "error", err)
		}
	}
	return len(seen) > 0
}

// stranger reports whether no payment of ours stands for the money.
func (d *Difference) stranger() bool { return d.Entry == nil && d.Kind == OnlyTheirs }

// strangers gives the transactions that no payment of ours stands for.
func strangers(found []Difference) []Transaction {
	var all []Transaction
	for _, d := range found {
		if d.stranger() {
			all = append(all, d.Theirs)
		}
	}
	return all
}
