package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"foyer/payments"

	api "github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/form"
)

// maxIdempotencyKey is the longest key that Stripe takes.
const maxIdempotencyKey = 255

// post sends params as a form under an idempotency key; the same params give the same bytes.
func (g *gateway) post(ctx context.Context, op operation, path, key string, params any) ([]byte, error) {
	if !payments.Plain(key, maxIdempotencyKey) {
		return nil, errors.New("stripe: not sent: no usable idempotency key")
	}
	values := &form.Values{}
	form.AppendTo(values, params)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, errors.New("stripe: make request")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Idempotency-Key", key)
	return g.send(req, op)
}

// get reads something; params become the query.
func (g *gateway) get(ctx context.Context, op operation, path string, params any) ([]byte, error) {
	values := &form.Values{}
	form.AppendTo(values, params)
	address := g.base + path
	if !values.Empty() {
		address += "?" + values.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("stripe: make request")
	}
	return g.send(req, op)
}

// send makes the call and gives the JSON of its answer.
func (g *gateway) send(req *http.Request, op operation) ([]byte, error) {
	req.Header.Set("Authorization", g.auth)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Stripe-Version", api.APIVersion)
	req.Header.Set("User-Agent", "foyer")
	res, err := payments.Exchange(g.transport, req)
	if err != nil {
		return nil, noAnswer(op, err)
	}
	op.request = payments.OnlyPlain(res.Header.Get("Request-Id"), maxID)
	return read(op, res)
}

// read gives a good answer's JSON or one of the contract's errors.
func read(op operation, res payments.Answer) ([]byte, error) {
	switch {
	case res.Status == http.StatusTooManyRequests:
		return nil, fmt.Errorf("stripe: %s: %w", op, payments.ErrBusy)
	case !res.MayBeJSON():
		return nil, noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.Status >= 200 && res.Status < 300:
		return res.Body, nil
	case res.Status >= 400:
		return nil, op.refuse(res.Status, res.Header.Get("Stripe-Should-Retry"), res.Body)
	}
	return nil, noAnswer(op, fmt.Errorf("unexpected status %d", res.Status))
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(op operation, cause error) error {
	return fmt.Errorf("stripe: %s: %w: %w", op, payments.ErrNoAnswer, cause)
}
