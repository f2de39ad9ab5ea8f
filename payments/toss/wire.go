package toss

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
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
	res, err := g.transport.Do(req) //nolint:bodyclose // payments.ReadAnswer closes it
	if err != nil {
		return nil, noAnswer(op, withoutAddress(err))
	}
	body, err := payments.ReadAnswer(res)
	if err != nil {
		return nil, fmt.Errorf("toss: %s: %w", op.name, err)
	}
	return read(op, res, body)
}

// read gives a good answer's JSON or one of the contract's errors.
func read(op operation, res *http.Response, body []byte) ([]byte, error) {
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return nil, fmt.Errorf("toss: %s: %w", op.name, payments.ErrBusy)
	case !readable(res.Header.Get("Content-Type")):
		return nil, noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return body, nil
	case res.StatusCode >= 400:
		return nil, op.refuse(res.StatusCode, body)
	}
	return nil, noAnswer(op, fmt.Errorf("unexpected status %d", res.StatusCode))
}

// readable reports whether a content type can be JSON in UTF-8. None at all, or plain text, may be.
func readable(contentType string) bool {
	if contentType == "" {
		return true
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	charset := strings.ToLower(params["charset"])
	if charset != "" && charset != "utf-8" && charset != "utf8" && charset != "us-ascii" {
		return false
	}
	return kind == "application/json" || kind == "text/plain" || strings.HasSuffix(kind, "+json")
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(op operation, cause error) error {
	return fmt.Errorf("toss: %s: %w: %w", op.name, payments.ErrNoAnswer, cause)
}

// withoutAddress takes the address out of a transport's error: it names the payment key, which belongs in no log.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// path joins parts to a path of the API, each one escaped.
func path(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/v1/payments/" + strings.Join(parts, "/")
}
