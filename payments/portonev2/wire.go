package portonev2

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

// post sends in as JSON and reads the answer into out; the same in gives the same bytes. PortOne knows no idempotency keys: what makes
// a repeat harmless is in the bodies.
func (g *gateway) post(ctx context.Context, op operation, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("portonev2: write request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.base+path, bytes.NewReader(body))
	if err != nil {
		return errors.New("portonev2: make request")
	}
	req.Header.Set("Content-Type", "application/json")
	return g.send(req, op, out)
}

// get reads a payment of our store.
func (g *gateway) get(ctx context.Context, paymentID string) (payment, error) {
	query := url.Values{"storeId": {g.settings.store}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+path(paymentID)+"?"+query.Encode(), nil)
	if err != nil {
		return payment{}, errors.New("portonev2: make request")
	}
	var p payment
	if err := g.send(req, opLookup, &p); err != nil {
		return payment{}, err
	}
	if err := p.check(paymentID, g.settings.store); err != nil {
		return payment{}, noAnswer(opLookup, err)
	}
	return p, nil
}

// send makes the call and reads the answer.
func (g *gateway) send(req *http.Request, op operation, out any) error {
	req.Header.Set("Authorization", "PortOne "+g.settings.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "foyer")
	res, err := payments.Exchange(g.transport, req)
	if err != nil {
		return noAnswer(op, err)
	}
	return read(op, res, out)
}

// read turns an answer into out or one of the contract's errors.
func read(op operation, res payments.Answer, out any) error {
	switch {
	case res.Status == http.StatusTooManyRequests:
		return fmt.Errorf("portonev2: %s: %w", op.name, payments.ErrBusy)
	case !res.MayBeJSON():
		return noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.Status == http.StatusOK:
		if !strings.HasPrefix(strings.TrimSpace(string(res.Body)), "{") {
			return noAnswer(op, errors.New("answer is no object"))
		}
		if err := json.Unmarshal(res.Body, out); err != nil {
			return noAnswer(op, fmt.Errorf("read answer: %w", err))
		}
		return nil
	case res.Status >= 400:
		return op.refuse(res.Status, res.Body)
	}
	return noAnswer(op, fmt.Errorf("unexpected status %d", res.Status))
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(op operation, cause error) error {
	return fmt.Errorf("portonev2: %s: %w: %w", op.name, payments.ErrNoAnswer, cause)
}

// path joins parts to a path of the API, each one escaped.
func path(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/payments/" + strings.Join(parts, "/")
}
