package payments

import (
	"context"
	"errors"
	"net/url"
	"time"

	"foyer/registration"
)

// Gateway is one payment company behind one contract. Implementations keep no state of a payment, may be called from many
// goroutines, follow no redirect and read at most 1 MiB of an answer.
//
// Errors of the calls that reach the gateway: ErrNoAnswer when it is not known whether the call had an effect (time-out, broken
// connection, 5xx, unreadable answer), ErrRunning when the same call is still being worked on, ErrBusy when the gateway
// surely did nothing, and *Refusal when it answered with an error of its own. ErrNoAnswer together with a *Refusal is a fault of
// the gateway that it may have stored: the same key once more, then a new one.
type Gateway interface {
	// Capabilities says what this contract can do. It makes no call.
	Capabilities() Capabilities
	// Begin prepares the browser's way to the gateway; it may register the amount there first. Calling it again for the
	// same Attempt is harmless.
	Begin(ctx context.Context, a Attempt) (Launch, error)
	// Settle confirms a payment with a two-step gateway, under a.Key; the others look it up. A second call with the same
	// key has the effect of one.
	Settle(ctx context.Context, a Attempt) (Outcome, error)
	// Lookup asks what became of a payment: by the gateway's id when a.GatewayID is set, else by our order number.
	// ErrNoInquiry where the gateway cannot tell.
	Lookup(ctx context.Context, a Attempt) (Outcome, error)
	// Refund gives money back under r.Key. A second call with the same key has the effect of one.
	Refund(ctx context.Context, r RefundAttempt) (RefundOutcome, error)
	// ParseReturn reads what a browser brought back. It is a hint and never authority.
	ParseReturn(r Request) (Return, error)
	// ParseWebhook reads a notification, after verifying it where the gateway signs. ErrSignature and ErrMalformed say
	// what is wrong with it; an event of no interest gives no hints.
	ParseWebhook(r Request) ([]Hint, error)
	// Transactions lists the movements of money that the gateway booked on a day, for comparing its books with ours.
	// ErrNoInquiry where the gateway has no list.
	Transactions(ctx context.Context, day Day) ([]Transaction, error)
}

// Errors that an adapter may return, wrapped or bare.
var (
	ErrNoAnswer  = errors.New("no answer that tells whether it happened")
	ErrRunning   = errors.New("the same call is still running at the gateway")
	ErrBusy      = errors.New("the gateway did nothing and asks to come back later")
	ErrNoInquiry = errors.New("the gateway has no inquiry")
	ErrSignature = errors.New("bad or missing signature")
	ErrMalformed = errors.New("not parseable")
)

// Refusal is an answer of the gateway that says no. The gateway may have stored it under the idempotency key.
type Refusal struct {
	Code     string // the gateway's code, for logs and staff
	Key      string // message key for the attendee, such as "payment.declined.limit"
	Declined bool   // the payer's card or account was refused: starting again is the right thing
	Settled  bool   // somebody has already done it (already confirmed, already refunded): look up
	Passing  bool   // a fault that may pass: look up and, if nothing happened, send again with a new key
}

// Error names the gateway's code.
func (r *Refusal) Error() string { return "gateway refused: " + r.Code }

// Capabilities is what a gateway can do under one contract.
type Capabilities struct {
	Merchant       string // identifies the contract at the gateway; gateway ids are unique within it
	TwoStep        bool   // nothing is captured before our server confirms
	PartialRefund  bool
	Inquiry        bool
	SignedWebhooks bool
	Fallback       bool          // Begin can make a way without script
	Reopens        bool          // a payment that failed may still be paid while its window is open
	Once           bool          // without idempotency key and inquiry: no confirmation or refund is ever sent twice
	Ticket         bool          // what the browser brings only authorises the confirmation; the payment's id comes with its answer
	Manual         bool          // nobody but staff knows whether money came: bank transfer, on site
	RefundAccount  bool          // giving back what was paid into a virtual account needs the payer's bank account
	Lists          bool          // Transactions works
	LastConfirm    time.Duration // after this long from the start nothing can be captured any more
	Minimum        registration.Money
	Hosts          Hosts
}

// Hosts are the origins that the hand-over page must allow in its content security policy.
type Hosts struct {
	Script, Connect, Frame, Form []string
	Styled                       bool // the script writes elements with style attributes into the page
}

// Attempt is one payment as a gateway sees it.
type Attempt struct {
	PaymentID string
	OrderNo   string
	GatewayID string // candidate or known id; empty while nothing is known
	Amount    registration.Money
	OrderName string
	Payer     registration.Person
	Lang      registration.Lang
	StartedAt time.Time
	Method    Method // what the payer has chosen among the channel's methods; "" stands for MethodCard
	Bill      CashReceipt
	EventOver time.Time // when the event is over, UTC
	Ends      time.Time // when the order loses its price, UTC; zero: it does not
	Due       time.Time // Begin: until when a virtual account takes the deposit, UTC; zero: the gateway's own term
	Key       string    // idempotency key of this send
	NoScript  bool      // Begin: make a way that works without script
	Return    string    // absolute address for success
	Fail      string    // absolute address for failure
	Receive   string    // absolute address of the pop-up's receive page
}

