package portonev1

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// promise fixes a payment's amount before the browser can name one. Amount is in the currency's major unit.
type promise struct {
	OrderNo  string      `json:"merchant_uid"`
	Amount   json.Number `json:"amount"`
	Currency string      `json:"currency"`
}

// promised is PortOne's account of a promise.
type promised struct {
	OrderNo  text   `json:"merchant_uid"`
	Amount   number `json:"amount"`
	Currency text   `json:"currency"`
}

// holds reports whether the account is of that order number and amount. A currency that is not named is not checked by PortOne.
func (p promised) holds(orderNo string, amount registration.Money) bool {
	m, err := registration.ParseMoney(string(p.Amount), amount.Cur)
	return err == nil && m == amount && string(p.OrderNo) == orderNo && (p.Currency == "" || string(p.Currency) == string(amount.Cur))
}

// Begin registers the amount with PortOne and prepares the window's call: from then on the window refuses any other amount for this
// order number. Calling it again for the same attempt is harmless: a number that is registered already is read, and corrected when its
// amount is another.
func (g *gateway) Begin(ctx context.Context, a payments.Attempt) (payments.Launch, error) {
	if err := g.sellable(&a); err != nil {
		return payments.Launch{}, err
	}
	if err := g.prepare(ctx, &a); err != nil {
		return payments.Launch{}, err
	}
	return payments.Launch{Gateway: name, Script: g.script, OrderNo: a.OrderNo, Call: g.call(&a)}, nil
}

// sellable checks an attempt before anything is asked.
func (g *gateway) sellable(a *payments.Attempt) error {
	switch {
	case a.Amount.Cur != g.channel.Currency:
		return fmt.Errorf("portonev1: the channel takes %s, not %q", g.channel.Currency, a.Amount.Cur)
	case a.Amount.Minor <= 0:
		return errors.New("portonev1: the amount must be more than zero")
	case len(a.OrderNo) < 6 || !payments.Plain(a.OrderNo, maxOrderNo):
		return errors.New("portonev1: the order number must have 6 to 40 letters and digits")
	case a.Return == "":
		return errors.New("portonev1: the return address is missing")
	case a.NoScript:
		return errors.New("portonev1: the window needs script")
	case g.payMethod(a) == "":
		return fmt.Errorf("portonev1: the channel has no method %q", a.Method)
	}
	return nil
}

// prepare fixes the amount. PortOne takes a number once; then its answer is a refusal, and what is registered decides.
func (g *gateway) prepare(ctx context.Context, a *payments.Attempt) error {
	in := promise{OrderNo: a.OrderNo, Amount: literal(a.Amount), Currency: string(a.Amount.Cur)}
	var out promised
	err := g.send(ctx, opPrepare, http.MethodPost, "/payments/prepare", in, &out)
	refusal, refused := errors.AsType[*payments.Refusal](err)
	if !refused || errors.Is(err, payments.ErrNoAnswer) || !enveloped(refusal) {
		return kept(err, out, a)
	}
	if look := g.send(ctx, opPrepare, http.MethodGet, "/payments/prepare/"+url.PathEscape(a.OrderNo), nil, &out); look != nil {
		return err // it was no repeat: the first refusal says why
	}
	if out.holds(a.OrderNo, a.Amount) {
		return nil
	}
	return kept(g.send(ctx, opPrepare, http.MethodPut, "/payments/prepare", in, &out), out, a)
}

// kept makes sure that PortOne's answer is about what was asked for.
func kept(err error, out promised, a *payments.Attempt) error {
	if err == nil && !out.holds(a.OrderNo, a.Amount) {
		return noAnswer(opPrepare, errors.New("answer is about another amount"))
	}
	return err
}

// literal is an amount as PortOne writes it: in the currency's major unit.
func literal(m registration.Money) json.Number { return json.Number(m.Decimal()) }

// call is the argument of IMP.request_pay, with the shop's code for IMP.init. The script gives its result to a callback, or leads to
// m_redirect_url, as the company and the kind of device want it.
func (g *gateway) call(a *payments.Attempt) map[string]any {
	call := map[string]any{
		"code":           g.settings.code,
		"pay_method":     g.payMethod(a),
		"merchant_uid":   a.OrderNo,
		"name":           cmp.Or(clip(a.OrderName, 40), a.OrderNo),
		"amount":         literal(a.Amount),
		"currency":       string(a.Amount.Cur),
		"language":       language(a.Lang),
		"m_redirect_url": a.Return,
	}
	if g.settings.channel != "" {
		call["channelKey"] = g.settings.channel
	} else if g.settings.pg != "" {
		call["pg"] = g.settings.pg
	}
	for key, value := range map[string]string{
		"buyer_name": clip(a.Payer.Name, 16), "buyer_email": email(a.Payer.Email), "buyer_tel": phone(a.Payer.Phone),
	} {
		if value != "" {
			call[key] = value
		}
	}
	g.particular(a, call)
	return call
}

// payMethod is PortOne's word for the method that the payer chose, "" when the channel does not have it.
func (g *gateway) payMethod(a *payments.Attempt) string {
	m := a.Method
	if m == "" {
		m = payments.MethodCard
		if len(g.channel.Methods) > 0 {
			m = payments.Method(g.channel.Methods[0])
		}
	}
	return cmp.Or(g.channel.PayMethod, companies[g.settings.company].word(m))
}

// particular adds what a method or a company wants said in its own words.
func (g *gateway) particular(a *payments.Attempt, call map[string]any) {
	switch call["pay_method"] {
	case "phone":
		call["digital"] = true
	case vbank:
		if !a.Due.IsZero() {
			call["vbank_due"] = a.Due.In(seoul).Format("20060102150405")
		} else if g.settings.company == "nice_v2" && !a.StartedAt.IsZero() { // it has no term of its own
			call["vbank_due"] = a.StartedAt.Add(7 * 24 * time.Hour).In(seoul).Format("20060102150405")
		}
	}
	switch g.settings.company {
	case "naverpay":
		call["naverPopupMode"] = false
		call["naverProducts"] = []map[string]any{
			{"categoryType": "ETC", "categoryId": "ETC", "uid": a.OrderNo, "name": call["name"], "count": 1},
		}
	case "paypal_v2":
		call["uiType"] = "paypal-spb" // the first argument of IMP.loadUI, which stands for request_pay there
	case "kcp":
		if call["pay_method"] == "phone" {
			call["bypass"] = map[string]any{"shop_user_id": a.OrderNo}
		}
	case "eximbay":
		if g.channel.Cards == "domestic" {
			call["bypass"] = map[string]any{"issuercountry": "KR", "eximbay": map[string]any{"issuercountry": "KR"}}
		}
	case "tosspayments", "":
		if g.channel.Cards == "overseas" {
			call["bypass"] = map[string]any{"tosspayments": map[string]any{"useInternationalCardOnly": true}}
		}
	}
}

// seoul is the zone of deadlines; Korea has had no summer time since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

// email is the payer's address, or nothing when it is too long to be taken whole.
func email(s string) string {
	if !payments.Visible(s, 64) || !strings.Contains(s, "@") {
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

func language(l registration.Lang) string {
	if l == registration.English {
		return "en"
	}
	return "ko"
}
