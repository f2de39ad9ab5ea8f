package payments

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// maxAnswer bounds what is read of a gateway's answer.
const maxAnswer = 1 << 20

// Transport is how adapters reach a gateway.
type Transport interface {
	Do(*http.Request) (*http.Response, error)
}

// NewTransport makes a client that follows no redirect, gives a whole call at most timeout and keeps a pool of connections
// per host. Adapters share it; a slow gateway is bounded by the Cashier, not here.
func NewTransport(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: min(timeout, 10*time.Second)}).DialContext,
			TLSHandshakeTimeout:   min(timeout, 10*time.Second),
			ResponseHeaderTimeout: timeout,
			MaxIdleConnsPerHost:   16,
			MaxConnsPerHost:       64,
			IdleConnTimeout:       time.Minute,
			ForceAttemptHTTP2:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ErrTooLarge is returned by ReadAnswer for an answer over 1 MiB.
var ErrTooLarge = errors.New("answer larger than 1 MiB")

// ReadAnswer reads and closes an answer's body. Any error means that it is not known what the gateway did, and wraps ErrNoAnswer.
func ReadAnswer(res *http.Response) (body []byte, err error) {
	defer func() {
		if cerr := res.Body.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("close answer: %w: %w", ErrNoAnswer, cerr)
		}
	}()
	body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w: %w", ErrNoAnswer, err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("%w: %w", ErrNoAnswer, ErrTooLarge)
	}
	return body, nil
}