// Launch is how the browser gets to the gateway: a script and its call, or an address. It is shown to the browser whole.
type Launch struct {
	Gateway string         `json:"gateway"`
	Script  string         `json:"script,omitempty"`
	OrderNo string         `json:"order_no"`
	Call    map[string]any `json:"call,omitempty"`
	Href    string         `json:"href,omitempty"`
	Phone   string         `json:"script_phone,omitempty"` // in the place of Script on a phone
	Classic bool           `json:"classic,omitempty"`      // the script is of the old kind: see ClassicCharset

	GatewayID string `json:"-"` // the gateway's own id of what was begun, when it has one already
}

// ClassicCharset is the encoding of a script of the old kind. Such a script stands in the page, because it writes into it while it
// loads, and opens a pop-up, so that it must be called inside a click.
const ClassicCharset = "euc-kr"

// Status is what a gateway says about a payment.
type Status string

// What a gateway may say.
const (
	StatusCaptured Status = "captured" // money was taken, and perhaps given back since
	StatusDeposit  Status = "deposit"  // an account was issued and waits for money
	StatusPending  Status = "pending"  // ready or in progress: may still be captured
	StatusMissing  Status = "missing"  // no such payment there
	StatusFailed   Status = "failed"   // ended without money, for good
	StatusLapsed   Status = "lapsed"   // the window or session ran out without money, for good
)

// Outcome is a gateway's own account of a payment. Only what the gateway said is filled in.
type Outcome struct {
	Status    Status
	GatewayID string
	OrderNo   string
	Mode      registration.Mode
	Captured  registration.Money // what was taken in all, refunds not subtracted
	Refunded  registration.Money // what has gone back so far
	Reason    string             // message key, for failures
	Method    string
	Card      string
	Approve   string
	Proof     string
	At        time.Time // of the capture, UTC; zero when not told
	Deadline  time.Time // for the deposit of StatusDeposit, UTC; zero when not told
	Account   Account   // that waits for the deposit of StatusDeposit
	Secret    string    // that the gateway's notifications about this payment will carry; kept sealed, never shown
}

// RefundAttempt is one refund as a gateway sees it.
type RefundAttempt struct {
	RefundID  string
	GatewayID string // of the payment
	OrderNo   string
	Amount    registration.Money
	Captured  registration.Money
	Balance   registration.Money // what we believe is refundable before this refund
	Whole     bool               // this refund gives back all that is left
	Method    Method             // of the payment, as its Outcome told
	PaidAt    time.Time          // when the payment was captured, UTC
	Account   Account            // where the money goes, when Capabilities.RefundAccount asks for it; else empty
	Reason    string
	Key       string
	Resumed   bool // an earlier send of this refund may have arrived
}

// RefundOutcome is the gateway's account of a refund that happened.
type RefundOutcome struct {
	GatewayID string             // the gateway's id of the refund
	Refunded  registration.Money // what has gone back of the payment in all
	Pending   bool               // accepted, not carried out yet: look again
}

// Request is an HTTP request without its transport: what an adapter may read of a return or a webhook.
type Request struct {
	Method string
	Query  url.Values
	Form   url.Values
	Header map[string][]string
	Body   []byte
	Now    time.Time
}

// Return is what a browser brought back from a gateway: hints only.
type Return struct {
	GatewayID string
	OrderNo   string
	Failed    bool   // the browser says that it did not work
	Cancelled bool   // the payer closed the window
	Reason    string // message key
}

// Hint says that something happened to a payment: by our order number, or the gateway's id.
type Hint struct {
	EventID   string // the gateway's id of the notification, for dropping repeats; may be empty
	OrderNo   string
	GatewayID string
	Secret    string // brought to prove that the gateway sent it: compared with the one kept with the payment; "" where the gateway has none
	Kind      string // the gateway's word for what happened, for the log

	// Told is what a verified notification says, from a gateway without inquiry: there is nobody to ask. nil everywhere else.
	Told *Outcome
}

// Receiver is a Gateway whose window posts what happened into a page of ours, inside its own pop-up or frame.
type Receiver interface {
	// ParseReceive reads such a post as names and values, for the hand-over page to send on to the return address. It makes
	// no call and nothing of it is believed.
	ParseReceive(r Request) map[string]string
}

// Adapter makes a Gateway from a channel. It makes no call. Its error says in one sentence which credential is missing or does not
// fit the channel's mode, and never quotes a credential.
type Adapter func(c Channel, t Transport) (Gateway, error)
