package sandbox

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRequest bounds the body of an API request.
const maxRequest = 64 << 10

// tossCall is one API request after its key was accepted.
type tossCall struct {
	r        *http.Request
	op       Operation
	merchant tossMerchant
	body     []byte
	key      string // Idempotency-Key, "" for GET
	english  bool
	fault    Fault
}

func (c *tossCall) fail(code string) answer { return tossError(code, c.english) }

// scope is what an idempotency key belongs to. The body is not part of it.
func (c *tossCall) scope() string {
	return strings.Join([]string{tossName, c.merchant.id, c.r.Method, c.r.URL.Path, c.key}, " ")
}

func (c *tossCall) request(status int) Request {
	return Request{
		Dialect: tossName, Merchant: c.merchant.id, Operation: c.op, Method: c.r.Method, Path: c.r.URL.Path,
		Key: c.key, Body: string(c.body), Status: status, Fault: c.fault.Kind,
	}
}

// work does what a request asks for, inside one change of the books, and says what to answer.
type work func(t *tx, c *tossCall) answer

// api serves one operation: key, fault, idempotency key, work, answer, in that order.
func (g *toss) api(op Operation, do work) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, refused := g.open(r, op)
		if refused != nil {
			refused.send(w)
			return
		}
		c.fault = g.s.faults.take(tossName, op, c.merchant.id)
		if c.fault.before() {
			c.fault.deliver(w, g.spoil(c))
			return
		}
		if c.key != "" {
			early := g.claim(c)
			if early != nil {
				c.fault.deliver(w, *early)
				return
			}
		}
		a, fault := g.serve(c, do)
		fault.deliver(w, a)
	}
}

// serve carries the request out and gives the answer with the fault that it is to be delivered with. It goes on when the caller
// has hung up, as the gateway would. The key is free before the answer is on its way: who has the answer may send again at once.
func (g *toss) serve(c *tossCall, do work) (answer, Fault) {
	if c.key != "" {
		defer g.release(c)
	}
	quirk := g.quirk(c)
	g.s.wait(c.fault.waitBefore())
	g.s.wait(quirk.waitBefore())
	a, err := g.perform(c, do)
	if err != nil {
		return c.fail("UNKNOWN_PAYMENT_ERROR"), Fault{}
	}
	g.s.wait(c.fault.waitAfter())
	if quirk.Kind == FaultLost && a.status == http.StatusOK {
		return a, quirk
	}
	return a, c.fault
}

// perform does the work and keeps its answer for the idempotency key in the same write.
func (g *toss) perform(c *tossCall, do work) (answer, error) {
	var told answer
	_, err := g.s.write(func(t *tx) {
		var decided answer
		if code := c.r.Header.Get("TossPayments-Test-Code"); code != "" {
			decided = c.fail(code)
		} else {
			decided = do(t, c)
		}
		told = decided
		if slices.Contains([]FaultKind{FaultError500, FaultConflict, FaultTooMany}, c.fault.Kind) {
			told = faultAnswer(c)
		}
		if c.fault.Kind == FaultError500 {
			decided = told
		}
		g.keep(t, c, decided)
	})
	return told, err
}

// keep notes the request, and its answer for the idempotency key.
func (g *toss) keep(t *tx, c *tossCall, decided answer) {
	if c.r.Method == http.MethodGet {
		return
	}
	t.record(c.request(decided.status))
	if c.key != "" {
		t.remember(stored{Scope: c.scope(), Status: decided.status, Body: decided.body})
	}
}

// spoil notes a request that has no effect, and gives the answer for the faults that have one in the gateway's words.
func (g *toss) spoil(c *tossCall) answer {
	a := faultAnswer(c)
	_, err := g.s.write(func(t *tx) {
		if c.r.Method == http.MethodGet {
			return
		}
		status := a.status
		if c.fault.Kind == FaultLost {
			status = 0
		}
		t.record(c.request(status))
		if c.key != "" && c.fault.Kind == FaultError500 {
			t.remember(stored{Scope: c.scope(), Status: a.status, Body: a.body})
		}
	})
	if err != nil {
		return c.fail("UNKNOWN_PAYMENT_ERROR")
	}
	return a
}

