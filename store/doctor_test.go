package store

import (
	"slices"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// hall is an event with an order of every kind, all in good health.
type hall struct {
	*books
	event                                                              string
	pending, paid, refunded, free, expired, torn                       string // orders
	started, confirmed, returned, failed, surplus, surplusSeen, unsure string // payments
	waiting, transferred                                               string // payments: a virtual account, and staff's word
	reduced                                                            string // order with a voucher
	amended                                                            string // order that was changed, and waits to be changed again
	back, surplusBack, byHand                                          string // refunds
}

func newHall(b *books) *hall {
	b.clear()
	h := &hall{books: b, event: b.event("sample-2027", registration.Test)}
	h.pending, _ = b.order(h.event, sample{state: registration.OrderPending})
	h.started = b.payment(h.event, h.pending, try{state: payments.Started})
	h.paid, h.confirmed = b.paid(h.event)
	h.failed = b.payment(h.event, h.paid, try{state: payments.Failed})
	h.refunded, _ = b.order(h.event, sample{state: registration.OrderPaid})
	h.returned = b.payment(h.event, h.refunded, try{state: payments.Confirmed, currency: registration.KRW})
	h.back = b.refund(h.event, h.refunded, h.returned, payments.RefundDone, 50000, true)
	h.surplus = b.payment(h.event, h.paid, try{state: payments.Surplus})
	h.surplusBack = b.refund(h.event, h.paid, h.surplus, payments.RefundDone, 150000, false)
	h.surplusSeen = b.payment(h.event, h.paid, try{state: payments.Surplus})
	b.attention(h.event, h.paid, h.surplusSeen, payments.AttentionSurplus)
	h.free, _ = b.order(h.event, sample{state: registration.OrderPaid, prices: registration.Prices{registration.KRW: 0}})
	h.expired, _ = b.order(h.event, sample{state: registration.OrderExpired})
	h.torn, _ = b.order(h.event, sample{state: registration.OrderPending})
	h.unsure = b.payment(h.event, h.torn, try{state: payments.Unknown})
	h.deposits()
	h.voucher()
	h.changes()
	b.exec(`INSERT INTO staff (id, email, role, event_id, password, created_at, updated_at) VALUES ('staff', 'admin@example.org', 'admin', NULL, '', 0, 0)`)
	b.audit("staff", "", "", "", "", "desk", "admin", "signed_in")
	b.exec(`UPDATE audit SET reason = 'admin@example.org' WHERE what = 'staff'`)
	return h
}

// deposits adds a virtual account that waits, and money that staff has seen come and has given back in part.
func (h *hall) deposits() {
	order, _ := h.order(h.event, sample{state: registration.OrderPending})
	h.waiting = h.payment(h.event, order, try{state: payments.AwaitingDeposit})
	h.exec(`UPDATE payments SET gateway_id = 'va', asked = 'virtual_account', deadline = $2, secret = 'v1.k.x',
		account = '{"bank":"예시은행","number":"1","holder":"예시학회"}' WHERE id = $1`, h.waiting, ms(h.now.Add(72*time.Hour)))
	order, h.transferred = h.books.paid(h.event)
	h.exec(`UPDATE payments SET gateway = 'transfer', asked = 'bank_transfer' WHERE id = $1`, h.transferred)
	h.byHand = h.refund(h.event, order, h.transferred, payments.RefundDone, 50000, true)
	h.exec(`UPDATE refunds SET account = 'v1.k.x' WHERE id = $1`, h.byHand)
	h.exec(`UPDATE audit SET actor = 'staff:admin@example.org' WHERE payment_id = $1 AND to_state IN ('confirmed', 'done')`, h.transferred)
}

// voucher adds an order that uses one.
func (h *hall) voucher() {
	h.reduced, _ = h.order(h.event, sample{state: registration.OrderPending})
	h.exec(`INSERT INTO vouchers (id, event_id, code, source, batch, definition, removed, created_at) VALUES ($1, $2, 'CODE', 'staff', '', '{"code":"CODE","percent":1,"uses":2}', FALSE, 0)`,
		voucherID(h.event, "CODE"), h.event)
	h.exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, 'voucher:CODE', 2, 1, 0)`, quotaID(h.event, "voucher:CODE"), h.event)
	h.exec(`UPDATE orders SET voucher = 'CODE', taken = '{"hall":1,"voucher:CODE":1}' WHERE id = $1`, h.reduced)
}

// changes adds an order that was changed once and for whose next change money is waited for.
func (h *hall) changes() {
	h.amended, _ = h.books.paid(h.event)
	part := registration.Part{ID: "reg-" + h.amended, Lines: []registration.Line{{Kind: registration.LineCategory, ID: "student", Quantity: 1, Unit: standard}}}
	write := func(id, charge string, state registration.AmendmentState, places string, takes int64) {
		h.exec(`INSERT INTO amendments (`+amendmentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, '{}', $7, $7, '{"KRW":0}', $8, $8, 0, 'attendee', '', $9, $9)`,
			id, h.amended, charge, state, places, toJSON(map[string]int64{"hall": takes}), toJSON([]registration.Part{part}), ms(h.now.Add(time.Hour)), ms(h.now))
		h.audit("amendment", h.event, h.amended, "", "", string(state))
	}
	write("change-1", "", registration.AmendmentApplied, placesNone, 0)
	h.exec(`INSERT INTO charges (id, order_id, no, prices, created_at) VALUES ('second', $1, 2, '{"KRW":1000}', 0)`, h.amended)
	write("change-2", "second", registration.AmendmentPending, placesHeld, 1)
	h.exec(`UPDATE quotas SET held = held + 1 WHERE id = $1`, quotaID(h.event, "hall"))
}

