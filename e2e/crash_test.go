package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments/gatewaytest"
)

// crash is a place around a call of the gateway at which the server is killed. do is what makes the server call; its own answer is lost.
type crash struct {
	name   string
	unsaid bool // nothing had been written down: whoever asked asks again
	at     func(s *site, calls func(*http.Request) bool, do func())
}

var crashes = []crash{
	{name: "before the intent is written", unsaid: true, at: func(s *site, _ func(*http.Request) bool, do func()) {
		thaw := s.freeze()
		go do()
		s.killSoon()
		thaw()
	}},
	{name: "before the gateway hears of it", at: func(s *site, calls func(*http.Request) bool, do func()) {
		s.gateway.stepIn(func(r *http.Request) bool {
			if !calls(r) {
				return false
			}
			s.gateway.stepIn(nil, nil)
			s.kill()
			return true
		}, nil)
		do()
	}},
	{name: "after it happened, before the answer", at: func(s *site, calls func(*http.Request) bool, do func()) {
		s.gateway.stepIn(nil, func(r *http.Request) {
			if calls(r) {
				s.gateway.stepIn(nil, nil)
				s.kill()
			}
		})
		do()
	}},
	{name: "after the answer, before it is written", at: func(s *site, calls func(*http.Request) bool, do func()) {
		s.gateway.stepIn(nil, func(r *http.Request) {
			if calls(r) {
				s.gateway.stepIn(nil, nil)
				thaw := s.freeze()
				go func() { defer thaw(); s.killSoon() }()
			}
		})
		do()
	}},
}

// killSoon kills the server when it has had the time to read what it was sent last, and to wait for a database that lets nobody write.
func (s *site) killSoon() {
	time.Sleep(250 * time.Millisecond)
	s.kill()
}

// survivors are the gateways with what the test must know of them.
var survivors = map[string]struct {
	kit     gatewaytest.Kit
	twoStep bool // a return that nobody wrote down must be made again
}{
	"toss":      {gatewaytest.Toss, true},
	"bootpay":   {gatewaytest.Bootpay, true},
	"portonev1": {gatewaytest.PortoneV1, false},
	"portonev2": {gatewaytest.PortoneV2, false},
	"stripe":    {gatewaytest.Stripe, false},
}

func TestMoneySurvivesKillAtEveryGateway(t *testing.T) {
	for name, g := range survivors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newKitSite(t, g.kit)
			for i, c := range crashes {
				s.settleThrough(c, i, g.twoStep)
				s.refundThrough(c, i)
			}
			s.sameBooks()
			l := s.ledger()
			receipts := 0
			for _, r := range l.Receipts {
				if r.Kind == "receipt" {
					receipts++
				}
			}
			if n := len(crashes); receipts != n || len(l.Receipts) != 2*n {
				t.Errorf("%d receipts and %d documents, want %d and %d", receipts, len(l.Receipts), n, 2*n)
			}
		})
	}
}

// settleThrough pays the n-th order while the server is killed at its confirmation, and expects it to be paid after the restart.
func (s *site) settleThrough(at crash, n int, twoStep bool) {
	s.t.Helper()
	c := newScript(s)
	order := c.register("student", nil)
	_, l := c.choose(order, "main")
	back := c.window(l, s.kit.Card)
	at.at(s, s.kit.Settles, func() { c.lose(back.To, back.Form) })
	s.dead("settle, " + at.name)
	if was := s.ledger().Orders[n].Payments[0].State; (was == "confirming") != (twoStep && !at.unsaid) {
		s.t.Errorf("settle, %s: the payment was %s when the server died", at.name, was)
	}
	s.start()
	if at.unsaid && twoStep {
		c.bring(back) // the browser shows an error, and its owner loads the page again
	}
	s.eventually("settle, "+at.name+": the order is paid after the restart", 20*time.Second, func() bool { return c.state(order).Order == "paid" })
}

// refundThrough gives the money of the n-th order back while the server is killed at it, and expects it to be done after the restart.
func (s *site) refundThrough(at crash, n int) {
	s.t.Helper()
	admin := s.signIn()
	o := s.ledger().Orders[n]
	action, values := admin.lastStep("/admin/apsys-2027/orders/"+o.Code, "refund-"+o.Payments[0].ID)
	at.at(s, s.kit.Refunds, func() { admin.lose(action, values) })
	s.dead("refund, " + at.name)
	if was := s.ledger().Orders[n].Payments[0].Refunds; at.unsaid != (len(was) == 0) || (!at.unsaid && was[0].State != "sending") {
		s.t.Errorf("refund, %s: the refunds were %+v when the server died", at.name, was)
	}
	s.start()
	if at.unsaid {
		admin.refund(o.Code, o.Payments[0].ID, "")
	}
	s.eventually("refund, "+at.name+": the money is back after the restart", 20*time.Second, func() bool {
		r := s.ledger().Orders[n].Payments[0].Refunds
		return len(r) == 1 && r[0].State == "done"
	})
}

// dead waits until the server has ended.
func (s *site) dead(what string) {
	s.t.Helper()
	s.eventually(what+": the server is dead", 10*time.Second, func() bool {
		select {
		case <-s.done:
			return true
		default:
			return false
		}
	})
}

// lose sends a request whose answer nobody will read: a form, or none.
func (c *script) lose(path string, form url.Values) {
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req, err := http.NewRequest(method, c.abs(path), strings.NewReader(body))
	if err != nil {
		c.t.Errorf("request: %v", err)
		return
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res, err := c.client.Do(req); err == nil {
		_ = res.Body.Close()
	}
}

func TestNothingAcknowledgedIsLostByKill(t *testing.T) {
	s := newSite(t)
	var orders []string
	for range 5 {
		orders = append(orders, newScript(s).register("member", nil))
	}
	s.kill()
	s.start()
	for _, o := range orders {
		if p := newScript(s).get(o); p.status != http.StatusOK {
			t.Errorf("%s: status %d after the restart", o, p.status)
		}
	}
	s.sameBooks()
}

func TestASignalStopsTheServerInGoodOrder(t *testing.T) {
	s := newSite(t)
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d, want 0\n%s", code, s.log.tail())
	}
}
