package registration

// Lacks lists what a live event's pages lack of what card companies demand, by the keys of the event file: the seller in the footer and
// the refund rule beside the price. An event in test mode, and one that takes no money through a gateway, lacks nothing.
//
// A Korean gateway's review asks for the seller's business number, representative, address and telephone as well; gateways abroad do not.
func (e *Event) Lacks() []string {
	gateway, korean := false, false
	for _, ch := range e.Channels {
		gateway = gateway || !ch.ByHand()
		korean = korean || (!ch.ByHand() && ch.Gateway != "stripe")
	}
	if e.Mode != Live || !gateway {
		return nil
	}
	var missing []string
	need := func(key string, empty bool) {
		if empty {
			missing = append(missing, key)
		}
	}
	o := e.Organizer
	need("organizer.name", o.Name.Empty())
	need("organizer.business_number", korean && o.BusinessNumber == "")
	need("organizer.representative", korean && o.Representative == "")
	need("organizer.address", korean && o.Address == "")
	need("organizer.phone", korean && o.Phone == "")
	need("organizer.email", o.Email == "")
	need("refund_rule", e.RefundRule.Empty())
	return missing
}

// ByHand reports whether the channel's money reaches the organizer without a payment company: only staff sees it.
func (c ChannelOffer) ByHand() bool { return c.Gateway == "transfer" }

// CredentialNames are the credentials that a channel of the gateway may have, in the order of the event file's reference.
func CredentialNames(gateway string) []string { return credentialNames[gateway] }
