package sandbox

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"time"
)

// portoneV2Token begins every token of PortOne's second API here, so that it is known from those of others.
const portoneV2Token = "portonev2."

const (
	portoneV2AccessLife  = 30 * time.Minute
	portoneV2RefreshLife = 24 * time.Hour
)

// portoneV2Ticket is what a token stands for. Tokens end with the sandbox.
type portoneV2Ticket struct {
	merchant string
	refresh  bool
	until    time.Time
}

// login gives tokens for a secret.
func (g *portoneV2) login(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Secret string `json:"apiSecret"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil || !readJSON(body, &in) {
		portoneV2Fail("INVALID_REQUEST").send(w)
		return
	}
	merchant, ok := portoneV2Merchant(in.Secret)
	if !ok || !strings.HasPrefix(in.Secret, "portone-test-") {
		portoneV2Fail("UNAUTHORIZED").send(w)
		return
	}
	g.giveTokens(w, merchant)
}

// refresh gives new tokens for a refresh token, which is then over.
func (g *portoneV2) refresh(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Token string `json:"refreshToken"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil || !readJSON(body, &in) {
		portoneV2Fail("INVALID_REQUEST").send(w)
		return
	}
	merchant, ok := g.tokenOf(in.Token, true)
	if !ok {
		portoneV2Fail("UNAUTHORIZED").send(w)
		return
	}
	g.giveTokens(w, merchant)
}

// giveTokens ends a merchant's earlier refresh tokens and gives a fresh pair.
func (g *portoneV2) giveTokens(w http.ResponseWriter, merchant string) {
	now := g.s.cfg.Now()
	access, refresh := portoneV2Token+rand.Text(), portoneV2Token+rand.Text()
	g.mu.Lock()
	for token, t := range g.tokens {
		if (t.refresh && t.merchant == merchant) || now.After(t.until) {
			delete(g.tokens, token)
		}
	}
	g.tokens[access] = portoneV2Ticket{merchant: merchant, until: now.Add(portoneV2AccessLife)}
	g.tokens[refresh] = portoneV2Ticket{merchant: merchant, refresh: true, until: now.Add(portoneV2RefreshLife)}
	g.mu.Unlock()
	jsonAnswer(http.StatusOK, map[string]string{"accessToken": access, "refreshToken": refresh}).send(w)
}

// tokenOf reads a token of one kind that is still good.
func (g *portoneV2) tokenOf(token string, refresh bool) (merchant string, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := g.tokens[token]
	if !ok || t.refresh != refresh || g.s.cfg.Now().After(t.until) {
		return "", false
	}
	return t.merchant, true
}
