package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	portoneV2Name       = "portonev2"
	portoneV2WindowLife = 30 * time.Minute // from opening the window to its end
	portoneV2Slowly     = 2 * time.Second  // how long a requested refund takes to be carried out
)

// portoneV2 speaks PortOne's second API, for cards, virtual accounts, transfers and telephone bills. Each try of a payment id is a Payment of the books; at most one of them is captured.
type portoneV2 struct {
	s          *Sandbox
	door       *http.ServeMux              // the API
	registered map[string]portoneV2Promise // amounts fixed before the window, by order key; guarded by the books' lock

	mu     sync.Mutex
	tokens map[string]portoneV2Ticket
}

// portoneV2Promise is what a payment id was registered with.
type portoneV2Promise struct {
	Total    json.Number `json:"totalAmount"`
	Currency string      `json:"currency"`
}

func newPortoneV2(s *Sandbox) *portoneV2 {
	g := &portoneV2{s: s, door: http.NewServeMux(), registered: map[string]portoneV2Promise{}, tokens: map[string]portoneV2Ticket{}}
	for _, r := range s.keeper.requests { // what was registered before a restart still holds
		if r.Dialect == portoneV2Name && r.Operation == OpCheckout && r.Status == http.StatusOK {
			g.promise(r.Merchant, strings.TrimSuffix(strings.TrimPrefix(r.Path, "/payments/"), "/pre-register"), []byte(r.Body))
		}
	}
	for pattern, h := range map[string]http.HandlerFunc{
		"POST /payments/{paymentId}/pre-register":          g.api(OpCheckout, g.preRegister),
		"POST /payments/{paymentId}/cancel":                g.api(OpCancel, g.cancel),
		"GET /payments/{paymentId}":                        g.api(OpLookup, g.get),
		"GET /payments":                                    g.api(OpLookup, g.list),
		"POST /payments/{paymentId}/virtual-account/close": g.api(OpCancel, g.closeAccount),
		"POST /login/api-secret":                           g.login,
		"POST /token/refresh":                              g.refresh,
		"/":                                                g.unknownPath,
	} {
		g.door.HandleFunc(pattern, h)
	}
	return g
}

// routes adds the script and the window. The API's paths are those of PortOne's first version too, so that enter tells them apart.
func (g *portoneV2) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v2/browser-sdk.js", g.script)
	mux.HandleFunc("GET /portonev2/prepare", g.prepare)
	mux.HandleFunc("GET /portonev2/window/{transactionId}", g.showWindow)
	mux.HandleFunc("POST /portonev2/window/{transactionId}", g.submitWindow)
}

// portoneV2Paths are the API's paths that no other gateway has.
var portoneV2Paths = regexp.MustCompile(`^/(payments/[^/]+/(pre-register|cancel|virtual-account/close)|login/api-secret|token/refresh)$`)

// enter serves the requests of this API and leaves the others to next.
func (g *portoneV2) enter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if scheme == "PortOne" || (scheme == "Bearer" && strings.HasPrefix(rest, portoneV2Token)) || portoneV2Paths.MatchString(r.URL.EscapedPath()) {
			g.door.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

var portoneV2KeyName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// portoneV2Merchant reads one of a store's keys: store-test-NAME, channel-key-test-NAME or portone-test-NAME.
func portoneV2Merchant(key string) (id string, ok bool) {
	for _, prefix := range []string{"store-test-", "channel-key-test-", "portone-test-"} {
		if name, found := strings.CutPrefix(key, prefix); found && portoneV2KeyName.MatchString(name) {
			return portoneV2Name + "-" + portoneV2Short(name), true
		}
	}
	return "", false
}

// portoneV2Short keeps a name that may be somebody's real key out of the books.
func portoneV2Short(name string) string {
	if len(name) <= 16 {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:6])
}

func (g *portoneV2) merchant(key string) (id string, ok bool) { return portoneV2Merchant(key) }

// PortoneV2WebhookSecrets are the secrets that the sandbox signs the webhooks of a store-test-NAME with: the current one and the next,
// as while a store changes its secret. ok is false for a store that is not the sandbox's.
func PortoneV2WebhookSecrets(storeID string) (current, next string, ok bool) {
	id, ok := portoneV2Merchant(storeID)
	if !ok {
		return "", "", false
	}
	keys := portoneV2Signing(id)
	coded := func(key []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(key) }
	return coded(keys[0]), coded(keys[1]), true
}

// portoneV2Signing are the keys behind PortoneV2WebhookSecrets.
func portoneV2Signing(merchant string) [][]byte {
	name := strings.TrimPrefix(merchant, portoneV2Name+"-")
	return [][]byte{[]byte("sandbox-webhook-secret-" + name), []byte("sandbox-webhook-secret-" + name + "-next")}
}

// status is PortOne's word for where p stands. A window that nobody finished stays ready.
func (g *portoneV2) status(p *Payment) string {
	switch p.State {
	case StateExpired:
		if p.Account != nil {
			return "VIRTUAL_ACCOUNT_ISSUED"
		}
		return "READY"
	case StateReady, StateAuthenticated:
		return "READY"
	case StateDeposit:
		return "VIRTUAL_ACCOUNT_ISSUED"
	case StateFailed:
		if p.Failure == tossClosed {
			return "CANCELLED"
		}
		return "FAILED"
	case StateCaptured:
		switch {
		case p.Left() == 0:
			return "CANCELLED"
		case p.Refunded > 0:
			return "PARTIAL_CANCELLED"
		}
		return "PAID"
	}
	return "READY"
}

func (g *portoneV2) newTransaction() string { return portoneV2ID(g.s.cfg.Now()) }

// portoneV2ID is a UUID of version 7.
func portoneV2ID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	ms := now.UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// noted sets one of a payment's notes; the map of the payment as it was stays as it was.
func (p *Payment) noted(key, value string) {
	notes := maps.Clone(p.Session.Metadata)
	if notes == nil {
		notes = map[string]string{}
	}
	notes[key] = value
	p.Session.Metadata = notes
}

// doors lets the gateways go first whose paths another one has too: each takes the requests that are its own by their credentials.
func (s *Sandbox) doors(next http.Handler) http.Handler {
	for _, d := range s.dialects {
		if own, ok := d.(interface {
			enter(http.Handler) http.Handler
		}); ok {
			next = own.enter(next)
		}
	}
	return next
}
