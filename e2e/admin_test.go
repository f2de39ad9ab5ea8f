package e2e

import (
	"net/http"
	"net/url"
)

// signIn signs the administrator in.
func (s *site) signIn() *script {
	s.t.Helper()
	c := newScript(s)
	action, values := c.form(c.get("/sign-in"), "main", map[string]string{"~username": "admin@example.org", "~current-password": "a-long-password-1"})
	if p := c.post(action, values); p.status != http.StatusSeeOther {
		s.t.Fatalf("sign in: status %d\n%s", p.status, p.html)
	}
	return c
}

// refund gives back an amount of a payment, "" for all that is left, through both steps of the page.
func (c *script) refund(code, payment, amount string) {
	c.t.Helper()
	more := map[string]string{"reason": "test"}
	if amount != "" {
		more["amount"] = amount
	}
	c.twoSteps("/admin/apsys-2027/orders/"+code, "refund-"+payment, more)
}

// cancel cancels an order through both steps of the page.
func (c *script) cancel(code string) {
	c.t.Helper()
	c.twoSteps("/admin/apsys-2027/orders/"+code, "cancel", map[string]string{"reason": "test"})
}

func (c *script) twoSteps(path, form string, more map[string]string) {
	c.t.Helper()
	action, values := c.step(path, form, more)
	if p := c.post(action, values); p.status != http.StatusSeeOther {
		c.t.Fatalf("%s on %s: status %d\n%s", form, path, p.status, p.html)
	}
}

// lastStep is the post that carries out what a form of an order's page asks for, ready to be sent.
func (c *script) lastStep(path, form string) (action string, values url.Values) {
	c.t.Helper()
	return c.step(path, form, map[string]string{"reason": "test"})
}

// step sends the first step of a form and gives the second.
func (c *script) step(path, form string, more map[string]string) (action string, values url.Values) {
	c.t.Helper()
	action, values = c.form(c.get(path), form, more)
	p := c.post(action, values)
	if p.status == http.StatusSeeOther {
		p = c.get(p.location)
	}
	return c.form(p, "main", nil)
}
