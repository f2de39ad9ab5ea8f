package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// OrderRow is one order in a list or an export.
type OrderRow struct {
	ID          string
	Code        string
	State       registration.OrderState
	Places      string // held, sold or none
	Name        string
	Email       string
	Affiliation string
	Category    string              // id in the event file
	Lines       []registration.Line // the category's and the extras' lines of all its registrations, equal ones added up
	Lang        registration.Lang
	Total       registration.Money // in the currency of the first money; before it of the newest payment, or of the first channel
	Paid        int64              // captured in Total's currency, surplus included
	Refunded    int64              // gone back, in Total's currency
	Other       []Sum              // money in other currencies, nearly always none
	Payment     payments.State     // of the payment that counts: the confirmed one, else the newest; "" without one
	Channel     string             // of that payment, id in the event file
	Gateway     string
	Method      string
	GatewayID   string
	OrderNo     string // our number of that payment at the gateway
	ReceiptNo   string
	PlacedAt    time.Time
	PaidAt      time.Time // zero until paid
	Test        bool
	Evidence    []registration.EvidenceState // of its people, as far as anything is asked of them
	Voucher     string                       // code that was used
	Consents    []registration.Consent       // what was agreed to; none in an order that staff made
	Papers      []string                     // numbers of the papers that it covers; none once it has no places
	People      []registration.Person        // in their order
	Answers     []registration.Answers       // what each of its people has answered; what was asked once for the order is with the first
	Agreed      [][]registration.Consent     // what each of its people has agreed to themselves, as Registration.Consents
}

// Net is what is left of the money in Total's currency.
func (r OrderRow) Net() int64 { return r.Paid - r.Refunded }

// Standing is the one word about how the order stands.
func (r OrderRow) Standing() payments.Standing {
	money := func(minor int64) registration.Money { return registration.Money{Minor: minor, Cur: r.Total.Cur} }
	return payments.StandingOf(r.State, r.Payment, []registration.Money{r.Total}, money(r.Paid), money(r.Refunded))
}

// Extras are the lines of the order that are no category's.
func (r OrderRow) Extras() []registration.Line {
	return slices.DeleteFunc(slices.Clone(r.Lines), func(l registration.Line) bool { return l.Kind != registration.LineExtra })
}

const rowColumns = `o.id, o.code, o.state, o.places, o.name, o.email, o.affiliation, o.category, o.lang, o.currency, o.prices, o.placed_at, o.paid_at, o.voucher, o.answers, o.taken, o.consents, e.mode,
	COALESCE(p.state, ''), COALESCE(p.method, ''), COALESCE(p.gateway_id, ''), COALESCE(p.order_no, ''), COALESCE(p.currency, ''),
	COALESCE(c.key, ''), COALESCE(c.gateway, ''),
	COALESCE((SELECT r.no FROM receipts r WHERE r.payment_id = p.id AND r.kind = 'receipt'), ''),
	COALESCE((SELECT f.currency FROM channels f WHERE f.event_id = o.event_id AND NOT f.removed ORDER BY f.position LIMIT 1), '')`

func scanOrderRow(row scanner) (OrderRow, error) {
	var r OrderRow
	var prices, answers, taken, consents string
	var placed, paid int64
	var mode registration.Mode
	var fixed, newest, first registration.Currency
	err := row.Scan(&r.ID, &r.Code, &r.State, &r.Places, &r.Name, &r.Email, &r.Affiliation, &r.Category, &r.Lang, &fixed, &prices, &placed, &paid, &r.Voucher, &answers, &taken, &consents, &mode,
		&r.Payment, &r.Method, &r.GatewayID, &r.OrderNo, &newest, &r.Channel, &r.Gateway, &r.ReceiptNo, &first)
	if err != nil {
		return r, err
	}
	r.PlacedAt, r.PaidAt, r.Test = at(placed), at(paid), mode == registration.Test
	given, err := answersOf(answers)
	if err != nil {
		return r, err
	}
	if len(given) > 0 {
		r.Answers = []registration.Answers{given}
	}
	if r.Papers, err = papersTaken(taken, r.Places); err != nil {
		return r, err
	}
	if err := fromJSON(consents, &r.Consents); err != nil {
		return r, err
	}
	total := registration.Prices{}
	if err := fromJSON(prices, &total); err != nil {
		return r, err
	}
	r.Total = owed(total, fixed, newest, first)
	return r, nil
}

