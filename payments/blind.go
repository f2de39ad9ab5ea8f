package payments

import (
	"errors"
	"time"
)

// Ending is how long after the last possible capture a payment is still asked about.
const Ending = 24 * time.Hour

// blind decides about a payment whose gateway has no inquiry: only the answer to a confirmation tells anything, and one whose answer was
// lost is never sent again. It reports whether a confirmation may go out.
func (c *Cashier) blind(b Book, why motive) (confirm bool, err error) {
	p, now := b.Payment(), b.Now()
	switch p.State {
	case Started:
		if p.Candidate != "" && p.Candidate != p.Sent && !now.After(p.LastCapture) {
			return true, nil
		}
		if now.After(p.LastCapture) {
			p.NextLook = zeroTime
			return false, b.Move(Abandoned, ActorSystem, "payment.lapsed")
		}
		p.NextLook = p.LastCapture.Add(time.Second)
		return false, nil
	case Confirming, Unknown:
		return false, outOfSight(b)
	case AwaitingDeposit:
		return false, c.waitOn(b, why)
	case Confirmed, Failed, Abandoned, Expired, Surplus:
		p.NextLook = zeroTime
	}
	return false, nil
}

// outOfSight writes that nobody can find out what became of a confirmation: a person has to.
func outOfSight(b Book) error {
	p := b.Payment()
	p.NextLook = zeroTime
	if p.State == Confirming {
		if err := b.Move(Unknown, ActorGateway(b.Channel()), ""); err != nil {
			return err
		}
	}
	return b.Raise(AttentionUnknown, "", "no_inquiry")
}

// onlyAnswer reads the answer to a confirmation that no look-up can check. A refusal, and a gateway that surely did nothing, end the
// payment; everything else leaves it unknown.
func onlyAnswer(err error) answer {
	refusal, refused := errors.AsType[*Refusal](err)
	switch {
	case errors.Is(err, ErrBusy):
		return unsent()
	case !refused || refusal.Settled || errors.Is(err, ErrNoAnswer):
		return answer{}
	}
	return answer{outcome: Outcome{Status: StatusFailed, Reason: refusal.Key}, refusal: refusal, closed: true}
}

// unsent is the answer when nothing left this house: nothing was taken.
func unsent() answer {
	return answer{outcome: Outcome{Status: StatusFailed, Reason: "payment.unavailable"}, closed: true}
}
