package allat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"foyer/payments"
	"foyer/registration"
)

// maxReceive is the longest receive address that the window takes.
const maxReceive = 120

// Begin prepares the form of the browser script. It makes no call, and there is no way without script. Calling it again for the same
// attempt is harmless.
func (g *gateway) Begin(_ context.Context, a payments.Attempt) (payments.Launch, error) {
	if err := g.sound(&a); err != nil {
		return payments.Launch{}, err
	}
	switch {
	case a.NoScript:
		return payments.Launch{}, errors.New("allat: there is no way without script")
	case a.Receive == "" || len(a.Receive) > maxReceive:
		return payments.Launch{}, fmt.Errorf("allat: the receive address must have 1 to %d characters", maxReceive)
	case methodFlags[g.method(&a)] == nil:
		return payments.Launch{}, fmt.Errorf("allat: there is no method %q", a.Method)
	}
	return payments.Launch{
		Gateway: name, Script: g.scripts.pc, Phone: g.scripts.phone, Classic: true, OrderNo: a.OrderNo,
		Call: map[string]any{"fields": g.fields(&a)},
	}, nil
}

// sound checks an attempt's amount and order number before anything is sent or shown.
func (g *gateway) sound(a *payments.Attempt) error {
	switch {
	case a.Amount.Cur != g.currency:
		return fmt.Errorf("allat: the channel takes %s, not %q", g.currency, a.Amount.Cur)
	case a.Amount.Minor <= 0 || len(amount(a.Amount)) > 10:
		return errors.New("allat: the amount must have 1 to 10 digits and be more than zero")
	case len(a.OrderNo) < 6 || !plain(a.OrderNo, maxOrderNo):
		return errors.New("allat: the order number must have 6 to 70 letters and digits")
	}
	return nil
}

// method is what the payer has chosen.
func (g *gateway) method(a *payments.Attempt) payments.Method {
	return cmp.Or(a.Method, payments.MethodCard)
}

// amount writes an amount as AllatPay counts: whole won, or US cents.
func amount(m registration.Money) string { return strconv.FormatInt(m.Minor, 10) }

// fields are the form that the script checks and posts to the window.
func (g *gateway) fields(a *payments.Attempt) map[string]string {
	buyer := cmp.Or(fit(a.Payer.Name, 20), "-")
	title := cmp.Or(fit(a.OrderName, 200), a.OrderNo)
	f := map[string]string{
		"allat_shop_id":    g.shop,
		"allat_order_no":   a.OrderNo,
		"allat_amt":        amount(a.Amount),
		"allat_pmember_id": a.OrderNo[:min(len(a.OrderNo), 20)], // there are no members
		"allat_product_cd": "registration",
		"allat_product_nm": title,
		"allat_buyer_nm":   buyer,
		"allat_recp_nm":    buyer,
		"allat_recp_addr":  "online", // nothing is sent to anybody, but the field must not be empty
		"shop_receive_url": a.Receive,
		"allat_enc_data":   "",
		"allat_real_yn":    flag(false),
		"allat_test_yn":    g.testing(),
		// The frame on a telephone is as wide as the page.
		"allat_autoscreen_yn": flag(true),
	}
	for m, names := range methodFlags {
		for _, n := range names {
			f[n] = flag(m == g.method(a))
		}
	}
	if email := a.Payer.Email; payments.Visible(email, 50) {
		f["allat_email_addr"] = email
	}
	if g.currency == registration.USD {
		f["allat_company_nm"] = cmp.Or(fit(a.OrderName, 20), g.shop)
		own := payments.Origin(a.Return)
		f["allat_company_url"] = own[:min(len(own), 50)]
	}
	return f
}
