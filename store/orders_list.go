package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Cursor is a place in a list of orders. The zero Cursor is its beginning.
type Cursor struct {
	at   int64
	id   string
	back bool // read towards the beginning
}

// String writes the cursor for an address; ParseCursor reads it. "" for the zero Cursor.
func (c Cursor) String() string {
	if c.id == "" {
		return ""
	}
	way := "after"
	if c.back {
		way = "before"
	}
	return fmt.Sprintf("%s.%d.%s", way, c.at, c.id)
}

// ParseCursor reads what String wrote; anything else is the beginning of the list.
func ParseCursor(text string) Cursor {
	parts := strings.SplitN(text, ".", 3)
	if len(parts) != 3 || (parts[0] != "after" && parts[0] != "before") || clip(parts[2], 64) != parts[2] {
		return Cursor{}
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return Cursor{}
	}
	return Cursor{at: n, id: parts[2], back: parts[0] == "before"}
}

// OrderPage is one page of a list. Next and Prev are zero where there is nothing further.
type OrderPage struct {
	Rows       []OrderRow
	Next, Prev Cursor
}

// Orders lists the orders that the filter asks for, the newest first, at most limit of them from the cursor on.
func (s *Store) Orders(ctx context.Context, f OrderFilter, from Cursor, limit int) (OrderPage, error) {
	var page OrderPage
	err := s.snapshot(ctx, func(q queryer) (err error) {
		page, err = s.orderPage(ctx, q, f, from, limit)
		return err
	})
	if err != nil {
		return OrderPage{}, fmt.Errorf("list orders: %w", err)
	}
	return page, nil
}

// orderPage is Orders within a snapshot.
func (s *Store) orderPage(ctx context.Context, q queryer, f OrderFilter, from Cursor, limit int) (OrderPage, error) {
	rows, err := s.listOrders(ctx, q, f, from, limit+1)
	if err != nil {
		return OrderPage{}, err
	}
	more := len(rows) > limit
	rows = rows[:min(limit, len(rows))]
	if from.back {
		slices.Reverse(rows)
	}
	page := paged(rows, from, more)
	return page, fillRows(ctx, q, page.Rows)
}

// paged finds out where a page's neighbours begin.
func paged(rows []OrderRow, from Cursor, more bool) OrderPage {
	p := OrderPage{Rows: rows}
	if len(rows) == 0 {
		return p
	}
	first, last := rows[0], rows[len(rows)-1]
	if from.back || more {
		p.Next = Cursor{at: ms(last.PlacedAt), id: last.ID}
	}
	if from.id != "" && (!from.back || more) {
		p.Prev = Cursor{at: ms(first.PlacedAt), id: first.ID, back: true}
	}
	return p
}

// rowsAtOnce is how many orders one query of an export reads.
const rowsAtOnce = 500

// EachOrder runs fn on every order that the filter asks for, the newest first, in short queries by key. An error of fn ends it
// and is returned. Orders that are made meanwhile are left out.
func (s *Store) EachOrder(ctx context.Context, f OrderFilter, fn func(OrderRow) error) error {
	from := Cursor{}
	for {
		page, err := s.Orders(ctx, f, from, rowsAtOnce)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		if from = page.Next; from.id == "" {
			return nil
		}
	}
}

// listOrders reads rows from the cursor on, in the cursor's direction, without what fillRows adds.
func (s *Store) listOrders(ctx context.Context, q queryer, f OrderFilter, from Cursor, limit int) ([]OrderRow, error) {
	w := f.where(s.engine)
	order, beyond := "DESC", "<"
	if from.back {
		order, beyond = "ASC", ">"
	}
	if from.id != "" {
		w.parts = append(w.parts, `(o.placed_at, o.id) `+beyond+` (`+w.arg(from.at)+`, `+w.arg(from.id)+`)`)
	}
	return collect(ctx, q, scanOrderRow, `SELECT `+rowColumns+ordersFrom+` WHERE `+w.text()+
		` ORDER BY o.placed_at `+order+`, o.id `+order+` LIMIT `+w.arg(limit), w.args...)
}