func faultAnswer(c *tossCall) answer {
	switch c.fault.Kind {
	case FaultConflict:
		return c.fail("IDEMPOTENT_REQUEST_PROCESSING")
	case FaultTooMany:
		return jsonAnswer(http.StatusTooManyRequests, tossFailure{"TOO_MANY_REQUESTS", tossText("", c.english)})
	case FaultHTML:
		return answer{status: http.StatusBadGateway}
	case FaultRedirect:
		return answer{status: http.StatusTemporaryRedirect}
	case FaultHuge:
		return answer{status: http.StatusOK}
	case FaultLost, FaultError500, FaultTruncated, FaultSlow:
		return c.fail("FAILED_INTERNAL_SYSTEM_PROCESSING")
	}
	return c.fail("FAILED_INTERNAL_SYSTEM_PROCESSING")
}

// claim marks the key as running. It returns the answer at once for a key that is running or has been answered before.
func (g *toss) claim(c *tossCall) *answer {
	g.mu.Lock()
	busy := g.running[c.scope()]
	g.running[c.scope()] = true
	g.mu.Unlock()
	if busy {
		a := c.fail("IDEMPOTENT_REQUEST_PROCESSING")
		g.replayed(c, a.status, false)
		return &a
	}
	var first stored
	var known bool
	_, err := g.s.write(func(t *tx) { first, known = t.answer(c.scope()) })
	if err == nil && !known {
		return nil
	}
	g.release(c)
	if err != nil {
		a := c.fail("UNKNOWN_PAYMENT_ERROR")
		return &a
	}
	g.replayed(c, first.Status, true)
	return &answer{first.Status, first.Body}
}

func (g *toss) replayed(c *tossCall, status int, replayed bool) {
	req := c.request(status)
	req.Replayed = replayed
	if _, err := g.s.write(func(t *tx) { t.record(req) }); err != nil {
		g.s.cfg.Log.Error("request not noted", "error", err)
	}
}

func (g *toss) release(c *tossCall) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.running, c.scope())
}

// open reads the request and its key.
func (g *toss) open(r *http.Request, op Operation) (*tossCall, *answer) {
	c := &tossCall{r: r, op: op, english: strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en")}
	m, code := tossAuthorize(r.Header.Get("Authorization"))
	if code != "" {
		a := c.fail(code)
		return nil, &a
	}
	c.merchant = m
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		a := c.fail("INVALID_REQUEST")
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			a.status = http.StatusRequestEntityTooLarge
		}
		return nil, &a
	}
	c.body = body
	if r.Method != http.MethodGet {
		c.key = r.Header.Get("Idempotency-Key")
	}
	if utf8.RuneCountInString(c.key) > 300 {
		a := c.fail("INVALID_IDEMPOTENCY_KEY")
		return nil, &a
	}
	return c, nil
}

// tossAuthorize reads the Basic header; code is the error to answer, "" when the key is good.
func tossAuthorize(header string) (m tossMerchant, code string) {
	coded, ok := strings.CutPrefix(header, "Basic ")
	if !ok {
		return m, "UNAUTHORIZED_KEY"
	}
	plain, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return m, "INCORRECT_BASIC_AUTH_FORMAT"
	}
	key, password, colon := strings.Cut(string(plain), ":")
	if !colon || password != "" || strings.HasPrefix(key, "\ufeff") {
		return m, "INCORRECT_BASIC_AUTH_FORMAT"
	}
	if m, ok = tossMerchantOf(key, "test_sk_"); ok {
		return m, ""
	}
	for _, wrong := range []string{"test_ck_", "test_gck_", "test_gsk_"} {
		if strings.HasPrefix(key, wrong) {
			return m, "INVALID_API_KEY"
		}
	}
	return m, "UNAUTHORIZED_KEY"
}

func (g *toss) unknownPath(w http.ResponseWriter, r *http.Request) {
	tossError("NOT_FOUND", strings.HasPrefix(r.Header.Get("Accept-Language"), "en")).send(w)
}
