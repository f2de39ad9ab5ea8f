package sandbox

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"foyer/registration"
)

const (
	bootpayName    = "bootpay"
	bootpayConfirm = 10 * time.Minute // from authentication to confirm; the real time is the PG's own
)

// bootpay speaks Bootpay's API, version 2, for domestic cards, and as much of the older one as a shop needs to verify a receipt.
//
// Its keys are bootpay_js_NAME, bootpay_rest_NAME and bootpay_private_NAME, or bootpay_ck_NAME and bootpay_sk_NAME; the same NAME is
// the same project. NAME decides the contract: with "any" in it overseas cards are taken too, with "live" its receipts say
// sandbox false, with "slow" a cancel is worked on for two seconds (-30), with "stuck" every cancel is refused (-20).
type bootpay struct {
	s *Sandbox

	mu      sync.Mutex
	running map[string]bool         // receipts whose confirm is being worked on
	tokens  map[string]bootpayToken // by token
}

func newBootpay(s *Sandbox) *bootpay {
	return &bootpay{s: s, running: map[string]bool{}, tokens: map[string]bootpayToken{}}
}

func (g *bootpay) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v2/request/token", g.token)
	mux.HandleFunc("POST /v2/confirm", g.api(OpConfirm, g.confirm))
	mux.HandleFunc("POST /v2/cancel", g.api(OpCancel, g.cancel))
	mux.HandleFunc("GET /v2/receipt/{receipt}", g.api(OpLookup, g.lookup))
	mux.HandleFunc("POST /request/token", g.oldToken)
	mux.HandleFunc("GET /receipt/{receipt}", g.oldLookup)
	mux.HandleFunc("GET /bootpay-5.3.0.min.js", g.script)
	mux.HandleFunc("GET /bootpay/window", g.openWindow)
	mux.HandleFunc("GET /bootpay/window/{receipt}", g.showWindow)
	mux.HandleFunc("POST /bootpay/window/{receipt}", g.submitWindow)
}

// bootpayMerchant is the project behind a set of keys.
type bootpayMerchant struct {
	id     string
	any    bool // takes overseas cards too
	live   bool
	cancel string // slow, stuck or ""
}

var bootpayKeyName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// bootpayMerchantOf reads a key of one of the kinds.
func bootpayMerchantOf(key string, kinds ...string) (m bootpayMerchant, ok bool) {
	for _, kind := range kinds {
		name, ok := strings.CutPrefix(key, "bootpay_"+kind+"_")
		if !ok || !bootpayKeyName.MatchString(name) {
			continue
		}
		m.id = "bootpay-" + name
		if len(name) > 16 { // may be a real key: keep it out of the books
			sum := sha256.Sum256([]byte(name))
			m.id = "bootpay-" + hex.EncodeToString(sum[:6])
		}
		words := strings.ToLower(name)
		m.any, m.live = strings.Contains(words, "any"), strings.Contains(words, "live")
		for _, way := range []string{"slow", "stuck"} {
			if strings.Contains(words, way) {
				m.cancel = way
			}
		}
		return m, true
	}
	return m, false
}

func (g *bootpay) merchant(key string) (id string, ok bool) {
	m, ok := bootpayMerchantOf(key, "js", "rest", "private", "ck", "sk")
	return m.id, ok
}

// What a payment remembers of its project and of how its window was opened.
const (
	bootpaySeparate = "separately_confirmed"
	bootpayLive     = "live"
	bootpayCancels  = "cancel"
	bootpayEvents   = "common_event_webhook"
)

// cancelTime is how long a project with "slow" in its name works on a cancel.
const cancelTime = 2 * time.Second

// slowCancel is the refund that is being worked on, if there is one.
func (g *bootpay) slowCancel(p *Payment) (r Refund, ok bool) {
	if len(p.Refunds) == 0 || p.Session.Metadata[bootpayCancels] != "slow" {
		return r, false
	}
	r = p.Refunds[len(p.Refunds)-1]
	return r, g.s.cfg.Now().Sub(r.At) < cancelTime
}

