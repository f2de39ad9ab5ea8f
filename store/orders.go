package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"foyer/registration"
)

const orderColumns = `id, event_id, code, secret_version, state, lang, consents, prices, currency, placed_at, hold_until, hold_limit, extensions,
	voucher, answers, kind, payer, changed`

// scanOrder reads an order's own row; its registrations come apart.
func scanOrder(row scanner) (*registration.Order, error) {
	var o registration.Order
	var consents, prices, answers, kind, payer string
	var placed, until, limit int64
	err := row.Scan(&o.ID, &o.EventID, &o.Code, &o.SecretVersion, &o.State, &o.Lang, &consents, &prices, &o.Currency,
		&placed, &until, &limit, &o.Extensions, &o.Voucher, &answers, &kind, &payer, &o.Changed)
	if err != nil {
		return nil, notFound(err, "order.unknown")
	}
	if o.Answers, err = answersOf(answers); err != nil {
		return nil, err
	}
	if payer != "" {
		if err := fromJSON(payer, &o.Payer); err != nil {
			return nil, err
		}
	}
	o.Check = kind == kindCheck
	o.PlacedAt, o.HoldUntil, o.HoldLimit = at(placed), at(until), at(limit)
	if err := fromJSON(consents, &o.Consents); err != nil {
		return nil, err
	}
	return &o, fromJSON(prices, &o.Prices)
}

// Order reads an order with its registrations; CodeNotFound when there is none.
func (s *Store) Order(ctx context.Context, id string) (*registration.Order, error) {
	return s.order(ctx, `id`, id)
}

// OrderByCode is Order by the code that people know.
func (s *Store) OrderByCode(ctx context.Context, code string) (*registration.Order, error) {
	return s.order(ctx, `code`, code)
}

func (s *Store) order(ctx context.Context, column, value string) (*registration.Order, error) {
	o, err := scanOrder(s.Row(ctx, `SELECT `+orderColumns+` FROM orders WHERE `+column+` = $1`, value))
	if err != nil {
		return nil, err
	}
	rows, err := s.Rows(ctx, registrationsOf, o.ID)
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	o.Registrations, err = scanAll(rows, scanRegistration)
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	payerIsFirst(o)
	return o, nil
}

// payerIsFirst makes the first person the payer of an order that names no other.
func payerIsFirst(o *registration.Order) {
	if o.Payer == (registration.Person{}) && len(o.Registrations) > 0 {
		o.Payer = o.Registrations[0].Person
	}
}

const registrationsFrom = `SELECT r.id, r.order_id, r.person, r.lines, r.check_in, r.answers, r.cancelled_at, r.version, r.completed_at, r.agreed, o.places
	FROM registrations r JOIN orders o ON o.id = r.order_id WHERE r.order_id`

const registrationsOf = registrationsFrom + ` = $1 ORDER BY r.position`

func scanRegistration(row scanner) (registration.Registration, error) {
	var r registration.Registration
	var person, lines, answers, agreed, places string
	var gone, completed int64
	err := row.Scan(&r.ID, &r.OrderID, &person, &lines, &r.CheckInToken, &answers, &gone, &r.Version, &completed, &agreed, &places)
	if err != nil {
		return r, err
	}
	if r.Answers, err = answersOf(answers); err != nil {
		return r, err
	}
	if r.Consents, err = agreedOf(agreed); err != nil {
		return r, err
	}
	r.CompletedAt = at(completed)
	if r.State, r.Gone = stateOf(places), gone > 0; r.Gone {
		r.State = registration.Cancelled
	}
	if err := fromJSON(person, &r.Person); err != nil {
		return r, err
	}
	return r, fromJSON(lines, &r.Lines)
}

// stateOf is the state of a registration, which follows its order's places.
func stateOf(places string) registration.State {
	switch places {
	case placesHeld:
		return registration.Held
	case placesSold:
		return registration.Confirmed
	}
	return registration.Cancelled
}

// OrdersOf lists the orders of an e-mail address, in whatever case it is written, in every event, the newest first, at most 20.
func (s *Store) OrdersOf(ctx context.Context, email string) ([]*registration.Order, error) {
	rows, err := s.Rows(ctx, `SELECT `+orderColumns+` FROM orders WHERE email = $1 AND kind = '' ORDER BY placed_at DESC LIMIT 20`, foldEmail(email))
	if err != nil {
		return nil, fmt.Errorf("find orders: %w", err)
	}
	return scanAll(rows, scanOrder)
}

