package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Operation is one thing that a merchant's server asks a gateway for.
type Operation string

// The operations; the empty Operation in a Fault matches each of them.
const (
	OpConfirm  Operation = "confirm"
	OpLookup   Operation = "lookup"
	OpCancel   Operation = "cancel"
	OpCheckout Operation = "checkout" // a payment begun by the server
)

// FaultKind is a way in which an API request goes wrong.
type FaultKind string

// The faults. Unless After is set the request has no effect, but for slow and truncated.
const (
	FaultLost      FaultKind = "lost"      // the connection is cut in the middle of the answer's first line
	FaultError500  FaultKind = "error500"  // the gateway's own 500; it is the answer that an idempotency key remembers
	FaultTooMany   FaultKind = "too-many"  // 429 with Retry-After: 1
	FaultHTML      FaultKind = "html"      // a proxy's 502 page instead of JSON
	FaultTruncated FaultKind = "truncated" // the true answer, cut in half; always after the effect
	FaultSlow      FaultKind = "slow"      // the true answer, Delay later: the effect comes after the wait, or before it with After
	FaultHuge      FaultKind = "huge"      // 200 with 2 MiB of JSON
	FaultRedirect  FaultKind = "redirect"  // 307 to another host
	FaultConflict  FaultKind = "conflict"  // 409, as if a request with the same key were running
)

var faultKinds = []FaultKind{FaultLost, FaultError500, FaultTooMany, FaultHTML, FaultTruncated, FaultSlow, FaultHuge, FaultRedirect, FaultConflict}

var operations = []Operation{"", OpConfirm, OpLookup, OpCancel, OpCheckout}

// Fault makes API requests go wrong on purpose. Requests refused for their key do not use it up.
type Fault struct {
	Kind      FaultKind     `json:"kind"`
	Dialect   string        `json:"dialect"`   // a gateway's name, as in Books; "" matches every gateway
	Operation Operation     `json:"operation"` // "" matches every operation
	Merchant  string        `json:"merchant"`  // a merchant's id, as in Books; "" matches every merchant
	Times     int           `json:"times"`     // requests to spoil; 0 means 1
	After     bool          `json:"after"`     // the request is carried out first
	Delay     time.Duration `json:"-"`         // of FaultSlow; 0 means 3 s
	DelayMS   int64         `json:"delay_ms"`  // Delay in JSON
}

// before reports whether f replaces the answer without letting the request have its effect.
func (f Fault) before() bool {
	switch f.Kind {
	case FaultLost, FaultError500, FaultTooMany, FaultHTML, FaultHuge, FaultRedirect, FaultConflict:
		return !f.After
	case FaultTruncated, FaultSlow:
		return false
	}
	return false
}

func (f Fault) waitBefore() time.Duration {
	if f.Kind == FaultSlow && !f.After {
		return f.Delay
	}
	return 0
}

func (f Fault) waitAfter() time.Duration {
	if f.Kind == FaultSlow && f.After {
		return f.Delay
	}
	return 0
}

// maxFaultDelay keeps a slip of the finger from blocking a connection for a day.
const maxFaultDelay = 10 * time.Minute

func (f Fault) check() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("kind %q is none of %v", f.Kind, faultKinds)
	case !slices.Contains(operations, f.Operation):
		return fmt.Errorf("operation %q is none of %q", f.Operation, operations)
	case f.Times < 0 || f.Times > 1_000_000:
		return errors.New("times must be 1 to 1000000")
	case f.DelayMS < 0 || f.DelayMS > maxFaultDelay.Milliseconds():
		return fmt.Errorf("delay_ms must be 0 to %d", maxFaultDelay.Milliseconds())
	}
	return nil
}

// faults are what is armed, oldest first.
type faults struct {
	mu    sync.Mutex
	armed []Fault
}

func (q *faults) arm(f Fault) {
	f.Times = max(f.Times, 1)
	if f.Delay == 0 {
		f.Delay = time.Duration(f.DelayMS) * time.Millisecond
	}
	if f.Delay == 0 && f.Kind == FaultSlow {
		f.Delay = 3 * time.Second
	}
	f.DelayMS = f.Delay.Milliseconds()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.armed = append(q.armed, f)
}

// take uses up one turn of the oldest fault that matches; the zero Fault spoils nothing.
func (q *faults) take(dialect string, op Operation, merchant string) Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.armed {
		f := &q.armed[i]
		if !matches(f.Dialect, dialect) || !matches(string(f.Operation), string(op)) || !matches(f.Merchant, merchant) {
			continue
		}
		hit := *f
		if f.Times--; f.Times == 0 {
			q.armed = slices.Delete(q.armed, i, i+1)
		}
		return hit
	}
	return Fault{}
}

// matches reports whether what a fault asks for is what a request has; "" is everything.
func matches(asked, has string) bool { return asked == "" || asked == has }

func (q *faults) list() []Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.armed)
}

func (q *faults) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.armed = nil
}
