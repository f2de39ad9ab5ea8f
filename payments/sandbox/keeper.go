package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// answerLife is how long a first answer is repeated for its idempotency key.
const answerLife = 15 * 24 * time.Hour

// keeper holds the books. A Payment is never changed once it is in the map: a write replaces it, after its line is in the file.
type keeper struct {
	now func() time.Time

	mu       sync.Mutex
	file     *journal // nil keeps nothing
	payments map[string]*Payment
	order    []string            // ids in the order in which they began
	byOrder  map[string][]string // merchant and order number → ids
	open     map[string]bool     // ids whose session can end by time
	requests []Request
	answers  map[string]stored
	webhooks map[string]string
}

// stored is the first answer to an idempotency key. Scope says whose and where.
type stored struct {
	Scope  string          `json:"scope"`
	At     time.Time       `json:"at"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// line is one line of the file: exactly one member is set.
type line struct {
	Payment *Payment `json:"payment,omitempty"`
	Request *Request `json:"request,omitempty"`
	Answer  *stored  `json:"answer,omitempty"`
	Webhook *address `json:"webhook,omitempty"`
}

type address struct {
	Merchant string `json:"merchant"`
	URL      string `json:"url"`
}

func openKeeper(path string, now func() time.Time) (*keeper, error) {
	k := &keeper{
		now: now, payments: map[string]*Payment{}, byOrder: map[string][]string{}, open: map[string]bool{},
		answers: map[string]stored{}, webhooks: map[string]string{},
	}
	if path == "" {
		return k, nil
	}
	if err := readJournal(path, k.apply); err != nil {
		return nil, err
	}
	file, err := newJournal(path, k.lines())
	if err != nil {
		return nil, err
	}
	k.file = file
	return k, nil
}

// write runs fn on a view of the books and keeps what it changed: in the file first, then in memory, all or nothing.
func (k *keeper) write(fn func(*tx)) (*tx, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t := &tx{k: k, now: k.now().UTC(), changed: map[string]*Payment{}}
	fn(t)
	lines := t.finish()
	if k.file != nil {
		if err := k.file.append(lines); err != nil {
			return nil, fmt.Errorf("write the books: %w", err)
		}
	}
	for _, l := range lines {
		k.apply(l)
	}
	return t, nil
}

// apply brings one line into memory.
func (k *keeper) apply(l line) {
	switch {
	case l.Payment != nil:
		k.install(l.Payment)
	case l.Request != nil:
		k.requests = append(k.requests, *l.Request)
	case l.Answer != nil:
		k.answers[l.Answer.Scope] = *l.Answer
	case l.Webhook != nil:
		k.webhooks[l.Webhook.Merchant] = l.Webhook.URL
	}
}

func (k *keeper) install(p *Payment) {
	if k.payments[p.ID] == nil {
		key := orderKey(p.Merchant, p.OrderID)
		k.order = append(k.order, p.ID)
		k.byOrder[key] = append(k.byOrder[key], p.ID)
	}
	k.payments[p.ID] = p
	if p.open() {
		k.open[p.ID] = true
	} else {
		delete(k.open, p.ID)
	}
}

// lines is the whole of the books, without answers that are too old to be repeated.
func (k *keeper) lines() []line {
	var all []line
	for _, m := range slices.Sorted(maps.Keys(k.webhooks)) {
		all = append(all, line{Webhook: &address{m, k.webhooks[m]}})
	}
	for _, id := range k.order {
		all = append(all, line{Payment: k.payments[id]})
	}
	for i := range k.requests {
		all = append(all, line{Request: &k.requests[i]})
	}
	for _, scope := range slices.Sorted(maps.Keys(k.answers)) {
		if a := k.answers[scope]; k.now().Sub(a.At) < answerLife {
			all = append(all, line{Answer: &a})
		}
	}
	return all
}

func (k *keeper) snapshot() Books {
	k.mu.Lock()
	defer k.mu.Unlock()
	b := Books{Payments: make([]Payment, 0, len(k.order)), Requests: slices.Clone(k.requests), Webhooks: maps.Clone(k.webhooks)}
	if b.Requests == nil {
		b.Requests = []Request{}
	}
	for _, id := range k.order {
		b.Payments = append(b.Payments, *k.payments[id].clone())
	}
	return b
}

// webhook is where the messages of a merchant go, "" when nowhere.
func (k *keeper) webhook(merchant string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if url, ok := k.webhooks[merchant]; ok {
		return url
	}
	return k.webhooks[""]
}

func (k *keeper) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == nil {
		return nil
	}
	return k.file.close()
}

func orderKey(merchant, orderID string) string { return merchant + "\x00" + orderID }
