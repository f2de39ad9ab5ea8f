package store

import "context"

var checkPeople = Check{
	"I24", "An order counts as many people as it has registrations.", reportFault,
}

// people compares the number of people that orders say they have with their registrations.
func (d *doctor) people(ctx context.Context) error {
	return d.listed(ctx, checkPeople, "The order counts another number of people than it has registrations.", `SELECT o.code FROM orders o
		WHERE o.people <> (SELECT COUNT(*) FROM registrations r WHERE r.order_id = o.id) ORDER BY o.code LIMIT 100`)
}
