package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/labstack/echo/v4"
)

// maxWebhook is the longest notification that is read.
const maxWebhook = 64 << 10

// receiveWebhook handles POST /webhooks/{event}/{channel}. A notification is a hint: it is stored, answered, and its payment is
// looked up by a job. The same notification again is answered alike and changes nothing.
func (s *Server) receiveWebhook(c echo.Context) error {
	ctx := c.Request().Context()
	channel, gateway, err := s.webhookChannel(ctx, c.Param("event"), c.Param("channel"))
	if err != nil {
		return err
	}
	body, err := readAll(c, maxWebhook)
	if err != nil {
		return err
	}
	hints, err := gateway.ParseWebhook(payments.Request{
		Method: http.MethodPost, Query: c.QueryParams(), Header: c.Request().Header, Body: body, Now: s.cfg.Now().UTC(),
	})
	s.cfg.Cashier.Note(channel.ID, payments.OpWebhook, err)
	switch {
	case errors.Is(err, payments.ErrSignature):
		countBadSignature(channel.Gateway)
		return echo.NewHTTPError(http.StatusUnauthorized).SetInternal(err)
	case errors.Is(err, payments.ErrMalformed):
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	case err != nil:
		return fmt.Errorf("read webhook: %w", err)
	}
	if err := s.keepHints(c, channel, gateway.Capabilities(), hints, body); err != nil {
		return err
	}
	return acknowledge(c, channel.Gateway)
}

// webhookChannel finds the channel of a webhook's address, also one that the event no longer offers; CodeNotFound when there is none.
func (s *Server) webhookChannel(ctx context.Context, slug, key string) (payments.Channel, payments.Gateway, error) {
	if !isName(slug) || !isName(key) {
		return payments.Channel{}, nil, registration.Fail(registration.CodeNotFound, "channel.unknown")
	}
	id, version, err := s.cfg.Store.ChannelVersion(ctx, slug, key)
	if err != nil {
		return payments.Channel{}, nil, fmt.Errorf("find channel: %w", err)
	}
	gateway, channel, err := s.cfg.Cashier.GatewayAt(ctx, id, version)
	if err != nil {
		return payments.Channel{}, nil, fmt.Errorf("connect channel: %w", err)
	}
	return channel, gateway, nil
}

// keepHints stores a notification once for every payment that it names, and once without when it names none that we know.
func (s *Server) keepHints(c echo.Context, channel payments.Channel, caps payments.Capabilities, hints []payments.Hint, body []byte) error {
	ctx, header := c.Request().Context(), c.Request().Header
	if len(hints) == 0 {
		_, err := s.cfg.Store.KeepWebhook(ctx, channel.ID, "", header, shortened(body), "", "", nil)
		return err
	}
	for i, h := range hints {
		paymentID, err := s.hinted(ctx, caps.Merchant, channel.ID, h)
		if err == nil && paymentID != "" && h.Secret != "" {
			err = s.checkSecret(ctx, channel.Gateway, paymentID, h.Secret)
		}
		if err != nil {
			return err
		}
		key := h.EventID
		if key != "" && i > 0 {
			key = fmt.Sprintf("%s#%d", key, i)
		}
		kept := body
		if paymentID == "" {
			kept = shortened(body)
		}
		told, err := toldOf(paymentID, h)
		if err != nil {
			return err
		}
		if _, err := s.cfg.Store.KeepWebhook(ctx, channel.ID, key, header, kept, paymentID, candidateOf(h, caps), told); err != nil {
			return fmt.Errorf("keep webhook: %w", err)
		}
	}
	return nil
}

// checkSecret compares what a notification brought with what the gateway said that it would bring; 401 when they differ.
func (s *Server) checkSecret(ctx context.Context, gateway, paymentID, brought string) error {
	ok, err := s.cfg.Store.HookSecret(ctx, paymentID, brought)
	if err == nil && !ok {
		countBadSignature(gateway)
		return echo.NewHTTPError(http.StatusUnauthorized).SetInternal(payments.ErrSignature)
	}
	return err
}

