package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// attentionItems are what a person must decide about an order.
func attentionItems(l registration.Lang, f *orderFile) []views.AttentionItem {
	var list []views.AttentionItem
	for _, e := range f.Attention {
		i := slices.IndexFunc(f.Payments, func(p store.PaymentView) bool { return p.ID == e.PaymentID })
		if i < 0 {
			continue
		}
		p := &f.Payments[i]
		item := attentionOf(l, e, p.Payment)
		item.Open, item.Form = stillOpen(e, p), f.closed[e.ID]
		list = append(list, item)
	}
	return list
}

// stillOpen reports whether it is not known yet what became of the payment or refund that the entry is about: then it cannot be closed.
func stillOpen(e store.AttentionEntry, p *store.PaymentView) bool {
	switch e.Kind {
	case payments.AttentionUnknown:
		return !p.State.Settled()
	case payments.AttentionRefundUnknown, payments.AttentionRefundByHand, payments.AttentionRefundAccount:
		return slices.ContainsFunc(p.Refunds, func(r payments.Refund) bool { return r.ID == e.RefundID && r.State.Open() })
	}
	return false
}

// closeForm is what taking an entry off the attention list takes.
type closeForm struct {
	Reason string `form:"reason" validate:"required,max=200,text,nocard"`
}

// closeAttention handles POST /admin/{event}/orders/{code}/attention/{entry}: a person says that the matter is dealt with, and how. An
// entry that is gone, or was never this order's, is gone: the same post again is harmless.
func (o *office) closeAttention(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	f, err := o.openFile(v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(f.Attention, func(e store.AttentionEntry) bool { return e.ID == v.Param("entry") })
	if i < 0 {
		return saved(v, f.path(v), "closed")
	}
	id, form := f.Attention[i].ID, closeForm{posted.line("reason")}
	problems, err := staffProblems("console.attention.close", form)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return o.refuseClose(v, f, http.StatusUnprocessableEntity, id, views.AttentionForm{Reason: form.Reason, Problems: problems})
	}
	err = o.cfg.Store.CloseAttention(v.Request().Context(), id, v.staff.Actor(), form.Reason)
	refused, is := errors.AsType[*registration.Error](err)
	switch {
	case is && refused.Code == registration.CodeConflict:
		problem := views.Problem{Field: "reason", Key: refused.Key}
		return o.refuseClose(v, f, http.StatusConflict, id, views.AttentionForm{Reason: form.Reason, Problems: []views.Problem{problem}})
	case err != nil && !isCode(err, registration.CodeNotFound):
		return fmt.Errorf("close attention: %w", err)
	}
	return saved(v, f.path(v), "closed")
}

// refuseClose shows the order's page again with the form as it was filled in.
func (o *office) refuseClose(v *visit, f *orderFile, status int, entry string, form views.AttentionForm) error {
	f.closed[entry] = form
	return o.renderFile(v, status, f)
}
