package toss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// Begin prepares the payment window. Without script it makes a checkout page at the gateway instead, under a.Key. Calling it again
// for the same attempt is harmless.
func (g *gateway) Begin(ctx context.Context, a payments.Attempt) (payments.Launch, error) {
	if err := g.sound(&a); err != nil {
		return payments.Launch{}, err
	}
	if a.Return == "" || a.Fail == "" {
		return payments.Launch{}, errors.New("toss: the return addresses are missing")
	}
	method, err := g.chosen(&a)
	if err != nil {
		return payments.Launch{}, err
	}
	name, more, err := g.options(&a, method)
	if err != nil {
		return payments.Launch{}, err
	}
	if a.NoScript {
		return g.checkout(ctx, &a, method, more)
	}
	call := map[string]any{
		"clientKey":    g.clientKey,
		"customerKey":  "@@ANONYMOUS",
		"method":       windows[method],
		"amount":       map[string]any{"currency": string(a.Amount.Cur), "value": literal(a.Amount)},
		"orderId":      a.OrderNo,
		"orderName":    orderName(&a),
		"successUrl":   a.Return,
		"failUrl":      a.Fail,
		"windowTarget": "self",
	}
	if name := cut(a.Payer.Name, 100); name != "" {
		call["customerName"] = name
	}
	if email := address(&a); email != "" {
		call["customerEmail"] = email
	}
	if len(more) > 0 {
		call[name] = more
	}
	return payments.Launch{Gateway: "toss", Script: g.script, OrderNo: a.OrderNo, Call: call}, nil
}

// sound checks an attempt's amount and order number before anything is sent or shown.
func (g *gateway) sound(a *payments.Attempt) error {
	switch {
	case a.Amount.Cur != g.channel.Currency:
		return fmt.Errorf("toss: the channel takes %s, not %q", g.channel.Currency, a.Amount.Cur)
	case a.Amount.Minor <= 0:
		return errors.New("toss: the amount must be more than zero")
	case len(a.OrderNo) < 6 || !plain(a.OrderNo, maxOrderNo):
		return errors.New("toss: the order number must have 6 to 64 letters and digits")
	}
	return nil
}

// checkoutRequest asks for a checkout page at the gateway. What the script's call has in an object for its method stands beside the
// rest here.
type checkoutRequest struct {
	Method        string      `json:"method"`
	Amount        json.Number `json:"amount"`
	Currency      string      `json:"currency,omitempty"` // KRW is the gateway's default
	OrderID       string      `json:"orderId"`
	OrderName     string      `json:"orderName"`
	SuccessURL    string      `json:"successUrl"`
	FailURL       string      `json:"failUrl"`
	Name          string      `json:"customerName,omitempty"`
	Email         string      `json:"customerEmail,omitempty"`
	International bool        `json:"useInternationalCardOnly,omitempty"`
	Due           string      `json:"dueDate,omitempty"`
	Receipt       any         `json:"cashReceipt,omitempty"`
}

// checkout makes a checkout page at the gateway, for browsers without script. PayPal's window needs script.
func (g *gateway) checkout(ctx context.Context, a *payments.Attempt, method payments.Method, more map[string]any) (payments.Launch, error) {
	if method == payments.MethodPayPal {
		return payments.Launch{}, errors.New("toss: PayPal's window needs script")
	}
	in := checkoutRequest{
		Method: windows[method], Amount: literal(a.Amount), OrderID: a.OrderNo, OrderName: orderName(a), SuccessURL: a.Return, FailURL: a.Fail,
		Name: cut(a.Payer.Name, 100), Email: address(a), Receipt: more["cashReceipt"],
	}
	in.International, _ = more["useInternationalCardOnly"].(bool)
	in.Due, _ = more["dueDate"].(string)
	if a.Amount.Cur != registration.KRW {
		in.Currency = string(a.Amount.Cur)
	}
	p, err := g.post(ctx, opCheckout, "/v1/payments", a.Key, in)
	if err != nil {
		return payments.Launch{}, err
	}
	page := payments.Member[struct {
		URL text `json:"url"`
	}](p.Checkout)
	href := payments.Link(string(page.URL), maxLink, g.channel.Mode)
	if href == "" || p.OrderID != a.OrderNo {
		return payments.Launch{}, noAnswer(opCheckout, errors.New("answer has no usable checkout address for this order"))
	}
	if total, err := registration.ParseMoney(string(p.Total), a.Amount.Cur); err != nil || total != a.Amount {
		return payments.Launch{}, noAnswer(opCheckout, errors.New("checkout is for another amount"))
	}
	return payments.Launch{Gateway: "toss", OrderNo: a.OrderNo, Href: href}, nil
}

// literal writes an amount as the exact JSON number that the gateway wants: whole won or yen, dollars with cents.
func literal(m registration.Money) json.Number { return json.Number(m.Decimal()) }

// orderName is what the payer sees in the window; the gateway requires one.
func orderName(a *payments.Attempt) string {
	if name := cut(a.OrderName, 100); name != "" {
		return name
	}
	return a.OrderNo
}

// address is the payer's e-mail address, left out when it is longer than the gateway takes.
func address(a *payments.Attempt) string {
	if len(a.Payer.Email) > 100 {
		return ""
	}
	return cut(a.Payer.Email, 100)
}

// language is the first language of the international window.
func language(l registration.Lang) string {
	if l == registration.Korean {
		return "KO"
	}
	return "EN"
}
