package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// mailStates are the words of a mail for the states of its job.
var mailStates = map[string]string{"open": "queued", "done": "sent", "dead": "failed"}

// mailsOf are the mails about an order, newest first. Of mails that say the same, the newest may be sent again once it has left. The jobs of
// mails are kept for a while only: a paid order's confirmation can always be sent.
func mailsOf(v *store.OrderView, e *registration.Event) []views.AdminMail {
	var list []views.AdminMail
	seen := map[store.Mail]bool{}
	for _, m := range slices.Backward(v.Mails) {
		at := m.EndedAt
		if at.IsZero() {
			at = m.QueuedAt
		}
		to := v.Order.Payer.Email
		if m.Kind == payments.MailAttention {
			to = e.Organizer.Email
		}
		if r := v.Order.Registration(m.Registration); r != nil {
			to = r.Person.Email
		} else if m.To != "" {
			to = m.To
		}
		what := store.Mail{Kind: m.Kind, RefundID: m.RefundID}
		again := !seen[what] && m.State != "open" && stillTrue(v, m.Kind)
		list = append(list, views.AdminMail{Kind: m.Kind, Refund: m.RefundID, To: to, At: at, State: mailStates[m.State], Again: again})
		seen[what] = true
	}
	if confirmation := (store.Mail{Kind: payments.MailRegistered}); !seen[confirmation] && stillTrue(v, confirmation.Kind) {
		list = append(list, views.AdminMail{Kind: confirmation.Kind, To: v.Order.Payer.Email, Again: true})
	}
	return list
}

// stillTrue reports whether a mail of that kind has still something to say to the payer of an order, and may be sent again.
func stillTrue(v *store.OrderView, kind string) bool {
	state := v.Order.State
	switch kind {
	case payments.MailRegistered, payments.MailAmended:
		return state == registration.OrderPaid
	case payments.MailAmendDue:
		return slices.ContainsFunc(v.Amendments, func(a store.Amendment) bool { return a.State == registration.AmendmentPending })
	case payments.MailDeposit, store.MailApproved, store.MailPayLink:
		return state == registration.OrderPending
	case store.MailEvidence:
		return state == registration.OrderAwaiting || state == registration.OrderPending || state == registration.OrderPaid
	case store.MailAwaiting:
		return state == registration.OrderAwaiting
	case store.MailNotApproved:
		return state == registration.OrderCancelled
	case payments.MailRefunded, payments.MailSurplus, payments.MailCancelled, payments.MailNewLink:
		return true
	}
	return false
}

// sendMailAgain handles POST /admin/{event}/orders/{code}/mail: a mail that the page lists leaves once more. While it still waits, posts
// change nothing.
func (o *office) sendMailAgain(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	what := store.Mail{Kind: posted.line("kind"), RefundID: posted.line("refund")}
	listed := slices.ContainsFunc(mailsOf(file.OrderView, v.event), func(m views.AdminMail) bool { return m.Kind == what.Kind && m.Refund == what.RefundID })
	if !listed || !stillTrue(file.OrderView, what.Kind) {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	if err := o.cfg.Store.MailAgain(v.Request().Context(), file.Order, what, v.staff.Actor()); err != nil {
		return fmt.Errorf("send mail again: %w", err)
	}
	return saved(v, file.path(v)+"#mails", "mail")
}

// renewLink handles POST /admin/{event}/orders/{code}/link: the order's address so far ends, and a new one is mailed. The form names the
// address that it is about, so that a second post of it changes nothing.
func (o *office) renewLink(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	if posted.line("version") == strconv.FormatInt(file.Order.SecretVersion, 10) {
		if err := o.cfg.Store.RenewLink(v.Request().Context(), file.Order, v.staff.Actor()); err != nil {
			return fmt.Errorf("renew link: %w", err)
		}
	}
	return saved(v, file.path(v)+"#mails", "link")
}
