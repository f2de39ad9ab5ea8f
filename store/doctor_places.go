package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

var checkPlaces = Check{
	"I16", "No quota has more places held and sold than it has.",
	"Raise the quota in the event file, or cancel orders until it fits.",
}

var checkCount = Check{
	"I17", "The places that each quota counts are those that its orders hold, and an order holds places as its state says.",
	"Stop the server, keep a backup, and report this: a counter has been changed by something other than Foyer, or Foyer has a fault.",
}

// recount adds up what orders hold and have bought, by quota as in the event file.
type recount map[string]*struct{ held, sold int64 }

func (r recount) add(v *OrderView) {
	for key, n := range v.Taken {
		if r[key] == nil {
			r[key] = &struct{ held, sold int64 }{}
		}
		switch v.Places {
		case placesHeld:
			r[key].held += n
		case placesSold:
			r[key].sold += n
		}
	}
	for _, a := range v.Amendments {
		for key, n := range a.Takes {
			if a.Places != placesHeld {
				continue
			}
			if r[key] == nil {
				r[key] = &struct{ held, sold int64 }{}
			}
			r[key].held += n
		}
	}
}

// places compares an event's quotas with the recount.
func (d *doctor) places(ctx context.Context, eventID, slug string, counted recount) error {
	quotas, err := collect(ctx, d.q, func(row scanner) (q LedgerQuota, err error) {
		err = row.Scan(&q.ID, &q.Places, &q.Held, &q.Sold)
		return q, err
	}, `SELECT key, places, held, sold FROM quotas WHERE event_id = $1 ORDER BY key`, eventID)
	if err != nil {
		return fmt.Errorf("read quotas: %w", err)
	}
	for _, q := range quotas {
		if q.Held+q.Sold > q.Places {
			d.find(checkPlaces, fmt.Sprintf("%d of %d places are held or sold.", q.Held+q.Sold, q.Places), slug, q.ID)
		}
		want := counted[q.ID]
		delete(counted, q.ID)
		if want == nil {
			want = &struct{ held, sold int64 }{}
		}
		if want.held != q.Held || want.sold != q.Sold {
			d.find(checkCount, fmt.Sprintf("The quota counts %d held and %d sold, its orders have %d and %d.", q.Held, q.Sold, want.held, want.sold), slug, q.ID)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(counted)) {
		if n := counted[key]; n.held+n.sold > 0 {
			d.find(checkCount, "Orders have places of a quota that does not exist.", slug, key)
		}
	}
	return nil
}

// holdsAsStateSays checks that an order holds places exactly as its state says.
func holdsAsStateSays(p patient, find func(string, ...string)) {
	settling := slices.ContainsFunc(p.Payments, func(x PaymentView) bool {
		return x.State == payments.Confirming || x.State == payments.Unknown || x.State == payments.AwaitingDeposit
	})
	ok := false
	switch p.Order.State {
	case registration.OrderPending, registration.OrderAwaiting:
		ok = p.Places == placesHeld
	case registration.OrderPaid:
		ok = p.Places == placesSold
	case registration.OrderExpired:
		ok = p.Places == placesNone || (p.Places == placesHeld && settling) // taken again while money is on its way
	case registration.OrderCancelled:
		ok = p.Places == placesNone
	}
	if !ok {
		find(fmt.Sprintf("The order is %s and its places are %s.", p.Order.State, p.Places))
	}
	if p.Order.State == registration.OrderPending && !settling && p.now.Sub(p.Order.HoldUntil) > patience {
		find("The order's hold ended more than a day ago and its places were not given back.")
	}
}
