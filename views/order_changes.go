package views

import (
	"maps"

	"foyer/registration"
)

// due is what is to be paid for the change, in each currency that can be chosen.
func (p OrderChangeCheckPage) due() registration.Prices {
	due := maps.Clone(p.More)
	maps.DeleteFunc(due, func(_ registration.Currency, v int64) bool { return v <= 0 })
	return due
}

// less reports whether the order costs less after the change.
func (p OrderChangeCheckPage) less() bool { return p.More[p.Currency] < 0 }

func (p OrderChangeCheckPage) buttonKey() string {
	if len(p.due()) > 0 {
		return "change.submit.pay"
	}
	return "change.submit"
}

// inCurrency are prices in one currency, or all while none is fixed.
func inCurrency(p registration.Prices, cur registration.Currency) registration.Prices {
	if cur == "" {
		return p
	}
	return registration.Prices{cur: p[cur]}
}

// action is where the second step of a cancellation is posted to, behind the order's address.
func (p OrderCancelPage) action() string {
	if p.Person != nil {
		return "/cancel-person/confirm"
	}
	return "/cancel/confirm"
}

// unpaidKey names an event's rule for orders that are unpaid when their phase ends.
func unpaidKey(e *registration.Event) string {
	if e.Unpaid == registration.UnpaidReprice {
		return "unpaid.reprice"
	}
	return "unpaid.keep"
}
