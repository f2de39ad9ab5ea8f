package store

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// WriteLedgerJSON writes an event's ledger as JSON, as Report describes it, one object a line, without ever holding more than a page
// of it. All of it is of one moment; give it a file or a buffer, not a slow connection, since the moment is held meanwhile.
// CodeNotFound, before anything is written, when there is no event of that slug.
func (s *Store) WriteLedgerJSON(ctx context.Context, slug string, w io.Writer) error {
	return s.snapshot(ctx, func(q queryer) error {
		l, err := openLedger(ctx, q, slug)
		if err != nil {
			return err
		}
		out := &ledgerWriter{w: bufio.NewWriterSize(w, 64<<10)}
		out.raw(`{"event": ` + toJSON(slug))
		err = l.each(ctx, ledgerSink{
			order:     func(o LedgerOrder) error { return out.put("orders", o) },
			receipt:   func(r LedgerReceipt) error { return out.put("receipts", r) },
			attention: func(a LedgerAttention) error { return out.put("attention", a) },
			quota:     func(q LedgerQuota) error { return out.put("quotas", q) },
			audit:     func(a LedgerAudit) error { return out.put("audit", a) },
		})
		if err != nil {
			return err
		}
		return out.close()
	})
}

// ledgerParts are the lists of a ledger in the order in which they are written.
var ledgerParts = []string{"orders", "receipts", "attention", "quotas", "audit"}

// ledgerWriter writes the lists of a ledger one after the other; a list that gets nothing is written empty.
type ledgerWriter struct {
	w    *bufio.Writer
	part int // lists begun so far
	some bool
	err  error
}

// put writes one object into the list of that name, after ending the lists before it.
func (l *ledgerWriter) put(list string, v any) error {
	for l.part == 0 || ledgerParts[l.part-1] != list {
		l.begin()
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	if l.some {
		l.raw(",")
	}
	l.some = true
	l.raw("\n  ")
	l.raw(string(b))
	return l.err
}

// begin ends the list being written and begins the next.
func (l *ledgerWriter) begin() {
	if l.part > 0 {
		l.raw("]")
	}
	l.raw(",\n " + toJSON(ledgerParts[l.part]) + ": [")
	l.part, l.some = l.part+1, false
}

func (l *ledgerWriter) raw(text string) {
	if l.err == nil {
		_, l.err = l.w.WriteString(text)
	}
}

// close writes the lists that got nothing and the end.
func (l *ledgerWriter) close() error {
	for l.part < len(ledgerParts) {
		l.begin()
	}
	l.raw("]}\n")
	if l.err == nil {
		l.err = l.w.Flush()
	}
	if l.err != nil {
		return fmt.Errorf("write ledger: %w", l.err)
	}
	return nil
}

// Movement is one movement of money: a capture (a receipt, or surplus) or a refund that was carried out.
type Movement struct {
	At        time.Time // of a payment when we wrote it down
	PaidAt    time.Time // of a payment when the money came, as its gateway or staff tell; zero for a refund
	Kind      string    // payment or refund
	OrderCode string
	Name      string
	Email     string
	Category  string // id in the event file
	Channel   string // id in the event file
	Gateway   string
	Mode      registration.Mode
	State     payments.State     // of the payment: confirmed or surplus
	Amount    registration.Money // positive in both kinds
	ReceiptNo string             // of the receipt or the correction; surplus has none
	OrderNo   string             // our number at the gateway
	GatewayID string             // the gateway's id of the payment
	PaymentID string
	RefundID  string          // "" for a payment
	Source    payments.Source // of a refund
	Approve   string
}

// EachMovement runs fn on every movement of money of an event, order by order, each order's in the order of time. What WriteLedgerJSON
// says of slow writers holds here too.
func (s *Store) EachMovement(ctx context.Context, slug string, fn func(Movement) error) error {
	return s.snapshot(ctx, func(q queryer) error {
		l, err := openLedger(ctx, q, slug)
		if err != nil {
			return err
		}
		return eachView(ctx, q, ledgerView, l.eventID, func(v *OrderView) error {
			for _, m := range v.Movements() {
				if err := fn(m); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
