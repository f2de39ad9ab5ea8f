package handlers

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// payReceive handles POST /pay/{token}/receive: a gateway's window posts what happened, from the gateway's site, into its own pop-up or
// frame. It changes nothing: the page hands the data to the hand-over page, which brings it to the return address.
func (s *Server) payReceive(c echo.Context) error {
	p, err := s.paymentOf(c)
	if err != nil {
		return err
	}
	gateway, _, err := s.cfg.Cashier.Gateway(c.Request().Context(), p.ChannelID)
	if err != nil {
		return fmt.Errorf("connect channel: %w", err)
	}
	receiver, ok := gateway.(payments.Receiver)
	if !ok {
		return registration.Fail(registration.CodeNotFound, "payment.unknown")
	}
	body, err := readAll(c, maxReturn)
	if err != nil {
		return err
	}
	got := receiver.ParseReceive(payments.Request{Method: http.MethodPost, Header: c.Request().Header, Body: body, Now: s.cfg.Now().UTC()})
	e, err := s.cfg.Store.EventByID(c.Request().Context(), p.EventID)
	if err != nil {
		return fmt.Errorf("read the payment's event: %w", err)
	}
	page := views.PayReceivePage{Page: frame(c, e, payPath(p.Token), "receive.title"), Return: payPath(p.Token) + "/return"}
	page.Page.Private, page.Page.NoSwitch, page.Page.Script = true, true, []string{"receive.js"}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		page.Values = append(page.Values, views.PayValue{Name: name, Value: got[name]})
	}
	allowReceive(c.Response().Header(), gateway.Capabilities().Hosts)
	return s.render(c, http.StatusOK, views.PayReceive(page))
}
