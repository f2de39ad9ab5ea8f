package storetest

import (
	"encoding/json"
	"strings"

	"foyer/registration"
)

// places are those of one quota, as a recount has them.
type places struct{ held, sold int64 }

// recount is by quota.
type recount map[string]places

// add counts places that are held or sold.
func (r recount) add(how, quota string, n int64) {
	p := r[quota]
	switch how {
	case "held":
		p.held += n
	case "sold":
		p.sold += n
	}
	r[quota] = p
}

// countPlaces counts anew what people have: those who are registered with what stands in their registrations, changes and offers that
// wait, papers, and what codes keep; and compares with the counters.
func (m *machine) countPlaces() {
	r, uses := recount{}, map[string]int64{}
	m.pairs(`SELECT o.places, r.lines FROM registrations r JOIN orders o ON o.id = r.order_id WHERE o.places <> 'none' AND r.cancelled_at = 0`, func(how, text string) {
		var lines []registration.Line
		m.tolerated(json.Unmarshal([]byte(text), &lines))
		for _, l := range lines {
			switch l.Kind {
			case registration.LineCategory:
				r.add(how, "hall", 1)
			case registration.LineExtra:
				r.add(how, "banquet", l.Quantity)
			case registration.LineVoucher:
				uses[registration.VoucherQuota(l.ID)]++
			}
		}
	})
	m.pairs(`SELECT places, takes FROM amendments UNION ALL SELECT CASE WHEN state = 'offered' THEN 'held' ELSE 'none' END, needs FROM waiting`, func(how, text string) {
		r.addAll(m, how, text, func(string) bool { return true })
	})
	m.pairs(`SELECT places, taken FROM orders WHERE voucher <> ''`, func(how, text string) {
		r.addAll(m, how, text, registration.IsVoucherQuota)
	})
	m.pairs(`SELECT o.places, c.number FROM coverings c JOIN orders o ON o.id = c.order_id
		JOIN registrations r ON r.order_id = c.order_id AND r.position = c.position AND r.cancelled_at = 0`, func(how, number string) {
		r.add(how, registration.PaperQuota(number), 1)
	})
	m.compareCounters(r, uses)
}

// addAll counts places by quota of those quotas that are wanted.
func (r recount) addAll(m *machine, how, text string, wanted func(string) bool) {
	all := map[string]int64{}
	m.tolerated(json.Unmarshal([]byte(text), &all))
	for quota, n := range all {
		if wanted(quota) {
			r.add(how, quota, n)
		}
	}
}

// compareCounters compares the recount with the counters; uses are people who have a code's price now.
func (m *machine) compareCounters(r recount, uses map[string]int64) {
	rows, err := m.store.Rows(m.ctx, `SELECT key, places, held, sold FROM quotas ORDER BY key DESC`) // those of vouchers first
	m.tolerated(err)
	defer func() { m.tolerated(rows.Close()) }()
	for rows.Next() {
		var quota string
		var n, held, sold int64
		m.tolerated(rows.Scan(&quota, &n, &held, &sold))
		if _, of, kept := registration.KeptFor(quota); kept {
			r.add("held", of, n-held-sold)
		}
		if want := r[quota]; want.held != held || want.sold != sold || held+sold > n {
			m.rt.Fatalf("of %d places of %s %d are held and %d sold; people have %+v", n, quota, held, sold, want)
		}
		if strings.HasPrefix(quota, registration.VoucherQuota("HALF")) && uses[quota] > held+sold {
			m.rt.Fatalf("%d people use %s, which counts %d", uses[quota], quota, held+sold)
		}
	}
	m.tolerated(rows.Err())
}

// pairs reads rows of two texts.
func (m *machine) pairs(query string, each func(a, b string)) {
	rows, err := m.store.Rows(m.ctx, query)
	m.tolerated(err)
	defer func() { m.tolerated(rows.Close()) }()
	for rows.Next() {
		var a, b string
		m.tolerated(rows.Scan(&a, &b))
		each(a, b)
	}
	m.tolerated(rows.Err())
}
