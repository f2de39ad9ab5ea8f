package payments

import "foyer/registration"

// mayAmend reports whether a paid order may still be changed as the payment's charge says, and makes sure that what the change adds is
// held. A change that has lapsed takes its places again while it fits.
func mayAmend(b Book, a *Amendment) (bool, error) {
	if b.Order().State != registration.OrderPaid || !a.Fits {
		return false, nil
	}
	switch a.State {
	case registration.AmendmentPending, registration.AmendmentLapsed:
		return b.Hold()
	case registration.AmendmentApplied, registration.AmendmentWithdrawn:
	}
	return false, nil
}

// amended makes the order what the change says, which is paid now.
func amended(b Book, who by) error {
	if err := b.FixCurrency(b.Payment().Amount.Cur); err != nil {
		return err
	}
	if err := b.MoveAmendment(registration.AmendmentApplied, who.actor, who.reason); err != nil {
		return err
	}
	return b.Mail(MailAmended, "")
}

// gaveBack reports whether the places that the payment is for were given back, because it took too long.
func gaveBack(b Book) bool {
	if a := b.Charge().Amendment; a != nil {
		return a.State == registration.AmendmentLapsed
	}
	return b.Order().State == registration.OrderExpired
}

// ended reports whether nobody wants the payment's money any more.
func ended(b Book) bool {
	a := b.Charge().Amendment
	return b.Order().State == registration.OrderCancelled || (a != nil && a.State == registration.AmendmentWithdrawn)
}
