package toss

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"
)

// maxIdempotencyKey is the longest key that the gateway takes.
const maxIdempotencyKey = 300

// post sends in as JSON under an idempotency key; the same in gives the same bytes.
func (g *gateway) post(ctx context.Context, op operation, path, key string, in any) (payment, error) {
	if !plain(key, maxIdempotencyKey) {
		return payment{}, errors.New("toss: not sent: no usable idempotency key")
	}
	body, err := json.Marshal(in)
	if err != nil {
		return payment{}, fmt.Errorf("toss: write request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.base+path, bytes.NewReader(body))
	if err != nil {
		return payment{}, errors.New("toss: make request")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return g.send(req, op)
}

// get reads a payment.
func (g *gateway) get(ctx context.Context, path string) (payment, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+path, nil)
	if err != nil {
		return payment{}, errors.New("toss: make request")
	}
	return g.send(req, opLookup)
}

// send makes the call and reads the payment in its answer.
func (g *gateway) send(req *http.Request, op operation) (payment, error) {
	body, err := g.exchange(req, op)
	if err != nil {
		return payment{}, err
	}
	p, err := parsePayment(body)
	if err != nil {
		return payment{}, noAnswer(op, err)
	}
	return p, nil
}

// exchange makes the call and gives the JSON of a good answer. No Accept-Language is sent: with it the gateway would translate words that
// we compare.
func (g *gateway) exchange(req *http.Request, op operation) ([]byte, error) {
	req.Header.Set("Authorization", g.auth)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "foyer")
	res, err := payments.Exchange(g.transport, req)
	if err != nil {
		return nil, noAnswer(op, err)
	}
	return read(op, res)
}

// read gives a good answer's JSON or one of the contract's errors.
func read(op operation, res payments.Answer) ([]byte, error) {
	switch {
	case res.Status == http.StatusTooManyRequests:
		return nil, fmt.Errorf("toss: %s: %w", op.name, payments.ErrBusy)
	case !res.MayBeJSON():
		return nil, noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.Status >= 200 && res.Status < 300:
		return res.Body, nil
	case res.Status >= 400:
		return nil, op.refuse(res.Status, res.Body)
	}
	return nil, noAnswer(op, fmt.Errorf("unexpected status %d", res.Status))
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(op operation, cause error) error {
	return fmt.Errorf("toss: %s: %w: %w", op.name, payments.ErrNoAnswer, cause)
}

// path joins parts to a path of the API, each one escaped.
func path(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/v1/payments/" + strings.Join(parts, "/")
}
