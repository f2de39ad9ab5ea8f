package handlers

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showPay handles GET /pay/{token}: the hand-over to the gateway, the only page with a gateway's script. A payment that cannot be made
// any more leads to where its truth is told.
func (s *Server) showPay(c echo.Context) error {
	p, err := s.paymentOf(c)
	if err != nil {
		return err
	}
	if !handsOver(&p, s.cfg.Now()) {
		return s.leavePay(c, &p)
	}
	ctx := c.Request().Context()
	o, err := s.cfg.Store.Order(ctx, p.OrderID)
	if err != nil {
		return fmt.Errorf("read the payment's order: %w", err)
	}
	if wanted, err := s.awaited(ctx, o, &p); err != nil || !wanted {
		if err != nil {
			return err
		}
		return s.leavePay(c, &p)
	}
	e, err := s.cfg.Store.EventByID(ctx, p.EventID)
	if err != nil {
		return fmt.Errorf("read the payment's event: %w", err)
	}
	if e.CalledOff() {
		return s.leavePay(c, &p)
	}
	return s.renderPay(c, &p, e)
}

// handsOver reports whether a payment can still be handed over to its gateway at now.
func handsOver(p *payments.Payment, now time.Time) bool {
	return p.State == payments.Started && len(p.Launch) > 0 && !now.After(p.LastCapture)
}

// showPayBack handles GET /pay/{token}/back: the way back from the hand-over, which does not know the order's address itself.
func (s *Server) showPayBack(c echo.Context) error {
	p, err := s.paymentOf(c)
	if err != nil {
		return err
	}
	return s.leavePay(c, &p)
}

func (s *Server) leavePay(c echo.Context, p *payments.Payment) error {
	path, err := s.afterPayment(c, p)
	if err != nil {
		return fmt.Errorf("find the payment's order: %w", err)
	}
	return goTo(c, path)
}

func (s *Server) renderPay(c echo.Context, p *payments.Payment, e *registration.Event) error {
	gateway, _, err := s.cfg.Cashier.Gateway(c.Request().Context(), p.ChannelID)
	if err != nil {
		return fmt.Errorf("connect channel: %w", err)
	}
	var launch payments.Launch
	if err := json.Unmarshal(p.Launch, &launch); err != nil {
		return fmt.Errorf("read launch: %w", err)
	}
	caps := gateway.Capabilities()
	page := views.PayPage{
		Page: frame(c, e, payPath(p.Token), "pay.title"), Href: webAddress(launch.Href), Path: payPath(p.Token), Back: payPath(p.Token) + "/back",
		Channel: offerOf(e, p.ChannelID), Amount: p.Amount, Order: e.Name.In(langOf(c)), Fallback: caps.Fallback,
	}
	page.Page.Private = true
	if page.Href == "" {
		page.Page.Script, page.Launch = []string{"pay.js"}, json.RawMessage(p.Launch)
		if launch.Classic {
			page.Classic = webAddress(launch.Script)
			if phone(c.Request()) {
				page.Classic = cmp.Or(webAddress(launch.Phone), page.Classic)
			}
		}
	} else {
		page.Page.Refresh = page.Href
	}
	allowGateway(c.Response().Header(), caps.Hosts)
	return s.render(c, http.StatusOK, views.Pay(page))
}

// phone reports whether a browser says that it is a telephone's.
func phone(r *http.Request) bool {
	return r.Header.Get("Sec-CH-UA-Mobile") == "?1" || strings.Contains(r.UserAgent(), "Mobi")
}

// webAddress is an address that a link may lead to, "" for any other.
func webAddress(href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return href
}

// offerOf is what the attendee sees of a payment's channel; nearly nothing once the event does not offer it any more.
func offerOf(e *registration.Event, channelID string) registration.ChannelOffer {
	for _, ch := range e.Channels {
		if e.ID+"/"+ch.ID == channelID {
			return ch
		}
	}
	return registration.ChannelOffer{}
}
