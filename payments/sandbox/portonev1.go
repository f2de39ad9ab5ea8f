package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	portoneV1Name       = "portonev1"
	portoneV1WindowLife = 30 * time.Minute   // from opening the window to its end
	portoneV1Term       = 7 * 24 * time.Hour // of an account whose order names no deadline
)

// portoneV1 speaks PortOne's first API, known as iamport. Each try of a merchant_uid is a Payment of the books, its id the imp_uid; at
// most one of them is captured.
type portoneV1 struct {
	s        *Sandbox
	promised map[string]portoneV1Promise // amounts fixed before the window, by order key; guarded by the books' lock

	mu     sync.Mutex
	tokens map[string]portoneV1Token // the newest one of each merchant
}

// portoneV1Promise is what a merchant_uid was registered with.
type portoneV1Promise struct {
	OrderID  string      `json:"merchant_uid"`
	Amount   json.Number `json:"amount"`
	Currency *string     `json:"currency"`
}

func newPortoneV1(s *Sandbox) *portoneV1 {
	g := &portoneV1{s: s, promised: map[string]portoneV1Promise{}, tokens: map[string]portoneV1Token{}}
	for _, r := range s.keeper.requests { // what was registered before a restart still holds
		if in, ok := portoneV1Fields([]byte(r.Body)); ok && r.Dialect == portoneV1Name && r.Operation == OpCheckout && r.Status == http.StatusOK {
			g.promise(r.Merchant, in)
		}
	}
	return g
}

func (g *portoneV1) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /users/getToken", g.token)
	mux.HandleFunc("GET /payments", g.api(OpLookup, g.many))
	mux.HandleFunc("GET /payments/{imp_uid}", g.api(OpLookup, g.get))
	mux.HandleFunc("GET /payments/find/{merchant_uid}", g.api(OpLookup, g.find))
	mux.HandleFunc("GET /payments/find/{merchant_uid}/{status}", g.api(OpLookup, g.find))
	mux.HandleFunc("GET /payments/findAll/{merchant_uid}", g.api(OpLookup, g.findAll))
	mux.HandleFunc("GET /payments/findAll/{merchant_uid}/{status}", g.api(OpLookup, g.findAll))
	mux.HandleFunc("GET /payments/status/{status}", g.api(OpLookup, g.byStatus))
	mux.HandleFunc("POST /payments/prepare", g.api(OpCheckout, g.prepare))
	mux.HandleFunc("PUT /payments/prepare", g.api(OpCheckout, g.editPrepare))
	mux.HandleFunc("GET /payments/prepare/{merchant_uid}", g.api(OpLookup, g.getPrepare))
	mux.HandleFunc("POST /payments/cancel", g.api(OpCancel, g.cancel))
	mux.HandleFunc("GET /v1/iamport.js", g.script)
	mux.HandleFunc("GET /portonev1/done.js", file("text/javascript; charset=utf-8", portoneV1Done))
	mux.HandleFunc("GET /portonev1/prepare", g.openWindow)
	mux.HandleFunc("GET /portonev1/window/{imp_uid}", g.showWindow)
	mux.HandleFunc("POST /portonev1/window/{imp_uid}", g.submitWindow)
	mux.HandleFunc("GET /portonev1/done/{imp_uid}", g.showDone)
}

// portoneV1Merchant reads one of a shop's keys: imp-test-NAME, imp-key-test-NAME or imp-secret-test-NAME.
func portoneV1Merchant(key string) (id string, ok bool) {
	for _, prefix := range []string{"imp-test-", "imp-key-test-", "imp-secret-test-"} {
		if name, found := strings.CutPrefix(key, prefix); found && portoneV2KeyName.MatchString(name) {
			return portoneV1Name + "-" + portoneV2Short(name), true
		}
	}
	return "", false
}

func (g *portoneV1) merchant(key string) (id string, ok bool) { return portoneV1Merchant(key) }

// What a payment remembers of how its window was opened.
const (
	portoneV1Company = "company"  // the first part of pg
	portoneV1Shop    = "shop"     // the company's id of the shop
	portoneV1Live    = "live"     // not a test channel
	portoneV1Keeps   = "keeps"    // stays paid after a refund in part
	portoneV1Origin  = "origin"   // of the page whose callback gets the result; "" for a redirect
	portoneV1Form    = "form"     // webhooks are forms, not JSON
	portoneV1Closed  = "closed"   // code of a window that was closed and can be opened again
	portoneV1Until   = "due"      // deadline that the order asked for, for an account
	portoneV1Refunds = "refunds"  // as in portoneV2Refunds
	portoneV1Told    = "told"     // the last cancel asked for a webhook, or came from outside
	portoneV1Device  = "channel"  // pc or mobile
	portoneV1Custom  = "currency" // the currency as the order wrote it
)

// status is PortOne's word for where p stands. A window that nobody finished, and an account that nobody paid into, stay ready.
func (g *portoneV1) status(p *Payment) string {
	switch p.State {
	case StateFailed:
		return "failed"
	case StateCaptured:
		switch {
		case p.Refunded == 0, p.Left() > 0 && p.Session.Metadata[portoneV1Keeps] != "":
			return "paid"
		}
		return "cancelled"
	case StateReady, StateAuthenticated, StateDeposit, StateExpired:
	}
	return "ready"
}

func (g *portoneV1) newTransaction() string { return "sandbox-" + strings.ToLower(rand.Text()[:12]) }

// portoneV1ID is an imp_uid: imp_ and twelve digits.
func portoneV1ID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000_000_000))
	if err != nil {
		panic("sandbox: no random numbers: " + err.Error()) // never happens
	}
	return fmt.Sprintf("imp_%012d", n)
}

var portoneV1OrderID = regexp.MustCompile(`^[A-Za-z0-9_=.-]{1,40}$`)
