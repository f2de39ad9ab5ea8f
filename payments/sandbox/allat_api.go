package sandbox

import (
	"io"
	"net/http"
	"strings"

	"foyer/registration"
)

// allatCall is one API request whose shop is known.
type allatCall struct {
	r        *http.Request
	op       Operation
	merchant allatMerchant
	in       map[string]string
	body     string // without the cross key
	fault    Fault
}

// allatWork does what a request asks for, inside one change of the books, and says what to reply.
type allatWork func(t *tx, c *allatCall) allatReply

// api serves one operation: shop and key, currency, fault, work, reply, in that order.
func (g *allat) api(op Operation, cur registration.Currency, do allatWork) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
		if err != nil {
			deliverAllat(w, Fault{}, allatNo("3008"))
			return
		}
		in := allatForm(body, false)
		m, ok := allatMerchantOf(in["allat_shop_id"])
		switch {
		case !ok || in["allat_cross_key"] != m.crossKey:
			deliverAllat(w, Fault{}, allatNo("3001"))
			return
		case m.currency != cur:
			deliverAllat(w, Fault{}, allatNo("3010"))
			return
		}
		c := &allatCall{r: r, op: op, merchant: m, in: in, body: strings.ReplaceAll(string(body), m.crossKey, "***")}
		c.fault = g.s.faults.take(allatName, op, m.id)
		if c.fault.before() {
			g.note(c)
			deliverAllat(w, c.fault, nil)
			return
		}
		reply, fault := g.serve(c, do)
		deliverAllat(w, fault, reply)
	}
}

// serve carries the request out and gives the reply with the fault that it is to be delivered with. It goes on when the caller has
// hung up, as the gateway would.
func (g *allat) serve(c *allatCall, do allatWork) (allatReply, Fault) {
	quirk := g.quirk(c)
	g.s.wait(c.fault.waitBefore())
	g.s.wait(quirk.waitBefore())
	var reply allatReply
	_, err := g.s.write(func(t *tx) {
		reply = do(t, c)
		t.record(c.request(http.StatusOK))
	})
	if err != nil {
		return nil, Fault{Kind: FaultError500}
	}
	g.s.wait(c.fault.waitAfter())
	if quirk.Kind == FaultLost && c.fault.Kind == "" {
		return reply, quirk
	}
	return reply, c.fault
}

func (c *allatCall) request(status int) Request {
	return Request{
		Dialect: allatName, Merchant: c.merchant.id, Operation: c.op, Method: c.r.Method, Path: c.r.URL.Path, Body: c.body,
		Status: status, Fault: c.fault.Kind,
	}
}

// note writes down a request that had no effect.
func (g *allat) note(c *allatCall) {
	if _, err := g.s.write(func(t *tx) { t.record(c.request(0)) }); err != nil {
		g.s.cfg.Log.Error("request not noted", "error", err)
	}
}

// quirk is what the payer's test card makes of an approval.
func (g *allat) quirk(c *allatCall) Fault {
	choice := ""
	_, err := g.s.write(func(t *tx) {
		if p := ofTicket(t, c.in["allat_enc_data"]); p != nil && p.State == StateAuthenticated {
			choice = p.Session.Choice
		}
	})
	switch {
	case err != nil:
	case choice == choiceSlow:
		return Fault{Kind: FaultSlow, Delay: g.s.cfg.SlowConfirm}
	case choice == choiceLostAnswer:
		return Fault{Kind: FaultLost, After: true}
	}
	return Fault{}
}
