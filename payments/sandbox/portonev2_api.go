package sandbox

import (
	"io"
	"net/http"
	"slices"
	"strings"
)

// portoneV2Call is one API request after its secret was accepted.
type portoneV2Call struct {
	r        *http.Request
	op       Operation
	merchant string
	body     []byte
	fault    Fault
}

func (c *portoneV2Call) request(status int) Request {
	return Request{
		Dialect: portoneV2Name, Merchant: c.merchant, Operation: c.op, Method: c.r.Method, Path: c.r.URL.EscapedPath(),
		Body: string(c.body), Status: status, Fault: c.fault.Kind,
	}
}

// portoneV2Work does what a request asks for, inside one change of the books, and says what to answer.
type portoneV2Work func(t *tx, c *portoneV2Call) answer

// api serves one operation: secret, fault, work, answer, in that order. There are no idempotency keys.
func (g *portoneV2) api(op Operation, do portoneV2Work) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, refused := g.open(r, op)
		if refused != nil {
			refused.send(w)
			return
		}
		c.fault = g.s.faults.take(portoneV2Name, op, c.merchant)
		if c.fault.before() {
			c.fault.deliver(w, g.spoil(c))
			return
		}
		quirk := g.quirk(c)
		g.s.wait(c.fault.waitBefore())
		g.s.wait(quirk.waitBefore())
		var a answer
		_, err := g.s.write(func(t *tx) {
			a = do(t, c)
			g.keep(t, c, a.status)
		})
		if err != nil {
			portoneV2Fail("INTERNAL_SERVER_ERROR").send(w)
			return
		}
		g.s.wait(c.fault.waitAfter())
		if slices.Contains([]FaultKind{FaultError500, FaultConflict, FaultTooMany}, c.fault.Kind) {
			a = portoneV2Fault(c.fault)
		}
		if quirk.Kind == FaultLost {
			c.fault = quirk
		}
		c.fault.deliver(w, a)
	}
}

// keep notes a request that may change something.
func (g *portoneV2) keep(t *tx, c *portoneV2Call, status int) {
	if c.r.Method != http.MethodGet {
		t.record(c.request(status))
	}
}

// spoil notes a request that has no effect, and gives the answer for the faults that have one in the gateway's words.
func (g *portoneV2) spoil(c *portoneV2Call) answer {
	a := portoneV2Fault(c.fault)
	status := a.status
	if c.fault.Kind == FaultLost {
		status = 0
	}
	if _, err := g.s.write(func(t *tx) { g.keep(t, c, status) }); err != nil {
		return portoneV2Fail("INTERNAL_SERVER_ERROR")
	}
	return a
}

// portoneV2Fault is what a fault answers, as far as it answers in the gateway's words.
func portoneV2Fault(f Fault) answer {
	switch f.Kind {
	case FaultConflict:
		return portoneV2Fail("REQUEST_IN_PROGRESS")
	case FaultTooMany:
		return portoneV2Fail("TOO_MANY_REQUESTS")
	case FaultHTML:
		return answer{status: http.StatusBadGateway}
	case FaultRedirect:
		return answer{status: http.StatusTemporaryRedirect}
	case FaultHuge:
		return answer{status: http.StatusOK}
	case FaultError500, FaultLost, FaultTruncated, FaultSlow:
	}
	return portoneV2Fail("INTERNAL_SERVER_ERROR")
}

// quirk is what the payer's test card makes of the first look-up after the capture.
func (g *portoneV2) quirk(c *portoneV2Call) Fault {
	if c.op != OpLookup {
		return Fault{}
	}
	choice := ""
	_, err := g.s.write(func(t *tx) {
		p := g.of(t, c.merchant, c.r.PathValue("paymentId"))
		if p == nil || p.Captured == 0 || (p.Session.Choice != choiceSlow && p.Session.Choice != choiceLostAnswer) {
			return
		}
		choice, p.Session.Choice = p.Session.Choice, ""
		t.save(p)
	})
	switch {
	case err != nil:
		return Fault{}
	case choice == choiceSlow:
		return Fault{Kind: FaultSlow, Delay: g.s.cfg.SlowConfirm}
	case choice == choiceLostAnswer:
		return Fault{Kind: FaultLost, After: true}
	}
	return Fault{}
}

// open reads the request and its secret. Any content type is taken: PortOne's own client sends none that says JSON.
func (g *portoneV2) open(r *http.Request, op Operation) (*portoneV2Call, *answer) {
	merchant, ok := g.authorize(r.Header.Get("Authorization"))
	if !ok {
		a := portoneV2Fail("UNAUTHORIZED")
		return nil, &a
	}
	c := &portoneV2Call{r: r, op: op, merchant: merchant}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		a := portoneV2Fail("INVALID_REQUEST")
		return nil, &a
	}
	c.body = body
	var in struct {
		Store string `json:"storeId"`
	}
	readJSON(body, &in)
	for _, store := range []string{in.Store, r.URL.Query().Get("storeId")} {
		if id, known := portoneV2Merchant(store); store != "" && (!known || id != merchant || !strings.HasPrefix(store, "store-")) {
			a := portoneV2Fail("FORBIDDEN")
			return nil, &a
		}
	}
	return c, nil
}

// authorize reads the header: the scheme PortOne with the secret, or Bearer with a token made from it.
func (g *portoneV2) authorize(header string) (merchant string, ok bool) {
	if secret, found := strings.CutPrefix(header, "PortOne "); found && strings.HasPrefix(secret, "portone-test-") {
		return portoneV2Merchant(secret)
	}
	if token, found := strings.CutPrefix(header, "Bearer "); found {
		return g.tokenOf(token, false)
	}
	return "", false
}

func (g *portoneV2) unknownPath(w http.ResponseWriter, _ *http.Request) {
	portoneV2Fail("NOT_FOUND").send(w)
}
