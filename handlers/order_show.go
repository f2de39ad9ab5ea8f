package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showOrder handles GET /o/{code}/{secret}. Opening an order that is not settled queues a look-up, and changes nothing else.
func (s *Server) showOrder(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodGet {
		s.lookAgain(c.Request().Context(), f.payments)
	}
	return s.renderOrder(c, http.StatusOK, f, nil)
}

func (s *Server) renderOrder(c echo.Context, status int, f *folder, problems []views.Problem) error {
	if err := s.fill(c.Request().Context(), f); err != nil {
		return err
	}
	page, err := s.orderPage(c, f)
	if err != nil {
		return err
	}
	page.Problems, page.Page.Error = problems, len(problems) > 0
	if page.Consent != nil {
		page.Consent.Problems = problems
	}
	return s.render(c, status, views.Order(page))
}

func (s *Server) orderPage(c echo.Context, f *folder) (views.OrderPage, error) {
	now := s.cfg.Now()
	p := views.OrderPage{
		Page: frame(c, f.event, f.path(), "order.title"), Event: f.event, Order: f.order, Path: f.path(), Now: now,
		Attempt: f.attempt(now), Offers: f.offers(now), Next: strconv.Itoa(len(f.payments) + 1), Charged: f.charged(),
		Received: f.received(), Refunded: f.refunded(), Refunds: f.refundRows(), Papers: f.papers(),
		Timeline: f.timeline(), Notice: notice(c, f),
	}
	p.Back, p.Cancel = f.mayCancel(now)
	p.Change, p.Changes, p.Answers = f.change(p.Attempt), f.changeLinks(now), f.changesAnswers(now)
	var err error
	if p.Account, err = s.askAccount(c.Request().Context(), f); err != nil {
		return p, err
	}
	if err := s.todos(c, f, &p); err != nil {
		return p, err
	}
	_, can := f.order.Longer(s.cfg.Hold, now)
	p.Extend = can && f.order.HoldUntil.Sub(now) < 24*time.Hour // one hold more is nothing to somebody who has days
	if p.Evidence, err = s.evidence(c, f); err != nil {
		return p, err
	}
	p.Page.Private, p.Page.Script = true, []string{"status.js", "copy.js"}
	if f.order.State == registration.OrderPaid {
		p.Calendar, p.QR = p.Path+"/calendar.ics", p.Path+"/qr.svg"
		if len(f.order.Registrations) > 1 {
			p.QR = "" // each of the people has their own
		}
	}
	if p.Covered, err = s.covered(c.Request().Context(), f.event, f.order); err != nil {
		return p, err
	}
	if f.event.CalledOff() {
		p.Change = nil // it waits for money that nobody is to pay
	} else if views.StatusOf(f.order.State, p.Attempt) == views.StatusExpired {
		renewal, err := s.renewal(c, f)
		if err != nil {
			return p, err
		}
		p.Renew, p.Uncharged = renewal, s.uncharged(c.Request().Context(), f)
	}
	return p, nil
}

// uncharged reports whether payments of an order were begun and it is certain that none has taken money: those that were refused, and those
// that a gateway takes only when it is asked to, and was not. One that only ran out may have brought money that nobody has told of yet.
func (s *Server) uncharged(ctx context.Context, f *folder) bool {
	for i := range f.payments {
		p := &f.payments[i]
		gateway, _, err := s.cfg.Cashier.Gateway(ctx, p.ChannelID)
		if err != nil || gateway.Capabilities().Manual {
			return false
		}
		unasked := gateway.Capabilities().TwoStep && p.Sent == "" && (p.State == payments.Started || p.State == payments.Abandoned)
		if !unasked && p.State != payments.Failed {
			return false
		}
	}
	return len(f.payments) > 0
}

// showOrderInstead handles GET of the addresses to which the order's forms are posted, after a reload or from the browser's history: it
// leads to the order's page.
func (s *Server) showOrderInstead(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	return goTo(c, f.path())
}

// What is told after an account for a refund was saved, after somebody has agreed, after a telephone was proved, and after a change was made.
const (
	noticeAccount = "account"
	noticeAgreed  = "agreed"
	noticePhone   = "phone"
	noticeChanged = "changed"
)

// notice is what a redirect to this page wants to have said, if it is still true.
func notice(c echo.Context, f *folder) string {
	if c.Request().URL.RawQuery != "" && c.QueryParam("notice") == "paid" && f.order.State == registration.OrderPaid {
		return "order.notice.already_paid"
	}
	if c.QueryParam("notice") == noticeLate && f.order.State == registration.OrderPaid {
		return views.NoticeLate
	}
	if c.QueryParam("notice") == noticeAccount && f.refunding() {
		return "account.saved"
	}
	if p := f.owner(); p != nil && c.QueryParam("notice") == noticeAgreed && !p.agrees() {
		return "agree.saved"
	}
	if c.QueryParam("notice") == noticeChanged && f.order.State == registration.OrderPaid {
		return views.NoticeChanged
	}
	if c.QueryParam("notice") == noticePhone {
		return "agree.phone"
	}
	return ""
}

