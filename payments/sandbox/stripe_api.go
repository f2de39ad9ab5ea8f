package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// stripeKeyLife is how long Stripe answers for an idempotency key at least; here it is exactly so long.
const stripeKeyLife = 24 * time.Hour

// stripeCall is one API request after its key was accepted.
type stripeCall struct {
	r        *http.Request
	op       Operation
	merchant string
	body     []byte
	form     url.Values // of the body, or of the query of a GET
	key      string     // Idempotency-Key, "" for GET
	fault    Fault
	unkept   bool // the answer is not stored under the key: nothing was begun
}

// scope is what an idempotency key belongs to: the account alone.
func (c *stripeCall) scope() string { return stripeName + " " + c.merchant + " " + c.key }

// print is what a repeat under the same key must be equal to.
func (c *stripeCall) print() string {
	sum := sha256.Sum256([]byte(c.r.Method + " " + c.r.URL.Path + "\n" + string(c.body)))
	return hex.EncodeToString(sum[:])
}

func (c *stripeCall) request(status int) Request {
	return Request{
		Dialect: stripeName, Merchant: c.merchant, Operation: c.op, Method: c.r.Method, Path: c.r.URL.Path,
		Key: c.key, Body: string(c.body), Status: status, Fault: c.fault.Kind,
	}
}

// stripeMemory is what is stored for a key.
type stripeMemory struct {
	Print string          `json:"print"`
	Body  json.RawMessage `json:"body"`
}

// stripeWork does what a request asks for, inside one change of the books, and says what to answer.
type stripeWork func(t *tx, c *stripeCall) answer

// api serves one operation: key, fault, idempotency key, work, answer, in that order.
func (g *stripe) api(op Operation, do stripeWork) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Request-Id", "req_"+rand.Text()[:14])
		h.Set("Stripe-Version", stripeVersion)
		c, refused := g.open(r, op)
		if refused != nil {
			refused.send(w)
			return
		}
		c.fault = g.s.faults.take(stripeName, op, c.merchant)
		if c.key != "" {
			h.Set("Idempotency-Key", c.key)
		}
		if c.fault.before() {
			c.fault.deliver(w, g.spoil(c))
			return
		}
		if c.key != "" {
			if early, replayed := g.claim(c); early != nil {
				if replayed {
					h.Set("Idempotent-Replayed", "true")
				}
				c.fault.deliver(w, *early)
				return
			}
		}
		c.fault.deliver(w, g.serve(c, do))
	}
}

// serve carries the request out. It goes on when the caller has hung up, as Stripe would. The key is free before the answer is on its
// way: who has the answer may send again at once.
func (g *stripe) serve(c *stripeCall, do stripeWork) answer {
	if c.key != "" {
		defer g.release(c)
	}
	g.s.wait(c.fault.waitBefore())
	var told answer
	_, err := g.s.write(func(t *tx) {
		c.unkept = false
		decided := do(t, c)
		told = decided
		switch c.fault.Kind {
		case FaultError500:
			told = stripeFault(c)
			decided, c.unkept = told, false
		case FaultConflict, FaultTooMany:
			told = stripeFault(c)
		case FaultLost, FaultHTML, FaultTruncated, FaultSlow, FaultHuge, FaultRedirect:
		}
		g.keep(t, c, decided)
	})
	if err != nil {
		return stripeError(http.StatusInternalServerError, "api_error", "", "", "The books could not be written.")
	}
	g.s.wait(c.fault.waitAfter())
	return told
}

// keep notes the request, and its answer for the idempotency key.
func (g *stripe) keep(t *tx, c *stripeCall, decided answer) {
	if c.r.Method == http.MethodGet {
		return
	}
	t.record(c.request(decided.status))
	if c.key == "" || c.unkept {
		return
	}
	memory, err := json.Marshal(stripeMemory{c.print(), decided.body})
	if err != nil {
		panic("sandbox: answer is not JSON: " + err.Error()) // our own structs only
	}
	t.answers = append(t.answers, stored{Scope: c.scope(), At: t.now, Status: decided.status, Body: memory})
}

// spoil notes a request that has no effect, and gives the answer for the faults that have one in Stripe's words.
func (g *stripe) spoil(c *stripeCall) answer {
	a := stripeFault(c)
	_, err := g.s.write(func(t *tx) {
		status := a
		if c.fault.Kind == FaultLost {
			status.status = 0
		}
		c.unkept = c.fault.Kind != FaultError500
		g.keep(t, c, status)
	})
	if err != nil {
		g.s.cfg.Log.Error("request not noted", "error", err)
	}
	return a
}

// stripeFault is the answer of a fault that has one.
func stripeFault(c *stripeCall) answer {
	switch c.fault.Kind {
	case FaultConflict:
		return stripeConflict()
	case FaultTooMany:
		return stripeError(http.StatusTooManyRequests, "invalid_request_error", "rate_limit", "", "Request rate limit exceeded.")
	case FaultHTML:
		return answer{status: http.StatusBadGateway}
	case FaultRedirect:
		return answer{status: http.StatusTemporaryRedirect}
	case FaultHuge:
		return answer{status: http.StatusOK}
	case FaultLost, FaultError500, FaultTruncated, FaultSlow:
	}
	return stripeError(http.StatusInternalServerError, "api_error", "", "", "Something went wrong on the sandbox's end.")
}

