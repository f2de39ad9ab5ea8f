package e2e

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
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
		thaw, asked := s.freeze(), make(chan struct{})
		go func() { defer close(asked); do() }()
		s.killSoon()
		thaw()
		<-asked
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

// first are the first of some requests: the server dies once.
func first(calls func(*http.Request) bool) func(*http.Request) bool {
	var had atomic.Bool
	return func(r *http.Request) bool { return calls(r) && !had.Swap(true) }
}

// killSoon kills the server when it has had the time to read what it was sent last, and to wait for a database that lets nobody write.
func (s *site) killSoon() {
	time.Sleep(250 * time.Millisecond)
	s.kill()
}

// survivor is a gateway with what the test must know of it.
type survivor struct {
	kit     gatewaytest.Kit
	twoStep bool // a return that nobody wrote down must be made again
	once    bool // what was sent and not answered is never sent again: a person has to clear it up
}

var survivors = map[string]survivor{
	"toss":      {kit: gatewaytest.Toss, twoStep: true},
	"bootpay":   {kit: gatewaytest.Bootpay, twoStep: true},
	"allat":     {kit: gatewaytest.Allat, twoStep: true, once: true},
	"portonev1": {kit: gatewaytest.PortoneV1},
	"portonev2": {kit: gatewaytest.PortoneV2},
	"stripe":    {kit: gatewaytest.Stripe},
}

func TestMoneySurvivesKillAtEveryGateway(t *testing.T) {
	for name, g := range survivors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newKitSite(t, g.kit)
			for _, c := range crashes {
				s.settleThrough(c, g)
				s.refundThrough(c, g)
			}
			s.refundBetween()
			s.sameBooks()
			s.documented()
			if g.once {
				s.sentOnce()
			}
		})
	}
}

// settleThrough pays a new order while the server is killed at its confirmation. After the restart it is paid, or a person is told.
func (s *site) settleThrough(at crash, g survivor) {
	s.t.Helper()
	c := newScript(s)
	order := c.register("student", nil)
	_, l := c.choose(order, "main")
	var back gatewaytest.Back
	at.at(s, first(s.kit.Settles), func() {
		back = c.window(l, s.kit.Card) // who has the money already says so at once, and the server asks before the browser is back
		c.lose(back.To, back.Form)
	})
	s.dead("settle, " + at.name)
	if was := s.newest().Payments[0].State; (was == "confirming") != (g.twoStep && !at.unsaid) {
		s.t.Errorf("settle, %s: the payment was %s when the server died", at.name, was)
	}
	s.start()
	if g.once && !at.unsaid {
		s.leftToAPerson("settle, "+at.name, "payment_unknown", func(p bookedPayment) bool { return p.State == "unknown" })
		return
	}
	if at.unsaid && g.twoStep {
		c.bring(back) // the browser shows an error, and its owner loads the page again
	}
	s.eventually("settle, "+at.name+": the order is paid after the restart", 20*time.Second, func() bool { return c.state(order).Order == "paid" })
}

// refundThrough gives the money of an order back while the server is killed at it. After the restart it is back, or a person is told.
func (s *site) refundThrough(at crash, g survivor) {
	s.t.Helper()
	o := s.paid()
	admin := s.signIn()
	action, values := admin.lastStep("/admin/apsys-2027/orders/"+o.Code, "refund-"+o.Payments[0].ID)
	at.at(s, first(s.kit.Refunds), func() { admin.lose(action, values) })
	s.dead("refund, " + at.name)
	if was := s.newest().Payments[0].Refunds; at.unsaid != (len(was) == 0) || (!at.unsaid && was[0].State != "sending") {
		s.t.Errorf("refund, %s: the refunds were %+v when the server died", at.name, was)
	}
	s.start()
	if g.once && !at.unsaid {
		s.leftToAPerson("refund, "+at.name, "refund_unknown", func(p bookedPayment) bool { return len(p.Refunds) == 1 && p.Refunds[0].State == "unknown" })
		return
	}
	if at.unsaid {
		admin.refund(o.Code, o.Payments[0].ID, "")
	}
	s.refunded("refund, " + at.name)
}

