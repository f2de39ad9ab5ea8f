package handlers

import (
	"context"
	"fmt"
	"net/http"

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
	page := views.ConsoleAttentionPage{Page: v.page(views.ConsoleAttentionPath(v.event.Slug))}
	if page.Nav, err = o.nav(v, "attention"); err != nil {
		return err
	}
	for _, e := range entries {
		item, err := o.attentionItem(ctx, v.lang(), e)
		if err != nil {
			return err
		}
		page.Items = append(page.Items, item)
	}
	return o.render(v, http.StatusOK, views.ConsoleAttention(page))
}

// attentionItem adds what one needs to reach the payer and to find the payment at its gateway.
func (o *office) attentionItem(ctx context.Context, l registration.Lang, e store.AttentionEntry) (views.AttentionItem, error) {
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
	at := p.Gateway + " " + p.OrderNo
	if p.GatewayID != "" {
		at += " " + p.GatewayID
	}
	return views.AttentionItem{
		ID: e.ID, Kind: e.Kind, Since: e.Since, Code: e.OrderCode, Name: e.Name, Email: e.Email, Amount: e.Amount, PG: at, Note: worded(l, e.Note),
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
