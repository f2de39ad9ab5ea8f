package bootpay

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
	res, err := t.Do(req) //nolint:bodyclose // payments.ReadAnswer closes it
	if err != nil {
		return nil, noAnswer(op, withoutAddress(err))
	}
	answer, err := payments.ReadAnswer(res)
	if err != nil {
		return nil, fmt.Errorf("bootpay: %s: %w", op.name, err)
	}
	return answer, judge(op, res, answer)
}

// judge says what an answer's status means.
func judge(op operation, res *http.Response, body []byte) error {
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("bootpay: %s: %w", op.name, payments.ErrBusy)
	case !readable(res.Header.Get("Content-Type")):
		return noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode >= 400:
		return op.refuse(res.StatusCode, body)
	}
	return noAnswer(op, fmt.Errorf("unexpected status %d", res.StatusCode))
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
	return fmt.Errorf("bootpay: %s: %w: %w", op.name, payments.ErrNoAnswer, cause)
}

// unsent says of a call that had to come before another one that the other one was never sent, so that it surely had no effect.
func unsent(err error) error {
	if !errors.Is(err, payments.ErrNoAnswer) {
		return err
	}
	return fmt.Errorf("%w, nothing was sent: %s", payments.ErrBusy, err.Error())
}

// withoutAddress takes the address out of a transport's error: it names the receipt, which belongs in no log.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
