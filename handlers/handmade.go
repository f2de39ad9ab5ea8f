package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// How staff make an order.
const (
	madeInvited = "invited" // it costs nothing
	madeLink    = "link"    // its payer gets a mail with the address and pays
	madePaid    = "paid"    // its money has come already
)

// handMade is how staff make orders, by hand or from a list.
type handMade struct {
	How     string    `json:"how"`               // one of made…
	Reason  string    `json:"reason"`            // for the audit
	Until   time.Time `json:"until,omitzero"`    // of a link: places are held until then, UTC
	Channel string    `json:"channel,omitempty"` // of money that came: id in the event file
	Method  string    `json:"method,omitempty"`
	Came    time.Time `json:"came,omitzero"`  // on which day, its first instant in the event's zone, UTC; zero: now
	Lang    string    `json:"lang,omitempty"` // of mails to people whose language is not known
	Actor   string    `json:"actor"`
}

// maker makes orders for staff.
type maker struct {
	store   *store.Store
	cashier *payments.Cashier
	now     func() time.Time
}

// wanted is one person for whom an order is to be made.
type wanted struct {
	draftID string // the same again is the same order
	person  registration.Person
	lang    registration.Lang
	cart    registration.Cart
	set     registration.Prices // in place of the category's; nil: the category's own
	answers registration.Answers
	papers  []string
	id      string    // of its order, one of store.NewIDs; "" for any
	at      time.Time // when it counts as made; zero: when it is
}

// wordHold is how long an order keeps its places between being made and being marked as paid, which is at once, unless the machine stops
// in between: a list goes on after a night without power.
const wordHold = 24 * time.Hour

// place makes an order, and tells whether its money is still to be booked. The same call again gives the same order.
//
// It fails as registration.Event.PriceByStaff and store.Store.Place do.
func (m maker) place(ctx context.Context, e *registration.Event, w wanted, h handMade) (placed store.Placed, owes bool, err error) {
	quote, err := e.PriceByStaff(w.cart, w.set, m.now())
	if err != nil {
		return placed, false, err
	}
	n := store.NewOrder{Event: e, DraftID: w.draftID, Lang: w.lang, Person: w.person, Quote: quote, Answers: w.answers, Papers: w.papers,
		ID: w.id, At: w.at, Actor: h.Actor, Reason: h.Reason, Hold: wordHold}
	switch h.How {
	case madeInvited:
		n.Quote = quote.Free()
	case madeLink:
		n.Hold, n.Mail = h.Until.Sub(m.now()), store.MailPayLink
	}
	n.HoldMax = n.Hold
	free := (&registration.Order{Prices: n.Quote.Prices}).Free()
	if free {
		n.Mail = "" // it is registered at once, and a mail says so
	}
	owes = h.How == madePaid && !free
	if !h.takes(e, quote.Prices) {
		return placed, false, registration.Fail(registration.CodeInvalid, "channel.currency") // no order that keeps places and cannot be paid
	}
	placed, err = m.store.Place(ctx, n)
	return placed, owes && err == nil, err
}

// takes reports whether the way in which the money of orders has come can be that of one at these prices. It can for any that is not
// called paid, or costs nothing.
func (h handMade) takes(e *registration.Event, prices registration.Prices) bool {
	return h.How != madePaid || (&registration.Order{Prices: prices}).Free() || prices[currencyOf(e, h.Channel)] > 0
}

// currencyOf is what an event's channel takes; "" when there is no such channel.
func currencyOf(e *registration.Event, channel string) registration.Currency {
	for _, ch := range e.Channels {
		if ch.ID == channel {
			return ch.Currency
		}
	}
	return ""
}

// make makes an order, with its money where that has come. The same call again gives the same order and finishes what was not finished.
//
// It fails as place and payments.Cashier.StartPaid do.
func (m maker) make(ctx context.Context, e *registration.Event, w wanted, h handMade) (store.Placed, error) {
	placed, owes, err := m.place(ctx, e, w, h)
	if err != nil || !owes {
		return placed, err
	}
	return placed, m.paid(ctx, e, []string{placed.OrderID}, h)[0]
}

// paid books money that staff say has come, through the event's channel for such money, and gives an error for each order. A second call
// is harmless.
func (m maker) paid(ctx context.Context, e *registration.Event, orders []string, h handMade) []error {
	choice := payments.Choice{ChannelID: e.ID + "/" + h.Channel, Method: payments.Method(h.Method), Came: h.Came, Attempt: 1}
	return m.cashier.StartPaid(ctx, orders, choice, h.Reason, h.Actor)
}

// wordWays are the ways in which money can have come that only staff know of, in the order of the event's channels.
func wordWays(l registration.Lang, e *registration.Event) []views.ConsoleOption {
	var all []views.ConsoleOption
	for _, ch := range e.Channels {
		for _, m := range ch.Methods {
			if ch.Gateway == "transfer" && (m == string(payments.MethodBankTransfer) || m == string(payments.MethodOnSite)) {
				all = append(all, views.ConsoleOption{Value: ch.ID + "." + m, Name: views.T(l, "channel."+m) + " (" + string(ch.Currency) + ")"})
			}
		}
	}
	return all
}

// madeKeys are the failures that have a sentence of their own.
var madeKeys = []string{
	"register.full", "papers.covered", "register.extra.quantity", "register.extra.category", "register.category.choose", "channel.currency",
}

// madeKey is the sentence for a failure of making an order; false for any other failure.
func madeKey(err error) (string, bool) {
	e, ok := errors.AsType[*registration.Error](err)
	if !ok || e.Code == registration.CodeUnavailable || e.Code == registration.CodeNotFound {
		return "", false
	}
	switch {
	case slices.Contains(madeKeys, e.Key):
		return "handmade." + e.Key, true
	case strings.HasPrefix(e.Key, "handmade."):
		return e.Key, true
	case strings.HasPrefix(e.Key, "channel."):
		return "handmade.way_gone", true
	case strings.HasPrefix(e.Key, "order."):
		return "handmade.moved", true
	}
	return "handmade.refused", true
}