// attempt is the newest payment for the page; nil when there is none.
func (f *folder) attempt(now time.Time) *views.OrderAttempt {
	p := f.speaking()
	if p == nil {
		return nil
	}
	a := &views.OrderAttempt{
		No: p.Attempt, OrderNo: p.OrderNo, State: p.State, Reason: p.Reason, Started: p.StartedAt, PayPath: payPath(p.Token), Amount: p.Amount,
		Channel: offerOf(f.event, p.ChannelID), Captured: p.Captured, Returned: p.State.HasMoney() && f.returned(p), Over: p.State == payments.Started && !handsOver(p, now),
	}
	if p.State == payments.AwaitingDeposit {
		a.Deposit = &views.OrderDeposit{Method: p.Asked, Account: p.Account, Deadline: p.Deadline}
		if p.Asked == payments.MethodBankTransfer {
			a.Deposit.Payer = f.order.Payer.Name + " " + f.order.Code
		}
	}
	return a
}

// speaking is the payment that says how the order stands: the newest, or when it came to nothing the newest that may still bring money.
func (f *folder) speaking() *payments.Payment {
	newest := f.newest()
	if newest == nil || !newest.State.Settled() || newest.State == payments.Confirmed {
		return newest
	}
	for i := len(f.payments) - 1; i >= 0; i-- {
		switch f.payments[i].State {
		case payments.AwaitingDeposit, payments.Confirming, payments.Unknown:
			return &f.payments[i]
		case payments.Started, payments.Confirmed, payments.Failed, payments.Abandoned, payments.Expired, payments.Surplus:
		}
	}
	return newest
}

// returned reports whether all that a payment took has surely gone back.
func (f *folder) returned(p *payments.Payment) bool {
	left := p.Captured.Minor
	for _, r := range f.refunds {
		if r.PaymentID == p.ID && r.State == payments.RefundDone {
			left -= r.Amount.Minor
		}
	}
	return left <= 0
}

// offers lists the methods of the channels that can take the order: those in whose currency every line has a price.
func (f *folder) offers(now time.Time) []views.PayOffer {
	if f.event.CalledOff() {
		return nil
	}
	asked := f.asks()
	var offers []views.PayOffer
	for _, ch := range f.event.Channels {
		if minor := asked[ch.Currency]; minor > 0 && (f.order.Currency == "" || f.order.Currency == ch.Currency) {
			for i, m := range ch.Methods {
				one := ch
				one.Methods = []string{m}
				o := views.PayOffer{Value: ch.ID, Channel: one, Amount: registration.Money{Minor: minor, Cur: ch.Currency}, CashReceipt: cashReceiptFor(ch, m)}
				if i > 0 {
					o.Value += ":" + m
				}
				o.InUse = f.inUse(ch, payments.Method(m), now) != nil
				offers = append(offers, o)
			}
		}
	}
	return offers
}

// inUse is the payment under way when it goes by a channel's method and can be gone on with at now, so that the same again would only begin
// another like it; else nil.
func (f *folder) inUse(ch registration.ChannelOffer, m payments.Method, now time.Time) *payments.Payment {
	p := f.speaking()
	if p == nil || p.Reason != "" || p.ChannelID != f.event.ID+"/"+ch.ID || p.Asked != m || p.Amount != (registration.Money{Minor: f.asks()[ch.Currency], Cur: ch.Currency}) {
		return nil
	}
	if handsOver(p, now) || p.State == payments.AwaitingDeposit && (p.Endless() || now.Before(p.Deadline)) {
		return p
	}
	return nil
}

// charged is what the order comes to: in its currency, or in each that is still open.
func (f *folder) charged() registration.Prices {
	over := f.order.State == registration.OrderCancelled || f.order.State == registration.OrderExpired
	switch {
	case f.order.Currency != "":
	case over && f.newest() != nil: // nothing came that it could keep: what was asked for last
		cur := f.newest().Amount.Cur
		return registration.Prices{cur: f.order.Prices[cur]}
	default:
		return f.order.Prices
	}
	return registration.Prices{f.order.Currency: f.order.Prices[f.order.Currency]}
}

// received is what was confirmed; without currency before the first money.
func (f *folder) received() (sum registration.Money) {
	for _, p := range f.payments {
		if p.State == payments.Confirmed {
			sum = registration.Money{Minor: sum.Minor + p.Captured.Minor, Cur: p.Captured.Cur}
		}
	}
	return sum
}

// refunded is what has surely gone back of confirmed money.
func (f *folder) refunded() (sum registration.Money) {
	for _, p := range f.payments {
		if p.State != payments.Confirmed {
			continue
		}
		for _, r := range f.refunds {
			if r.PaymentID == p.ID && r.State == payments.RefundDone {
				sum = registration.Money{Minor: sum.Minor + r.Amount.Minor, Cur: r.Amount.Cur}
			}
		}
	}
	return sum
}
