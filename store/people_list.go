package store

import (
	"context"
	"fmt"

	"foyer/registration"
)

// PersonRow is one registration in an export, with the order that it belongs to.
type PersonRow struct {
	Order        *OrderRow
	No           int                       // its place among the order's people, from 1
	Registration registration.Registration // its state follows the order's places
	ForOrder     registration.Answers      // to what was asked once for the order: with its first registration only
	Evidence     registration.EvidenceState
	Member       string   // number of a member as it was typed
	Papers       []string // that it covers, in the order of their numbers as text; none once the order has no places
	Actor        string   // who made the order, as in the audit
}

// EachPerson runs fn on every registration of the orders that EachOrder would give, cancelled ones too, those of an order one after the
// other. A filter by category or evidence leaves out those people of an order whom it does not mean. An error of fn ends it and is returned.
func (s *Store) EachPerson(ctx context.Context, f OrderFilter, fn func(PersonRow) error) error {
	from := Cursor{}
	for {
		var page OrderPage
		var people []PersonRow
		err := s.snapshot(ctx, func(q queryer) (err error) {
			if page, err = s.orderPage(ctx, q, f, from, rowsAtOnce); err == nil {
				people, err = peopleOf(ctx, q, page.Rows)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("list people: %w", err)
		}
		for _, p := range people {
			if !f.means(p) {
				continue
			}
			if err := fn(p); err != nil {
				return err
			}
		}
		if from = page.Next; from.id == "" {
			return nil
		}
	}
}

// means reports whether the filter is about this person of an order that it finds.
func (f OrderFilter) means(p PersonRow) bool {
	return (f.Category == "" || p.Registration.Category() == f.Category) && (f.Evidence == "" || p.Evidence == f.Evidence)
}

const peopleColumns = `SELECT r.id, r.order_id, r.person, r.lines, r.check_in, r.answers, r.cancelled_at, r.version, r.completed_at, r.agreed, o.places,
	r.position, o.answers, COALESCE(v.state, ''), COALESCE(v.number, ''),
	COALESCE((SELECT a.actor FROM audit a WHERE a.order_id = o.id AND a.what = 'order' AND a.from_state IS NULL ORDER BY a.id LIMIT 1), '')
	FROM registrations r JOIN orders o ON o.id = r.order_id LEFT JOIN evidence v ON v.order_id = r.order_id AND v.position = r.position`

// peopleOf reads the registrations of a page of orders, in its order.
func peopleOf(ctx context.Context, q queryer, orders []OrderRow) (people []PersonRow, err error) {
	if len(orders) == 0 {
		return nil, nil
	}
	ids := make([]string, len(orders))
	for i := range orders {
		ids[i] = orders[i].ID
	}
	in, args := placeholders(ids)
	all, err := collect(ctx, q, scanPerson, peopleColumns+` WHERE r.order_id IN (`+in+`) ORDER BY r.order_id, r.position`, args...)
	if err != nil {
		return nil, err
	}
	papers, err := papersByPerson(ctx, q, in, args)
	if err != nil {
		return nil, err
	}
	byOrder := map[string][]PersonRow{}
	for _, p := range all {
		byOrder[p.Registration.OrderID] = append(byOrder[p.Registration.OrderID], p)
	}
	for i := range orders {
		for _, p := range byOrder[orders[i].ID] {
			if p.Order = &orders[i]; p.Order.Places != placesNone {
				p.Papers = papers[seat{p.Order.ID, p.No}]
			}
			people = append(people, p)
		}
	}
	return people, nil
}

func scanPerson(row scanner) (p PersonRow, err error) {
	var position int
	var answers string
	p.Registration, err = scanRegistration(wide{row, []any{&position, &answers, &p.Evidence, &p.Member, &p.Actor}})
	if err != nil {
		return p, err
	}
	if p.Evidence == "" {
		p.Evidence = registration.EvidenceNone
	}
	if p.No = position + 1; position == 0 {
		p.ForOrder, err = answersOf(answers)
	}
	return p, err
}

// seat is the place of a person in an order.
type seat struct {
	orderID string
	no      int
}

// papersByPerson are the papers that people of these orders cover.
func papersByPerson(ctx context.Context, q queryer, in string, args []any) (map[seat][]string, error) {
	papers := map[seat][]string{}
	one := func(row scanner) (none struct{}, err error) {
		var at seat
		var number string
		err = row.Scan(&at.orderID, &at.no, &number)
		at.no++
		papers[at] = append(papers[at], number)
		return none, err
	}
	_, err := collect(ctx, q, one, `SELECT order_id, position, number FROM coverings WHERE order_id IN (`+in+`) ORDER BY order_id, position, number`, args...)
	return papers, err
}