// AskForLinks queues the mail with the links of an address, whether it has orders or not: the answer must not tell.
func (s *Store) AskForLinks(ctx context.Context, email string, lang registration.Lang) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		return addMail(tx, Mail{Kind: "links", Email: email, Lang: string(lang)})
	})
}

// Renew takes places again for an expired order, at the prices that the attendee has just been shown and agreed to: one quote for each of
// its people, in their order.
//
// An order that has become free is paid at once. Renew fails with CodeFull when places are gone, with CodeConflict when the order is
// not expired any more.
func (s *Store) Renew(ctx context.Context, e *registration.Event, orderID string, q registration.Quotes, hold, holdMax time.Duration, actor string) error {
	o, err := s.Order(ctx, orderID)
	if err != nil {
		return err
	}
	if len(q) != len(o.Registrations) {
		return fmt.Errorf("renew order %s: %d quotes for %d people", o.Code, len(q), len(o.Registrations))
	}
	taken, total := q.Places(e, answersByPerson(o), o.Answers), q.Prices()
	if err := s.takePapersOf(ctx, orderID, taken); err != nil {
		return err
	}
	free := (&registration.Order{Prices: total}).Free()
	state, places := registration.OrderPending, placesHeld
	if free {
		state, places = registration.OrderPaid, placesSold
	}
	kept, _ := q.Voucher()
	locks := Locks{Quotas: append(quotaIDs(e.ID, taken), keptQuotas(e, kept)...), Orders: []string{orderID}}
	return s.Write(ctx, locks, func(tx *Tx) error {
		if err := tx.NeedOrder(orderID); err != nil {
			return err
		}
		if err := takeKept(tx, e, kept, taken, free); err != nil {
			return err
		}
		if free, err := membersFree(tx, e.ID, orderID); err != nil || !free {
			return orElse(err, full())
		}
		code := ""
		if v, uses := q.Voucher(); v != nil {
			if err := mayUse(tx, e.ID, v, uses, o.Payer.Email, orderID); err != nil {
				return err
			}
			code = v.Code
		}
		now, ends := tx.Now(), e.PriceEnds(q[0].Phase)
		n, err := tx.Exec(`UPDATE orders SET voucher = $9, state = $6, places = $7, paid_at = $8, taken = $2, prices = $3, hold_until = $4, hold_limit = $5, extensions = 0
			WHERE id = $1 AND state = 'expired' AND places = 'none'`,
			orderID, toJSON(taken), toJSON(total), ms(registration.Sooner(now.Add(hold), ends)), ms(registration.Sooner(now.Add(max(hold, holdMax)), ends)), state, places, paidAt(free, now), code)
		if err != nil {
			return fmt.Errorf("renew order: %w", err)
		}
		if n == 0 {
			return registration.Fail(registration.CodeConflict, "order.moved")
		}
		for i, r := range o.Registrations {
			if _, err := tx.Exec(`UPDATE registrations SET lines = $3 WHERE order_id = $1 AND id = $2`, orderID, r.ID, toJSON(q[i].Lines)); err != nil {
				return fmt.Errorf("renew lines: %w", err)
			}
		}
		if _, err := tx.Exec(`UPDATE charges SET prices = $2 WHERE order_id = $1 AND no = 1`, orderID, toJSON(total)); err != nil {
			return fmt.Errorf("renew charge: %w", err)
		}
		if free {
			if err := addMail(tx, Mail{Kind: "registered", OrderID: orderID}); err != nil {
				return err
			}
		}
		return auditRow(tx, audit{actor: actor, what: "order", eventID: e.ID, orderID: orderID, from: "expired", to: string(state)})
	})
}

// answersByPerson are the answers of an order's people, in their order.
func answersByPerson(o *registration.Order) []registration.Answers {
	var all []registration.Answers
	for _, r := range o.Registrations {
		all = append(all, r.Answers)
	}
	return all
}

// foldEmail is an address as it is compared: case counts for nothing. Only ASCII letters are folded, so that no two letters of other
// scripts make one address of two.
func foldEmail(email string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, email)
}

// paidAt is when a free order is paid: at once.
func paidAt(free bool, now time.Time) int64 {
	if free {
		return ms(now)
	}
	return 0
}
