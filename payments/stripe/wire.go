package stripe

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"

	api "github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/form"
)

// maxIdempotencyKey is the longest key that Stripe takes.
const maxIdempotencyKey = 255

// post sends params as a form under an idempotency key; the same params give the same bytes.
func (g *gateway) post(ctx context.Context, op operation, path, key string, params any) ([]byte, error) {
	if !plain(key, maxIdempotencyKey) {
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
	res, err := g.transport.Do(req) //nolint:bodyclose // payments.ReadAnswer closes it
	if err != nil {
		return nil, noAnswer(op, withoutAddress(err))
	}
	op.request = only(res.Header.Get("Request-Id"), maxID)
	body, err := payments.ReadAnswer(res)
	if err != nil {
		return nil, fmt.Errorf("stripe: %s: %w", op, err)
	}
	return read(op, res, body)
}

// read gives a good answer's JSON or one of the contract's errors.
func read(op operation, res *http.Response, body []byte) ([]byte, error) {
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return nil, fmt.Errorf("stripe: %s: %w", op, payments.ErrBusy)
	case !readable(res.Header.Get("Content-Type")):
		return nil, noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return body, nil
	case res.StatusCode >= 400:
		return nil, op.refuse(res.StatusCode, res.Header.Get("Stripe-Should-Retry"), body)
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
	return fmt.Errorf("stripe: %s: %w: %w", op, payments.ErrNoAnswer, cause)
}

// withoutAddress takes the address out of a transport's error: it names the session, which belongs in no log.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
