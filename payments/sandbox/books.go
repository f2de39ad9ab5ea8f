package sandbox

import (
	"slices"
	"time"

	"foyer/registration"
)

// State is where a payment stands, in words of no particular gateway. Refunds do not change it.
type State string

// The states of a payment in the books.
const (
	StateReady         State = "ready"         // the window is open
	StateAuthenticated State = "authenticated" // the payer is done; nothing is charged yet
	StateDeposit       State = "deposit"       // an account was issued and waits for its deposit, until Deadline
	StateCaptured      State = "captured"      // money was taken
	StateFailed        State = "failed"        // refused, in the window or at confirm
	StateExpired       State = "expired"       // nobody finished it in time
)

// Books is what a gateway knows: the other side of the comparison with a merchant's own ledger.
type Books struct {
	Payments []Payment         `json:"payments"`
	Requests []Request         `json:"requests"`
	Webhooks map[string]string `json:"webhooks"` // merchant → address, "" for all others
}

// Payment is one payment in the books. Amounts are in the currency's minor unit, times are UTC.
type Payment struct {
	ID        string                `json:"id"` // the gateway's payment id
	Dialect   string                `json:"dialect"`
	Merchant  string                `json:"merchant"`
	OrderID   string                `json:"order_id"`
	OrderName string                `json:"order_name"`
	Currency  registration.Currency `json:"currency"`
	Amount    int64                 `json:"amount"`   // asked for
	Captured  int64                 `json:"captured"` // taken: 0 or Amount, and Amount again for each deposit after one that was taken back
	Refunded  int64                 `json:"refunded"` // the sum of Refunds
	State     State                 `json:"state"`
	Status    string                `json:"status"` // the gateway's own word, filled in by Books

	Method      string   `json:"method"` // "" for a card, else the gateway's own word, such as VIRTUAL_ACCOUNT
	Account     *Account `json:"account"`
	Card        *Card    `json:"card"`
	Failure     string   `json:"failure"`     // the gateway's code when State is failed or expired
	Transaction string   `json:"transaction"` // id of the last capture or refund
	Capture     string   `json:"capture"`     // id of the last capture, where the gateway's list names it

	RequestedAt     time.Time `json:"requested_at,omitzero"`
	AuthenticatedAt time.Time `json:"authenticated_at,omitzero"`
	CapturedAt      time.Time `json:"captured_at,omitzero"`
	Deadline        time.Time `json:"deadline,omitzero"` // when an unfinished session ends

	Refunds  []Refund `json:"refunds"`
	Session  Session  `json:"session"`
	Timeline []Entry  `json:"timeline"`
}

// Account is a virtual account that was issued for a payment.
type Account struct {
	Bank   string `json:"bank"` // the gateway's own code
	Number string `json:"number"`
	Holder string `json:"holder"`
	Secret string `json:"secret"` // that the gateway's notifications about it carry, where it has one
}

// Refund is one movement of money back.
type Refund struct {
	ID      string    `json:"id"` // the gateway's transaction id
	Amount  int64     `json:"amount"`
	Left    int64     `json:"left"` // refundable afterwards
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	Outside bool      `json:"outside"` // made at the gateway, not through its API
	Taken   bool      `json:"taken"`   // the bank took a deposit back: no refund of the gateway's, and none in its answers

	Account *Account `json:"account"` // where it went, when the gateway was told
}

// Session is what the payment window needs, kept here so that no form has to be trusted with it.
type Session struct {
	SuccessURL   string            `json:"success_url"`
	FailURL      string            `json:"fail_url"`
	Language     registration.Lang `json:"language"` // "" when the merchant named none
	OverseasOnly bool              `json:"overseas_only"`
	AnyCard      bool              `json:"any_card"`
	BaseURL      string            `json:"base_url"` // the sandbox's own address as the browser sees it
	Choice       string            `json:"choice"`   // the value of the button that was clicked
	Payer        string            `json:"payer"`    // in whose name an account is issued
	Receipt      string            `json:"receipt"`  // the kind of cash receipt that the merchant asked for
	Due          time.Time         `json:"due,omitzero"`
	Metadata     map[string]string `json:"metadata"`
}

// Entry is one line of a payment's history; What is one of the console's message keys.
type Entry struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
	Note string    `json:"note"`
}

// Request is one API request that may change something, as it was received.
type Request struct {
	At        time.Time `json:"at"`
	Dialect   string    `json:"dialect"`
	Merchant  string    `json:"merchant"`
	Operation Operation `json:"operation"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Key       string    `json:"idempotency_key"`
	Body      string    `json:"body"`
	Status    int       `json:"status"`   // decided answer; 0 when the request was dropped before it had one
	Replayed  bool      `json:"replayed"` // answered from memory of an earlier request with the same key
	Fault     FaultKind `json:"fault"`    // what was made to go wrong, if anything
}

// Left is what can still be refunded, in minor units.
func (p *Payment) Left() int64 { return p.Captured - p.Refunded }

// givenBack is what was refunded, without deposits that a bank took back.
func (p *Payment) givenBack() int64 {
	var sum int64
	for _, r := range p.Refunds {
		if !r.Taken {
			sum += r.Amount
		}
	}
	return sum
}

// Money is a sum in p's currency.
func (p *Payment) Money(minor int64) registration.Money {
	return registration.Money{Minor: minor, Cur: p.Currency}
}

// open reports whether p's session, or its account, can still end by time.
func (p *Payment) open() bool {
	return p.State == StateReady || p.State == StateAuthenticated || p.State == StateDeposit
}

// maxTimeline bounds the history of one payment; the oldest lines after the first go.
const maxTimeline = 200

func (p *Payment) note(at time.Time, what, note string) {
	if len(p.Timeline) >= maxTimeline {
		p.Timeline = slices.Delete(p.Timeline, 1, 2)
	}
	p.Timeline = append(p.Timeline, Entry{At: at, What: what, Note: note})
}

// clone is a deep copy as far as anything is changed in place. Card and Session.Metadata never are.
func (p *Payment) clone() *Payment {
	c := *p
	c.Refunds = slices.Clone(p.Refunds)
	c.Timeline = slices.Clone(p.Timeline)
	return &c
}
