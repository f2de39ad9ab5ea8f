package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
}

// wordHold is how long an order keeps its places between being made and being marked as paid.
const wordHold = time.Hour

// make makes an order. The same call again gives the same order and finishes what was not finished.
//
// It fails as registration.Event.PriceByStaff, store.Store.Place and payments.Cashier.Start do.
func (m maker) make(ctx context.Context, e *registration.Event, w wanted, h handMade) (store.Placed, error) {
	quote, err := e.PriceByStaff(w.cart, w.set, m.now())
	if err != nil {
		return store.Placed{}, err
	}
	n := store.NewOrder{Event: e, DraftID: w.draftID, Lang: w.lang, Person: w.person, Quote: quote, Answers: w.answers, Papers: w.papers,
		Actor: h.Actor, Reason: h.Reason, Hold: wordHold}
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
	placed, err := m.store.Place(ctx, n)
	if err != nil || h.How != madePaid || free {
		return placed, err
	}
	return placed, m.paid(ctx, e, placed.OrderID, h)
}

// paid books money that staff say has come, through the event's channel for such money. A second call is harmless.
func (m maker) paid(ctx context.Context, e *registration.Event, orderID string, h handMade) error {
	choice := payments.Choice{ChannelID: e.ID + "/" + h.Channel, Method: payments.Method(h.Method), Attempt: 1}
	p, err := m.cashier.Start(ctx, orderID, choice, h.Actor)
	if err != nil {
		return fmt.Errorf("begin payment: %w", err)
	}
	if p.State.HasMoney() {
		return nil
	}
	_, err = m.cashier.Declare(ctx, p.ID, payments.Declaration{Captured: true, Amount: p.Amount, Reason: h.Reason, Actor: h.Actor})
	if isCode(err, registration.CodeConflict) { // somebody was faster
		if now, rerr := m.store.Payment(ctx, p.ID); rerr == nil && now.State.HasMoney() {
			return nil
		}
	}
	return err
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

// madeKey is the sentence for a failure of making an order; false for any other failure.
func madeKey(err error) (string, bool) {
	e, ok := errors.AsType[*registration.Error](err)
	if !ok || e.Code == registration.CodeUnavailable || e.Code == registration.CodeNotFound {
		return "", false
	}
	if slices.Contains([]string{"register.full", "papers.covered", "register.extra.quantity", "register.extra.category", "register.category.choose"}, e.Key) {
		return "handmade." + e.Key, true
	}
	return "handmade.refused", true
}
