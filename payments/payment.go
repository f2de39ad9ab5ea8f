package payments

import (
	"cmp"
	"time"

	"foyer/registration"
)

// Payment is one attempt to pay a Charge through one Channel.
type Payment struct {
	ID        string
	OrderID   string
	EventID   string
	ChargeID  string
	ChargeNo  int
	ChannelID string
	Gateway   string
	Mode      registration.Mode
	Merchant  string // whose contract it is at the gateway; gateway ids are unique within it
	Attempt   int    // 1 for the order's first payment
	Token     string // 128 random bits, the path of the hand-over page
	OrderNo   string // our number at the gateway, new for every payment
	State     State
	Amount    registration.Money // what was asked for

	Candidate  string             // gateway id that came with a browser or a webhook, not believed yet
	Sent       string             // gateway id that the open send names
	GatewayID  string             // written once the gateway itself has named our order number
	Captured   registration.Money // what the gateway says it took; zero while it says nothing
	VerifiedAt time.Time          // when the gateway said so

	Key        string // idempotency key of the open or last send
	SendOpen   bool   // no answer yet: the same key must be used again
	LeaseUntil time.Time
	LeaseOwner string

	StartedAt   time.Time
	ConfirmedAt time.Time
	LastCapture time.Time // the gateway cannot capture later than this
	NextLook    time.Time // zero: the reconciler is done with it
	Looks       int

	Asked    Method      // what the payer chose among the channel's methods
	Bill     CashReceipt // what the payer wants the tax office to be told
	Account  Account     // that waits for the deposit, while and after it does
	Deadline time.Time   // of the deposit, UTC
	Secret   string      // that the gateway's notifications will carry; written when it is set, never read back with the payment
	PaidAt   time.Time   // when the money was captured as the gateway tells, or came as staff tell, or when we heard of it; UTC

	Reason  string // message key of why it failed or what the browser reported
	Method  string // "card" and the like
	Card    string // masked number, as the gateway gave it
	Approve string // approval number
	Proof   string // address of the gateway's own slip
	Lang    registration.Lang
	Launch  []byte // JSON of the Launch
}

// Leased reports whether somebody is calling the gateway for this payment at now.
func (p *Payment) Leased(now time.Time) bool { return now.Before(p.LeaseUntil) }

// Endless reports whether the payment waits for money without a deadline: its order does not expire meanwhile.
func (p Payment) Endless() bool { return p.State == AwaitingDeposit && p.Deadline.IsZero() }

// IntoAccount reports whether the payer transferred the money to an account: it can go back only to an account that the payer names.
func (p Payment) IntoAccount() bool {
	m := cmp.Or(Method(p.Method), p.Asked)
	return m == MethodVirtualAccount || m == MethodBankTransfer
}

// Refund is one movement of money back to the payer.
type Refund struct {
	ID         string
	PaymentID  string
	OrderID    string
	State      RefundState
	Amount     registration.Money
	Source     Source
	Reason     string
	Actor      string // who asked, as in the audit
	Nonce      string // of the form that asked; the same form twice is one refund
	Key        string // idempotency key of the open or last send
	SendOpen   bool
	Sends      int
	GatewayID  string // the gateway's own id of the refund
	LeaseUntil time.Time
	LeaseOwner string
	NextTry    time.Time
	Account    Account // where the money goes, when the gateway must be told; written when it is set, read by Ledger.Refund only
	Note       string  // message key of why it was refused
	ReceiptNo  string  // number of its correction document
	CreatedAt  time.Time
	DoneAt     time.Time
}

// Leased reports whether somebody is calling the gateway for this refund at now.
func (r *Refund) Leased(now time.Time) bool { return now.Before(r.LeaseUntil) }

// Refundable is what may still be given back of a payment that has these refunds: the capture less every refund that
// was not refused.
func Refundable(p *Payment, refunds []Refund) registration.Money {
	left := p.Captured
	for _, r := range refunds {
		if r.State != RefundRefused {
			left.Minor -= r.Amount.Minor
		}
	}
	return left
}

// Refunded is what has surely gone back.
func Refunded(p *Payment, refunds []Refund) registration.Money {
	sum := registration.Money{Cur: p.Captured.Cur}
	for _, r := range refunds {
		if r.State == RefundDone {
			sum.Minor += r.Amount.Minor
		}
	}
	return sum
}

// Charge is one sum that an order owes, in every currency in which it is priced.
type Charge struct {
	ID        string
	OrderID   string
	No        int
	Prices    registration.Prices
	Amendment *Amendment // of a paid order, that the charge is for; nil for the order's first charge
}

// Amendment is a change of a paid order as the money path sees it.
type Amendment struct {
	ID    string
	State registration.AmendmentState
	Fits  bool // the order is still as it was when the change was agreed to, and no other change of it waits
}