// cancelled is what has gone back of p, in won.
func (g *bootpay) cancelled(p *Payment) int64 {
	if r, ok := g.slowCancel(p); ok {
		return p.Refunded - r.Amount
	}
	return p.Refunded
}

// code is Bootpay's number for where p stands.
func (g *bootpay) code(p *Payment) int {
	switch p.State {
	case StateReady, StateDeposit: // its windows offer no virtual account
		return 0
	case StateAuthenticated:
		if g.isRunning(p.ID) {
			return 3
		}
		return 2
	case StateFailed:
		if p.AuthenticatedAt.IsZero() {
			return -1
		}
		return -2
	case StateExpired:
		return -1
	case StateCaptured:
		_, slow := g.slowCancel(p)
		switch {
		case slow:
			return -30
		case p.Failure != "":
			return -20
		case p.Refunded > 0:
			return 20
		}
		return 1
	}
	return 0
}

// bootpayLocale are the names of the numbers.
var bootpayLocale = map[int]string{
	0: "결제대기", 1: "결제완료", 2: "결제승인전", 3: "결제승인중", 20: "결제취소완료", -1: "결제실패", -2: "결제승인실패", -20: "결제취소실패",
	-30: "결제취소진행중",
}

// status is Bootpay's number for where p stands, as text.
func (g *bootpay) status(p *Payment) string { return strconv.Itoa(g.code(p)) }

func (g *bootpay) isRunning(receipt string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running[receipt]
}

// claim marks a receipt's confirm as being worked on; false when it is already.
func (g *bootpay) claim(receipt string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running[receipt] {
		return false
	}
	g.running[receipt] = true
	return true
}

func (g *bootpay) release(receipt string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.running, receipt)
}

// newReceiptID looks like Bootpay's: the second and something random, 24 hexadecimal digits.
func newReceiptID(now time.Time) string {
	id := make([]byte, 12)
	_, _ = rand.Read(id) // never fails
	binary.BigEndian.PutUint32(id, uint32(now.Unix()))
	return hex.EncodeToString(id)
}

func (g *bootpay) newTransaction() string { return "sbx" + strings.ToLower(rand.Text()[:20]) }

// bootpayOrder is what the script wants paid.
type bootpayOrder struct {
	Merchant    bootpayMerchant
	Price       string
	OrderID     string
	OrderName   string
	RedirectURL string
	Language    registration.Lang
	Separately  bool
	Events      bool
	Minutes     int
}

// begin opens a payment, or nil when it cannot be.
func (g *bootpay) begin(t *tx, o bootpayOrder, base string) *Payment {
	amount, err := registration.ParseMoney(o.Price, registration.KRW)
	if err != nil || amount.Minor <= 0 || o.OrderID == "" || len(o.OrderID) > 200 || o.OrderName == "" || originOf(o.RedirectURL) == "" {
		return nil
	}
	meta := map[string]string{bootpayCancels: o.Merchant.cancel}
	for name, on := range map[string]bool{bootpaySeparate: o.Separately, bootpayLive: o.Merchant.live, bootpayEvents: o.Events} {
		if on {
			meta[name] = "true"
		}
	}
	p := &Payment{
		ID: newReceiptID(t.now), Dialect: bootpayName, Merchant: o.Merchant.id, OrderID: o.OrderID, OrderName: o.OrderName,
		Currency: registration.KRW, Amount: amount.Minor, State: StateReady, RequestedAt: t.now,
		Deadline: t.now.Add(time.Duration(cmp.Or(o.Minutes, 30)) * time.Minute), Refunds: []Refund{},
		Session: Session{
			SuccessURL: o.RedirectURL, FailURL: o.RedirectURL, Language: o.Language, AnyCard: o.Merchant.any, BaseURL: base, Metadata: meta,
		},
	}
	p.note(t.now, "opened", "")
	t.save(p)
	return p
}
