package store

import (
	"time"

	"foyer/payments"
	"foyer/registration"
)

// damage is one way to break an invariant, and nothing else.
type damage struct {
	invariant string
	hurt      func(h *hall)
	lawless   bool // changes the tables themselves
}

var damages = map[string]damage{
	"confirmed money was never shown by the gateway": {invariant: "I1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET verified_at = 0 WHERE id = $1`, h.confirmed)
	}},
	"confirmed with a gateway id missing": {invariant: "I1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET gateway_id = NULL WHERE id = $1`, h.confirmed)
	}},
	"confirmed with too little captured": {invariant: "I1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET captured = 149999 WHERE id = $1`, h.confirmed)
	}},
	"live payment in a test event": {invariant: "I1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET mode = 'live' WHERE id = $1`, h.started)
	}},
	"failed payment with captured money": {invariant: "I2", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET captured = 150000, captured_currency = 'KRW' WHERE id = $1`, h.failed)
	}},
	"surplus that nobody sees": {invariant: "I2", hurt: func(h *hall) {
		h.exec(`DELETE FROM attention`)
	}},
	"refund unknown for days": {invariant: "I3", hurt: func(h *hall) {
		id := h.refund(h.event, h.refunded, h.returned, payments.RefundUnknown, 1000, false)
		h.exec(`UPDATE refunds SET created_at = $2 WHERE id = $1`, id, ms(h.now.Add(-48*time.Hour)))
	}},
	"more refunded than captured": {invariant: "I4", hurt: func(h *hall) {
		h.refund(h.event, h.refunded, h.returned, payments.RefundSending, 100001, false)
	}},
	"refund in another currency": {invariant: "I4", hurt: func(h *hall) {
		id := h.refund(h.event, h.refunded, h.returned, payments.RefundSending, 1, false)
		h.exec(`UPDATE refunds SET currency = 'USD' WHERE id = $1`, id)
	}},
	"two confirmed payments of one charge": {invariant: "I5", hurt: func(h *hall) {
		h.freely("payments")
		h.payment(h.event, h.paid, try{state: payments.Confirmed})
	}, lawless: true},
	"two payments with one gateway id": {invariant: "I6", hurt: func(h *hall) {
		h.freely("payments")
		h.exec(`UPDATE payments SET gateway_id = 'same' WHERE id IN ($1, $2)`, h.confirmed, h.returned)
	}, lawless: true},
	"two payments with one order number": {invariant: "I6", hurt: func(h *hall) {
		h.freely("payments")
		h.exec(`UPDATE payments SET order_no = 'same' WHERE id IN ($1, $2)`, h.confirmed, h.returned)
	}, lawless: true},
	"one key for a payment and a refund": {invariant: "I7", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET idempotency_key = 'same' WHERE id = $1`, h.confirmed)
		h.exec(`UPDATE refunds SET idempotency_key = 'same' WHERE id = $1`, h.back)
	}},
	"asked for more than the charge": {invariant: "I8", hurt: func(h *hall) {
		h.exec(`UPDATE charges SET prices = '{"KRW":140000}' WHERE order_id = $1`, h.paid)
	}},
	"payment for somebody else's charge": {invariant: "I8", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET charge_id = $2 WHERE id = $1`, h.failed, "charge-"+h.pending)
	}},
	"paid with nothing to cover it": {invariant: "I10", hurt: func(h *hall) {
		h.order(h.event, sample{state: registration.OrderPaid})
	}},
	"paid with less than the charge": {invariant: "I10", hurt: func(h *hall) {
		h.exec(`UPDATE charges SET prices = '{"KRW":160000}' WHERE order_id = $1`, h.paid)
	}},
	"covered and still pending": {invariant: "I10", hurt: func(h *hall) {
		id, _ := h.order(h.event, sample{state: registration.OrderPending})
		h.payment(h.event, id, try{state: payments.Confirmed})
	}},
	"an order without what its change has brought": {invariant: "I8", hurt: func(h *hall) {
		h.exec(`UPDATE registrations SET lines = '[]' WHERE order_id = $1`, h.amended)
	}},
	"a charge that is for nothing": {invariant: "I8", hurt: func(h *hall) {
		h.exec(`INSERT INTO charges (id, order_id, no, prices, created_at) VALUES ('third', $1, 3, '{"KRW":0}', 0)`, h.amended)
	}},
	"a change that counts other places than it holds": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE amendments SET takes = '{"hall":2}' WHERE id = 'change-2'`)
	}},
	"a change that adds a paper whose place it does not take": {invariant: "I8", hurt: func(h *hall) {
		h.exec(`UPDATE amendments SET after = REPLACE(after, '}]}]', '}],"papers":["12"]}]') WHERE id = 'change-2'`)
	}},
	"a change that nobody has audited": {invariant: "I23", hurt: func(h *hall) {
		h.exec(`DELETE FROM audit WHERE what = 'amendment' AND to_state = 'applied'`)
	}},
	"a change paid and never applied": {invariant: "I10", hurt: func(h *hall) {
		h.exec(`UPDATE charges SET prices = '{"KRW":150000}' WHERE id = 'second'`)
		h.exec(`UPDATE payments SET charge_id = 'second' WHERE order_id = $1`, h.amended)
	}},
	"free order with a payment": {invariant: "I11", hurt: func(h *hall) {
		h.payment(h.event, h.free, try{state: payments.Failed})
	}},
	"payment that jumped": {invariant: "I12", hurt: func(h *hall) {
		h.exec(`UPDATE audit SET to_state = 'abandoned' WHERE payment_id = $1 AND to_state = 'confirming'`, h.unsure)
		h.exec(`UPDATE audit SET from_state = 'abandoned' WHERE payment_id = $1 AND to_state = 'unknown'`, h.unsure)
	}},
	"order that came back from the dead": {invariant: "I12", hurt: func(h *hall) {
		h.exec(`UPDATE audit SET to_state = 'cancelled' WHERE what = 'order' AND order_id = $1 AND to_state = 'pending'`, h.paid)
		h.exec(`UPDATE audit SET from_state = 'cancelled' WHERE what = 'order' AND order_id = $1 AND to_state = 'paid'`, h.paid)
	}},
	"unknown for days and nobody told": {invariant: "I15", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET started_at = $2, last_capture = $2 WHERE id = $1`, h.unsure, ms(h.now.Add(-49*time.Hour)))
	}},
	"looked up in vain and nobody told": {invariant: "I15", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET looks = 20 WHERE id = $1`, h.unsure)
	}},
	"started and never looked up": {invariant: "I15", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET next_look = 0 WHERE id = $1`, h.started)
	}},
	"more places than there are": {invariant: "I16", hurt: func(h *hall) {
		h.exec(`UPDATE quotas SET places = 2`)
	}},
	"a quota that counts somebody in line who is not": {invariant: "I20", hurt: func(h *hall) {
		h.exec(`UPDATE quotas SET waiting = 1`)
	}},
	"a text that is not what was agreed to": {invariant: "I39", lawless: true, hurt: func(h *hall) {
		h.exec(`INSERT INTO texts (id, event_id, kind, version, body, since) VALUES ($1, $2, 'terms', 'v1', '{}', 0)`, h.event+"/terms/v1", h.event)
	}},
	"a file that is not whole": {invariant: "R9", lawless: true, hurt: func(h *hall) {
		h.exec(`INSERT INTO files (id, event_id, draft_id, order_id, field, name, media, size, sha256, created_at, content)
			VALUES ('f1', $1, '', $2, 'evidence', 'card.pdf', 'application/pdf', 9, 'x', 0, $3)`, h.event, h.paid, []byte("%PDF"))
	}},
	"a person of a group who is gone": {invariant: "I24", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET people = 2 WHERE id = $1`, h.paid)
	}},
	"a place counted twice": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE quotas SET held = held + 1`)
	}},
	"a place lost": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE quotas SET sold = sold - 1 WHERE key = 'hall'`)
	}},
	"places of a quota that is gone": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET taken = '{"hall":1,"roof":1}' WHERE id = $1`, h.paid)
	}},
	"paid order without places": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET places = 'none' WHERE id = $1`, h.paid)
		h.exec(`UPDATE quotas SET sold = sold - 1 WHERE key = 'hall'`)
	}},
	"hold that nobody ended": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET hold_until = $2 WHERE id = $1`, h.pending, ms(h.now.Add(-25*time.Hour)))
	}},
	"gap in a series": {invariant: "I21", hurt: func(h *hall) {
		h.exec(`UPDATE series SET last = last + 1 WHERE id = 'TEST-sample-2027-R'`)
	}},
	"confirmed without a receipt": {invariant: "I21", hurt: func(h *hall) {
		h.exec(`DELETE FROM receipts WHERE payment_id = $1`, h.confirmed)
		h.exec(`DELETE FROM audit WHERE what = 'receipt' AND payment_id = $1`, h.confirmed)
	}},
	"receipt for a payment that failed": {invariant: "I21", hurt: func(h *hall) {
		h.receipt(h.event, h.paid, h.failed, "", 150000, registration.KRW)
	}},
	"test money with a live number": {invariant: "I21", hurt: func(h *hall) {
		h.exec(`UPDATE receipts SET no = 'sample-2027-R-000001' WHERE payment_id = $1`, h.confirmed)
		h.exec(`UPDATE audit SET reason = 'sample-2027-R-000001' WHERE what = 'receipt' AND payment_id = $1`, h.confirmed)
	}},
	"receipt with another amount": {invariant: "I22", hurt: func(h *hall) {
		h.exec(`UPDATE receipts SET amount = 1 WHERE payment_id = $1`, h.confirmed)
	}},
	"refund without a correction": {invariant: "I22", hurt: func(h *hall) {
		h.refund(h.event, h.refunded, h.returned, payments.RefundDone, 1000, false)
	}},
	"correction with another amount": {invariant: "I22", hurt: func(h *hall) {
		h.exec(`UPDATE receipts SET amount = 1 WHERE refund_id = $1`, h.back)
	}},
	"correction of a refund that was refused": {invariant: "I22", hurt: func(h *hall) {
		h.refund(h.event, h.refunded, h.returned, payments.RefundRefused, 1000, true)
	}},
	"state changed without an audit row": {invariant: "I23", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET state = 'failed', next_look = 0 WHERE id = $1`, h.unsure)
	}},
	"one audit row twice": {invariant: "I23", hurt: func(h *hall) {
		h.audit("refund", h.event, h.refunded, h.returned, h.back, "requested")
	}},
	"audit of a payment that is not there": {invariant: "I23", hurt: func(h *hall) {
		h.audit("payment", h.event, h.paid, "nobody", "", "started")
	}},
	"audit of an order that is not there": {invariant: "I23", hurt: func(h *hall) {
		h.audit("order", h.event, "nobody", "", "", "pending")
	}},
	"receipt without an audit row": {invariant: "I23", hurt: func(h *hall) {
		h.exec(`DELETE FROM audit WHERE what = 'receipt' AND refund_id = $1`, h.back)
	}},
	"role that nobody gave": {invariant: "I23", hurt: func(h *hall) {
		h.exec(`UPDATE staff SET role = 'owner'`)
	}},
	"lease without end": {invariant: "R2", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET lease_until = $2 WHERE id = $1`, h.unsure, ms(h.now.Add(48*time.Hour)))
	}},
	"job's lease without end": {invariant: "R2", hurt: func(h *hall) {
		h.exec(`INSERT INTO jobs (id, kind, key, state, payload, about, run_at, next_at, tries, lease, lease_until, last_error, created_at, ended_at)
			VALUES ('job', 'mail', '', 'open', '', '', 0, 0, 0, 'x', $1, '', 0, 0)`, ms(h.now.Add(48*time.Hour)))
	}},
	"session of somebody who is gone": {invariant: "R8", hurt: func(h *hall) {
		h.exec(`INSERT INTO sessions (id, staff_id, created_at, expires_at) VALUES ('x', 'nobody', 0, 0)`)
	}},
	"waits for a deposit without an account": {invariant: "R1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET account = '{}' WHERE id = $1`, h.waiting)
	}},
	"waits for a deposit without a deadline": {invariant: "R1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET deadline = 0 WHERE id = $1`, h.waiting)
	}},
	"waits for a deposit without a gateway id": {invariant: "R1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET gateway_id = NULL WHERE id = $1`, h.waiting)
	}},
	"deadline of a payment that was only begun": {invariant: "R1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET deadline = 1 WHERE id = $1`, h.started)
	}},
	"secret of a payment that failed": {invariant: "R1", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET secret = 'v1.k.x' WHERE id = $1`, h.failed)
	}},
	"secret in the clear": {invariant: "I35", hurt: func(h *hall) {
		h.exec(`UPDATE payments SET secret = 'ps_secret' WHERE id = $1`, h.waiting)
	}},
	"payer's account in the clear": {invariant: "I35", hurt: func(h *hall) {
		h.exec(`UPDATE refunds SET account = '{"number":"1"}' WHERE id = $1`, h.byHand)
	}},
	"transfer that nobody declared": {invariant: "I23", hurt: func(h *hall) {
		h.exec(`UPDATE audit SET actor = 'system' WHERE payment_id = $1 AND to_state = 'confirmed'`, h.transferred)
	}},
	"transfer back that nobody declared": {invariant: "I23", hurt: func(h *hall) {
		h.exec(`UPDATE audit SET actor = 'system' WHERE refund_id = $1 AND to_state = 'done'`, h.byHand)
	}},
	"voucher of an order that names another": {invariant: "I18", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET voucher = '' WHERE id = $1`, h.reduced)
	}},
	"voucher that may be used more often than it says": {invariant: "I18", hurt: func(h *hall) {
		h.exec(`UPDATE quotas SET places = 3 WHERE key = 'voucher:CODE'`)
	}},
	"voucher without its counter": {invariant: "I18", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET voucher = '', taken = '{"hall":1}' WHERE id = $1`, h.reduced)
		h.exec(`DELETE FROM quotas WHERE key = 'voucher:CODE'`)
	}},
	"a paper without a place": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`INSERT INTO papers (id, event_id, number, sort, title, authors, contacts, removed, created_at) VALUES ('x/1', $1, '1', '1', '', '', '[]', FALSE, 0)`, h.event)
	}},
	"a paper covered without its place": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`INSERT INTO coverings (order_id, number, position, event_id) VALUES ($1, '1', 0, $2)`, h.paid, h.event)
	}},
	"a paper's place taken and nobody covers it": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, 'paper:1', 1, 0, 1)`, h.event+"/paper:1", h.event)
		h.exec(`UPDATE orders SET taken = '{"hall":1,"paper:1":1}' WHERE id = $1`, h.paid)
	}},
	"an order that waits for an approval that nobody can give": {invariant: "I12", hurt: func(h *hall) {
		h.exec(`UPDATE orders SET state = 'awaiting_approval' WHERE id = $1`, h.reduced)
		h.exec(`UPDATE audit SET to_state = 'awaiting_approval' WHERE what = 'order' AND order_id = $1`, h.reduced)
	}},
	"a proof whose file is gone": {invariant: "I12", hurt: func(h *hall) { h.evidence(h.paid, "", "gone") }},
	"a member number used by two": {invariant: "I18", hurt: func(h *hall) {
		h.evidence(h.paid, "A-1", "")
		h.evidence(h.refunded, "A-1", "")
	}},
	"an entry of the waiting list that was taken by nobody": {invariant: "I20", hurt: func(h *hall) {
		h.exec(`INSERT INTO waiting (id, event_id, code, state, category, cart, needs, name, email, folded, lang, offer_until, order_id, created_at, ended_at)
			VALUES ('w', $1, 'W', 'taken', 'student', '{}', '{}', '', '', '', 'ko', 0, NULL, 0, 0)`, h.event)
	}},
	"an offer that holds nothing": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`INSERT INTO waiting (id, event_id, code, state, category, cart, needs, name, email, folded, lang, offer_until, order_id, created_at, ended_at)
			VALUES ('w', $1, 'W', 'offered', 'student', '{}', '{"hall":1}', '', '', '', 'ko', 0, NULL, 0, 0)`, h.event)
	}},
	"a place that a code keeps and nobody holds": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, 'voucher:CODE/hall', 1, 0, 0)`, quotaID(h.event, "voucher:CODE/hall"), h.event)
	}},
	"a row of a list that names no order of its event": {invariant: "I28", hurt: func(h *hall) { h.rows("elsewhere", "") }},
	"a row of a list of which nothing is known":        {invariant: "I28", hurt: func(h *hall) { h.rows("", "") }},
	"a list that is done without all of its rows":      {invariant: "I28", hurt: func(h *hall) { h.rows(h.paid) }},
	"a list that nobody takes over any more": {invariant: "I28", hurt: func(h *hall) {
		h.rows(h.paid)
		h.exec(`UPDATE imports SET state = 'running'`)
	}},
	"two rows of a list with one order":                        {invariant: "I28", hurt: func(h *hall) { h.rows(h.paid, h.paid) }},
	"an order that was cancelled with its event only on paper": {invariant: "I27", hurt: func(h *hall) { h.clearing("done") }},
	"an order that waits for ever to be cancelled":             {invariant: "I27", hurt: func(h *hall) { h.clearing("waiting") }},
	"a code tried more often than it may be":                   {invariant: "I18", hurt: func(h *hall) { h.code(6, 0) }},
	"a telephone proved after its time":                        {invariant: "I18", hurt: func(h *hall) { h.code(1, 5*time.Minute.Milliseconds()) }},
	"a closed matter that is open again": {invariant: "I9", hurt: func(h *hall) {
		h.exec(`INSERT INTO attention (id, kind, event_id, order_id, payment_id, refund_id, since, note, channel_id, mark)
			SELECT 'n', 'stranger', event_id, NULL, NULL, '', 0, '', id, 'm' FROM channels WHERE event_id = $1 LIMIT 1`, h.event)
		h.exec(`INSERT INTO strangers_closed (channel_id, mark, closed_at) SELECT channel_id, 'm', 0 FROM attention WHERE id = 'n'`)
	}},
	"a use of a voucher lost": {invariant: "I17", hurt: func(h *hall) {
		h.exec(`UPDATE quotas SET held = 0 WHERE key = 'voucher:CODE'`)
	}},
}
