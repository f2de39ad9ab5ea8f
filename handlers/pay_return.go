package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"foyer/payments"
	"foyer/registration"

	"github.com/labstack/echo/v4"
)

// settleWait is how long a returning browser waits for its payment to settle.
const settleWait = 3 * time.Second

// payReturn handles GET and POST /pay/{token}/return: the browser comes back from the gateway. What it brings is a hint; the
// payment is settled by asking the gateway. Coming back twice is harmless.
func (s *Server) payReturn(c echo.Context) error { return s.comeBack(c, false) }

// payFail handles GET and POST /pay/{token}/fail: the gateway says that it did not work. That, too, is only a hint.
func (s *Server) payFail(c echo.Context) error { return s.comeBack(c, true) }

func (s *Server) comeBack(c echo.Context, failed bool) error {
	p, err := s.paymentOf(c)
	if err != nil {
		return err
	}
	hint, err := s.hintOf(c, &p)
	if err != nil {
		return err
	}
	if failed {
		hint.Failed, hint.GatewayID = true, "" // nothing is confirmed because of a failure
	}
	news := hint.GatewayID != "" && hint.GatewayID != p.Candidate
	if !p.State.HasMoney() && (news || s.looks.due(p.ID, s.cfg.Now())) {
		if _, _, err := s.cfg.Cashier.Detach(c.Request().Context(), p.ID, hint, settleWait); err != nil {
			s.cfg.Log.ErrorContext(c.Request().Context(), "settle on return", "payment", p.ID, "error", err)
		}
	}
	return s.leavePay(c, &p)
}

// paymentOf finds the payment of a path's token; CodeNotFound when there is none.
func (s *Server) paymentOf(c echo.Context) (payments.Payment, error) {
	if !isToken(c.Param("token")) {
		return payments.Payment{}, registration.Fail(registration.CodeNotFound, "payment.unknown")
	}
	p, err := s.cfg.Store.PaymentByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return p, fmt.Errorf("find payment: %w", err)
	}
	return p, nil
}

// hintOf reads what a browser brought back. What does not belong to this payment, or cannot be read, is no hint.
func (s *Server) hintOf(c echo.Context, p *payments.Payment) (payments.Return, error) {
	gateway, _, err := s.cfg.Cashier.Gateway(c.Request().Context(), p.ChannelID)
	if err != nil {
		return payments.Return{}, fmt.Errorf("connect channel: %w", err)
	}
	r := payments.Request{
		Method: c.Request().Method, Query: c.QueryParams(), Form: url.Values{}, Header: c.Request().Header, Now: s.cfg.Now().UTC(),
	}
	if r.Method == http.MethodPost {
		if r.Body, err = readAll(c, maxReturn); err != nil {
			return payments.Return{}, err
		}
		if form, err := url.ParseQuery(string(r.Body)); err == nil {
			r.Form = form
		}
	}
	hint, err := gateway.ParseReturn(r)
	if err != nil {
		s.cfg.Log.InfoContext(c.Request().Context(), "return not readable", "payment", p.ID, "error", err)
		return payments.Return{}, nil
	}
	if hint.OrderNo != "" && hint.OrderNo != p.OrderNo {
		return payments.Return{}, nil
	}
	return hint, nil
}
