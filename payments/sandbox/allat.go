package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"time"

	"foyer/registration"
)

const (
	allatName    = "allat"
	allatConfirm = 10 * time.Minute   // from authentication to approval; the real time is not published
	allatTerm    = 7 * 24 * time.Hour // of a virtual account
)

// allat speaks AllatPay (KG Allat): the window that posts its ticket to the merchant's receive page, approval and cancel, and the
// notification of deposits, all in EUC-KR. It has neither look-up nor list, and its answers are HTTP/1.0 to everybody.
//
// A shop is allat_NAME with the cross key allat_key_NAME. NAME decides the contract: with "usd" in it amounts are US cents, cards are
// those issued abroad and only the _dol addresses answer; with "any" both kinds of cards are taken; with "live" a success is 0000 even
// in test mode.
type allat struct{ s *Sandbox }

func newAllat(s *Sandbox) *allat { return &allat{s} }

func (g *allat) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /servlet/AllatPay/pay/approval.jsp", g.api(OpConfirm, registration.KRW, g.approve))
	mux.HandleFunc("POST /servlet/AllatPay/pay/approval_dol.jsp", g.api(OpConfirm, registration.USD, g.approve))
	mux.HandleFunc("POST /servlet/AllatPay/pay/cancel.jsp", g.api(OpCancel, registration.KRW, g.cancel))
	mux.HandleFunc("POST /servlet/AllatPay/pay/cancel_dol.jsp", g.api(OpCancel, registration.USD, g.cancel))
	for _, path := range []string{"NonAllatPayRE.js", "AllatPayEN.js"} {
		mux.HandleFunc("GET /common/"+path, allatFile("text/javascript; charset=utf-8", allatScript))
	}
	mux.HandleFunc("GET /common/AllatPayM.js", allatFile("text/javascript; charset=utf-8", allatPhoneScript))
	mux.HandleFunc("GET /allat/post.js", file("text/javascript; charset=utf-8", allatPostScript))
	mux.HandleFunc("GET /common/iframe_blank.jsp", allatBlank)
	mux.HandleFunc("GET /servlet/AllatPay/nonactivex/nonre/nonre_dummy.jsp", allatBlank)
	for _, set := range []string{"AllatPay", "AllatPayUtf8"} {
		mux.HandleFunc("POST /servlet/"+set+"/nonactivex/nonre/nonre_main.jsp", g.openWindow(set))
		mux.HandleFunc("POST /servlet/"+set+"/mobile/mobile_main.jsp", g.openWindow(set))
	}
	mux.HandleFunc("GET /allat/window/{id}", g.showWindow)
	mux.HandleFunc("POST /allat/window/{id}", g.submitWindow)
}

// allatMerchant is the contract behind a shop id.
type allatMerchant struct {
	id       string // in the books
	shop     string
	crossKey string
	currency registration.Currency
	any      bool
	live     bool
}

var allatKeyName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,14}$`)

// allatMerchantOf reads a shop id.
func allatMerchantOf(shop string) (m allatMerchant, ok bool) {
	name, ok := strings.CutPrefix(shop, "allat_")
	if !ok || !allatKeyName.MatchString(name) {
		return m, false
	}
	words := strings.ToLower(name)
	m = allatMerchant{
		id: "allat-" + shop, shop: shop, crossKey: "allat_key_" + name, currency: registration.KRW,
		any: strings.Contains(words, "any"), live: strings.Contains(words, "live"),
	}
	if strings.Contains(words, "usd") {
		m.currency = registration.USD
	}
	return m, true
}

func (g *allat) merchant(key string) (id string, ok bool) {
	if name, cross := strings.CutPrefix(key, "allat_key_"); cross {
		key = "allat_" + name
	}
	m, ok := allatMerchantOf(key)
	return m.id, ok
}

// What a payment remembers of how its window was opened.
const (
	allatTicket  = "ticket" // the allat_enc_data that its window gives
	allatTesting = "test"
	allatCards   = "card" // methods that the form switched on
	allatAccount = "vbank"
)

// choiceAccount is the button that issues a virtual account; it waits for its deposit once it is approved.
const choiceAccount = "account"

// status is a word for where p stands. AllatPay itself tells nobody.
func (g *allat) status(p *Payment) string {
	switch p.State {
	case StateReady:
		return "READY"
	case StateAuthenticated:
		return "AUTHENTICATED"
	case StateDeposit:
		return "WAITING"
	case StateFailed:
		return "FAILED"
	case StateExpired:
		return "EXPIRED"
	case StateCaptured:
		switch {
		case p.Left() == 0:
			return "CANCELLED"
		case p.Refunded > 0:
			return "PART_CANCELLED"
		}
		return "PAID"
	}
	return ""
}

// newTransaction is a number of ten digits, as AllatPay's are.
func (g *allat) newTransaction() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(9_000_000_000)) // never fails
	return fmt.Sprintf("%010d", n.Int64()+1_000_000_000)
}

// newTicket looks like the window's: a head whose sixth digit says that the rest is encrypted. Here the rest begins with the payment's
// number.
func newTicket(id string) string {
	rest := make([]byte, 60)
	_, _ = rand.Read(rest) // never fails
	return "00000110" + id + strings.ToUpper(hex.EncodeToString(rest))
}

// ofTicket is the payment whose window gave a ticket, nil when there is none.
func ofTicket(t *tx, ticket string) *Payment {
	if len(ticket) < 18 {
		return nil
	}
	p := t.payment(ticket[8:18])
	if p == nil || p.Dialect != allatName || p.Session.Metadata[allatTicket] != ticket {
		return nil
	}
	return p
}

// code is what a success of p's is called: tests have a code of their own.
func (m allatMerchant) code(p *Payment) string {
	if p.Session.Metadata[allatTesting] == "Y" && !m.live {
		return "0001"
	}
	return "0000"
}
