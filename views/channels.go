package views

import (
	"slices"
	"strings"

	"foyer/registration"
)

// ChannelName names a way to pay for the payer: by its cards, or by its first method when it takes none.
func ChannelName(l registration.Lang, c registration.ChannelOffer) string {
	return T(l, channelKey(c))
}

// channelNote says what a way to pay is for. It names the currency of overseas cards, and warns of windows that speak
// Korean only.
func channelNote(l registration.Lang, c registration.ChannelOffer) string {
	return T(l, channelKey(c)+".note", "currency", string(c.Currency))
}

// currencyNote names the currency of a way to pay where an event has prices in several and the note does not name it.
func currencyNote(l registration.Lang, e *registration.Event, c registration.ChannelOffer) string {
	if !twoCurrencies(e) || strings.Contains(channelNote(l, c), string(c.Currency)) {
		return ""
	}
	return " · " + string(c.Currency)
}

// channelKey is the message key of a channel's name; its note has the same key with ".note" behind.
func channelKey(c registration.ChannelOffer) string {
	if len(c.Methods) > 0 && !slices.Contains(c.Methods, "card") {
		switch c.Methods[0] {
		case "virtual_account", "transfer", "phone", "easy_pay", "paypal", "bank_transfer", "on_site", "pay_later":
			return "channel." + c.Methods[0]
		}
		return "channel.other"
	}
	switch c.Cards {
	case "domestic", "overseas":
		return "channel." + c.Cards
	}
	return "channel.any"
}

// offersFor orders channels for a reader: Korean cards first in Korean, cards from abroad first in English. Nothing is
// left out.
func offersFor(l registration.Lang, all []registration.ChannelOffer) []registration.ChannelOffer {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b registration.ChannelOffer) int { return cardsRank(l, a.Cards) - cardsRank(l, b.Cards) })
	return sorted
}

// offerRank is the place of one method of a channel: cards first, each kind as offersFor orders it, then the others.
func offerRank(l registration.Lang, c registration.ChannelOffer) int {
	if len(c.Methods) > 0 && !slices.Contains(c.Methods, "card") {
		return 10
	}
	return cardsRank(l, c.Cards)
}

// cardsRank is the place of a kind of cards in a reader's list.
func cardsRank(l registration.Lang, cards string) int {
	first := "domestic"
	if l == registration.English {
		first = "overseas"
	}
	switch cards {
	case first:
		return 0
	case "any":
		return 1
	}
	return 2
}
