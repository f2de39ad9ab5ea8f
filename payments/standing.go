package payments

import (
	"slices"

	"foyer/registration"
)

// Standing is the one word about how an order stands, made of its own state, of the payment that counts and of its money. Screen,
// export and filter all take it from StandingOf, so that they cannot say different things.
type Standing string

// The ways in which an order can stand.
const (
	StandingAwaiting          Standing = "awaiting_approval"
	StandingPending           Standing = "pending"
	StandingConfirming        Standing = "confirming"
	StandingAwaitingDeposit   Standing = "awaiting_deposit"
	StandingUnknown           Standing = "unknown"
	StandingSurplus           Standing = "surplus"
	StandingExpired           Standing = "expired"
	StandingPaid              Standing = "paid"
	StandingPartlyRefunded    Standing = "partly_refunded"
	StandingRefunded          Standing = "refunded"
	StandingCancelled         Standing = "cancelled"
	StandingCancelledRefunded Standing = "cancelled_refunded"
)

// Standings are all of them, in the order of a registration's life.
var Standings = []Standing{
	StandingAwaiting, StandingPending, StandingConfirming, StandingAwaitingDeposit, StandingUnknown, StandingSurplus, StandingExpired,
	StandingPaid, StandingPartlyRefunded, StandingRefunded, StandingCancelled, StandingCancelledRefunded,
}

// StandingOf says how an order stands. counts is the state of the payment that counts (the confirmed one, else the newest), "" when
// there is none; received and refunded are what the order has taken and given back in its currency. A second payment that went back
// changes nothing: what counts is whether the money still held covers what was charged.
func StandingOf(s registration.OrderState, counts State, charged []registration.Money, received, refunded registration.Money) Standing {
	held := received.Minor - refunded.Minor
	whole := refunded.Minor > 0 && held <= 0
	switch s {
	case registration.OrderPaid:
		covered := slices.ContainsFunc(charged, func(m registration.Money) bool { return m.Cur == received.Cur && held >= m.Minor })
		switch {
		case whole:
			return StandingRefunded
		case refunded.Minor > 0 && !covered:
			return StandingPartlyRefunded
		}
		return StandingPaid
	case registration.OrderCancelled:
		if whole {
			return StandingCancelledRefunded
		}
		return StandingCancelled
	case registration.OrderAwaiting:
		return StandingAwaiting
	case registration.OrderPending:
		return standingOpen(counts, StandingPending)
	case registration.OrderExpired:
		return standingOpen(counts, StandingExpired)
	}
	return Standing(s)
}

// standingOpen says what an order without enough money is waiting for.
func standingOpen(counts State, otherwise Standing) Standing {
	switch counts {
	case Confirming:
		return StandingConfirming
	case AwaitingDeposit:
		return StandingAwaitingDeposit
	case Unknown:
		return StandingUnknown
	case Surplus:
		return StandingSurplus
	case Started, Confirmed, Failed, Abandoned, Expired, "":
	}
	return otherwise
}
