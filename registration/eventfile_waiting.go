package registration

import "time"

// mostOffer is how long an offer of a waiting list may last.
const mostOffer = 30 * 24 * time.Hour

// waitingList reads the key waiting_list.
func waitingList(f field) WaitingList {
	if f.absent() {
		return WaitingList{}
	}
	offer := f.object("offer").need("offer")
	w := WaitingList{Offer: offer.duration()}
	if w.Offer > mostOffer {
		offer.fail("must be %d hours at most", int(mostOffer/time.Hour))
	}
	return w
}
