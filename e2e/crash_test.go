package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// crashes are the places around a gateway's request at which the server is killed.
var crashes = map[string]func(*site, func(*http.Request) bool){
	"before the gateway hears of it": func(s *site, match func(*http.Request) bool) {
		s.gateway.stepIn(func(r *http.Request) bool {
			if !match(r) {
				return false
			}
			s.gateway.stepIn(nil, nil)
			s.kill()
			return true
		}, nil)
	},
	"after it happened, before the answer": func(s *site, match func(*http.Request) bool) {
		s.gateway.stepIn(nil, func(r *http.Request) {
			if match(r) {
				s.gateway.stepIn(nil, nil)
				s.kill()
			}
		})
	},
}

// unreachable is what a script sees while the server is dead.
func (c *script) unreachable(path string) {
	c.t.Helper()
	res, err := c.client.Get(c.abs(path))
	if err == nil {
		_ = res.Body.Close()
		c.t.Errorf("the server answered %d although it was killed", res.StatusCode)
	}
}

func TestAPaymentSurvivesKillAtTheGateway(t *testing.T) {
	for name, arm := range crashes {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := newScript(s)
			order := c.register("student", nil)
			_, l := c.choose(order, "korea")
			back := c.window(l, "kr")
			arm(s, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/v1/payments/confirm") })
			c.unreachable(back)
			s.start()
			s.eventually("the order is paid after the restart", 20*time.Second, func() bool { return c.state(order).Order == "paid" })
			s.sameBooks()
			if got := len(s.ledger().Receipts); got != 1 {
				t.Errorf("%d receipts, want 1", got)
			}
		})
	}
}

func TestARefundSurvivesKillAtTheGateway(t *testing.T) {
	for name, arm := range crashes {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := newScript(s)
			c.pay(c.register("student", nil), "korea", "kr")
			o := s.ledger().Orders[0]
			admin := s.signIn()
			arm(s, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/cancel") })
			path := "/admin/apsys-2027/orders/" + o.Code
			action, values := admin.form(admin.get(path), "refund-"+o.Payments[0].ID, map[string]string{"amount": "60000", "reason": "test"})
			p := admin.post(action, values)
			if p.status == http.StatusSeeOther {
				p = admin.get(p.location)
			}
			action, values = admin.form(p, "main", nil)
			if res, err := admin.client.PostForm(admin.abs(action), values); err == nil {
				_ = res.Body.Close()
			}
			s.eventually("the server is dead", 10*time.Second, func() bool {
				select {
				case <-s.done:
					return true
				default:
					return false
				}
			})
			s.start()
			s.eventually("the refund is done after the restart", 20*time.Second, func() bool {
				r := s.ledger().Orders[0].Payments[0].Refunds
				return len(r) == 1 && r[0].State == "done"
			})
			s.sameBooks()
		})
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