// refundBetween gives the money of an order back while the server is killed after the refund was written down and before it was sent. No
// gateway has heard of it, so that it is sent after the restart by every one.
func (s *site) refundBetween() {
	s.t.Helper()
	o := s.paid()
	admin := s.signIn()
	action, values := admin.lastStep("/admin/apsys-2027/orders/"+o.Code, "refund-"+o.Payments[0].ID)
	s.alter("CREATE TRIGGER unsent BEFORE UPDATE ON refunds WHEN NEW.state = 'sending' BEGIN SELECT RAISE(ABORT, 'not now'); END")
	written := func() bool {
		r := s.newest().Payments[0].Refunds
		return len(r) == 1 && r[0].State == "requested"
	}
	go admin.lose(action, values)
	s.eventually("the refund is written down", 10*time.Second, written)
	s.kill()
	if !written() {
		s.t.Errorf("the refunds were %+v when the server died", s.newest().Payments[0].Refunds)
	}
	s.alter("DROP TRIGGER unsent")
	s.start()
	s.refunded("refund, killed before it was sent")
}

// paid is the newest order, or a new one when that was given back or nobody knows whether it is paid.
func (s *site) paid() bookedOrder {
	s.t.Helper()
	if o := s.newest(); o.State == "paid" && len(o.Payments[0].Refunds) == 0 {
		return o
	}
	c := newScript(s)
	order := c.register("student", nil)
	c.pay(order, "main", s.kit.Card)
	s.eventually("an order is paid", 20*time.Second, func() bool { return c.state(order).Order == "paid" })
	return s.newest()
}

// refunded expects the money of the newest order to come back by itself.
func (s *site) refunded(what string) {
	s.t.Helper()
	s.eventually(what+": the money is back after the restart", 20*time.Second, func() bool {
		r := s.newest().Payments[0].Refunds
		return len(r) == 1 && r[0].State == "done"
	})
}

// leftToAPerson expects the newest order's payment to be as nobody can find out, and on the attention list.
func (s *site) leftToAPerson(what, kind string, as func(bookedPayment) bool) {
	s.t.Helper()
	s.eventually(what+": a person is told of it", 20*time.Second, func() bool {
		l := s.ledger()
		o := l.Orders[len(l.Orders)-1]
		told := false
		for _, a := range l.Attention {
			told = told || (a.Kind == kind && a.Order != nil && *a.Order == o.Code)
		}
		return told && as(o.Payments[0])
	})
}

// documented expects a receipt for each payment that is known to have money, and a correction for each refund that is known to be done.
func (s *site) documented() {
	s.t.Helper()
	l := s.ledger()
	want, got := map[string]int{}, map[string]int{}
	for _, o := range l.Orders {
		for _, p := range o.Payments {
			if p.Captured > 0 {
				want["receipt"]++
			}
			for _, r := range p.Refunds {
				if r.State == "done" {
					want["correction"]++
				}
			}
		}
	}
	for _, r := range l.Receipts {
		got[r.Kind]++
	}
	if !maps.Equal(got, want) || want["receipt"] <= len(crashes) || want["correction"] < 2 {
		s.t.Errorf("documents %v, want %v", got, want)
	}
}

// sentOnce expects the gateway to have heard once of each confirmation and of each refund.
func (s *site) sentOnce() {
	s.t.Helper()
	settled, refunded := 0, 0
	for _, o := range s.ledger().Orders {
		settled += len(o.Payments)
		for _, p := range o.Payments {
			refunded += len(p.Refunds)
		}
	}
	if n := s.gateway.count(s.kit.Settles); n != settled {
		s.t.Errorf("the gateway heard of %d confirmations, want one for each of %d payments", n, settled)
	}
	if n := s.gateway.count(s.kit.Refunds); n != refunded {
		s.t.Errorf("the gateway heard %d times of refunds, want once of each of %d", n, refunded)
	}
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
