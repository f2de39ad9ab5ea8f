package handlers

import (
	"fmt"
	"net/http"
	"strconv"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// submitPay handles POST /o/{code}/{secret}/pay: it starts a payment through the chosen channel and leads to the hand-over. The same
// form again leads to the same payment, and so does the same way while that payment can be gone on with. Amount and currency come from the order; nothing in the form can change them.
func (s *Server) submitPay(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if f.event.CalledOff() {
		return s.renderOrder(c, http.StatusConflict, f, nil) // its page says why
	}
	offer, method := chosen(f.event, form.line("channel"))
	if offer == nil {
		return s.refusePay(c, f, form, views.Problem{Field: "channel", Key: "order.channel.choose"})
	}
	channelID := f.event.ID + "/" + offer.ID
	bill, problem := cashReceiptOf(form, *offer, method)
	if problem != nil {
		return s.refusePay(c, f, form, *problem)
	}
	want := payments.Choice{ChannelID: channelID, Method: method, Bill: bill, Attempt: attemptFor(f.payments, channelID, method, form.line("attempt"))}
	if under := f.inUse(*offer, method, s.cfg.Now()); under != nil && under.Bill == bill {
		want.Attempt = under.Attempt
	}
	p, err := s.cfg.Cashier.Start(c.Request().Context(), f.order.ID, want, payments.ActorAttendee)
	switch {
	case err == nil:
		s.rememberOrder(c, f)
		if p.State == payments.AwaitingDeposit {
			return goTo(c, f.path()) // there is no hand-over
		}
		return goTo(c, payPath(p.Token))
	case isCode(err, registration.CodeConflict):
		if f.order.State == registration.OrderPaid && f.waits() == nil {
			return goTo(c, f.path()+"?notice=paid")
		}
		return s.renderOrder(c, http.StatusConflict, f, nil) // its page says why
	case isCode(err, registration.CodeInvalid):
		return s.refusePay(c, f, form, views.Problem{Field: "channel", Key: "order.channel.unfit"})
	}
	return fmt.Errorf("start payment: %w", err)
}

// attemptFor gives the number of the attempt that a form stands for. The form names the number that was next when it was shown; from
// there on the first payment through the same channel by the same method is the one that the same form made before. None: a new attempt.
func attemptFor(list []payments.Payment, channelID string, method payments.Method, named string) int {
	next := len(list) + 1
	n, err := strconv.Atoi(named)
	if err != nil || n < 1 {
		return next
	}
	for _, p := range list {
		if p.Attempt >= n && p.ChannelID == channelID && p.Asked == method {
			return p.Attempt
		}
	}
	return next
}

// refusePay shows the order's page again, as it was filled in, with a sentence about what was chosen.
func (s *Server) refusePay(c echo.Context, f *folder, filled form, problem views.Problem) error {
	page, err := s.orderPage(c, f)
	if err != nil {
		return err
	}
	page.Problems, page.Page.Error = []views.Problem{problem}, true
	page.Chosen = filled.line("channel")
	page.Bill = views.CashReceiptForm{Kind: filled.line("cash_receipt"), Phone: filled.line("cash_phone"), Business: filled.line("cash_business")}
	return s.render(c, http.StatusUnprocessableEntity, views.Order(page))
}
