package store

import (
	"context"

	"foyer/registration"
)

var checkWaiting = Check{
	"I20", "Who waits for places is in line once, holds places only by an offer, and is passed by nobody.", reportFault,
}

// waiting is I20 for one event: it adds to the recount what offers hold.
func (d *doctor) waiting(ctx context.Context, eventID string, counted recount) error {
	open, err := collect(ctx, d.q, scanWaiting, `SELECT `+waitingColumns+waitingFrom+` WHERE w.event_id = $1 AND w.state IN ('waiting', 'offered') ORDER BY w.created_at, w.id`, eventID)
	if err != nil {
		return wrapped("read waiting list", err)
	}
	if err := d.kept(ctx, eventID, counted); err != nil {
		return err
	}
	short, err := d.quotasWaitedFor(ctx, eventID)
	if err != nil {
		return err
	}
	needed := map[string]int64{}
	for _, w := range open {
		if w.State == registration.WaitingOffered {
			counted.hold(w.Needs)
			continue
		}
		for key := range w.Needs {
			needed[key]++
		}
	}
	for key, n := range short {
		if n > needed[key] {
			d.find(checkWaiting, "The quota counts more people in line than there are.", eventID, key)
		}
	}
	return d.listed(ctx, checkWaiting, "The entry was taken and no order has its places, or an order has them and it was not taken.",
		`SELECT id FROM waiting WHERE event_id = $1 AND (state = 'taken') <> (order_id IS NOT NULL) ORDER BY id`, eventID)
}

// kept adds to the recount what vouchers keep.
func (d *doctor) kept(ctx context.Context, eventID string, counted recount) error {
	_, err := collect(ctx, d.q, func(row scanner) (struct{}, error) {
		var key string
		var left int64
		err := row.Scan(&key, &left)
		if _, quota, ok := registration.KeptFor(key); ok {
			counted.hold(map[string]int64{quota: left})
		}
		return struct{}{}, err
	}, `SELECT key, places - held - sold FROM quotas WHERE event_id = $1 AND key LIKE '`+registration.VoucherQuota("")+`%/%' AND places > held + sold`, eventID)
	return wrapped("read kept places", err)
}

// quotasWaitedFor reads how many each quota of an event counts in line.
func (d *doctor) quotasWaitedFor(ctx context.Context, eventID string) (map[string]int64, error) {
	short := map[string]int64{}
	_, err := collect(ctx, d.q, func(row scanner) (struct{}, error) {
		var key string
		var n int64
		err := row.Scan(&key, &n)
		short[key] = n
		return struct{}{}, err
	}, `SELECT key, waiting FROM quotas WHERE event_id = $1 AND waiting > 0`, eventID)
	return short, wrapped("count who waits", err)
}

// hold counts places that are held without an order.
func (r recount) hold(places map[string]int64) {
	for key, n := range places {
		if r[key] == nil {
			r[key] = &struct{ held, sold int64 }{}
		}
		r[key].held += n
	}
}
