package payments

import (
	"context"

	"foyer/registration"
)

// conclude is phase 4: under the payment's lock it compares what the gateway said with what we asked for, and writes the end
// of the matter, or that it is still open.
func (c *Cashier) conclude(ctx context.Context, pl plan, ans answer) (Payment, error) {
	var after Payment
	refunds, again := false, false
	err := c.ledger.Change(ctx, pl.payment.ID, func(b Book) error {
		p := b.Payment()
		p.LeaseUntil = b.Now()
		if ans.closed && p.Key == pl.payment.Key {
			p.SendOpen = false
		}
		if err := c.write(b, pl, ans); err != nil {
			return err
		}
		if p.Candidate != "" && p.Candidate != pl.payment.Candidate && !p.State.Settled() {
			p.NextLook, again = b.Now(), true // a browser came back meanwhile: go on with what it brought
		}
		after = *p
		refunds = len(b.Refunds()) > 0
		return b.Save()
	})
	if refunds || again {
		c.Wake()
	}
	return after, err
}

// write turns the answer into the payment's next state.
func (c *Cashier) write(b Book, pl plan, ans answer) error {
	p, out := b.Payment(), ans.outcome
	if out.OrderNo != "" && out.OrderNo != p.OrderNo {
		if p.Candidate == pl.payment.Candidate {
			p.Candidate = ""
		}
		if p.Sent == pl.payment.Sent {
			p.Sent, p.SendOpen = "", false // it can never be ours: from now on we ask by our own number
		}
		out = Outcome{} // somebody else's: as if nothing had been learned
	}
	if pl.ticket && pl.call == callConfirm && p.Candidate == pl.payment.Candidate {
		p.Candidate, p.Sent = "", "" // used up, whatever came of it
	}
	if ans.direct && !pl.ticket && out.Status == StatusCaptured && out.GatewayID != pl.payment.Sent {
		out = Outcome{} // an answer about another id than the one that was confirmed proves nothing: look it up
	}
	if out.Status == StatusMissing && pl.merchant != p.Merchant {
		out = Outcome{} // the channel has another contract's keys now; those cannot see it
	}
	declined, reason := false, out.Reason
	if ans.refusal != nil && ans.refusal.Declined {
		declined, reason = true, ans.refusal.Key
	}
	switch {
	case out.Status == StatusCaptured && p.State.HasMoney():
		p.NextLook = zeroTime
		return noticeRefunds(b, out)
	case out.Status == StatusCaptured:
		return c.captured(b, pl, out, by{actor: ActorGateway(b.Channel())})
	case out.Status == StatusDeposit && p.State.HasMoney() && out.GatewayID == p.GatewayID:
		p.NextLook = zeroTime
		return depositTakenBack(b, out)
	case p.State.HasMoney():
		return c.lookAgain(b)
	case p.State == Failed && pl.reopens:
		return c.schedule(b)
	case p.State.Settled() && p.State != Abandoned:
		return nil
	case out.Status == StatusDeposit && (p.State == Started || p.State == Confirming || p.State == Unknown):
		return c.awaitDeposit(b, pl, out, ActorGateway(b.Channel()))
	case out.Status == StatusFailed || out.Status == StatusLapsed:
		if err := c.lost(b, out.Status, reason); err != nil || p.State != Failed || !pl.reopens {
			return err
		}
		return c.schedule(b)
	case declined && out.Status != "":
		return c.lost(b, StatusFailed, reason)
	case p.State.Settled():
		return c.schedule(b)
	}
	if out.Status == "" && p.State == Started && pl.fresh {
		// The payer came back and the gateway does not answer: the money may be taken, so the order must not expire.
		if err := b.Move(Confirming, ActorGateway(b.Channel()), ""); err != nil {
			return err
		}
	}
	return c.stillOpen(b, pl, out.Status)
}

// by is who brings news of money, and why it is believed when it is staff.
type by struct{ actor, reason string }

