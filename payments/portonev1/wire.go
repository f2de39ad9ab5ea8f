package portonev1

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"foyer/payments"
)

// envelope is what every answer comes in. Code 0 is a success; any other is a failure, also under the HTTP status 200.
type envelope struct {
	Code     number          `json:"code"`
	Response json.RawMessage `json:"response"`
}

// send makes a call and reads the answer's response into out. The same in gives the same bytes. A token that has run out is renewed
// once: the refused call did nothing.
func (g *gateway) send(ctx context.Context, op operation, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("portonev1: write request: %w", err)
		}
	}
	for renewed := false; ; renewed = true {
		auth, err := g.login.header(ctx)
		if err != nil {
			return err
		}
		err = g.once(ctx, op, method, path, auth, body, out)
		if err == nil || renewed || !tokenRefused(err) {
			return err
		}
		g.login.forget(auth)
	}
}

// once makes a call and reads the answer's response into out.
func (g *gateway) once(ctx context.Context, op operation, method, path, auth string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, g.base+path, bytes.NewReader(body))
	if err != nil {
		return errors.New("portonev1: make request")
	}
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
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
		return fmt.Errorf("portonev1: %s: %w", op.name, payments.ErrBusy)
	case res.Status == http.StatusConflict:
		return fmt.Errorf("portonev1: %s: %w", op.name, payments.ErrRunning)
	case res.Status >= 400:
		return op.refuse(res.Status, res.Body, res.MayBeJSON())
	case res.Status != http.StatusOK:
		return noAnswer(op, fmt.Errorf("unexpected status %d", res.Status))
	case !res.MayBeJSON():
		return noAnswer(op, errors.New("answer is not JSON in UTF-8"))
	}
	var e envelope
	if err := json.Unmarshal(res.Body, &e); err != nil {
		return noAnswer(op, fmt.Errorf("read answer: %w", err))
	}
	switch {
	case e.Code == "":
		return noAnswer(op, errors.New("answer has no code"))
	case e.Code != "0":
		return op.refuse(res.Status, res.Body, true)
	case !strings.HasPrefix(strings.TrimSpace(string(e.Response)), "{"):
		return noAnswer(op, errors.New("answer holds no object"))
	}
	if err := json.Unmarshal(e.Response, out); err != nil {
		return noAnswer(op, fmt.Errorf("read answer: %w", err))
	}
	return nil
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(op operation, cause error) error {
	return fmt.Errorf("portonev1: %s: %w: %w", op.name, payments.ErrNoAnswer, cause)
}
