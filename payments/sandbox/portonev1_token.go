package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	portoneV1Life  = 30 * time.Minute
	portoneV1Last  = time.Minute     // asked again within it, a token counts longer
	portoneV1Extra = 5 * time.Minute // by so much
)

// portoneV1Token is a merchant's access token. Tokens end with the sandbox.
type portoneV1Token struct {
	value string
	until time.Time
}

// token gives the merchant's token: the same one while it counts, five minutes longer in its last minute, and then a new one.
func (g *portoneV1) token(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	in, ok := portoneV1Fields(body)
	merchant, known := portoneV1Merchant(in["imp_key"])
	other, known2 := portoneV1Merchant(in["imp_secret"])
	if err != nil || !ok || !known || !known2 || merchant != other ||
		!strings.HasPrefix(in["imp_key"], "imp-key-") || !strings.HasPrefix(in["imp_secret"], "imp-secret-") {
		portoneV1Fail(http.StatusUnauthorized, "imp_key, imp_secret 인증에 실패하였습니다. API키, secret을 확인해주세요.").send(w)
		return
	}
	now := g.s.cfg.Now()
	g.mu.Lock()
	t := g.tokens[merchant]
	switch left := t.until.Sub(now); {
	case left <= 0:
		var random [20]byte
		_, _ = rand.Read(random[:]) // never fails
		t = portoneV1Token{hex.EncodeToString(random[:]), now.Add(portoneV1Life)}
	case left < portoneV1Last:
		t.until = t.until.Add(portoneV1Extra)
	}
	g.tokens[merchant] = t
	g.mu.Unlock()
	portoneV1Good(http.StatusOK, map[string]any{"access_token": t.value, "now": now.Unix(), "expired_at": t.until.Unix()}).send(w)
}

// holder is the merchant of a token, with Bearer before it or bare.
func (g *portoneV1) holder(header string) (merchant string, ok bool) {
	value := strings.TrimPrefix(header, "Bearer ")
	g.mu.Lock()
	defer g.mu.Unlock()
	for merchant, t := range g.tokens {
		if t.value == value && g.s.cfg.Now().Before(t.until) {
			return merchant, true
		}
	}
	return "", false
}
