package portonev2

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// registerRequest fixes a payment's amount before the browser can name one.
type registerRequest struct {
	Store    string `json:"storeId"`
	Total    int64  `json:"totalAmount"`
	Currency string `json:"currency"`
}

// Begin registers the amount with PortOne and prepares the window's call: from then on the window refuses any other amount for this
// order number. Calling it again for the same attempt is harmless.
func (g *gateway) Begin(ctx context.Context, a payments.Attempt) (payments.Launch, error) {
	switch {
	case a.Amount.Cur != g.channel.Currency:
		return payments.Launch{}, fmt.Errorf("portonev2: the channel takes %s, not %q", g.channel.Currency, a.Amount.Cur)
	case a.Amount.Minor <= 0:
		return payments.Launch{}, errors.New("portonev2: the amount must be more than zero")
	case len(a.OrderNo) < 6 || !payments.Plain(a.OrderNo, maxOrderNo):
		return payments.Launch{}, errors.New("portonev2: the order number must have 6 to 64 letters and digits")
	case a.Return == "":
		return payments.Launch{}, errors.New("portonev2: the return address is missing")
	case a.NoScript:
		return payments.Launch{}, errors.New("portonev2: the window needs script")
	}
	in := registerRequest{Store: g.settings.store, Total: a.Amount.Minor, Currency: string(a.Amount.Cur)}
	if err := g.post(ctx, opRegister, path(a.OrderNo, "pre-register"), in, &struct{}{}); err != nil {
		return payments.Launch{}, err
	}
	return payments.Launch{Gateway: name, Script: g.script, OrderNo: a.OrderNo, Call: g.call(&a)}, nil
}

// call is the argument of the SDK's requestPayment. With forceRedirect there is one way back, whatever kind of window opens.
func (g *gateway) call(a *payments.Attempt) map[string]any {
	call := map[string]any{
		"storeId":       g.settings.store,
		"channelKey":    g.settings.channel,
		"paymentId":     a.OrderNo,
		"orderName":     orderName(a),
		"totalAmount":   a.Amount.Minor,
		"currency":      string(a.Amount.Cur),
		"payMethod":     g.payMethod(),
		"redirectUrl":   a.Return,
		"forceRedirect": true,
		"locale":        locale(a.Lang),
	}
	if c := customer(&a.Payer); len(c) > 0 {
		call["customer"] = c
	}
	if g.payMethod() == "MOBILE" {
		call["productType"] = "DIGITAL"
	}
	if more := accountOptions(a); g.payMethod() == virtualAccount && len(more) > 0 {
		call["virtualAccount"] = more
	}
	if b := g.bypass(a); len(b) > 0 {
		call["bypass"] = b
	}
	return call
}

func (g *gateway) payMethod() string {
	if len(g.channel.Methods) == 0 {
		return payMethods["card"]
	}
	return payMethods[g.channel.Methods[0]]
}

// bypass is what the companies behind PortOne want said in their own words. Each reads its own member only: the channel's key decides
// which company it is, and we are not told.
func (g *gateway) bypass(a *payments.Attempt) map[string]any {
	out := map[string]any{}
	var inicis []string
	if g.channel.Cards == "overseas" {
		out["tosspayments"] = map[string]any{"useInternationalCardOnly": true}
	}
	if g.channel.Cards == "overseas" || g.channel.Cards == "any" {
		inicis = append(inicis, "global_visa3d=Y")
	}
	small := a.Amount.Cur == registration.KRW && a.Amount.Minor < 1000
	if small {
		inicis = append(inicis, "below1000=Y")
	}
	if len(inicis) == 0 {
		return out
	}
	own := map[string]any{"P_RESERVED": inicis}
	if small {
		own["acceptmethod"] = []string{"below1000"}
	}
	out["inicis_v2"] = own
	return out
}

// orderName is what the window calls the order; the shortest limit that its length is known for is 100 bytes.
func orderName(a *payments.Attempt) string {
	if n := cut(a.OrderName, 100); n != "" {
		return n
	}
	return a.OrderNo
}

// customer is what some companies ask for before their window opens. What is empty is left out.
func customer(p *registration.Person) map[string]any {
	out := map[string]any{}
	for key, value := range map[string]string{"fullName": cut(p.Name, 90), "email": email(p.Email), "phoneNumber": phone(p.Phone)} {
		if value != "" {
			out[key] = value
		}
	}
	return out
}

// email is the payer's address, or nothing when it is too long to be taken whole.
func email(s string) string {
	if !payments.Visible(s, 100) || !strings.Contains(s, "@") {
		return ""
	}
	return s
}

// phone is a number as Korean windows want it: digits only, Korean ones as they are dialled at home.
func phone(e164 string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, e164)
	if rest, korean := strings.CutPrefix(digits, "82"); korean && strings.HasPrefix(e164, "+") {
		digits = "0" + strings.TrimPrefix(rest, "0")
	}
	if len(digits) < 8 || len(digits) > 15 {
		return ""
	}
	return digits
}

func locale(l registration.Lang) string {
	if l == registration.English {
		return "EN_US"
	}
	return "KO_KR"
}