// examine runs the doctor and gives the invariants that it finds broken, each once.
func (h *hall) examine() ([]string, []Finding) {
	h.t.Helper()
	found, err := h.Doctor(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		if !slices.Contains(names, f.Invariant) {
			names = append(names, f.Invariant)
		}
	}
	return names, found
}

func TestDoctorFindsNothingInGoodBooks(t *testing.T) {
	onBoth(t, func(b *books) {
		h := newHall(b)
		if names, found := h.examine(); len(names) > 0 {
			t.Errorf("found %v", found)
		}
	})
}

// freely makes a table anew without its rules, so that rows can be written that no program could write.
func (h *hall) freely(table string) {
	h.t.Helper()
	cascade := ""
	if h.Engine() == Postgres {
		cascade = " CASCADE"
	}
	h.exec(`CREATE TABLE lawless AS SELECT * FROM ` + table)
	h.exec(`DROP TABLE ` + table + cascade)
	h.exec(`ALTER TABLE lawless RENAME TO ` + table)
}

func TestDoctorFindsEachInvariantThatIsBroken(t *testing.T) {
	onBoth(t, func(b *books) {
		for name, d := range damages {
			t.Run(name, func(t *testing.T) {
				b.t = t
				h := newHall(b)
				if d.lawless {
					h = newHall(b.another(t))
				}
				d.hurt(h)
				names, found := h.examine()
				if !slices.Equal(names, []string{d.invariant}) {
					t.Fatalf("found %v, want only %s: %v", names, d.invariant, found)
				}
				for _, f := range found {
					if len(f.IDs) == 0 || f.Wrong == "" || f.Remedy == "" || f.Holds == "" {
						t.Errorf("the finding does not say what is wrong with what, and what to do: %+v", f)
					}
				}
			})
		}
	})
}

func TestDoctorFindsADamagedFile(t *testing.T) {
	h := newHall(openBooks(t, sqliteURL(t)))
	id := h.refund(h.event, h.refunded, h.returned, payments.RefundSending, 1, false)
	h.exec(`PRAGMA ignore_check_constraints = ON`)
	h.exec(`UPDATE refunds SET amount = 0 WHERE id = $1`, id)
	if names, found := h.examine(); !slices.Equal(names, []string{"R8"}) {
		t.Errorf("found %v", found)
	}
}

func TestDoctorTellsOfAThousandEqualFindingsOnlyOnce(t *testing.T) {
	d := &doctor{counts: map[string]int{}}
	for range 1000 {
		d.find(checkKeys, "again")
	}
	if len(d.findings) != maxFindings {
		t.Errorf("%d findings, want %d", len(d.findings), maxFindings)
	}
}

func TestEveryCheckIsNamed(t *testing.T) {
	broken := map[string]bool{}
	for _, d := range damages {
		broken[d.invariant] = true
	}
	for _, c := range Checks() {
		if c.Holds == "" || c.Remedy == "" {
			t.Errorf("%s says nothing", c.Invariant)
		}
		if !broken[c.Invariant] {
			t.Errorf("no test breaks %s", c.Invariant)
		}
	}
}
