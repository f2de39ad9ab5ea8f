package e2e

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// upload sends a list as the import page does, and gives its path.
func (c *script) upload(path, name, list string) string {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(list))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, c.abs(path), &body)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	p := c.do(req)
	if p.status != http.StatusSeeOther {
		c.t.Fatalf("upload: status %d\n%s", p.status, p.html)
	}
	return c.path(p.location)
}

// counted asks the database a number behind the server's back.
func (s *site) counted(query string) (n int64) {
	s.t.Helper()
	db := s.database()
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(s.t.Context(), query).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// killWhen kills the server as soon as a count has come between two numbers, and gives the count of the dead.
func (s *site) killWhen(query string, least, most int64) int64 {
	s.t.Helper()
	db := s.database()
	defer func() { _ = db.Close() }()
	s.eventually(query, 20*time.Second, func() bool {
		var n int64
		if err := db.QueryRowContext(s.t.Context(), query).Scan(&n); err != nil {
			s.t.Fatal(err)
		}
		return n >= least
	})
	s.kill()
	n := s.counted(query)
	if n < least || n >= most {
		s.t.Errorf("%s gave %d when the server died, want some and not all of %d", query, n, most)
	}
	return n
}

const deskChannel = `  - id: desk
    gateway: transfer
    currency: KRW
    methods: [bank_transfer]
    account: {bank: 예시은행, number: 000-000-000000, holder: 표본학회}
`

func TestAListMarkedAsPaidGoesOnAfterKillWithoutASecondPayment(t *testing.T) {
	const rows = 2000
	s := newSite(t, "FOYER_RATE=off")
	s.apply(strings.Replace(eventFile(s.gateway.url)+deskChannel, "places: 300", "places: 5000", 1))
	var list strings.Builder
	list.WriteString("name,email,category\n")
	for i := range rows {
		fmt.Fprintf(&list, "Person %d,person%d@example.org,student\n", i, i)
	}
	admin := s.signIn()
	path := admin.upload("/console/apsys-2027/import", "people.csv", list.String())
	action, values := admin.form(admin.get(path), "main", map[string]string{"how": "paid", "way": "desk.bank_transfer", "reason": "seen", "lang": "en"})
	if p := admin.post(action, values); p.status != http.StatusSeeOther {
		t.Fatalf("import: status %d\n%s", p.status, p.html)
	}
	for _, least := range []int64{1, rows / 3} { // the second life dies as well
		s.killWhen(`SELECT COUNT(*) FROM receipts`, least, rows)
		s.doctored("killed in a list")
		s.soonAgain()
		s.start()
	}
	s.eventually("every row is done", 30*time.Second, func() bool { return s.counted(`SELECT COUNT(*) FROM imports WHERE state = 'done'`) == 1 })
	if p := admin.get(path); !strings.Contains(p.html, `data-order="done" data-payment="2000"`) {
		t.Errorf("the page does not say that all is done:\n%s", p.html)
	}
	s.stop()
	for query, want := range map[string]int64{
		`SELECT COUNT(*) FROM import_rows WHERE problem = ''`:                                rows,
		`SELECT COUNT(DISTINCT order_id) FROM import_rows`:                                   rows,
		`SELECT COUNT(*) FROM orders WHERE state = 'paid'`:                                   rows,
		`SELECT COUNT(DISTINCT email) FROM orders`:                                           rows,
		`SELECT COUNT(*) FROM payments`:                                                      rows,
		`SELECT COUNT(DISTINCT order_id) FROM payments WHERE state = 'confirmed'`:            rows,
		`SELECT COUNT(*) FROM receipts`:                                                      rows,
		`SELECT MAX(number) - MIN(number) + 1 FROM receipts`:                                 rows,
		`SELECT COUNT(*) FROM audit WHERE to_state = 'paid' AND reason = 'seen'`:             rows,
		`SELECT COUNT(*) FROM jobs WHERE CAST(payload AS TEXT) LIKE '%"kind":"registered"%'`: rows,
		`SELECT sold FROM quotas WHERE id LIKE '%/hall'`:                                     rows,
		`SELECT COUNT(*) FROM attention`:                                                     0,
		`SELECT COUNT(*) FROM jobs WHERE kind = 'import' AND state NOT IN ('done')`:          0,
	} {
		if n := s.counted(query); n != want {
			t.Errorf("%s gives %d, want %d", query, n, want)
		}
	}
	s.doctored("the list is taken over")
}

// doctored expects the doctor to find nothing.
func (s *site) doctored(what string) {
	s.t.Helper()
	if out, code := s.run("doctor"); code != 0 {
		s.t.Errorf("%s: doctor: exit %d\n%s", what, code, out)
	}
}

// soonAgain ends the leases of a dead server's jobs, which would else keep the next one waiting for some minutes.
func (s *site) soonAgain() {
	s.t.Helper()
	s.alter(`UPDATE jobs SET lease_until = 0 WHERE lease <> ''`)
}

func TestACancelledEventGoesOnGivingBackAfterKill(t *testing.T) {
	const orders = 12
	s := newSite(t, "FOYER_RATE=off")
	for range orders {
		c := newScript(s)
		c.pay(c.register("student", nil), "korea", "kr")
	}
	s.eventually("all are paid", 20*time.Second, func() bool { return s.counted(`SELECT COUNT(*) FROM orders WHERE state = 'paid'`) == orders })
	s.apply(strings.Replace(eventFile(s.gateway.url), "  mode: test\n", "  mode: test\n  state: cancelled\n", 1))
	admin := s.signIn()
	action, values := admin.step("/admin/apsys-2027/clearing", "main", map[string]string{"reason": "typhoon"})
	var refunds atomic.Int64
	died := make(chan struct{})
	s.gateway.stepIn(nil, func(r *http.Request) { // after it gave money back, before it says so
		if s.kit.Refunds(r) {
			if refunds.Add(1) == orders/3 {
				s.gateway.stepIn(nil, nil)
				s.kill()
				close(died)
			}
		}
	})
	admin.lose(action, values)
	select {
	case <-died:
	case <-time.After(20 * time.Second):
		t.Fatal("no money was given back")
	}
	s.dead("in the clearing")
	if n := s.counted(`SELECT COUNT(*) FROM clearing_orders WHERE state = 'waiting'`); n == 0 {
		t.Error("nothing was left to do when the server died")
	}
	s.soonAgain()
	s.start()
	s.eventually("all money is back", 40*time.Second, func() bool {
		return s.counted(`SELECT COUNT(*) FROM refunds WHERE state = 'done'`) == orders && s.counted(`SELECT COUNT(*) FROM clearing_orders WHERE state = 'done'`) == orders
	})
	if n := s.counted(`SELECT COUNT(*) FROM refunds`); n != orders {
		t.Errorf("%d refunds, want one of each of %d", n, orders)
	}
	for _, p := range s.gateway.Books().Payments {
		if p.Captured != 150000 || p.Refunded != p.Captured {
			t.Errorf("the gateway has taken %d and given back %d", p.Captured, p.Refunded)
		}
	}
	if l := s.ledger(); slices.ContainsFunc(l.Orders, func(o bookedOrder) bool { return o.State != "cancelled" }) || len(l.Attention) > 0 {
		t.Errorf("the ledger has %+v", l)
	}
	s.sameBooks()
}
