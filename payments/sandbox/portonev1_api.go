package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// portoneV1Call is one API request after its token was accepted.
type portoneV1Call struct {
	r        *http.Request
	op       Operation
	merchant string
	body     []byte
	in       map[string]string // the body's members
	fault    Fault
}

func (c *portoneV1Call) request(status int) Request {
	return Request{
		Dialect: portoneV1Name, Merchant: c.merchant, Operation: c.op, Method: c.r.Method, Path: c.r.URL.Path,
		Body: string(c.body), Status: status, Fault: c.fault.Kind,
	}
}

// portoneV1Fields reads a body, JSON or a form: the text of its flat members. Numbers keep their text; null is absent.
func portoneV1Fields(body []byte) (map[string]string, bool) {
	out := map[string]string{}
	if text := strings.TrimSpace(string(body)); !strings.HasPrefix(text, "{") {
		form, err := url.ParseQuery(text)
		for name := range form {
			out[name] = form.Get(name)
		}
		return out, err == nil
	}
	var in map[string]any
	if !readJSON(body, &in) {
		return out, false
	}
	for name, v := range in {
		switch v := v.(type) {
		case string:
			out[name] = v
		case json.Number:
			out[name] = v.String()
		case bool:
			if v {
				out[name] = "true"
			}
		}
	}
	return out, true
}

// portoneV1Envelope is what every answer comes in.
type portoneV1Envelope struct {
	Code     int     `json:"code"`
	Message  *string `json:"message"`
	Response any     `json:"response"`
}

func portoneV1Good(status int, response any) answer {
	return jsonAnswer(status, portoneV1Envelope{Response: response})
}

// portoneV1Fail is an answer that says no. Under the status 200 its code is 1, else -1; there are no other codes.
func portoneV1Fail(status int, message string) answer {
	code := -1
	if status == http.StatusOK {
		code = 1
	}
	return jsonAnswer(status, portoneV1Envelope{Code: code, Message: &message})
}

// portoneV1Work does what a request asks for, inside one change of the books, and says what to answer.
type portoneV1Work func(t *tx, c *portoneV1Call) answer

// api serves one operation: token, fault, work, answer, in that order. There are no idempotency keys.
func (g *portoneV1) api(op Operation, do portoneV1Work) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		merchant, ok := g.holder(r.Header.Get("Authorization"))
		if !ok {
			portoneV1Fail(http.StatusUnauthorized, "Unauthorized").send(w)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
		c := &portoneV1Call{r: r, op: op, merchant: merchant, body: body}
		if c.in, ok = portoneV1Fields(body); !ok || err != nil {
			portoneV1Fail(http.StatusBadRequest, "요청을 읽을 수 없습니다.").send(w)
			return
		}
		c.fault = g.s.faults.take(portoneV1Name, op, merchant)
		if c.fault.before() {
			a := portoneV1Fault(c.fault)
			g.keep(c, a)
			c.fault.deliver(w, a)
			return
		}
		a, fault := g.serve(c, do)
		fault.deliver(w, a)
	}
}

// serve carries the request out and gives the answer with the fault that it is to be delivered with.
func (g *portoneV1) serve(c *portoneV1Call, do portoneV1Work) (answer, Fault) {
	quirk := g.quirk(c)
	g.s.wait(c.fault.waitBefore())
	g.s.wait(quirk.waitBefore())
	var a answer
	_, err := g.s.write(func(t *tx) {
		a = do(t, c)
		if c.r.Method != http.MethodGet {
			t.record(c.request(a.status))
		}
	})
	if err != nil {
		return portoneV1Fail(http.StatusInternalServerError, "Internal Server Error"), Fault{}
	}
	g.s.wait(c.fault.waitAfter())
	if slices.Contains([]FaultKind{FaultError500, FaultConflict, FaultTooMany}, c.fault.Kind) {
		a = portoneV1Fault(c.fault)
	}
	if quirk.Kind == FaultLost {
		return a, quirk
	}
	return a, c.fault
}

// keep notes a request that has no effect.
func (g *portoneV1) keep(c *portoneV1Call, a answer) {
	if c.r.Method == http.MethodGet {
		return
	}
	if c.fault.Kind == FaultLost {
		a.status = 0
	}
	if _, err := g.s.write(func(t *tx) { t.record(c.request(a.status)) }); err != nil {
		g.s.cfg.Log.Error("request not noted", "error", err)
	}
}

// portoneV1Fault is what a fault answers, as far as it answers in the gateway's words.
func portoneV1Fault(f Fault) answer {
	switch f.Kind {
	case FaultConflict:
		return portoneV1Fail(http.StatusConflict, "처리 중인 요청이 있습니다.")
	case FaultTooMany:
		return portoneV1Fail(http.StatusTooManyRequests, "Too Many Requests")
	case FaultHTML:
		return answer{status: http.StatusBadGateway}
	case FaultRedirect:
		return answer{status: http.StatusTemporaryRedirect}
	case FaultHuge:
		return answer{status: http.StatusOK}
	case FaultError500, FaultLost, FaultTruncated, FaultSlow:
	}
	return portoneV1Fail(http.StatusInternalServerError, "Internal Server Error")
}

// quirk is what the payer's test card makes of the first look-up after the capture.
func (g *portoneV1) quirk(c *portoneV1Call) Fault {
	if c.op != OpLookup {
		return Fault{}
	}
	choice := ""
	_, err := g.s.write(func(t *tx) {
		p := g.ofPath(t, c)
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
