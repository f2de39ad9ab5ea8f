package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"foyer/registration"
)

// Report is an event's ledger: the form in which an accountant, or a checker that knows nothing of our tables, compares us with a
// gateway's own books. Its keys are a public contract: they are only ever added, and each is always there.
type Report struct {
	Event     string            `json:"event"` // slug
	Orders    []LedgerOrder     `json:"orders"`
	Receipts  []LedgerReceipt   `json:"receipts"`
	Attention []LedgerAttention `json:"attention"`
	Quotas    []LedgerQuota     `json:"quotas"`
	Audit     []LedgerAudit     `json:"audit"`
}

// LedgerOrder is one order of a Report.
type LedgerOrder struct {
	Code          string               `json:"code"`
	State         string               `json:"state"`
	Currency      Optional             `json:"currency"`
	Total         int64                `json:"total"`
	PlacedAt      Moment               `json:"placed_at"`
	Payer         LedgerPayer          `json:"payer"`
	Registrations []LedgerRegistration `json:"registrations"`
	Payments      []LedgerPayment      `json:"payments"`
}

// LedgerPayer is who pays an order.
type LedgerPayer struct {
	Name  Optional `json:"name"`
	Email Optional `json:"email"`
}

// LedgerRegistration is one person of an order; State is held, confirmed or cancelled.
type LedgerRegistration struct {
	ID       string   `json:"id"`
	Category Optional `json:"category"`
	Name     Optional `json:"name"`
	State    string   `json:"state"`
}

// LedgerPayment is one payment: what we asked for, and what the gateway says it took (0 and null while it says nothing).
type LedgerPayment struct {
	ID               string         `json:"id"`
	Channel          Optional       `json:"channel"`
	Gateway          string         `json:"gateway"`
	Mode             string         `json:"mode"`
	Charge           int            `json:"charge"`
	State            string         `json:"state"`
	Amount           int64          `json:"amount"`
	Currency         string         `json:"currency"`
	OrderNo          string         `json:"order_no"`
	GatewayPaymentID Optional       `json:"gateway_payment_id"`
	Captured         int64          `json:"captured"`
	CapturedCurrency Optional       `json:"captured_currency"`
	StartedAt        Moment         `json:"started_at"`
	ConfirmedAt      Moment         `json:"confirmed_at"`
	PaidAt           Moment         `json:"paid_at"`
	Attention        bool           `json:"attention"`
	ReceiptNo        Optional       `json:"receipt_no"`
	Refunds          []LedgerRefund `json:"refunds"`
}

// LedgerRefund is one refund of a payment, in the payment's currency. Key is the idempotency key of its open or last send.
type LedgerRefund struct {
	ID        string   `json:"id"`
	State     string   `json:"state"`
	Amount    int64    `json:"amount"`
	Key       Optional `json:"key"`
	Source    string   `json:"source"`
	ReceiptNo Optional `json:"receipt_no"`
}

// LedgerReceipt is one numbered document; Kind is receipt or correction, the amount positive in both.
type LedgerReceipt struct {
	No       string `json:"no"`
	Kind     string `json:"kind"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	IssuedAt Moment `json:"issued_at"`
	Payment  string `json:"payment"`
}

// LedgerAttention is one entry of the attention list.
type LedgerAttention struct {
	Kind    string   `json:"kind"`
	Order   Optional `json:"order"` // code
	Payment Optional `json:"payment"`
	Since   Moment   `json:"since"`
	Note    Optional `json:"note"`
}

// LedgerQuota is one quota with its counters.
type LedgerQuota struct {
	ID     string `json:"id"` // in the event file
	Places int64  `json:"places"`
	Held   int64  `json:"held"`
	Sold   int64  `json:"sold"`
}

// LedgerAudit is one audit row.
type LedgerAudit struct {
	At      Moment   `json:"at"`
	Actor   string   `json:"actor"`
	What    string   `json:"what"`
	Order   Optional `json:"order"` // code
	Payment Optional `json:"payment"`
	Refund  Optional `json:"refund"`
	From    Optional `json:"from"`
	To      string   `json:"to"`
	Amount  *int64   `json:"amount"`
	Reason  Optional `json:"reason"`
}

// Optional is a text that is null in JSON while it is empty.
type Optional string

// MarshalJSON writes the text, or null for an empty one.
func (o Optional) MarshalJSON() ([]byte, error) {
	if o == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(o))
}

// Moment is a time in a Report: RFC 3339, UTC, to the millisecond; null while it is zero.
type Moment struct{ time.Time }

// MarshalJSON writes the time, or null for the zero time.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return []byte(m.UTC().Format(`"2006-01-02T15:04:05.000Z07:00"`)), nil
}

// Ledger reads an event's whole ledger as it stands at one moment. It is for small events and for tests; WriteLedgerJSON does not
// need the memory. CodeNotFound when there is no event of that slug.
func (s *Store) Ledger(ctx context.Context, slug string) (*Report, error) {
	r := &Report{
		Event: slug, Orders: []LedgerOrder{}, Receipts: []LedgerReceipt{}, Attention: []LedgerAttention{}, Quotas: []LedgerQuota{}, Audit: []LedgerAudit{},
	}
	err := s.snapshot(ctx, func(q queryer) error {
		l, err := openLedger(ctx, q, slug)
		if err != nil {
			return err
		}
		return l.each(ctx, ledgerSink{
			order:     func(o LedgerOrder) error { r.Orders = append(r.Orders, o); return nil },
			receipt:   func(d LedgerReceipt) error { r.Receipts = append(r.Receipts, d); return nil },
			attention: func(a LedgerAttention) error { r.Attention = append(r.Attention, a); return nil },
			quota:     func(q LedgerQuota) error { r.Quotas = append(r.Quotas, q); return nil },
			audit:     func(a LedgerAudit) error { r.Audit = append(r.Audit, a); return nil },
		})
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// ledger reads one event's ledger from a snapshot.
type ledger struct {
	q       queryer
	eventID string
	first   registration.Currency // of the event's first channel, "" without one
}

func openLedger(ctx context.Context, q queryer, slug string) (*ledger, error) {
	l := &ledger{q: q}
	err := q.QueryRowContext(ctx, `SELECT e.id, COALESCE((SELECT c.currency FROM channels c WHERE c.event_id = e.id AND NOT c.removed
		ORDER BY c.position LIMIT 1), '') FROM events e WHERE e.slug = $1`, slug).Scan(&l.eventID, &l.first)
	if err != nil {
		return nil, fmt.Errorf("read event %s: %w", slug, notFound(err, "event.unknown"))
	}
	return l, nil
}

// ledgerSink takes the parts of a ledger as they are read.
type ledgerSink struct {
	order     func(LedgerOrder) error
	receipt   func(LedgerReceipt) error
	attention func(LedgerAttention) error
	quota     func(LedgerQuota) error
	audit     func(LedgerAudit) error
}

// each reads the parts in the order in which the JSON has them.
func (l *ledger) each(ctx context.Context, to ledgerSink) error {
	parts := []func() error{
		func() error {
			return eachView(ctx, l.q, ledgerView, l.eventID, func(v *OrderView) error { return to.order(ledgerOrder(v, l.first)) })
		},
		func() error { return l.receipts(ctx, to.receipt) },
		func() error { return l.attention(ctx, to.attention) },
		func() error { return l.quotas(ctx, to.quota) },
		func() error { return l.audit(ctx, to.audit) },
	}
	for _, part := range parts {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}
