package handlers

import (
	"net/http"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// returnWindow is how long after its start a payment's return leads to the order's page in any browser: card apps come back in
// another one. Later, and once the order's address was ever renewed, only a browser that has the order's cookie gets there.
const returnWindow = time.Hour

// cookieLife is how long a browser may come back to its order from a gateway.
const cookieLife = 30 * 24 * time.Hour

// orderCookie names the cookie of an order.
func orderCookie(code string) string { return "foyer_order_" + strings.ToLower(code) }

// rememberOrder lets this browser back to the order from a gateway. The cookie goes to the addresses of payments only.
func (s *Server) rememberOrder(c echo.Context, f *folder) {
	c.SetCookie(&http.Cookie{
		Name: orderCookie(f.order.Code), Value: f.secret, Path: "/pay/", MaxAge: int(cookieLife.Seconds()),
		Secure: s.https, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// afterPayment is where a browser goes when it comes from a gateway: to the order's page, or to a page without name or link.
func (s *Server) afterPayment(c echo.Context, p *payments.Payment) (string, error) {
	o, err := s.cfg.Store.Order(c.Request().Context(), p.OrderID)
	if err != nil {
		return "", err
	}
	if o.Check {
		return s.channelOf(c, p)
	}
	if o.SecretVersion == 1 && s.cfg.Now().Sub(p.StartedAt) <= returnWindow || s.knowsOrder(c, o) {
		return orderPath(o.Code, s.cfg.Store.Keys().OrderSecret(o.ID, o.SecretVersion)), nil
	}
	return payPath(p.Token) + "/status", nil
}

// channelOf is the staff's page of a payment's channel, where a go-live check ends.
func (s *Server) channelOf(c echo.Context, p *payments.Payment) (string, error) {
	ch, err := s.cfg.Store.Channel(c.Request().Context(), p.ChannelID)
	if err != nil {
		return "", err
	}
	e, err := s.cfg.Store.EventByID(c.Request().Context(), p.EventID)
	if err != nil {
		return "", err
	}
	return views.ChannelPath(e.Slug, ch.Key), nil
}

// knowsOrder reports whether the browser has the order's cookie.
func (s *Server) knowsOrder(c echo.Context, o *registration.Order) bool {
	cookie, err := c.Cookie(orderCookie(o.Code))
	return err == nil && s.cfg.Store.Keys().CheckOrderSecret(cookie.Value, o.ID, o.SecretVersion)
}
