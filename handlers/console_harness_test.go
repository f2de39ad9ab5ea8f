package handlers

import (
	"fmt"
	"net/url"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/google/uuid"
)

// password is everybody's.
const password = "correct horse battery"

// hire lets somebody sign in, everywhere or in one event.
func (s *site) hire(role store.Role, event string) (email string) {
	s.t.Helper()
	email = fmt.Sprintf("%s.%s@example.org", role, uuid.NewString()[:8])
	if err := s.store.AddStaff(s.t.Context(), email, role, event, password); err != nil {
		s.t.Fatal(err)
	}
	return email
}

// signIn fills in the sign-in form.
func (b *browser) signIn(email, password string) answer {
	b.s.t.Helper()
	return b.submit(b.get("/sign-in").want(200), "main", url.Values{"email": {email}, "password": {password}})
}

// staff is the browser of somebody who has just been hired and signed in.
func (s *site) staff(role store.Role, event string) *browser {
	s.t.Helper()
	b := s.browser()
	if to := b.signIn(s.hire(role, event), password).to(); to != "/console" {
		s.t.Fatalf("signing in leads to %s", to)
	}
	return b
}

// ordered makes an order of somebody, without a browser.
func (s *site) ordered(e *registration.Event, p registration.Person, cart registration.Cart) *registration.Order {
	s.t.Helper()
	q, err := e.Price(cart, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	placed, err := s.store.Place(s.t.Context(), store.NewOrder{
		Event: e, DraftID: uuid.NewString(), Lang: registration.Korean, Person: p, Quote: q, Hold: 20 * 60e9, HoldMax: 7200e9,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	o, err := s.store.Order(s.t.Context(), placed.OrderID)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// event reads the sample event, or another one.
func (s *site) event(slug string) *registration.Event {
	s.t.Helper()
	e, err := s.store.Event(s.t.Context(), slug)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// otherEvent stores a second event and gives its slug.
func (s *site) otherEvent() string {
	s.t.Helper()
	e := sampleEvent()
	e.Slug = "other-2027"
	s.apply(e)
	return e.Slug
}

// paid registers and pays by a Korean card, and gives the order's admin page and its payment.
func (s *site) paid(category string) (adminPath string, p payments.Payment) {
	s.t.Helper()
	b := s.browser()
	order := b.register(category)
	b.pay(order, "korea", "kr")
	if p = s.newest(); p.State != payments.Confirmed {
		s.t.Fatalf("payment is %s", p.State)
	}
	return s.admin(p.OrderID), p
}

// admin is the staff's page of an order.
func (s *site) admin(orderID string) string {
	s.t.Helper()
	o, err := s.store.Order(s.t.Context(), orderID)
	if err != nil {
		s.t.Fatal(err)
	}
	e, err := s.store.EventByID(s.t.Context(), o.EventID)
	if err != nil {
		s.t.Fatal(err)
	}
	return "/admin/" + e.Slug + "/orders/" + o.Code
}

// acts counts the audit rows of staff with that word.
func (s *site) acts(act string) (n int) {
	s.t.Helper()
	if err := s.store.Row(s.t.Context(), `SELECT COUNT(*) FROM audit WHERE what = 'staff' AND to_state = $1`, act).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// sold is how many places of the hall are taken for good.
func (s *site) sold() (n int) {
	s.t.Helper()
	if err := s.store.Row(s.t.Context(), `SELECT sold FROM quotas WHERE key = 'hall' ORDER BY id LIMIT 1`).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// healthy has the doctor look at everything.
func (s *site) healthy() {
	s.t.Helper()
	findings, err := s.store.Doctor(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range findings {
		s.t.Error(f)
	}
}

// gatewayRefund gives money back at the gateway's side, and tells nobody.
func (s *site) gatewayRefund(p payments.Payment, minor int64) {
	s.t.Helper()
	s.gateway.SetWebhook("", "")
	body := fmt.Sprintf(`{"payment": %q, "amount": %d, "reason": "outside"}`, p.GatewayID, minor)
	s.browser().do("POST", s.bank+"/_sandbox/api/refund", "application/json", body, nil).want(200)
}
