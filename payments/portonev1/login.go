package portonev1

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"foyer/payments"
)

const (
	// early is how long before its end a token is renewed. Asked for again in its last minute, PortOne gives the same token five minutes
	// more; asked for earlier, the same one with the same end.
	early = 30 * time.Second
	// shortest keeps a strange answer from making every call ask for a token.
	shortest = 5 * time.Second
	// longest is used where the answer does not say how long its token counts.
	longest = 30 * time.Minute
)

// login trades the shop's key and secret for a token, and keeps it.
type login struct {
	g   *gateway
	now func() time.Time

	turn  chan struct{} // held while the members below are used, and while a token is asked for
	token string
	until time.Time
}

func newLogin(g *gateway) *login {
	return &login{g: g, now: time.Now, turn: make(chan struct{}, 1)}
}

// header gives the token, asking for one when there is none. One caller asks, the others wait for it. ErrBusy: the call that the
// token is for was never sent.
func (l *login) header(ctx context.Context) (string, error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("portonev1: wait for a token: %w", payments.ErrBusy)
	}
	if l.token == "" || !l.now().Before(l.until) {
		if err := l.fetch(ctx); err != nil {
			return "", payments.NothingSent(err)
		}
	}
	return "Bearer " + l.token, nil
}

// fetch asks for a token.
func (l *login) fetch(ctx context.Context) error {
	asked := l.now()
	body, err := json.Marshal(struct {
		Key    string `json:"imp_key"`
		Secret string `json:"imp_secret"`
	}{l.g.settings.key, l.g.settings.secret})
	if err != nil {
		return fmt.Errorf("portonev1: write request: %w", err)
	}
	var in struct {
		Token     text   `json:"access_token"`
		Now       number `json:"now"`
		ExpiredAt number `json:"expired_at"`
	}
	if err := l.g.once(ctx, opToken, http.MethodPost, "/users/getToken", "", body, &in); err != nil {
		return err
	}
	if !payments.Visible(string(in.Token), 4096) {
		return noAnswer(opToken, errors.New("answer has no token"))
	}
	l.token, l.until = string(in.Token), asked.Add(lifeOf(in.Now, in.ExpiredAt))
	return nil
}

// lifeOf is how long a token may be used, by the clock of PortOne, which need not be ours.
func lifeOf(now, expiredAt number) time.Duration {
	from, err := strconv.ParseInt(string(now), 10, 64)
	to, err2 := strconv.ParseInt(string(expiredAt), 10, 64)
	if err != nil || err2 != nil || to-from > int64(longest/time.Second) {
		return longest - early
	}
	return max(shortest, time.Duration(to-from)*time.Second-early)
}

// forget drops a token that was refused, unless another caller has brought a new one meanwhile.
func (l *login) forget(header string) {
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	if header == "Bearer "+l.token {
		l.token = ""
	}
}
