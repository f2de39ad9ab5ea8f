package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"foyer/registration"
)

const (
	tossName       = "toss"
	tossVersion    = "2022-11-16"
	tossWindowLife = 30 * time.Minute // from opening the window to authentication
	tossSessions   = 10 * time.Minute // from authentication to confirm
)

// kst is the zone of the gateway's time stamps; Korea has had no summer time since 1988.
var kst = time.FixedZone("KST", 9*60*60)

// toss speaks Toss Payments' core API, version 2022-11-16, for cards, virtual accounts, transfers, telephone bills and PayPal.
type toss struct {
	s *Sandbox

	mu      sync.Mutex
	running map[string]bool // scopes of idempotency keys whose first request is not answered yet
}

func newToss(s *Sandbox) *toss { return &toss{s: s, running: map[string]bool{}} }

func (g *toss) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/payments", g.api(OpCheckout, g.create))
	mux.HandleFunc("POST /v1/payments/confirm", g.api(OpConfirm, g.confirm))
	mux.HandleFunc("POST /v1/payments/{paymentKey}/cancel", g.api(OpCancel, g.cancel))
	mux.HandleFunc("GET /v1/payments/{paymentKey}", g.api(OpLookup, g.byKey))
	mux.HandleFunc("GET /v1/payments/orders/{orderId}", g.api(OpLookup, g.byOrder))
	mux.HandleFunc("GET /v1/payments/{paymentKey}/{page}", g.checkout)
	mux.HandleFunc("GET /v1/transactions", g.api(OpLookup, g.transactions))
	mux.HandleFunc("/v1/", g.unknownPath)
	mux.HandleFunc("GET /v2/standard", g.script)
	mux.HandleFunc("GET /toss/window", g.openWindow)
	mux.HandleFunc("GET /toss/window/{paymentKey}", g.showWindow)
	mux.HandleFunc("POST /toss/window/{paymentKey}", g.submitWindow)
}

// tossMerchant is the contract behind a pair of keys.
type tossMerchant struct {
	id       string
	currency registration.Currency
	anyCard  bool // takes Korean and overseas cards
}

var tossKeyName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// tossMerchantOf reads a key such as test_sk_demo. ok is false unless the key starts with prefix and a name follows.
func tossMerchantOf(key, prefix string) (m tossMerchant, ok bool) {
	name, ok := strings.CutPrefix(key, prefix)
	if !ok || !tossKeyName.MatchString(name) {
		return m, false
	}
	m = tossMerchant{id: "sbx-" + name, currency: registration.KRW}
	if len(name) > 16 { // may be a real test key: keep it out of the books
		sum := sha256.Sum256([]byte(name))
		m.id = "sbx-" + hex.EncodeToString(sum[:6])
	}
	words := strings.ToLower(name)
	switch {
	case strings.Contains(words, "usd"):
		m.currency = registration.USD
	case strings.Contains(words, "jpy"):
		m.currency = registration.JPY
	}
	m.anyCard = strings.Contains(words, "any")
	return m, true
}

func (g *toss) merchant(key string) (id string, ok bool) {
	m, ok := tossMerchantOf(key, "test_ck_")
	if !ok {
		m, ok = tossMerchantOf(key, "test_sk_")
	}
	return m.id, ok
}

// status is Toss's word for where p stands.
func (g *toss) status(p *Payment) string {
	switch p.State {
	case StateReady:
		return "READY"
	case StateAuthenticated:
		return "IN_PROGRESS"
	case StateDeposit:
		return "WAITING_FOR_DEPOSIT"
	case StateFailed:
		if p.Failure == tossClosed {
			return "CANCELED"
		}
		return "ABORTED"
	case StateExpired:
		if p.Account != nil {
			return "WAITING_FOR_DEPOSIT" // the gateway says nothing when a deadline passes
		}
		return "EXPIRED"
	case StateCaptured:
		switch {
		case p.Left() == 0:
			return "CANCELED"
		case p.Refunded > 0:
			return "PARTIAL_CANCELED"
		}
		return "DONE"
	}
	return "READY"
}

// newPaymentKey looks like the gateway's: a prefix, the second in Korea, and something random.
func newPaymentKey(now time.Time) string {
	return "tsbx" + now.In(kst).Format("20060102150405") + rand.Text()[:10]
}

func (g *toss) newTransaction() string { return newTransactionKey() }

func newTransactionKey() string { return "txrd_" + strings.ToLower(rand.Text()[:20]) }
