package store

import (
	"slices"
	"sync"
)

// bell tells the runners of this process that jobs of their kinds have become due.
type bell struct {
	mu   sync.Mutex
	ears []ear
}

// ear is one who listens.
type ear struct {
	kinds []string
	heard chan struct{} // holds one element: rings that nobody has taken note of yet are one
}

// listen gives a channel that has an element after a ring for one of the kinds, and a function that ends it.
func (b *bell) listen(kinds []string) (heard <-chan struct{}, leave func()) {
	e := ear{kinds, make(chan struct{}, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ears = append(b.ears, e)
	return e.heard, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.ears = slices.DeleteFunc(b.ears, func(other ear) bool { return other.heard == e.heard })
	}
}

// ring wakes those who listen for one of the kinds.
func (b *bell) ring(kinds []string) {
	if len(kinds) == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.ears {
		if !slices.ContainsFunc(e.kinds, func(kind string) bool { return slices.Contains(kinds, kind) }) {
			continue
		}
		select {
		case e.heard <- struct{}{}:
		default:
		}
	}
}
