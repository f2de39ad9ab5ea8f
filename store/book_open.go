package store

import (
	"database/sql"
	"errors"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// openBook reads a payment with its surroundings.
func openBook(tx *Tx, a around) (*book, error) {
	all, err := readBooks(tx, []around{a})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// readBooks reads payments with their surroundings, all with the same few queries.
func readBooks(tx *Tx, all []around) ([]*book, error) {
	books := make([]*book, len(all))
	orders, paid, charges := bookIDs{of: map[string]*book{}}, bookIDs{of: map[string]*book{}}, bookIDs{of: map[string]*book{}}
	for i, a := range all {
		books[i] = &book{tx: tx, around: a}
		orders.add(a.orderID, books[i])
		paid.add(a.paymentID, books[i])
		charges.add(a.chargeID, books[i])
	}
	if err := errors.Join(readBookOrders(tx, orders), readBookPayments(tx, orders), readBookCharges(tx, charges), readBookRefunds(tx, paid)); err != nil {
		return nil, err
	}
	for _, b := range books {
		if b.order == nil || b.charge.ID == "" || b.payment.ID == "" {
			return nil, registration.Fail(registration.CodeNotFound, "payment.unknown")
		}
		if err := b.readAmendment(); err != nil {
			return nil, err
		}
	}
	return books, nil
}

// bookIDs are books by the id of something that each of them has.
type bookIDs struct {
	all []string
	of  map[string]*book
}

func (ids *bookIDs) add(id string, b *book) {
	ids.all, ids.of[id] = append(ids.all, id), b
}

// asker runs a query that gives many rows: Tx.Rows, or Store.Rows with its context.
type asker func(query string, args ...any) (*sql.Rows, error)

// readMany reads the rows of a query that ends with a column, for some values of that column, and hands each to put.
func readMany[T any](ask asker, query, order string, ids []string, one func(scanner) (T, error), put func(T)) error {
	in, args := placeholders(padded(ids))
	rows, err := ask(query+` IN (`+in+`) ORDER BY `+order, args...)
	if err != nil {
		return err
	}
	found, err := scanAll(rows, one)
	for _, v := range found {
		put(v)
	}
	return err
}

// padded repeats the last id until there are a power of two, so that the texts of queries are few and stay prepared.
func padded(ids []string) []string {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	all := append(make([]string, 0, n), ids...)
	for len(all) < n {
		all = append(all, ids[len(ids)-1])
	}
	return all
}

func readBookOrders(tx *Tx, books bookIDs) error {
	return readOrderPlaces(tx, books.all, func(o orderPlaces) { books.of[o.order.ID].orderPlaces = o })
}

// orderPlaces is an order with which places it has, and of which quotas.
type orderPlaces struct {
	order  *registration.Order
	places string
	taken  map[string]int64
}

func readOrderPlaces(tx *Tx, orderIDs []string, put func(orderPlaces)) error {
	err := readMany(tx.Rows, `SELECT `+orderColumns+`, places, taken FROM orders WHERE id`, `id`, orderIDs,
		func(r scanner) (o orderPlaces, err error) {
			var taken string
			if o.order, err = scanOrder(wider{r, []any{&o.places, &taken}}); err == nil {
				err = fromJSON(taken, &o.taken)
			}
			return o, err
		}, put)
	return wrapped("read orders", err)
}

// wider is a row that has further columns than whoever reads it knows of.
type wider struct {
	scanner
	more []any
}

// Scan reads the row, and the further columns beside.
func (w wider) Scan(dest ...any) error { return w.scanner.Scan(append(dest, w.more...)...) }

func readBookPayments(tx *Tx, books bookIDs) error {
	err := readMany(tx.Rows, `SELECT `+paymentColumns+` FROM payments WHERE order_id`, `attempt`, books.all, scanPayment,
		func(p payments.Payment) {
			if b := books.of[p.OrderID]; p.ID == b.around.paymentID {
				b.payment, b.row, b.was = p, p, p.State
			} else {
				b.siblings = append(b.siblings, p)
			}
		})
	if err != nil {
		return fmt.Errorf("read payments: %w", err)
	}
	return nil
}

func readBookCharges(tx *Tx, books bookIDs) error {
	return readMany(tx.Rows, `SELECT `+chargeColumns+` FROM charges WHERE id`, `id`, books.all, scanCharge,
		func(c payments.Charge) { books.of[c.ID].charge = c })
}

func readBookRefunds(tx *Tx, books bookIDs) error {
	err := readMany(tx.Rows, `SELECT `+refundColumns+refundsFrom+` WHERE r.payment_id`, `r.id`, books.all, scanRefund,
		func(r payments.Refund) { books.of[r.PaymentID].refunds = append(books.of[r.PaymentID].refunds, r) })
	if err != nil {
		return fmt.Errorf("read refunds: %w", err)
	}
	return nil
}

// registrationsBy reads the registrations of orders, by order.
func registrationsBy(ask asker, orderIDs []string) (map[string][]registration.Registration, error) {
	all := map[string][]registration.Registration{}
	err := readMany(ask, registrationsFrom, `r.position`, orderIDs, scanRegistration,
		func(r registration.Registration) { all[r.OrderID] = append(all[r.OrderID], r) })
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	return all, nil
}
