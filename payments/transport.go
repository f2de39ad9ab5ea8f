package payments

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxAnswer bounds what is read of a gateway's answer.
const maxAnswer = 1 << 20

// Transport is how adapters reach a gateway.
type Transport interface {
	Do(*http.Request) (*http.Response, error)
}

// NewTransport makes a client that follows no redirect, gives a whole call at most timeout and keeps a pool of connections
// per host. It speaks HTTP/1.1 only, which says plainly whether a request was sent. Adapters share it; a slow gateway is bounded by the Cashier, not here.
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
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Answer is a gateway's answer, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Exchange sends a request to a gateway and reads the answer, 1 MiB of it at most. After an error it is not known what the gateway did,
// unless the caller knows that nothing was sent: the adapter wraps it in ErrNoAnswer. It does not hold the address, which may name a
// payment and belongs in no log.
func Exchange(t Transport, req *http.Request) (a Answer, err error) {
	res, err := t.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return Answer{}, err
	}
	defer func() {
		if cerr := res.Body.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("close answer: %w", cerr)
		}
	}()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return Answer{}, fmt.Errorf("read answer: %w", err)
	}
	if len(body) > maxAnswer {
		return Answer{}, errors.New("answer larger than 1 MiB")
	}
	return Answer{res.StatusCode, res.Header, body}, nil
}

// MayBeJSON reports whether the content type can be JSON in UTF-8. None at all, or plain text, may be.
func (a Answer) MayBeJSON() bool {
	contentType := a.Header.Get("Content-Type")
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

// NothingSent says of a call that had to come before another one that the other one was never sent, so that it surely had no effect:
// what wraps ErrNoAnswer becomes ErrBusy.
func NothingSent(err error) error {
	if !errors.Is(err, ErrNoAnswer) {
		return err
	}
	return fmt.Errorf("%w, nothing was sent: %s", ErrBusy, err.Error())
}
