package store

import (
	"errors"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// openBook reads a payment with its surroundings.
func openBook(tx *Tx, a around) (*book, error) {
	b := &book{tx: tx, around: a}
	if err := errors.Join(b.readOrder(), b.readPayments(), b.readCharge(), b.readRefunds()); err != nil {
		return nil, err
	}
	if b.order == nil || b.payment.ID == "" {
		return nil, registration.Fail(registration.CodeNotFound, "payment.unknown")
	}
	return b, b.readAmendment()
}

func (b *book) readOrder() error {
	return readOrderPlaces(b.tx, []string{b.around.orderID}, func(o orderPlaces) { b.orderPlaces = o })
}

func (b *book) readPayments() error {
	return readPaymentsOf(b.tx, []string{b.around.orderID}, func(p payments.Payment) {
		if p.ID == b.around.paymentID {
			b.payment, b.row, b.was = p, p, p.State
		} else {
			b.siblings = append(b.siblings, p)
		}
	})
}

func (b *book) readCharge() (err error) {
	b.charge, err = scanCharge(b.tx.Row(`SELECT `+chargeColumns+` FROM charges WHERE id = $1`, b.around.chargeID))
	return err
}

func (b *book) readRefunds() error {
	rows, err := b.tx.Rows(`SELECT `+refundColumns+refundsFrom+` WHERE r.payment_id = $1 ORDER BY r.id`, b.around.paymentID)
	if err != nil {
		return fmt.Errorf("read refunds: %w", err)
	}
	b.refunds, err = scanAll(rows, scanRefund)
	return wrapped("read refunds", err)
}

// readMany reads the rows of a query that ends with a column, for some values of that column, and hands each to put.
func readMany[T any](tx *Tx, query, order string, ids []string, one func(scanner) (T, error), put func(T)) error {
	in, args := placeholders(padded(ids))
	rows, err := tx.Rows(query+` IN (`+in+`) ORDER BY `+order, args...)
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

// orderPlaces is an order with which places it has, and of which quotas.
type orderPlaces struct {
	order  *registration.Order
	places string
	taken  map[string]int64
}

func readOrderPlaces(tx *Tx, orderIDs []string, put func(orderPlaces)) error {
	err := readMany(tx, `SELECT `+orderColumns+`, places, taken FROM orders WHERE id`, `id`, orderIDs,
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

// readPaymentsOf reads the payments of orders, the first one of each first.
func readPaymentsOf(tx *Tx, orderIDs []string, put func(payments.Payment)) error {
	err := readMany(tx, `SELECT `+paymentColumns+` FROM payments WHERE order_id`, `attempt`, orderIDs, scanPayment, put)
	return wrapped("read payments", err)
}

// registrationsBy reads the registrations of orders, by order.
func registrationsBy(tx *Tx, orderIDs []string) (map[string][]registration.Registration, error) {
	all := map[string][]registration.Registration{}
	err := readMany(tx, registrationsFrom, `r.position`, orderIDs, scanRegistration,
		func(r registration.Registration) { all[r.OrderID] = append(all[r.OrderID], r) })
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	return all, nil
}