// captured writes money that the gateway took: confirmed when the order can use it, else surplus that goes back.
func (c *Cashier) captured(b Book, pl plan, out Outcome, who by) error {
	p := b.Payment()
	if out.Mode != p.Mode {
		return c.strangeMoney(b)
	}
	if mine, err := b.Claim(out.GatewayID); err != nil || !mine {
		return c.taken(b, pl, err)
	}
	if p.State == Started {
		if err := b.Move(Confirming, who.actor, ""); err != nil {
			return err
		}
	}
	p.Captured, p.VerifiedAt, p.SendOpen = out.Captured, b.Now(), false
	p.Method, p.Card, p.Approve, p.Proof = out.Method, out.Card, out.Approve, out.Proof
	if p.PaidAt = out.At; p.PaidAt.IsZero() {
		p.PaidAt = b.Now()
	}
	p.NextLook = zeroTime
	if err := b.Drop(AttentionUnknown, ""); err != nil {
		return err
	}
	ok, err := useful(b, out)
	if err != nil {
		return err
	}
	if ok {
		return confirmed(b, who)
	}
	return c.surplus(b, out, who)
}

// taken puts a payment whose gateway id belongs to another payment before a person, and goes on asking in its time.
func (c *Cashier) taken(b Book, pl plan, err error) error {
	if err != nil {
		return err
	}
	if err := b.Raise(AttentionMismatch, "", "gateway_id_taken"); err != nil {
		return err
	}
	return c.stillOpen(b, pl, "")
}

// strangeMoney is test money in a live channel or the reverse: it never counts as money.
func (c *Cashier) strangeMoney(b Book) error {
	if err := b.Raise(AttentionTestMoney, "", ""); err != nil {
		return err
	}
	return c.lost(b, StatusFailed, "payment.channel")
}

// useful reports whether the order can use what was captured. A go-live check is there to give its money back.
func useful(b Book, out Outcome) (bool, error) {
	p := b.Payment()
	if b.Order().Check || out.Captured != p.Amount || out.Refunded.Minor != 0 || !asksWhatIsOwed(b) {
		return false, nil
	}
	for _, s := range b.Siblings() {
		if s.ChargeID == p.ChargeID && s.State == Confirmed {
			return false, nil
		}
	}
	return placesFor(b)
}

// confirmed writes usable money: receipt, order, places and mail in the same transaction.
func confirmed(b Book, who by) error {
	p := b.Payment()
	p.ConfirmedAt, p.Reason = b.Now(), ""
	if err := b.Move(Confirmed, who.actor, who.reason); err != nil {
		return err
	}
	if _, err := b.Receipt(nil); err != nil {
		return err
	}
	if b.Charge().Amendment != nil {
		return amended(b, who)
	}
	if err := b.PayOrder(p.Amount.Cur, who.actor, who.reason); err != nil {
		return err
	}
	return b.Mail(MailRegistered, "")
}

// surplus writes money that the order cannot use and asks for its way back. Money in a shape that cannot be sent back by
// itself goes before a person instead.
func (c *Cashier) surplus(b Book, out Outcome, who by) error {
	p := b.Payment()
	if err := b.Move(Surplus, who.actor, who.reason); err != nil {
		return err
	}
	if err := releaseExpired(b); err != nil {
		return err
	}
	if err := noticeRefunds(b, out); err != nil {
		return err
	}
	left := Refundable(p, b.Refunds())
	if left.Minor == 0 && out.Refunded.Minor > 0 {
		return nil
	}
	if left.Minor <= 0 || !left.Cur.Known() {
		return b.Raise(AttentionSurplus, "", "amount_unreadable")
	}
	r := &Refund{PaymentID: p.ID, OrderID: p.OrderID, Amount: left, Source: ByAutomatic, Actor: ActorSystem, Reason: "surplus", Nonce: "surplus-" + p.ID}
	if err := b.AddRefund(r); err != nil {
		return err
	}
	if b.Order().Check {
		return nil
	}
	return b.Mail(MailSurplus, r.ID)
}

// releaseExpired gives the places back that an expired order, or a change that has lapsed, held again for a payment that brought nothing
// usable.
func releaseExpired(b Book) error {
	if !gaveBack(b) {
		return nil
	}
	for _, s := range b.Siblings() {
		if s.ChargeID == b.Payment().ChargeID && (s.State == Confirming || s.State == Unknown) {
			return nil
		}
	}
	return b.Release()
}

