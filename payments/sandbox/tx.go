package sandbox

import (
	"time"
)

// tx is one change of the books. Nothing of it is seen by others before it is written.
type tx struct {
	k        *keeper
	now      time.Time
	changed  map[string]*Payment
	order    []string // ids in changed, in the order of their first change
	requests []Request
	answers  []stored
	hooks    []address
	announce []string   // ids whose merchants are told
	notices  []*Payment // the same, as they stand at the end
}

// payment is a copy of a payment that save may bring back, or nil. A session whose time is over is ended on the way.
func (t *tx) payment(id string) *Payment {
	p := t.changed[id]
	if p == nil {
		if kept := t.k.payments[id]; kept != nil {
			p = kept.clone()
		}
	}
	if p != nil && p.open() && !p.Deadline.After(t.now) {
		t.expire(p)
	}
	return p
}

// ofOrder gives all payments that a merchant began under one order number, oldest first.
func (t *tx) ofOrder(merchant, orderID string) []*Payment {
	var all []*Payment
	for _, id := range t.k.byOrder[orderKey(merchant, orderID)] {
		all = append(all, t.payment(id))
	}
	return all
}

// find looks a payment up by its id or by its order number; of several the captured one counts, else the newest.
func (t *tx) find(name string) *Payment {
	if p := t.payment(name); p != nil {
		return p
	}
	var best *Payment
	for _, id := range t.k.order {
		if t.k.payments[id].OrderID == name && (best == nil || best.Captured == 0) {
			best = t.payment(id)
		}
	}
	return best
}

// save keeps p as it is when the change is written.
func (t *tx) save(p *Payment) {
	if t.changed[p.ID] == nil {
		t.order = append(t.order, p.ID)
	}
	t.changed[p.ID] = p
}

// tell asks for a webhook about p once the change is written.
func (t *tx) tell(p *Payment) { t.announce = append(t.announce, p.ID) }

func (t *tx) expire(p *Payment) {
	waited := p.State == StateDeposit
	p.State, p.Failure = StateExpired, ""
	p.note(t.now, "expired", "")
	t.save(p)
	if !waited { // gateways say nothing when a deposit does not come
		t.tell(p)
	}
}

// expireDue ends every session whose time is over.
func (t *tx) expireDue() {
	for id := range t.k.open {
		t.payment(id)
	}
}

// refund moves money of a captured payment back. The caller has checked amount against Left.
func (t *tx) refund(p *Payment, r Refund) {
	p.Refunded += r.Amount
	r.Left, r.At = p.Left(), t.now
	p.Refunds = append(p.Refunds, r)
	p.Transaction = r.ID
	what := "refunded"
	if r.Outside {
		what = "refunded-outside"
	}
	p.note(t.now, what, p.Money(r.Amount).Decimal())
	t.save(p)
	t.tell(p)
}

func (t *tx) record(r Request) {
	r.At = t.now
	t.requests = append(t.requests, r)
}

// answer is the first answer to a key, if it is still remembered.
func (t *tx) answer(scope string) (stored, bool) {
	a, ok := t.k.answers[scope]
	return a, ok && t.now.Sub(a.At) < answerLife
}

// remember keeps the first answer to a key; a later one for the same key is dropped.
func (t *tx) remember(a stored) {
	if _, ok := t.answer(a.Scope); !ok {
		a.At = t.now
		t.answers = append(t.answers, a)
	}
}

func (t *tx) setHook(merchant, url string) { t.hooks = append(t.hooks, address{merchant, url}) }

// finish turns the change into lines for the file.
func (t *tx) finish() []line {
	var lines []line
	for _, id := range t.order {
		lines = append(lines, line{Payment: t.changed[id]})
	}
	for _, id := range t.announce {
		t.notices = append(t.notices, t.changed[id].clone())
	}
	for i := range t.requests {
		lines = append(lines, line{Request: &t.requests[i]})
	}
	for i := range t.answers {
		lines = append(lines, line{Answer: &t.answers[i]})
	}
	for i := range t.hooks {
		lines = append(lines, line{Webhook: &t.hooks[i]})
	}
	return lines
}
