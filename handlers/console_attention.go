package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// showAttention handles GET /console/{event}/attention: what a person must decide, the longest waiting first.
func (o *office) showAttention(v *visit) error {
	ctx := v.Request().Context()
	entries, err := o.cfg.Store.Attention(ctx, v.event.ID)
	if err != nil {
		return fmt.Errorf("read attention list: %w", err)
	}
	return o.renderAttention(v, http.StatusOK, entries, "", views.AttentionForm{})
}

// renderAttention shows the list; refused names the entry whose form could not be taken, with what was typed.
func (o *office) renderAttention(v *visit, status int, entries []store.AttentionEntry, refused string, form views.AttentionForm) (err error) {
	page := views.ConsoleAttentionPage{Page: refusedAttention(v, form), MayClose: v.staff.MayRefund()}
	if page.Nav, err = o.nav(v, "attention"); err != nil {
		return err
	}
	for _, e := range entries {
		item, err := o.attentionItem(v, e)
		if err != nil {
			return err
		}
		if e.ID == refused {
			item.Form = form
		}
		page.Items = append(page.Items, item)
	}
	return o.render(v, status, views.ConsoleAttention(page))
}

func refusedAttention(v *visit, form views.AttentionForm) views.Page {
	p := v.page(views.ConsoleAttentionPath(v.event.Slug))
	p.Error = len(form.Problems) > 0
	return p
}

// closeStranger handles POST /console/{event}/attention/{entry}: a person says how money was dealt with that no payment of ours stands
// for. An entry that is gone is gone; one about a payment is closed on its order's page.
func (o *office) closeStranger(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	ctx := v.Request().Context()
	entries, err := o.cfg.Store.Attention(ctx, v.event.ID)
	if err != nil {
		return fmt.Errorf("read attention list: %w", err)
	}
	i := slices.IndexFunc(entries, func(e store.AttentionEntry) bool { return e.ID == v.Param("entry") && e.PaymentID == "" })
	if i < 0 {
		return saved(v, views.ConsoleAttentionPath(v.event.Slug), "closed")
	}
	form := closeForm{posted.line("reason")}
	problems, err := staffProblems("console.attention.close", form)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return o.renderAttention(v, http.StatusUnprocessableEntity, entries, entries[i].ID, views.AttentionForm{Reason: form.Reason, Problems: problems})
	}
	err = o.cfg.Store.CloseAttention(ctx, entries[i].ID, v.staff.Actor(), form.Reason)
	if err != nil && !isCode(err, registration.CodeNotFound) {
		return fmt.Errorf("close attention: %w", err)
	}
	return saved(v, views.ConsoleAttentionPath(v.event.Slug), "closed")
}

// attentionItem adds what one needs to reach the payer and to find the payment at its gateway.
func (o *office) attentionItem(v *visit, e store.AttentionEntry) (views.AttentionItem, error) {
	ctx, l := v.Request().Context(), v.lang()
	if e.PaymentID == "" {
		return views.AttentionItem{ID: e.ID, Kind: e.Kind, Since: e.Since, Amount: e.Amount, PG: e.Channel, Note: strangerText(l, v.event.Location(), e.Note)}, nil
	}
	order, err := o.cfg.Store.Order(ctx, e.OrderID)
	if err != nil {
		return views.AttentionItem{}, fmt.Errorf("read the order: %w", err)
	}
	p, err := o.cfg.Store.Payment(ctx, e.PaymentID)
	if err != nil {
		return views.AttentionItem{}, fmt.Errorf("read the payment: %w", err)
	}
	item := attentionOf(l, e, p)
	item.Phone = order.Payer.Phone
	return item, nil
}

// attentionOf is an entry of the list as pages show it.
func attentionOf(l registration.Lang, e store.AttentionEntry, p payments.Payment) views.AttentionItem {
	at := strings.TrimSpace(p.OrderNo + " " + p.GatewayID)
	if p.Gateway == "transfer" {
		at = "" // nobody but us knows these numbers
	}
	return views.AttentionItem{
		ID: e.ID, Kind: e.Kind, Since: e.Since, Code: e.OrderCode, Name: e.Name, Email: e.Email, Amount: e.Amount, Gateway: p.Gateway, PG: at, Note: worded(l, e.Note),
	}
}

// worded gives our own words for a key of ours, and any other text as it is.
func worded(l registration.Lang, text string) string {
	for _, key := range []string{text, "console.reason." + text} {
		if text != "" && views.Has(l, key) {
			return views.T(l, key)
		}
	}
	return text
}

// strangerParts are the names that the store gives to what is known of money without a payment, with those that pages use.
var strangerParts = [...]struct{ name, key string }{
	{"id ", "gateway_id"}, {"refund id ", "refund_id"}, {"order no ", "order_no"}, {"approval ", "approve"}, {"method ", "method"}, {"at ", "at"},
}

// strangerText writes what is known of money without a payment for a reader.
func strangerText(l registration.Lang, zone *time.Location, note string) string {
	parts := strings.Split(note, ", ")
	for i, part := range parts {
		if part == "refund" {
			parts[i] = views.T(l, "reconcile.refund")
		}
		for _, known := range strangerParts {
			value, is := strings.CutPrefix(part, known.name)
			if !is {
				continue
			}
			if at, err := time.Parse(time.RFC3339, value); known.key == "at" && err == nil {
				value = views.DateTime(l, at, zone)
			}
			parts[i] = views.T(l, "reconcile.field."+known.key) + " " + value
		}
	}
	return strings.Join(parts, " · ")
}
