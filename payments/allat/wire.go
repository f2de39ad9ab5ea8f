package allat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"foyer/payments"
)

// Every request says which of AllatPay's own client libraries it looks like.
const (
	clientLanguage = "PHP"
	clientVersion  = "1.0.7.1"
)

// post makes one call and gives its reply, whatever its code says. It is sent once or not at all: the body cannot be read a second
// time and the connection is used for nothing else, so that no HTTP client sends it again by itself.
func (g *gateway) post(ctx context.Context, op operation, path string, fields []pair) (reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, unsent(op, err)
	}
	fields = append(fields,
		pair{"allat_cross_key", g.crossKey},
		pair{"allat_apply_ymdhms", time.Now().In(kst).Format("20060102150405")},
		pair{"allat_opt_lang", clientLanguage}, pair{"allat_opt_ver", clientVersion},
	)
	body := encode(fields)
	var at phase
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, at.trace()), http.MethodPost, g.base+path, io.NopCloser(bytes.NewReader(body)))
	if err != nil {
		return nil, errors.New("allat: make request")
	}
	req.ContentLength, req.Close = int64(len(body)), true
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "*/*")
	res, err := payments.Exchange(g.transport, req)
	switch {
	case err != nil && at.unsent():
		return nil, unsent(op, err)
	case err != nil:
		return nil, noAnswer(op, err)
	}
	return read(op, res)
}

// read gives the reply in an answer.
func read(op operation, res payments.Answer) (reply, error) {
	if res.Status != http.StatusOK {
		return nil, noAnswer(op, fmt.Errorf("unexpected status %d", res.Status))
	}
	r, err := parseReply(res.Body)
	if err != nil {
		return nil, noAnswer(op, err)
	}
	return r, nil
}

// phase notes how far a request has got.
type phase struct{ asked, connected atomic.Bool }

func (p *phase) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { p.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) },
	}
}

// unsent reports whether nothing can have been written: a connection was asked for and there never was one, TLS included. A transport
// that tells nothing of its connections counts as having sent.
func (p *phase) unsent() bool { return p.asked.Load() && !p.connected.Load() }

// unsent says of a call that it surely had no effect.
func unsent(op operation, cause error) error {
	return fmt.Errorf("allat: %s: %w, nothing was sent: %w", op.name, payments.ErrBusy, cause)
}
