package payments

import (
	"context"
	"time"

	"foyer/registration"
)

// Ledger is what the Cashier needs remembered. The store implements it.
type Ledger interface {
	// Change runs fn in one transaction in which the payment, its order and the order's places are locked. fn may run
	// twice and must have no effect outside the Book. Unknown payment: registration.CodeNotFound.
	Change(ctx context.Context, paymentID string, fn func(Book) error) error

	// Open makes the Payment of an attempt, or gives the one that the same attempt made before.
	Open(ctx context.Context, p Opening) (Payment, error)
	// OpenAll is Open for different orders, in one transaction in which fn runs on each payment that was not there before, as in Change:
	// all of it happens, or nothing. A payment that has its money already by the same way is given back, whichever attempt it was. The
	// answer has the order of all and is what fn has left.
	OpenAll(ctx context.Context, all []Opening, fn func(Book) error) ([]Payment, error)

	// Payment reads one payment; registration.CodeNotFound when there is none.
	Payment(ctx context.Context, id string) (Payment, error)
	// Payments lists an order's payments, the first one first.
	Payments(ctx context.Context, orderID string) ([]Payment, error)
	// Refund reads one refund, with the account to which its money goes.
	Refund(ctx context.Context, id string) (Refund, error)
	// Channel reads a payment channel with its credentials in the clear.
	Channel(ctx context.Context, channelID string) (Channel, error)
	// Bill reads what a gateway is told about an order.
	Bill(ctx context.Context, orderID string) (Bill, error)
	// Cancel ends an order, gives its places back once and asks for the refunds that back says; it returns those. A second call is
	// harmless and returns none.
	Cancel(ctx context.Context, orderID, actor, reason string, back Back) ([]Refund, error)

	// Entries reads our books for comparing them with a gateway's.
	Entries(ctx context.Context, q EntryQuery) ([]Entry, error)
	// RaiseStrangers puts transactions that no payment of ours stands for on the attention list; a second call does nothing. It gives the
	// marks of those that a person has closed before: they stay closed.
	RaiseStrangers(ctx context.Context, channelID string, all []Transaction) (closed []string, err error)

	// DuePayments lists payments to look up at now, soonest first; all unsettled ones when ignoreBackoff.
	DuePayments(ctx context.Context, now time.Time, ignoreBackoff bool, limit int) ([]string, error)
	// DueRefunds lists refunds to send or look up at now.
	DueRefunds(ctx context.Context, now time.Time, ignoreBackoff bool, limit int) ([]string, error)
}

// EntryQuery asks for the payments of a channel that moved money within a span of time, and besides for those of its contract that a
// gateway's list names.
type EntryQuery struct {
	ChannelID  string
	Merchant   string
	Span       Day
	GatewayIDs []string
	OrderNos   []string
}

// Bill is what a gateway is told about an order.
type Bill struct {
	Title string // event and category, in the payer's language
	Payer registration.Person
	Lang  registration.Lang
	Over  time.Time // when the event is over, UTC
	Ends  time.Time // when the order loses its price, so that nobody is asked for a later deposit, UTC; zero: it does not
}

// Opening asks for a new payment of an order's open charge.
type Opening struct {
	OrderID string
	Channel Channel
	Caps    Capabilities
	Method  Method        // what the payer chose among the channel's methods
	Bill    CashReceipt   // what the tax office is to be told
	Attempt int           // number of the attempt that the form stands for; the same number again gives the same payment
	First   time.Duration // when the reconciler looks for the first time
	Actor   string
}

