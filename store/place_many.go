package store

import "errors"

var errPlacesMoved = errors.New("a quota has changed within one transaction")

// placing is the orders of one batch. SQLite's writer makes them with one update for each quota and few inserts.
type placing struct {
	orders []*request       // to be written
	left   map[string]int64 // places of each quota that are still free
	taken  map[string]int64 // and those that this batch takes
	drafts map[string]bool  // of these orders
	args   [4][]any         // columns of the rows, used again
}

// placeTogether makes the orders among the requests of a batch and gives the other requests, in their order. Orders that find no
// place, or whose draft comes twice, are refused as they would be alone. ok tells whether the transaction may go on.
func (w *batchWriter) placeTogether(batch []*request) (others []*request, ok bool) {
	p := &w.placing
	others = w.others[:0]
	p.begin()
	tx := w.s.begin(w, Locks{})
	for _, r := range batch {
		if r.order == nil || r.order.free {
			others = append(others, r)
			continue
		}
		if r.err = p.admit(tx, r); tx.err != nil {
			return nil, false
		}
	}
	w.others = others
	err := p.write(tx)
	return others, err == nil && !w.gone
}

func (p *placing) begin() {
	clear(p.orders)
	p.orders = p.orders[:0]
	p.left, p.taken, p.drafts = map[string]int64{}, map[string]int64{}, map[string]bool{}
}

// admit takes an order's places, all or none.
func (p *placing) admit(tx *Tx, r *request) error {
	o := r.order
	for i, id := range o.quotas {
		if err := need(r.locks.Quotas, "quota", id); err != nil {
			return err
		}
		if _, known := p.left[id]; !known {
			left, err := placesLeft(tx, id)
			if err != nil {
				return err
			}
			p.left[id] = left
		}
		if p.left[id] < o.places[i] {
			return full()
		}
	}
	if p.drafts[o.draftID] {
		return errPlacedBefore
	}
	p.drafts[o.draftID] = true
	for i, id := range o.quotas {
		p.left[id] -= o.places[i]
		p.taken[id] += o.places[i]
	}
	p.orders = append(p.orders, r)
	return nil
}

// write takes the places of all orders and inserts their rows. An error, also for a draft that has become an order before, leaves a
// transaction that must be undone.
func (p *placing) write(tx *Tx) error {
	for id, n := range p.taken {
		changed, err := tx.Exec(holdPlaces, id, n)
		if err != nil {
			return err
		}
		if changed == 0 {
			return errPlacesMoved
		}
	}
	for i := range p.args {
		p.args[i] = p.args[i][:0]
	}
	for _, r := range p.orders {
		o := r.order
		o.at(tx.Now())
		for i, columns := range [...][]any{o.order, o.person, o.charge, o.audit} {
			p.args[i] = append(p.args[i], columns...)
		}
	}
	for i, in := range [...]*insert{insertOrders, insertRegistrations, insertCharges, insertAudit} {
		n, err := in.run(tx, p.args[i])
		if err != nil {
			return err
		}
		if n != int64(len(p.orders)) {
			return errPlacedBefore
		}
	}
	return nil
}
