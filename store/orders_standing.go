package store

import (
	"foyer/payments"
	"foyer/registration"
)

// The money of an order o in its currency, as the rows of a list add it up: p is the payment that counts.
const (
	orderCurrency = `COALESCE(NULLIF(o.currency, ''), p.currency)`
	orderReceived = `(SELECT COALESCE(SUM(m.captured), 0) FROM payments m WHERE m.order_id = o.id AND m.state IN ('confirmed', 'surplus') AND m.captured_currency = ` + orderCurrency + `)`
	orderRefunded = `(SELECT COALESCE(SUM(d.amount), 0) FROM refunds d WHERE d.order_id = o.id AND d.state = 'done' AND d.currency = ` + orderCurrency + `)`
)

// orderCharged is what the order owes in its currency.
func orderCharged(engine string) string {
	if engine == Postgres {
		return `CAST(o.prices::json ->> ` + orderCurrency + ` AS BIGINT)`
	}
	return `json_extract(o.prices, '$.' || ` + orderCurrency + `)`
}

// stands adds the condition that payments.StandingOf says the wanted word about an order. It needs the tables of ordersFrom.
func (w *where) stands(want payments.Standing, engine string) {
	if want == "" {
		return
	}
	state := func(s registration.OrderState) string { return `o.state = ` + w.arg(string(s)) }
	open := func(counts payments.State) string {
		return `o.state IN ('pending', 'expired') AND p.state = ` + w.arg(string(counts))
	}
	idle := ` AND COALESCE(p.state, '') NOT IN ('confirming', 'awaiting_deposit', 'unknown', 'surplus')`
	whole := `(` + orderRefunded + ` > 0 AND ` + orderReceived + ` <= ` + orderRefunded + `)`
	short := `(` + orderRefunded + ` > 0 AND ` + orderReceived + ` - ` + orderRefunded + ` < ` + orderCharged(engine) + `)`
	var condition string
	switch want {
	case payments.StandingPending:
		condition = state(registration.OrderPending) + idle
	case payments.StandingAwaiting:
		condition = state(registration.OrderAwaiting)
	case payments.StandingExpired:
		condition = state(registration.OrderExpired) + idle
	case payments.StandingConfirming:
		condition = open(payments.Confirming)
	case payments.StandingAwaitingDeposit:
		condition = open(payments.AwaitingDeposit)
	case payments.StandingUnknown:
		condition = open(payments.Unknown)
	case payments.StandingSurplus:
		condition = open(payments.Surplus)
	case payments.StandingPaid:
		condition = state(registration.OrderPaid) + ` AND NOT ` + whole + ` AND NOT ` + short
	case payments.StandingPartlyRefunded:
		condition = state(registration.OrderPaid) + ` AND NOT ` + whole + ` AND ` + short
	case payments.StandingRefunded:
		condition = state(registration.OrderPaid) + ` AND ` + whole
	case payments.StandingCancelled:
		condition = state(registration.OrderCancelled) + ` AND NOT ` + whole
	case payments.StandingCancelledRefunded:
		condition = state(registration.OrderCancelled) + ` AND ` + whole
	default:
		condition = `1 = 0` // no order stands so
	}
	w.parts = append(w.parts, condition)
}
