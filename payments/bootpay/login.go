package bootpay

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"foyer/payments"
)

// login is how calls say who they are.
type login interface {
	// account names the project's key; it is no secret.
	account() string
	// header is the value of the Authorization header.
	header(ctx context.Context) (string, error)
	// forget drops a header that was refused; false when another one cannot be had.
	forget(header string) bool
}

// basic is the newer pair of keys, sent with every call.
type basic struct{ client, secret string }

func (b basic) account() string { return b.client }

func (b basic) header(context.Context) (string, error) {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(b.client+":"+b.secret)), nil
}

func (b basic) forget(string) bool { return false }

const (
	// tokenLife is how long a token is used. It counts for 30 minutes; asked again within 25, Bootpay gives the same one.
	tokenLife = 25 * time.Minute
	// shortest keeps a strange expire_in from making every call ask for a token.
	shortest = 10 * time.Second
)

// bearer is the older pair of keys, traded for a token.
type bearer struct {
	g                 *gateway
	application, hush string
	now               func() time.Time

	turn  chan struct{} // held while the members below are used, and while a token is asked for
	token string
	until time.Time
}

func newBearer(g *gateway, application, privateKey string) *bearer {
	return &bearer{g: g, application: application, hush: privateKey, now: time.Now, turn: make(chan struct{}, 1)}
}

func (b *bearer) account() string { return b.application }

// header gives the token, asking for one when there is none. One caller asks, the others wait for it. ErrBusy: the call that the
// token is for was never sent.
func (b *bearer) header(ctx context.Context) (string, error) {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("bootpay: wait for a token: %w", payments.ErrBusy)
	}
	if b.token == "" || !b.now().Before(b.until) {
		if err := b.fetch(ctx); err != nil {
			return "", payments.NothingSent(err)
		}
	}
	return "Bearer " + b.token, nil
}

// fetch asks for a token.
func (b *bearer) fetch(ctx context.Context) error {
	asked := b.now()
	body, err := requestToken(ctx, b.g.transport, b.g.base+"/v2/request/token", b.application, b.hush)
	if err != nil {
		return err
	}
	var in struct {
		AccessToken text   `json:"access_token"`
		ExpireIn    number `json:"expire_in"`
	}
	if err := json.Unmarshal(body, &in); err != nil || !payments.Visible(string(in.AccessToken), 4096) {
		return noAnswer(opToken, errors.New("answer has no token"))
	}
	b.token, b.until = string(in.AccessToken), asked.Add(lifeOf(in.ExpireIn))
	return nil
}

// lifeOf is how long a token may be used: five sixths of what it counts for, and tokenLife at most.
func lifeOf(expireIn number) time.Duration {
	d, err := time.ParseDuration(string(expireIn) + "s")
	if err != nil || d <= 0 {
		return tokenLife
	}
	return max(shortest, min(tokenLife, d*5/6))
}

func (b *bearer) forget(header string) bool {
	b.turn <- struct{}{}
	defer func() { <-b.turn }()
	if header == "Bearer "+b.token {
		b.token = ""
	}
	return true
}

// requestToken trades the older pair of keys for the body of an answer that holds a token. Both APIs ask alike.
func requestToken(ctx context.Context, t payments.Transport, address, application, privateKey string) ([]byte, error) {
	in, err := json.Marshal(struct {
		ApplicationID string `json:"application_id"`
		PrivateKey    string `json:"private_key"`
	}{application, privateKey})
	if err != nil {
		return nil, fmt.Errorf("bootpay: write request: %w", err)
	}
	return send(ctx, t, opToken, http.MethodPost, address, "", in)
}