func stripeConflict() answer {
	return stripeError(http.StatusConflict, "idempotency_error", "idempotency_key_in_use", "",
		"There is another request with this idempotency key in progress.")
}

// claim marks the key as running. It returns the answer at once for a key that is running, has been answered before, or was used for
// another request.
func (g *stripe) claim(c *stripeCall) (early *answer, replayed bool) {
	g.mu.Lock()
	busy := g.running[c.scope()]
	g.running[c.scope()] = true
	g.mu.Unlock()
	if busy {
		a := stripeConflict()
		g.replayed(c, a.status, false)
		return &a, false
	}
	var first stored
	var known bool
	_, err := g.s.write(func(t *tx) {
		first, known = t.answer(c.scope())
		known = known && t.now.Sub(first.At) < stripeKeyLife
	})
	if err == nil && !known {
		return nil, false
	}
	g.release(c)
	var memory stripeMemory
	if err != nil || json.Unmarshal(first.Body, &memory) != nil {
		a := stripeError(http.StatusInternalServerError, "api_error", "", "", "The books could not be read.")
		return &a, false
	}
	if memory.Print != c.print() {
		a := stripeError(http.StatusBadRequest, "idempotency_error", "", "",
			"This idempotency key was used before with other parameters or for another endpoint.")
		g.replayed(c, a.status, false)
		return &a, false
	}
	g.replayed(c, first.Status, true)
	return &answer{first.Status, memory.Body}, true
}

func (g *stripe) replayed(c *stripeCall, status int, replayed bool) {
	req := c.request(status)
	req.Replayed = replayed
	if _, err := g.s.write(func(t *tx) { t.record(req) }); err != nil {
		g.s.cfg.Log.Error("request not noted", "error", err)
	}
}

func (g *stripe) release(c *stripeCall) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.running, c.scope())
}

// open reads the request, its key and its form.
func (g *stripe) open(r *http.Request, op Operation) (*stripeCall, *answer) {
	c := &stripeCall{r: r, op: op, form: r.URL.Query()}
	merchant, ok := g.merchant(bearer(r))
	if !ok {
		a := stripeError(http.StatusUnauthorized, "invalid_request_error", "", "", "Invalid API key: the sandbox takes keys that begin with sk_test_ only.")
		return nil, &a
	}
	c.merchant = merchant
	if r.Method == http.MethodGet {
		return c, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err == nil {
		c.body = body
		c.form, err = url.ParseQuery(string(body))
	}
	if kind := r.Header.Get("Content-Type"); err != nil || (len(body) > 0 && !strings.HasPrefix(kind, "application/x-www-form-urlencoded")) {
		a := stripeError(http.StatusBadRequest, "invalid_request_error", "", "", "The request body is no form.")
		return nil, &a
	}
	if c.key = r.Header.Get("Idempotency-Key"); len(c.key) > 255 {
		a := stripeError(http.StatusBadRequest, "idempotency_error", "", "", "An idempotency key has at most 255 characters.")
		return nil, &a
	}
	return c, nil
}

// bearer is the key of a request: a bearer token, or the user name of Basic authentication.
func bearer(r *http.Request) string {
	h := r.Header.Get("Authorization")
	if key, ok := strings.CutPrefix(h, "Bearer "); ok {
		return key
	}
	coded, _ := strings.CutPrefix(h, "Basic ")
	plain, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return ""
	}
	key, _, _ := strings.Cut(string(plain), ":")
	return key
}

// stripeFailure is the error object of an answer.
type stripeFailure struct {
	Type        string `json:"type"`
	Code        string `json:"code,omitempty"`
	DeclineCode string `json:"decline_code,omitempty"`
	Param       string `json:"param,omitempty"`
	Message     string `json:"message"`
}

func stripeError(status int, kind, code, param, message string) answer {
	return jsonAnswer(status, map[string]stripeFailure{"error": {Type: kind, Code: code, Param: param, Message: message}})
}

// invalid refuses a request before anything is begun: its key stays free.
func (c *stripeCall) invalid(code, param, message string) answer {
	c.unkept = true
	return stripeError(http.StatusBadRequest, "invalid_request_error", code, param, message)
}

// missing is the answer for an id that the account does not have.
func (c *stripeCall) missing(param, id string) answer {
	c.unkept = true
	return stripeError(http.StatusNotFound, "invalid_request_error", "resource_missing", param, "No such object: '"+id+"'")
}

func (g *stripe) unknownPath(w http.ResponseWriter, r *http.Request) {
	stripeError(http.StatusNotFound, "invalid_request_error", "", "", "Unrecognized request URL ("+r.Method+": "+r.URL.Path+").").send(w)
}