// candidateOf is the gateway's id by which a hinted payment may be looked up, where such an id is no ticket: only a browser brings those.
func candidateOf(h payments.Hint, caps payments.Capabilities) string {
	if h.OrderNo == "" || caps.Ticket {
		return ""
	}
	return h.GatewayID
}

// maxStranger is how much is kept of a notification that names no payment of ours: anybody can send one.
const maxStranger = 2 << 10

// shortened is the beginning of a body that tells us nothing.
func shortened(body []byte) []byte { return body[:min(len(body), maxStranger)] }

// hinted gives the id of the payment that a hint is about, "" when it is none of ours. Our own number decides; the gateway's id is
// only for hints that lack it.
func (s *Server) hinted(ctx context.Context, merchant, channelID string, h payments.Hint) (string, error) {
	var p payments.Payment
	var err error
	switch {
	case h.OrderNo != "":
		p, err = s.cfg.Store.PaymentByOrderNo(ctx, merchant, channelID, h.OrderNo)
	case h.GatewayID != "":
		p, err = s.cfg.Store.PaymentByGatewayID(ctx, merchant, h.GatewayID)
	}
	if isCode(err, registration.CodeNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find the webhook's payment: %w", err)
	}
	return p.ID, nil
}

// told is the payload of a job of kind store.JobTold.
type told struct {
	Payment string
	Outcome payments.Outcome
}

// toldOf is what a hint says by itself, nil when the gateway is to be asked.
func toldOf(paymentID string, h payments.Hint) ([]byte, error) {
	if h.Told == nil {
		return nil, nil
	}
	text, err := json.Marshal(told{paymentID, *h.Told})
	if err != nil {
		return nil, fmt.Errorf("write what a webhook says: %w", err)
	}
	return text, nil
}

// acknowledge answers what the gateway takes for a receipt.
func acknowledge(c echo.Context, gateway string) error {
	switch gateway {
	case "bootpay":
		return c.JSON(http.StatusOK, map[string]bool{"success": true})
	case "allat":
		return c.String(http.StatusOK, "0000 ok")
	}
	return c.NoContent(http.StatusOK)
}

// readAll reads a request's body; 413 when it is longer than limit.
func readAll(c echo.Context, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, limit+1))
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	if int64(len(body)) > limit {
		c.Response().Header().Set("Connection", "close") // what is left is not read
		return nil, echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	return body, nil
}

// LookJob does the jobs of kind store.JobLook: it asks the gateway what became of the payment whose id is the job's payload.
// Doing it twice is harmless.
func LookJob(cashier *payments.Cashier) store.JobFunc {
	return func(ctx context.Context, j store.Job) error {
		_, err := cashier.Settle(ctx, string(j.Payload), payments.Return{})
		if isCode(err, registration.CodeNotFound) {
			return store.Never(err)
		}
		return err
	}
}

// ToldJob does the jobs of kind store.JobTold: it writes down what a verified notification of a gateway without inquiry says. Doing it
// twice is harmless.
func ToldJob(cashier *payments.Cashier) store.JobFunc {
	return func(ctx context.Context, j store.Job) error {
		var t told
		if err := json.Unmarshal(j.Payload, &t); err != nil {
			return store.Never(fmt.Errorf("read what a webhook says: %w", err))
		}
		err := cashier.Told(ctx, t.Payment, t.Outcome)
		if isCode(err, registration.CodeNotFound) {
			return store.Never(err)
		}
		return err
	}
}

// hooksPerMinute is how many webhooks one address may send: a gateway has a few addresses and repeats what was refused.
const hooksPerMinute = 3000

// limitHooks refuses webhooks beyond the limit of their address.
func (s *Server) limitHooks(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.cfg.Rate && !s.hooks.allow(bucketOf(c.RealIP()), time.Now()) {
			return echo.NewHTTPError(http.StatusTooManyRequests)
		}
		return next(c)
	}
}
