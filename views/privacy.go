package views

import (
	"slices"
	"strings"

	"foyer/registration"
)

// privacyProcessors names who processes the payments of an event, once each.
func privacyProcessors(l registration.Lang, channels []registration.ChannelOffer) string {
	var names []string
	for _, c := range channels {
		if n := gatewayName(l, c.Gateway); !c.ByHand() && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return T(l, "privacy.processors.none")
	}
	return T(l, "privacy.processors.text", "names", strings.Join(names, ", "))
}

// gatewayName is the name under which people know a gateway.
func gatewayName(l registration.Lang, gateway string) string {
	return wordOr(l, "gateway."+gateway, gateway)
}
