package payments

import "slices"

// State is one stage in the life of a Payment.
type State string

// The states of a payment.
const (
	Started         State = "started"          // the attendee was sent to the gateway
	Confirming      State = "confirming"       // intent written, the gateway is being called under a lease
	AwaitingDeposit State = "awaiting_deposit" // a virtual account waits for its deposit
	Confirmed       State = "confirmed"        // captured, checked, receipt issued
	Failed          State = "failed"           // the gateway says that nothing was taken
	Abandoned       State = "abandoned"        // the gateway's window is over and a look-up shows nothing
	Expired         State = "expired"          // the deposit's deadline passed
	Unknown         State = "unknown"          // no answer that settles it yet; not a failure
	Surplus         State = "surplus"          // money was taken that the order cannot use
)

var moves = map[State][]State{
	"":              {Started},
	Started:         {Confirming, Failed, Abandoned},
	Confirming:      {Confirmed, AwaitingDeposit, Failed, Unknown, Surplus},
	Unknown:         {Confirmed, AwaitingDeposit, Failed, Surplus},
	AwaitingDeposit: {Confirmed, Expired, Surplus},
	Failed:          {Confirmed, Surplus},
	Abandoned:       {Confirmed, Surplus},
	Expired:         {Confirmed, Surplus},
}

// CanBecome reports whether a payment in state s may move to state t. The empty state stands for "not made yet".
func (s State) CanBecome(t State) bool { return slices.Contains(moves[s], t) }

// Settled reports whether nothing more is expected of the gateway: money was taken, or surely not.
func (s State) Settled() bool {
	switch s {
	case Confirmed, Surplus, Failed, Abandoned, Expired:
		return true
	case Started, Confirming, AwaitingDeposit, Unknown:
		return false
	}
	return false
}

// HasMoney reports whether the gateway holds a capture for a payment in state s.
func (s State) HasMoney() bool { return s == Confirmed || s == Surplus }

// RefundState is one stage in the life of a Refund.
type RefundState string

// The states of a refund.
const (
	RefundRequested RefundState = "requested" // decided, not sent yet
	RefundSending   RefundState = "sending"   // intent written, the gateway is being called under a lease
	RefundDone      RefundState = "done"      // the gateway gave the money back
	RefundRefused   RefundState = "refused"   // the gateway will not; nothing moved
	RefundUnknown   RefundState = "unknown"   // no answer that settles it yet
)

var refundMoves = map[RefundState][]RefundState{
	"":              {RefundRequested},
	RefundRequested: {RefundSending},
	RefundSending:   {RefundDone, RefundRefused, RefundUnknown},
	RefundUnknown:   {RefundDone, RefundRefused},
}

// CanBecome reports whether a refund in state s may move to state t. A refund that was made at the gateway's side goes through
// all of its states at once.
func (s RefundState) CanBecome(t RefundState) bool { return slices.Contains(refundMoves[s], t) }

// Open reports whether the refund still has to reach its end.
func (s RefundState) Open() bool {
	return s == RefundRequested || s == RefundSending || s == RefundUnknown
}

// Source says who caused a refund.
type Source string

// The sources of refunds.
const (
	ByStaff     Source = "staff"     // an administrator, or an attendee under the event's rule
	ByAutomatic Source = "automatic" // surplus money on its way back
	ByGateway   Source = "gateway"   // made at the gateway, by its console or the card issuer
)
