package sandbox

import (
	"encoding/json"
	"time"
)

// portoneV2Wait is a refund of PortOne's, of either version, that was requested and is not carried out yet, or was refused in the end. Contracts whose refunds take time
// are those with "later" in the channel's name.
type portoneV2Wait struct {
	ID     string    `json:"id"`
	Amount int64     `json:"amount"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Status string    `json:"status"`
}

// waits are the payment's refunds that are not carried out, oldest first.
func (p *Payment) waits() []portoneV2Wait {
	var all []portoneV2Wait
	if raw := p.Session.Metadata["waits"]; raw != "" {
		_ = json.Unmarshal([]byte(raw), &all) // our own
	}
	return all
}

func (p *Payment) setWaits(all []portoneV2Wait) {
	raw, err := json.Marshal(all)
	if err != nil {
		panic("sandbox: waits are not JSON: " + err.Error()) // our own structs only
	}
	p.noted("waits", string(raw))
}

// underWay is how much is requested and not carried out, in minor units.
func (p *Payment) underWay() int64 {
	var sum int64
	for _, w := range p.waits() {
		if w.Status == "REQUESTED" {
			sum += w.Amount
		}
	}
	return sum
}

// putOff notes a requested refund and sees to it that its time comes without anybody asking.
func (s *Sandbox) putOff(t *tx, p *Payment, w portoneV2Wait) {
	p.setWaits(append(p.waits(), w))
	t.save(p)
	t.tell(p)
	id := p.ID
	s.hooks.start(func() {
		s.wait(portoneV2Slowly + 10*time.Millisecond)
		_, err := s.write(func(t *tx) {
			if p := t.payment(id); p != nil {
				settleDue(t, p)
			}
		})
		if err != nil {
			s.cfg.Log.Error("refund not carried out", "payment", id, "error", err)
		}
	})
}

// settleDue carries the requested refunds out whose time has come.
func settleDue(t *tx, p *Payment) {
	var rest []portoneV2Wait
	changed := false
	for _, w := range p.waits() {
		switch {
		case w.Status != "REQUESTED" || t.now.Sub(w.At) < portoneV2Slowly:
			rest = append(rest, w)
			continue
		case p.Session.Metadata["refunds"] == "fail" || w.Amount > p.Left():
			w.Status = "FAILED"
			rest = append(rest, w)
			t.tell(p)
		default:
			t.refund(p, Refund{ID: w.ID, Amount: w.Amount, Reason: w.Reason})
		}
		changed = true
	}
	if changed {
		p.setWaits(rest)
		t.save(p)
	}
}
