package store

import (
	"context"
	"maps"
	"slices"

	"foyer/registration"
)

var checkPapers = Check{
	"I17", "A paper has one place, and an order that has places has those of exactly the papers that it covers.", reportFault,
}

// papers compares what an event's orders cover with the places that they say they have. taken is, by paper's number, the order that
// has its place.
func (d *doctor) papers(ctx context.Context, eventID, slug string, taken map[string]string) error {
	_, err := collect(ctx, d.q, func(row scanner) (struct{}, error) {
		var number, orderID, code string
		err := row.Scan(&number, &orderID, &code)
		if err == nil && taken[number] != orderID {
			d.find(checkPapers, "The order covers a paper whose place it does not have.", slug, code, number)
		}
		delete(taken, number)
		return struct{}{}, err
	}, `SELECT c.number, c.order_id, o.code FROM coverings c JOIN orders o ON o.id = c.order_id
		WHERE c.event_id = $1 AND o.places <> 'none' ORDER BY c.number`, eventID)
	for _, number := range slices.Sorted(maps.Keys(taken)) {
		d.find(checkPapers, "An order has the place of a paper that it does not cover.", slug, taken[number], number)
	}
	if err != nil {
		return wrapped("check papers", err)
	}
	return d.listed(ctx, checkPapers, "The paper has no place, or more than one.", `SELECT p.number FROM papers p
		LEFT JOIN quotas q ON q.id = p.event_id || '/`+registration.PaperQuota("")+`' || p.number WHERE p.event_id = $1 AND COALESCE(q.places, 0) <> 1 ORDER BY p.number`, eventID)
}

// papersOf notes which papers an order has the places of.
func papersOf(taken map[string]string, v *OrderView) {
	if v.Places == placesNone {
		return
	}
	for _, number := range registration.PapersIn(v.Taken) {
		taken[number] = v.Order.ID
	}
}
