package store

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// books is a store beside a connection that writes rows as it likes: what a faulty program, or a hand, could leave behind.
type books struct {
	t *testing.T
	*Store
	raw *sql.DB
	now time.Time
	n   int64 // makes names
}

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(b *books)) {
	t.Run("sqlite", func(t *testing.T) { test(openBooks(t, migratedSQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(openBooks(t, migratedPostgres(t))) })
}

// another opens fresh books on the same engine.
func (b *books) another(t *testing.T) *books {
	t.Helper()
	if b.Engine() == Postgres {
		return openBooks(t, migratedPostgres(t))
	}
	return openBooks(t, migratedSQLite(t))
}

func openBooks(t *testing.T, url string) *books {
	t.Helper()
	b := &books{t: t, now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if b.Store, err = Open(t.Context(), Config{URL: url, Now: func() time.Time { return b.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if b.raw, err = unruly(b.Store); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.raw.Close() })
	return b
}

// unruly is a writing connection on which references are not checked.
func unruly(s *Store) (*sql.DB, error) {
	if s.Engine() == Postgres {
		db, err := sql.Open("pgx", s.cfg.URL)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1)
		_, err = db.Exec(`SET session_replication_role = replica`)
		return db, err
	}
	db, err := rawSQLite(s.path)
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(`PRAGMA synchronous = OFF`)
	return db, err
}

// exec runs a statement as it is.
func (b *books) exec(query string, args ...any) {
	b.t.Helper()
	if _, err := b.raw.Exec(query, args...); err != nil {
		b.t.Fatalf("%s: %v", query, err)
	}
}

// name makes an id that sorts by the time of its making.
func (b *books) name(kind string) string {
	b.n++
	return fmt.Sprintf("%s-%06d", kind, b.n)
}

// clear empties every table.
func (b *books) clear() {
	b.t.Helper()
	for _, table := range []string{"strangers_closed", "phone_codes", "clearing_orders", "clearings", "waiting", "evidence", "files", "members", "webhooks", "sign_in_links", "sessions", "staff", "drafts", "vouchers", "import_rows", "imports", "paper_mails", "coverings", "papers", "attention", "audit", "receipts", "series", "refunds",
		"payments", "amendments", "charges", "registrations", "orders", "quotas", "channels", "events", "jobs"} {
		b.exec(`DELETE FROM ` + table)
	}
}

// event writes an event in a mode with one quota of 300 places and two channels.
func (b *books) event(slug string, mode registration.Mode) string {
	b.t.Helper()
	id := b.name("event")
	day := registration.Date{Year: 2027, Month: time.July, Day: 22}
	e := registration.Event{ID: id, Slug: slug, Mode: mode, Timezone: "Asia/Seoul", Starts: day, Ends: day}
	b.exec(`INSERT INTO events (id, slug, mode, version, definition, created_at, updated_at) VALUES ($1, $2, $3, $5, $4, 0, 0)`, id, slug, mode, toJSON(e), b.n)
	b.exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, 'hall', 300, 0, 0)`, quotaID(id, "hall"), id)
	for i, cur := range []string{"KRW", "USD"} {
		key := []string{"korea", "abroad"}[i]
		b.exec(`INSERT INTO channels (id, event_id, key, gateway, mode, currency, cards, methods, merchant, credentials, api_url, script_url,
			confirm_window, position, removed, version) VALUES ($1, $2, $3, 'toss', $4, $5, 'any', '["card"]', $6, '{}', '', '', 0, $7, FALSE, 1)`,
			id+"/"+key, id, key, mode, cur, "merchant-"+slug, i)
	}
	return id
}

// sample is an order to be written.
type sample struct {
	state    registration.OrderState
	places   string
	name     string
	prices   registration.Prices
	category string
	extras   int64 // banquets
	phone    string
}

var standard = registration.Prices{registration.KRW: 150000, registration.USD: 12000}

// order writes an order with its registration, charge, places and audit, and gives its id and code.
func (b *books) order(eventID string, o sample) (id, code string) {
	b.t.Helper()
	if o.prices == nil {
		o.prices = standard
	}
	if o.name == "" {
		o.name = "홍길동"
	}
	if o.category == "" {
		o.category = "student"
	}
	o.places = map[registration.OrderState]string{registration.OrderPending: placesHeld, registration.OrderPaid: placesSold}[o.state]
	if o.places == "" {
		o.places = placesNone
	}
	id = b.name("order")
	code = fmt.Sprintf("K7Q4-%04d", b.n)
	placed, paid := ms(b.now)+b.n, int64(0)
	if o.state == registration.OrderPaid {
		paid = placed
	}
	lines := []registration.Line{{Kind: registration.LineCategory, ID: o.category, Quantity: 1, Unit: o.prices}}
	if o.extras > 0 {
		lines = append(lines, registration.Line{Kind: registration.LineExtra, ID: "banquet", Quantity: o.extras})
	}
	email := fmt.Sprintf("person%d@example.org", b.n)
	person := registration.Person{Name: o.name, Email: email, Affiliation: "한국학회", Phone: o.phone}
	b.exec(`INSERT INTO orders (id, event_id, code, secret_version, draft_id, state, places, taken, category, lang, name, email, affiliation, search,
			consents, prices, currency, placed_at, hold_until, hold_limit, extensions, paid_at)
		VALUES ($1, $2, $3, 1, $4, $5, $6, '{"hall":1}', $7, 'ko', $8, $9, '한국학회', $10, '[]', $11, '', $12, $13, $13, 0, $14)`,
		id, eventID, code, "draft-"+id, o.state, o.places, o.category, o.name, email, folded(o.name, email, "한국학회", code),
		toJSON(o.prices), placed, placed+1200000, paid)
	b.exec(`INSERT INTO registrations (id, order_id, position, person, lines, check_in) VALUES ($1, $2, 0, $3, $4, $5)`,
		"reg-"+id, id, toJSON(person), toJSON(lines), "check-in-"+id)
	b.exec(`INSERT INTO charges (id, order_id, no, prices, created_at) VALUES ($1, $2, 1, $3, $4)`, "charge-"+id, id, toJSON(o.prices), placed)
	if o.places != placesNone {
		column := map[string]string{placesHeld: "held", placesSold: "sold"}[o.places]
		b.exec(`UPDATE quotas SET `+column+` = `+column+` + 1 WHERE id = $1`, quotaID(eventID, "hall"))
	}
	if (&registration.Order{Prices: o.prices}).Free() && o.state == registration.OrderPaid {
		b.audit("order", eventID, id, "", "", "paid")
		return id, code
	}
	steps := map[registration.OrderState][]string{
		registration.OrderPending: {"pending"}, registration.OrderPaid: {"pending", "paid"},
		registration.OrderExpired: {"pending", "expired"}, registration.OrderCancelled: {"pending", "cancelled"},
	}[o.state]
	b.audit("order", eventID, id, "", "", steps...)
	return id, code
}

// audit writes the rows of one object that has gone through the states.
func (b *books) audit(what, eventID, orderID, paymentID, refundID string, states ...string) {
	b.t.Helper()
	from := ""
	for _, to := range states {
		b.exec(`INSERT INTO audit (id, at, actor, what, event_id, order_id, payment_id, refund_id, from_state, to_state, amount, currency, reason)
			VALUES ($1, $2, 'system', $3, $4, $5, $6, $7, $8, $9, NULL, '', '')`,
			b.name("audit"), ms(b.now)+b.n, what, null(eventID), null(orderID), null(paymentID), null(refundID), null(from), to)
		from = to
	}
}

// try is a payment to be written.
type try struct {
	state    payments.State
	amount   int64 // 0: the standard price in won
	currency registration.Currency
}

// payment writes a payment of an order's charge with its audit, receipt included.
func (b *books) payment(eventID, orderID string, p try) string {
	b.t.Helper()
	if p.currency == "" {
		p.currency = registration.KRW
	}
	if p.amount == 0 {
		p.amount = standard[p.currency]
	}
	id := b.name("payment")
	channel, captured, capturedIn, verified, confirmed := "korea", int64(0), registration.Currency(""), int64(0), int64(0)
	if p.currency == registration.USD {
		channel = "abroad"
	}
	var gatewayID any
	if p.state.HasMoney() {
		captured, capturedIn, verified, gatewayID = p.amount, p.currency, ms(b.now)+b.n, "pay_"+id
	}
	if p.state == payments.Confirmed {
		confirmed = verified
		b.exec(`UPDATE orders SET currency = $2 WHERE id = $1`, orderID, p.currency)
	}
	next := int64(0)
	if !p.state.Settled() {
		next = ms(b.now) + 60000
	}
	b.exec(`INSERT INTO payments (id, order_id, event_id, charge_id, charge_no, channel_id, gateway, mode, merchant, attempt, token, order_no, state, amount,
			currency, candidate, sent, gateway_id, captured, captured_currency, verified_at, idempotency_key, send_open, lease_until, lease_owner,
			started_at, intent_at, confirmed_at, last_capture, next_look, looks, reason, method, card, approve, proof, lang, launch,
			asked, cash_receipt, account, deadline, secret, paid_at)
		VALUES ($1, $2, $3, $4, 1, $5, 'toss', (SELECT mode FROM events WHERE id = $3), (SELECT merchant FROM channels WHERE id = $5), $6, $7, $8, $9, $10,
			$11, '', '', $12, $13, $14, $15, $16, FALSE, 0, '',
			$17, 0, $18, $19, $20, 0, '', 'card', '', $21, '', 'ko', '', 'card', '{}', '{}', 0, '', 0)`,
		id, orderID, eventID, "charge-"+orderID, eventID+"/"+channel, b.n, "token-"+id, "F"+id, p.state, p.amount,
		p.currency, gatewayID, captured, capturedIn, verified, "key-"+id, ms(b.now), confirmed, ms(b.now)+600000, next, fmt.Sprintf("%08d", b.n))
	b.audit("payment", eventID, orderID, id, "", pathTo(p.state)...)
	if p.state == payments.Confirmed {
		b.receipt(eventID, orderID, id, "", p.amount, p.currency)
	}
	return id
}

// pathTo gives the states through which a payment comes to one.
func pathTo(s payments.State) []string {
	switch s {
	case payments.Started:
		return []string{"started"}
	case payments.Confirming, payments.Failed, payments.Abandoned:
		return []string{"started", string(s)}
	case payments.Expired:
		return []string{"started", "confirming", "awaiting_deposit", "expired"}
	case payments.Confirmed, payments.Surplus, payments.Unknown, payments.AwaitingDeposit:
		return []string{"started", "confirming", string(s)}
	}
	return nil
}

// refund writes a refund of a payment with its audit, correction included.
func (b *books) refund(eventID, orderID, paymentID string, state payments.RefundState, amount int64, correct bool) string {
	b.t.Helper()
	id := b.name("refund")
	done := int64(0)
	steps := []string{"requested"}
	switch state {
	case payments.RefundDone:
		done = ms(b.now) + b.n
		steps = append(steps, "sending", "done")
	case payments.RefundUnknown, payments.RefundRefused:
		steps = append(steps, "sending", string(state))
	case payments.RefundSending:
		steps = append(steps, "sending")
	case payments.RefundRequested:
	}
	b.exec(`INSERT INTO refunds (id, payment_id, order_id, state, amount, currency, source, reason, actor, nonce, idempotency_key, send_open, sends,
			gateway_id, next_try, note, created_at, done_at)
		VALUES ($1, $2, $3, $4, $5, (SELECT captured_currency FROM payments WHERE id = $2), 'staff', '', 'system', NULL, $6, FALSE, 1, '', 0, '', $7, $8)`,
		id, paymentID, orderID, state, amount, "key-"+id, ms(b.now), done)
	b.audit("refund", eventID, orderID, paymentID, id, steps...)
	if correct {
		b.receipt(eventID, orderID, paymentID, id, amount, registration.KRW)
	}
	return id
}

// receipt writes the next receipt of a payment, or the correction of a refund, with its audit.
func (b *books) receipt(eventID, orderID, paymentID, refundID string, amount int64, cur registration.Currency) {
	b.t.Helper()
	e, err := b.EventByID(b.t.Context(), eventID)
	if err != nil {
		b.t.Fatal(err)
	}
	kind, corrects := kindReceipt, ""
	if refundID != "" {
		kind = kindCorrection
		row := b.raw.QueryRow(`SELECT no FROM receipts WHERE payment_id = $1 AND kind = 'receipt'`, paymentID)
		if err := row.Scan(&corrects); err != nil {
			b.t.Fatal(err)
		}
	}
	series := seriesOf(e, kind)
	b.exec(`INSERT INTO series (id, last) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET last = series.last + 1`, series)
	var n int64
	if err := b.raw.QueryRow(`SELECT last FROM series WHERE id = $1`, series).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	no := fmt.Sprintf("%s-%06d", series, n)
	b.exec(`INSERT INTO receipts (no, series, number, kind, event_id, order_id, payment_id, refund_id, corrects, amount, currency, issued_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		no, series, n, kind, eventID, orderID, paymentID, null(refundID), corrects, amount, cur, ms(b.now)+b.n, "{}")
	b.audit("receipt", eventID, orderID, paymentID, refundID, "issued")
	b.exec(`UPDATE audit SET reason = $1 WHERE what = 'receipt' AND to_state = 'issued' AND reason = ''`, no)
}

// attention puts a payment on the attention list.
func (b *books) attention(eventID, orderID, paymentID, kind string) string {
	b.t.Helper()
	id := b.name("attention")
	b.exec(`INSERT INTO attention (id, kind, event_id, order_id, payment_id, refund_id, since, note) VALUES ($1, $2, $3, $4, $5, '', $6, '')`,
		id, kind, eventID, orderID, paymentID, ms(b.now)+b.n)
	return id
}

// paid writes an order that is paid, and gives it with its payment.
func (b *books) paid(eventID string) (orderID, paymentID string) {
	b.t.Helper()
	orderID, _ = b.order(eventID, sample{state: registration.OrderPaid})
	return orderID, b.payment(eventID, orderID, try{state: payments.Confirmed})
}
