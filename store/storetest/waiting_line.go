package storetest

import (
	"testing"
	"time"

	"foyer/registration"
)

// waitingLine are the cases about the order of the line.
var waitingLine = map[string]func(*testing.T, Opener){
	"the line goes by when people came, also when a clock was behind": lineByTime,
}

func lineByTime(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 2)
	later := d.join("student")
	d.clock.Pass(-time.Second) // another machine's clock
	sooner := d.join("student")
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	d.wantEntry(sooner, registration.WaitingOffered)
	d.wantEntry(later, registration.InLine)
	if n, err := d.store.WaitingBefore(d.ctx, later); err != nil || n != 0 {
		t.Errorf("%d before the other (%v), want 0", n, err)
	}
	d.healthy()
}