// Book is one payment with its surroundings inside a transaction. Every method that moves a state does so by a guarded update
// and writes the audit row, at once or with others before the transaction ends; ErrMoved says that somebody else moved it first.
type Book interface {
	Now() time.Time
	Payment() *Payment
	Order() *registration.Order
	Charge() Charge      // that the payment is for, as it stands now
	Siblings() []Payment // the other payments of the same order
	Refunds() []Refund   // of this payment
	Channel() string     // key of the payment's channel, for the audit's actor

	// Save writes the payment's columns that are not its state.
	Save() error
	// Move changes the payment's state and writes its audit row.
	Move(to State, actor, reason string) error
	// MoveOrder changes the order's state and writes its audit row. It does not touch places.
	MoveOrder(to registration.OrderState, actor, reason string) error
	// Hold takes the order's places again if it has none; false when some are gone (then nothing was taken), and when the event does not
	// take place. For a payment of a later charge the places are those that the charge's amendment adds; so with Release and KeepHold.
	Hold() (bool, error)
	// PayOrder makes the order paid and its held places sold, with its audit row, and fixes its currency if none is fixed.
	PayOrder(c registration.Currency, actor, reason string) error
	// Release gives the order's places back, held or sold, once.
	Release() error
	// KeepHold keeps the order's places held until then, if that is later than now agreed.
	KeepHold(until time.Time) error
	// MoveAmendment changes the state of the charge's amendment and writes its audit row. AmendmentApplied makes the order what the
	// amendment says: what it adds is sold, what it takes away is given back.
	MoveAmendment(to registration.AmendmentState, actor, reason string) error
	// FixCurrency writes the order's currency with the first money.
	FixCurrency(c registration.Currency) error

	// Receipt issues the next number of the event's series for this payment, or of its corrections for a refund.
	Receipt(r *Refund) (string, error)
	// AddRefund makes a refund in its first state, with its audit row.
	AddRefund(r *Refund) error
	// SaveRefund writes a refund's columns that are not its state.
	SaveRefund(r *Refund) error
	// MoveRefund changes a refund's state and writes its audit row.
	MoveRefund(r *Refund, to RefundState, actor, reason string) error

	// Raise puts the payment (or one of its refunds) on the attention list and tells the organizer; a second call does nothing.
	Raise(kind, refundID, note string) error
	// Claim writes the gateway's id into the payment; false when another payment of the merchant has it already.
	Claim(gatewayID string) (bool, error)
	// Drop takes an entry off the attention list; harmless when it is not there.
	Drop(kind, refundID string) error
	// Mail queues a message about the order, in this transaction.
	Mail(kind, refundID string) error
}

// Kinds of entries on the attention list.
const (
	AttentionUnknown         = "payment_unknown"  // the gateway does not tell what became of a payment
	AttentionSurplus         = "surplus"          // money that the order cannot use
	AttentionMismatch        = "mismatch"         // the gateway's account contradicts ours
	AttentionRefundUnknown   = "refund_unknown"   // the gateway does not tell what became of a refund
	AttentionRefundRefused   = "refund_refused"   // the gateway will not give the money back
	AttentionRefundedOutside = "refunded_outside" // everything was refunded at the gateway's side
	AttentionRefundAccount   = "refund_account"   // a refund needs the payer's bank account
	AttentionRefundByHand    = "refund_by_hand"   // a refund that staff has to transfer
	AttentionTestMoney       = "test_money"       // test money came through a live channel
	AttentionStranger        = "stranger"         // the gateway has money that no payment of ours stands for
)

// Kinds of mail that the money path promises.
const (
	MailRegistered  = "registered"
	MailDeposit     = "deposit" // where to transfer the money, how much, until when
	MailRefunded    = "refunded"
	MailSurplus     = "surplus"
	MailCancelled   = "cancelled"
	MailTransferred = "transferred"      // to whoever had an order that is somebody else's now
	MailAmended     = "amended"          // what a paid order holds has changed
	MailAmendDue    = "amend_due"        // staff asks for a change that has to be paid
	MailAmendOver   = "amend_over"       // a change that staff had asked for is not asked for any more
	MailNewLink     = "new_link"         // the order's address has changed
	MailPerson      = "person"           // to one of the people of an order: their own link
	MailReplaced    = "replaced"         // to somebody whose place another person has taken
	MailPersonGone  = "person_cancelled" // to somebody whose registration in another's order was cancelled
	MailAttention   = "attention"        // to the organizer: something waits on the attention list
)
