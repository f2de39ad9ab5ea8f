package bootpay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// Begin prepares the call of the browser script: a full-page redirect that stops before the charge. It makes no call, and there
// is no way without script. Calling it again for the same attempt is harmless.
func (g *gateway) Begin(_ context.Context, a payments.Attempt) (payments.Launch, error) {
	if err := g.sound(&a); err != nil {
		return payments.Launch{}, err
	}
	switch {
	case a.Return == "":
		return payments.Launch{}, errors.New("bootpay: the return address is missing")
	case a.NoScript:
		return payments.Launch{}, errors.New("bootpay: there is no way without script")
	}
	call := map[string]any{
		g.browser.name: g.browser.value,
		"price":        literal(a.Amount),
		"order_name":   orderName(&a),
		"order_id":     a.OrderNo,
		"method":       g.methods,
		"locale":       language(a.Lang),
		"redirect_url": a.Return,
		"extra": map[string]any{
			"open_type":            "redirect",
			"redirect_url":         a.Return,
			"separately_confirmed": true,
			"timeout":              windowMinutes,
		},
	}
	user := map[string]any{}
	if name := cut(a.Payer.Name, 50); name != "" {
		user["username"] = name
	}
	if email := cut(a.Payer.Email, 100); email != "" && email == a.Payer.Email {
		user["email"] = email
	}
	if len(user) > 0 {
		call["user"] = user
	}
	return payments.Launch{Gateway: "bootpay", Script: g.script, OrderNo: a.OrderNo, Call: call}, nil
}

// sound checks an attempt's amount and order number before anything is sent or shown.
func (g *gateway) sound(a *payments.Attempt) error {
	switch {
	case a.Amount.Cur != g.channel.Currency:
		return fmt.Errorf("bootpay: the channel takes %s, not %q", g.channel.Currency, a.Amount.Cur)
	case a.Amount.Minor <= 0:
		return errors.New("bootpay: the amount must be more than zero")
	case len(a.OrderNo) < 6 || !plain(a.OrderNo, maxOrderNo):
		return errors.New("bootpay: the order number must have 6 to 64 letters and digits")
	}
	return nil
}

// literal writes an amount as the exact JSON number that Bootpay wants: whole won.
func literal(m registration.Money) json.Number { return json.Number(m.Decimal()) }

// orderName is what the payer sees in the window; Bootpay requires one.
func orderName(a *payments.Attempt) string {
	if name := cut(a.OrderName, 100); name != "" {
		return name
	}
	return a.OrderNo
}

// language is the window's language.
func language(l registration.Lang) string {
	if l == registration.English {
		return "en"
	}
	return "ko"
}