// lost writes that the gateway took nothing and will not.
func (c *Cashier) lost(b Book, s Status, reason string) error {
	p, to := b.Payment(), Failed
	switch p.State {
	case Started:
		if s == StatusLapsed {
			to = Abandoned
		}
	case AwaitingDeposit:
		to = Expired
	case Abandoned:
		return c.schedule(b)
	case Confirming, Unknown:
	case Confirmed, Failed, Expired, Surplus:
		return nil
	}
	if reason != "" && (p.Reason == "" || s == StatusFailed) {
		p.Reason = reason
	}
	p.NextLook, p.SendOpen = zeroTime, false
	if err := b.Move(to, ActorGateway(b.Channel()), p.Reason); err != nil {
		return err
	}
	if to == Abandoned {
		if err := c.schedule(b); err != nil {
			return err
		}
	}
	if err := b.Drop(AttentionUnknown, ""); err != nil {
		return err
	}
	return releaseExpired(b)
}

// stillOpen writes that nothing final was learned, unless the gateway knows of nothing after its last confirm time. A send that was
// never answered keeps the matter open even then: it may have had its effect.
func (c *Cashier) stillOpen(b Book, pl plan, s Status) error {
	p := b.Payment()
	switch {
	case pl.blind && p.State == AwaitingDeposit:
		return nil // it waits, as it did
	case pl.blind:
		return outOfSight(b)
	}
	if s == StatusMissing && !p.SendOpen && b.Now().After(p.LastCapture) {
		return c.lost(b, StatusLapsed, "payment.lapsed")
	}
	if p.State == Confirming {
		p.Looks, p.NextLook = 0, b.Now().Add(c.First)
		if err := b.Move(Unknown, ActorGateway(b.Channel()), ""); err != nil {
			return err
		}
	}
	return c.schedule(b)
}

// noticeRefunds compares what the gateway has given back with what we know of, and writes down what was refunded at its side.
// While a refund of ours is open its own path settles the difference.
func noticeRefunds(b Book, out Outcome) error {
	p := b.Payment()
	for _, r := range b.Refunds() {
		if r.State.Open() {
			return nil
		}
	}
	if out.Captured.Cur != p.Captured.Cur {
		return b.Raise(AttentionMismatch, "", "currency")
	}
	diff := out.Refunded.Minor - Refunded(p, b.Refunds()).Minor
	switch {
	case diff == 0:
		return nil
	case diff < 0 || diff > Refundable(p, b.Refunds()).Minor:
		return b.Raise(AttentionMismatch, "", "refunds")
	}
	r := &Refund{
		PaymentID: p.ID, OrderID: p.OrderID, Source: ByGateway, Actor: ActorGateway(b.Channel()),
		Amount: registration.Money{Minor: diff, Cur: p.Captured.Cur}, DoneAt: b.Now(),
	}
	if err := b.AddRefund(r); err != nil {
		return err
	}
	for _, to := range []RefundState{RefundSending, RefundDone} {
		if err := b.MoveRefund(r, to, r.Actor, ""); err != nil {
			return err
		}
	}
	if err := b.SaveRefund(r); err != nil {
		return err
	}
	return goneBack(b, r)
}

// depositTakenBack writes down that a bank took a deposit back and the account waits again: whatever was still there has gone, without a
// refund of the gateway's. Should the deposit come once more, its look-up contradicts our refunds and goes before a person.
func depositTakenBack(b Book, out Outcome) error {
	out.Captured = b.Payment().Captured
	out.Refunded = out.Captured
	return noticeRefunds(b, out)
}

// goneBack does what follows from money that went back: correction document, mail, and a person's attention when everything was
// refunded at the gateway's side.
func goneBack(b Book, r *Refund) error {
	p := b.Payment()
	if p.State != Confirmed {
		return nil
	}
	if _, err := b.Receipt(r); err != nil {
		return err
	}
	if r.Source == ByGateway && Refundable(p, b.Refunds()).Minor == 0 {
		if err := b.Raise(AttentionRefundedOutside, "", ""); err != nil {
			return err
		}
	}
	return b.Mail(MailRefunded, r.ID)
}
