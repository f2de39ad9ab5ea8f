package bootpay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"foyer/payments"
)

// apiVersion is the version of the API's answers that is read here.
const apiVersion = "5.0.0"

// post sends in as JSON and reads the receipt in the answer; the same in gives the same bytes.
func (g *gateway) post(ctx context.Context, op operation, path string, in any) (receipt, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return receipt{}, fmt.Errorf("bootpay: write request: %w", err)
	}
	return g.call(ctx, op, http.MethodPost, path, body)
}

// look reads a receipt by its id.
func (g *gateway) look(ctx context.Context, id string) (receipt, error) {
	return g.call(ctx, opLookup, http.MethodGet, "/v2/receipt/"+url.PathEscape(id)+"?lookup_user_data=false", nil)
}

// call makes a call and reads the receipt in its answer. A token that has run out is renewed once: the refused call did nothing.
func (g *gateway) call(ctx context.Context, op operation, method, path string, body []byte) (receipt, error) {
	for renewed := false; ; renewed = true {
		auth, err := g.login.header(ctx)
		if err != nil {
			return receipt{}, err
		}
		r, err := g.once(ctx, op, method, path, auth, body)
		if err == nil || renewed || !tokenRefused(err) || !g.login.forget(auth) {
			return r, err
		}
	}
}

// once makes a call and reads the receipt in its answer.
func (g *gateway) once(ctx context.Context, op operation, method, path, auth string, body []byte) (receipt, error) {
	answer, err := send(ctx, g.transport, op, method, g.base+path, auth, body)
	if err != nil {
		return receipt{}, err
	}
	r, err := parseReceipt(answer)
	if err != nil {
		return receipt{}, noAnswer(op, err)
	}
	return r, nil
}

// send makes one call and gives the body of an answer that is a success, or one of the contract's errors.
func send(ctx context.Context, t payments.Transport, op operation, method, address, auth string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("bootpay: make request")
	}
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Bootpay-Api-Version", apiVersion)
	req.Header.Set("User-Agent", "foyer")
	res, err := payments.Exchange(t, req)
	if err != nil {
		return nil, noAnswer(op, err)
	}
	return res.Body, judge(op, res)
}

// judge says what an answer's status means.
func judge(op operation, res payments.Answer) error {
	switch {
	case res.Status == http.StatusTooManyRequests:
		return fmt.Errorf("bootpay: %s: %w", op.name, payments.ErrBusy)
	case !res.MayBeJSON():
		return noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.Status >= 200 && res.Status < 300:
		return nil
	case res.Status >= 400:
		return op.refuse(res.Status, res.Body)
	}
	return noAnswer(op, fmt.Errorf("unexpected status %d", res.Status))
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(op operation, cause error) error {
	return fmt.Errorf("bootpay: %s: %w: %w", op.name, payments.ErrNoAnswer, cause)
}