// owed is what an order comes to now: in the currency that the first money fixed; before that in the currency of its newest payment, of the
// event's first channel, or in the first one that it has.
func owed(total registration.Prices, fixed, newest, first registration.Currency) registration.Money {
	if fixed != "" {
		return registration.Money{Minor: total[fixed], Cur: fixed}
	}
	for _, c := range append([]registration.Currency{newest, first}, total.Currencies()...) {
		if minor, ok := total[c]; ok {
			return registration.Money{Minor: minor, Cur: c}
		}
	}
	return registration.Money{Cur: first}
}

// fillRows adds lines and money to the rows of a page.
func fillRows(ctx context.Context, q queryer, rows []OrderRow) error {
	byID, ids := map[string]*OrderRow{}, []string{}
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
		ids = append(ids, rows[i].ID)
	}
	if len(ids) == 0 {
		return nil
	}
	in, args := placeholders(ids)
	lines := func(row scanner) (id string, err error) {
		var text, answers, person, agreed string
		var lines []registration.Line
		if err := row.Scan(&id, &text, &answers, &person, &agreed); err != nil {
			return id, err
		}
		if err := fromJSON(text, &lines); err != nil {
			return id, err
		}
		var who registration.Person
		if err := fromJSON(person, &who); err != nil {
			return id, err
		}
		given, err := agreedOf(agreed)
		if err != nil {
			return id, err
		}
		byID[id].People, byID[id].Agreed = append(byID[id].People, who), append(byID[id].Agreed, given)
		answered, err := answersOf(answers)
		byID[id].Lines = registration.AddLines(byID[id].Lines, lines)
		if len(answered) > 0 {
			byID[id].Answers = append(byID[id].Answers, answered)
		}
		return id, err
	}
	if _, err := collect(ctx, q, lines, `SELECT order_id, lines, answers, person, agreed FROM registrations WHERE order_id IN (`+in+`) AND cancelled_at = 0 ORDER BY order_id, position`, args...); err != nil {
		return err
	}
	evidence := func(row scanner) (id string, err error) {
		var state registration.EvidenceState
		err = row.Scan(&id, &state)
		byID[id].Evidence = append(byID[id].Evidence, state)
		return id, err
	}
	if _, err := collect(ctx, q, evidence, `SELECT order_id, state FROM evidence WHERE order_id IN (`+in+`) AND state <> 'none' ORDER BY order_id, position`, args...); err != nil {
		return err
	}
	money := func(row scanner) (id string, err error) {
		var sum Sum
		if err := row.Scan(&id, &sum.Currency, &sum.Paid, &sum.Refunded); err != nil {
			return id, err
		}
		byID[id].add(sum)
		return id, nil
	}
	_, err1 := collect(ctx, q, money, `SELECT order_id, captured_currency, CAST(SUM(captured) AS BIGINT), 0 FROM payments
		WHERE order_id IN (`+in+`) AND state IN ('confirmed', 'surplus') GROUP BY order_id, captured_currency`, args...)
	_, err2 := collect(ctx, q, money, `SELECT order_id, currency, 0, CAST(SUM(amount) AS BIGINT) FROM refunds
		WHERE order_id IN (`+in+`) AND state = 'done' GROUP BY order_id, currency`, args...)
	return errors.Join(err1, err2)
}

// add counts money of one currency into the row.
func (r *OrderRow) add(sum Sum) {
	if sum.Currency == r.Total.Cur {
		r.Paid, r.Refunded = r.Paid+sum.Paid, r.Refunded+sum.Refunded
		return
	}
	i := slices.IndexFunc(r.Other, func(s Sum) bool { return s.Currency == sum.Currency })
	if i < 0 {
		r.Other = append(r.Other, Sum{Currency: sum.Currency})
		i = len(r.Other) - 1
	}
	r.Other[i].Paid, r.Other[i].Refunded = r.Other[i].Paid+sum.Paid, r.Other[i].Refunded+sum.Refunded
}
