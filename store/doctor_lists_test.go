package store

// evidence gives an order one proof.
func (h *hall) evidence(order, key, file string) {
	h.exec(`INSERT INTO evidence (order_id, position, registration_id, event_id, kind, before_payment, state, number, member_key, file_id, reason, given_at, decided_at, decided_by)
		SELECT order_id, position, id, $2, '', FALSE, 'given', $3, $3, $4, '', 0, 0, '' FROM registrations WHERE order_id = $1`, order, h.event, key, file)
}

// rows takes a list over whose rows have these orders.
func (h *hall) rows(orders ...string) {
	h.exec(`INSERT INTO imports (id, event_id, kind, name, body, state, options, total, actor, created_at, ended_at) VALUES ('list', $1, 'orders', 'a.csv', $2, 'done', '{}', 2, '', 0, 0)`,
		h.event, []byte("x"))
	for i, id := range orders {
		problem := ""
		if i > 0 && id == "" {
			problem = "handmade.refused"
		}
		h.exec(`INSERT INTO import_rows (import_id, row_no, order_id, problem) VALUES ('list', $1, $2, $3)`, int64(i+2), id, problem)
	}
}

// clearing puts an order into the clearing of its event.
func (h *hall) clearing(state string) {
	h.exec(`INSERT INTO clearings (id, event_id, actor, reason, created_at) VALUES ('c', $1, '', '', 0)`, h.event)
	h.exec(`INSERT INTO clearing_orders (clearing_id, order_id, state, error, ended_at) VALUES ('c', $1, $2, '', 0)`, h.paid, state)
}

// code sends a code to a telephone.
func (h *hall) code(tries, verified int64) {
	if verified > 0 {
		verified += ms(h.now)
	}
	h.exec(`INSERT INTO phone_codes (id, event_id, draft_id, phone, address, lang, tries, sent_at, minute, verified_at) VALUES ('p', $1, 'd', '+821012345678', '', 'ko', $2, $3, 0, $4)`,
		h.event, tries, ms(h.now), verified)
}
