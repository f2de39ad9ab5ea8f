package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showPayStatus handles GET /pay/{token}/status: how a payment went, for a browser that may be anybody's. As JSON it is
// {"payment": state}, for the page's own script.
func (s *Server) showPayStatus(c echo.Context) error {
	p, err := s.paymentOf(c)
	if err != nil {
		return err
	}
	if strings.HasPrefix(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON) {
		return c.JSON(http.StatusOK, map[string]payments.State{"payment": p.State})
	}
	if c.Request().Method == http.MethodGet {
		s.lookAgain(c.Request().Context(), []payments.Payment{p})
	}
	e, err := s.cfg.Store.EventByID(c.Request().Context(), p.EventID)
	if err != nil {
		return fmt.Errorf("read the payment's event: %w", err)
	}
	return s.render(c, http.StatusOK, views.PayStatus(payStatusPage(c, &p, e)))
}

// payStatusTitles are the message keys of the page's title.
var payStatusTitles = map[payments.State]string{
	payments.Started: "paystatus.started", payments.Confirming: "paystatus.confirming", payments.Unknown: "paystatus.unknown",
	payments.AwaitingDeposit: "paystatus.deposit", payments.Confirmed: "paystatus.confirmed", payments.Surplus: "paystatus.surplus",
	payments.Failed: "paystatus.failed", payments.Abandoned: "paystatus.failed", payments.Expired: "paystatus.failed",
}

func payStatusPage(c echo.Context, p *payments.Payment, e *registration.Event) views.PayStatusPage {
	path := payPath(p.Token) + "/status"
	page := views.PayStatusPage{
		Page: frame(c, e, path, payStatusTitles[p.State]), State: p.State, Stopped: p.Reason == "payment.cancelled", Path: path,
	}
	page.Page.Private, page.Page.Script = true, []string{"status.js"}
	return page
}
