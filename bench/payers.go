package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"
)

// payer is somebody whose card was accepted in the gateway's window and whose browser is about to come back.
type payer struct {
	order string // address of the order
	back  string // address to which the gateway sends the browser
}

// payers brings n people as far as that, at one channel.
func (t *trouble) payers(ctx context.Context, channel string, n int) ([]payer, error) {
	drafts, err := prepare(ctx, t.store, t.people, n)
	if err != nil {
		return nil, err
	}
	const workers = 8
	all, failed := make([]payer, n), make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n && failed[w] == nil; i += workers {
				all[i], failed[w] = t.payer(ctx, channel, drafts[i])
			}
		})
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, fmt.Errorf("pay at %s: %w", channel, err)
	}
	return all, nil
}

// payer posts the last page of the form, chooses the channel and pays in its window.
func (t *trouble) payer(ctx context.Context, channel string, d ready) (p payer, err error) {
	base := "http://" + t.product.addr
	p.order, err = t.fetch(ctx, http.MethodPost, base+"/e/"+slug+"/register/check", t.people[d.who].form, http.StatusSeeOther, "Cookie", draftCookie+"="+d.token)
	if err != nil {
		return p, err
	}
	page, err := t.page(ctx, p.order)
	if err != nil {
		return p, err
	}
	fields := url.Values{"channel": {channel}, "attempt": {page.Find("form#pay input[name=attempt]").AttrOr("value", "")}}
	hand, err := t.fetch(ctx, http.MethodPost, p.order+"/pay", fields.Encode(), http.StatusSeeOther)
	if err != nil {
		return p, err
	}
	if page, err = t.page(ctx, hand); err != nil {
		return p, err
	}
	window, err := windowOf(page)
	if err != nil {
		return p, err
	}
	if window, err = t.fetch(ctx, http.MethodGet, "http://"+t.quick.Addr+window, "", http.StatusSeeOther); err != nil {
		return p, err
	}
	p.back, err = t.fetch(ctx, http.MethodPost, window, "card=kr", http.StatusSeeOther)
	return p, err
}

func (t *trouble) page(ctx context.Context, address string) (*goquery.Document, error) {
	text, err := t.fetch(ctx, http.MethodGet, address, "", http.StatusOK)
	if err != nil {
		return nil, err
	}
	return goquery.NewDocumentFromReader(strings.NewReader(text))
}

// windowOf is the path of the gateway's window that the script would open from a hand-over page.
func windowOf(page *goquery.Document) (string, error) {
	var launch struct {
		Call struct {
			ClientKey, Method, OrderID, OrderName, SuccessURL, FailURL string
			Amount                                                     struct {
				Currency string
				Value    json.Number
			}
		}
	}
	if err := json.Unmarshal([]byte(page.Find("script#launch").Text()), &launch); err != nil {
		return "", fmt.Errorf("read the launch: %w", err)
	}
	c := launch.Call
	q := url.Values{
		"clientKey": {c.ClientKey}, "method": {c.Method}, "currency": {c.Amount.Currency}, "value": {c.Amount.Value.String()}, "orderId": {c.OrderID},
		"orderName": {c.OrderName}, "successUrl": {c.SuccessURL}, "failUrl": {c.FailURL},
	}
	return "/toss/window?" + q.Encode(), nil
}
