package views

import (
	"slices"
	"strings"

	"foyer/registration"
)

// privacyTold lists what an event asks people to tell about themselves.
func privacyTold(l registration.Lang, e *registration.Event) string {
	told := []string{T(l, "register.name.short"), T(l, "register.email.short")}
	for _, f := range e.PersonFields() {
		told = append(told, PersonLabel(l, f.Name))
	}
	if asksProof(e) {
		told = append(told, T(l, "privacy.items.proof"))
	}
	if len(e.Questions) > 0 {
		told = append(told, T(l, "privacy.items.answers"))
	}
	if l == registration.English { // each label begins with a capital
		for i := range told[1:] {
			told[i+1] = strings.ToLower(told[i+1][:1]) + told[i+1][1:]
		}
	}
	return strings.Join(told, ", ")
}

// asksProof reports whether the form of an event asks for evidence.
func asksProof(e *registration.Event) bool {
	return slices.ContainsFunc(e.Categories, func(c registration.Category) bool { return c.Approval != registration.ApprovalDesk && c.Evidence != "" })
}

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
