package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

const (
	stripeName    = "stripe"
	stripeVersion = "2026-03-25.dahlia"
	stripePrefix  = "sbx-stripe-" // of merchants, so that no merchant of another gateway has the same name
)

// stripe speaks Stripe's API for Checkout Sessions on a page of its own, paid by card, and their refunds.
//
// Any key sk_test_NAME or rk_test_NAME works and is the account NAME; its webhooks are signed with whsec_NAME. An account takes every
// card in every currency that Foyer knows. The buttons of the window mean: a card pays at once and leads back; declined and
// wrong-place are refused and stay in the window, as Stripe's page does; declined-window is refused and the payer gives up; cancel
// goes back and leaves the session open; lost-answer pays and never comes back; slow pays after Config.SlowConfirm.
type stripe struct {
	s *Sandbox

	mu      sync.Mutex
	running map[string]bool // scopes of idempotency keys whose first request is not answered yet
}

func newStripe(s *Sandbox) *stripe { return &stripe{s: s, running: map[string]bool{}} }

func (g *stripe) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/checkout/sessions", g.api(OpCheckout, g.create))
	mux.HandleFunc("GET /v1/checkout/sessions", g.api(OpLookup, g.listSessions))
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", g.api(OpLookup, g.session))
	mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", g.api(OpCancel, g.expire))
	mux.HandleFunc("GET /v1/payment_intents/{id}", g.api(OpLookup, g.intent))
	mux.HandleFunc("GET /v1/charges", g.api(OpLookup, g.listCharges))
	mux.HandleFunc("GET /v1/charges/{id}", g.api(OpLookup, g.charge))
	mux.HandleFunc("POST /v1/refunds", g.api(OpCancel, g.refund))
	mux.HandleFunc("GET /v1/refunds", g.api(OpLookup, g.listRefunds))
	mux.HandleFunc("GET /v1/refunds/{id}", g.api(OpLookup, g.oneRefund))
	for _, rest := range []string{"/v1/checkout/", "/v1/payment_intents/", "/v1/charges/", "/v1/refunds/"} {
		mux.HandleFunc(rest, g.unknownPath)
	}
	mux.HandleFunc("GET /c/pay/{id}", g.showWindow)
	mux.HandleFunc("POST /c/pay/{id}", g.submitWindow)
}

var stripeKey = regexp.MustCompile(`^[sr]k_test_([A-Za-z0-9_-]{1,200})$`)

// merchant reads a key such as sk_test_demo.
func (g *stripe) merchant(key string) (id string, ok bool) {
	m := stripeKey.FindStringSubmatch(key)
	if m == nil {
		return "", false
	}
	name := m[1]
	if len(name) > 16 { // may be a real test key: keep it out of the books
		sum := sha256.Sum256([]byte(name))
		name = hex.EncodeToString(sum[:6])
	}
	return stripePrefix + name, true
}

// stripeSecret is what the webhooks of a merchant are signed with.
func stripeSecret(merchant string) string {
	return "whsec_" + strings.TrimPrefix(merchant, stripePrefix)
}

// status is Stripe's word for where p's session stands.
func (g *stripe) status(p *Payment) string {
	switch p.State {
	case StateCaptured:
		return "complete"
	case StateExpired, StateFailed:
		return "expired"
	case StateReady, StateAuthenticated, StateDeposit:
	}
	return "open"
}

func (g *stripe) newTransaction() string { return "re_3" + stripeTail() }

// stripeTail is what makes an id random.
func stripeTail() string { return rand.Text()[:24] }

// A session, its payment and its charge share the random part of their ids, so that each is found by any.
const (
	stripeSession = "cs_test_a1"
	stripeIntent  = "pi_3"
	stripeCharge  = "ch_3"
)

// stripeID is the id of what belongs to p: its payment or its charge.
func stripeID(kind string, p *Payment) string { return kind + strings.TrimPrefix(p.ID, stripeSession) }

// ofStripe finds the payment that an id of the kind belongs to, nil when the merchant has none.
func ofStripe(t *tx, c *stripeCall, kind, id string) *Payment {
	tail, ok := strings.CutPrefix(id, kind)
	if !ok {
		return nil
	}
	p := t.payment(stripeSession + tail)
	if p == nil || p.Dialect != stripeName || p.Merchant != c.merchant || (kind != stripeSession && !tried(p)) {
		return nil
	}
	return p
}

// tried reports whether a payer has tried to pay: before that a session has no payment.
func tried(p *Payment) bool { return p.Card != nil }
