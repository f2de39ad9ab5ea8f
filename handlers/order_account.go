package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// accountForm is a payer's bank account. Its number has no rule about card numbers: one in ten accounts would look like one.
type accountForm struct {
	Bank   string `form:"bank" validate:"required"`
	Number string `form:"number" validate:"required,min=6,max=14"`
	Holder string `form:"holder" validate:"required,text,max=60,nocard"`
}

// needsAccount reports whether some of what would go back was paid into an account.
func (f *folder) needsAccount() bool {
	return slices.ContainsFunc(f.payments, func(p payments.Payment) bool { return p.State.HasMoney() && p.IntoAccount() })
}

// payment is the payment of a refund of this order, or nil.
func (f *folder) payment(id string) *payments.Payment {
	if i := slices.IndexFunc(f.payments, func(p payments.Payment) bool { return p.ID == id }); i >= 0 {
		return &f.payments[i]
	}
	return nil
}

// homeless finds the refund that waits for its payer to name a bank account; nil when there is none.
func (s *Server) homeless(ctx context.Context, f *folder) (*payments.Refund, error) {
	for _, r := range f.refunds {
		p := f.payment(r.PaymentID)
		if p == nil || r.State != payments.RefundRequested || !p.IntoAccount() {
			continue
		}
		gateway, _, err := s.cfg.Cashier.Gateway(ctx, p.ChannelID)
		if err != nil {
			s.cfg.Log.WarnContext(ctx, "connect channel", "channel", p.ChannelID, "error", err)
			continue // staff sees to it
		}
		if caps := gateway.Capabilities(); !caps.Manual && !caps.WantsAccount(p) {
			continue
		}
		kept, err := s.cfg.Store.Refund(ctx, r.ID)
		if err != nil {
			return nil, fmt.Errorf("read refund: %w", err)
		}
		if !kept.Account.Complete() {
			return &kept, nil
		}
	}
	return nil, nil
}

// askAccount is the form for a refund that waits for an account, with what was typed into it before; nil when none waits.
func (s *Server) askAccount(ctx context.Context, f *folder) (*views.OrderAccount, error) {
	r, err := s.homeless(ctx, f)
	if r == nil || err != nil {
		return nil, err
	}
	return &views.OrderAccount{Amount: r.Amount, Bank: f.account.Bank, Number: f.account.Number, Holder: f.account.Holder}, nil
}

// submitAccount handles POST /o/{code}/{secret}/refund-account: where the payer wants the money back. Once it is told only staff can
// change it; the same form again is harmless.
func (s *Server) submitAccount(c echo.Context) error {
	f, err := s.cancelling(c)
	if err != nil {
		return err
	}
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	r, err := s.homeless(ctx, f)
	if err != nil {
		return err
	}
	if r == nil {
		return goTo(c, f.path())
	}
	f.account = accountForm{Bank: posted.line("bank"), Number: posted.line("number"), Holder: posted.line("holder")}
	plain := f.account
	plain.Number = digits(plain.Number)
	bank, known := payments.FindBank(plain.Bank)
	if !known {
		plain.Bank = ""
	}
	problems, err := problemsOf("account", plain)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.renderOrder(c, http.StatusUnprocessableEntity, f, problems)
	}
	err = s.keepAccount(ctx, r.ID, payments.Account{Bank: bank.Korean, Number: plain.Number, Holder: plain.Holder})
	if isCode(err, registration.CodeConflict) {
		return s.unmade(c, views.Problem{Field: "content", Key: "unmade.account"})
	}
	if err != nil {
		return fmt.Errorf("keep the refund's account: %w", err)
	}
	return goTo(c, f.path()+"?notice="+noticeAccount)
}

// keepAccount keeps where the money of a refund goes. It fails with CodeConflict when the refund is under way, unless it goes there.
func (s *Server) keepAccount(ctx context.Context, refundID string, to payments.Account) error {
	err := s.cfg.Cashier.RefundTo(ctx, refundID, to)
	if !isCode(err, registration.CodeConflict) {
		return err
	}
	if kept, failed := s.cfg.Store.Refund(ctx, refundID); failed != nil || kept.Account == to {
		return failed
	}
	return err
}
