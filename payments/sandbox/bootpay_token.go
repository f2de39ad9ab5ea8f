package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	bootpayTokenLife = 30 * time.Minute
	bootpayTokenSame = 25 * time.Minute // asked again within it, the same token is given
)

// bootpayToken is what an access token stands for.
type bootpayToken struct {
	merchant bootpayMerchant
	since    time.Time
	old      bool // of the older API, which does not take the other's
}

// issue gives the token of a project, a new one when the last is old. It names the code of what is wrong with the keys.
func (g *bootpay) issue(r *http.Request, old bool) (token, code string) {
	var in struct {
		ApplicationID string `json:"application_id"`
		PrivateKey    string `json:"private_key"`
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil || !readJSON(body, &in) {
		return "", "APP_KEY_NOT_FOUND"
	}
	m, ok := bootpayMerchantOf(in.ApplicationID, "rest")
	if !ok {
		if _, ok := bootpayMerchantOf(in.ApplicationID, "js"); ok {
			return "", "APP_KEY_NOT_REST"
		}
		return "", "APP_KEY_NOT_FOUND"
	}
	if p, ok := bootpayMerchantOf(in.PrivateKey, "private"); !ok || p.id != m.id {
		return "", "APP_SK_NOT_MATCHED"
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.s.cfg.Now()
	for token, t := range g.tokens {
		switch age := now.Sub(t.since); {
		case t.merchant.id == m.id && t.old == old && age < bootpayTokenSame:
			return token, ""
		case age >= bootpayTokenLife:
			delete(g.tokens, token)
		}
	}
	token = strings.ToLower(rand.Text() + rand.Text())
	g.tokens[token] = bootpayToken{m, now, old}
	return token, ""
}

// holder is the project behind a token, if it still counts.
func (g *bootpay) holder(token string, old bool) (bootpayMerchant, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := g.tokens[token]
	return t.merchant, ok && t.old == old && g.s.cfg.Now().Sub(t.since) < bootpayTokenLife
}

// token serves the older keys of version 2.
func (g *bootpay) token(w http.ResponseWriter, r *http.Request) {
	token, code := g.issue(r, false)
	if code != "" {
		bootpayError(code).send(w)
		return
	}
	jsonAnswer(http.StatusOK, struct {
		AccessToken string `json:"access_token"`
		ExpireIn    int    `json:"expire_in"`
	}{token, int(bootpayTokenLife.Seconds())}).send(w)
}

// authorize reads the Authorization header: a Basic pair of the newer keys, or a token.
func (g *bootpay) authorize(header string) (m bootpayMerchant, code string) {
	if token, ok := strings.CutPrefix(header, "Bearer "); ok {
		if m, ok = g.holder(token, false); ok {
			return m, ""
		}
		return m, "TOKEN_KEY_INVALID"
	}
	coded, ok := strings.CutPrefix(header, "Basic ")
	plain, err := base64.StdEncoding.DecodeString(coded)
	client, secret, colon := strings.Cut(string(plain), ":")
	m, isClient := bootpayMerchantOf(client, "ck")
	s, isSecret := bootpayMerchantOf(secret, "sk")
	switch {
	case !ok || err != nil || !colon:
		return m, "TOKEN_KEY_INVALID"
	case !isClient:
		return m, "APP_KEY_NOT_FOUND"
	case !isSecret || s.id != m.id:
		return m, "APP_SK_NOT_MATCHED"
	}
	return m, ""
}
