package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// bootpayReceipt is the receipt of version 2.
type bootpayReceipt struct {
	ReceiptID        string       `json:"receipt_id"`
	OrderID          string       `json:"order_id"`
	Price            json.Number  `json:"price"`
	TaxFree          json.Number  `json:"tax_free"`
	CancelledPrice   json.Number  `json:"cancelled_price"`
	CancelledTaxFree json.Number  `json:"cancelled_tax_free"`
	OrderName        string       `json:"order_name"`
	CompanyName      string       `json:"company_name"`
	GatewayURL       string       `json:"gateway_url"`
	Metadata         struct{}     `json:"metadata"`
	Sandbox          bool         `json:"sandbox"`
	PG               string       `json:"pg"`
	Method           string       `json:"method"`
	MethodSymbol     string       `json:"method_symbol"`
	MethodOrigin     string       `json:"method_origin"`
	OriginSymbol     string       `json:"method_origin_symbol"`
	Currency         string       `json:"currency"`
	RequestedAt      string       `json:"requested_at"`
	PurchasedAt      string       `json:"purchased_at,omitempty"`
	CancelledAt      string       `json:"cancelled_at,omitempty"`
	Status           int          `json:"status"`
	Locale           string       `json:"status_locale"`
	ReceiptURL       string       `json:"receipt_url,omitempty"`
	Card             *bootpayCard `json:"card_data,omitempty"`
}

type bootpayCard struct {
	TID         string `json:"tid"`
	ApproveNo   string `json:"card_approve_no"`
	Number      string `json:"card_no"`
	Quota       string `json:"card_quota"`
	CompanyCode string `json:"card_company_code"`
	Company     string `json:"card_company"`
	Interest    string `json:"card_interest"`
	ReceiptURL  string `json:"receipt_url,omitempty"`
}

// receipt is p as the API and the webhooks show it.
func (g *bootpay) receipt(p *Payment) bootpayReceipt {
	code := g.code(p)
	r := bootpayReceipt{
		ReceiptID: p.ID, OrderID: p.OrderID, Price: number(p, p.Amount), TaxFree: "0", CancelledPrice: number(p, g.cancelled(p)),
		CancelledTaxFree: "0", OrderName: p.OrderName, CompanyName: p.Merchant, GatewayURL: p.Session.BaseURL,
		Sandbox: p.Session.Metadata[bootpayLive] == "", PG: "나이스페이먼츠", Method: "카드", MethodSymbol: "card", MethodOrigin: "카드",
		OriginSymbol: "card", Currency: string(p.Currency), RequestedAt: bootpayTime(p.RequestedAt), Status: code, Locale: bootpayLocale[code],
	}
	if p.State == StateCaptured {
		r.PurchasedAt = bootpayTime(p.CapturedAt)
		r.ReceiptURL = p.Session.BaseURL + "/_sandbox/payments/" + p.ID
	}
	if n := len(p.Refunds); n > 0 && g.cancelled(p) > 0 {
		r.CancelledAt = bootpayTime(p.Refunds[n-1].At)
	}
	if p.Card != nil {
		r.Card = &bootpayCard{
			TID: p.Transaction, Number: p.Card.Number, Quota: "00", CompanyCode: p.Card.Issuer, Company: p.Card.Brand, Interest: "0",
			ReceiptURL: r.ReceiptURL,
		}
		if p.State == StateCaptured {
			r.Card.ApproveNo = "00000000"
		}
	}
	return r
}

// bootpayTime is a moment as the API writes it.
func bootpayTime(t time.Time) string { return t.In(kst).Format("2006-01-02T15:04:05-07:00") }

// bootpayOld is the envelope of the older API.
type bootpayOld struct {
	Status  int    `json:"status"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data"`
}

// oldAnswer wraps an answer of the older API; a code is a negative number, and goes with an HTTP status of its own.
func oldAnswer(status, code int, message string, data any) answer {
	return jsonAnswer(status, bootpayOld{status, code, message, data})
}

// oldToken serves the token of the older API.
func (g *bootpay) oldToken(w http.ResponseWriter, r *http.Request) {
	token, code := g.issue(r, true)
	if code != "" {
		oldAnswer(http.StatusNotFound, -2410, bootpayTexts[code].text, nil).send(w)
		return
	}
	now := g.s.cfg.Now()
	oldAnswer(http.StatusOK, 0, "", map[string]any{
		"token": token, "server_time": now.Unix(), "expired_at": now.Add(bootpayTokenLife).Unix(),
	}).send(w)
}

// oldLookup serves a receipt of the older API. The token comes without "Bearer".
func (g *bootpay) oldLookup(w http.ResponseWriter, r *http.Request) {
	m, ok := g.holder(r.Header.Get("Authorization"), true)
	if !ok {
		oldAnswer(http.StatusUnauthorized, -2400, bootpayTexts["TOKEN_KEY_INVALID"].text, nil).send(w)
		return
	}
	fault := g.s.faults.take(bootpayName, OpLookup, m.id)
	g.s.wait(fault.waitBefore())
	g.s.wait(fault.waitAfter())
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("receipt")) })
	a := oldAnswer(http.StatusNotFound, -2602, bootpayTexts["RC_NOT_FOUND"].text, nil)
	switch {
	case err != nil || fault.Kind == FaultError500:
		a = oldAnswer(http.StatusInternalServerError, -9999, bootpayTexts["INTERNAL_SERVER_ERROR"].text, nil)
	case fault.Kind == FaultTooMany:
		a = oldAnswer(http.StatusTooManyRequests, -9998, bootpayTexts["TOO_MANY_REQUESTS"].text, nil)
	case p != nil && p.Dialect == bootpayName && p.Merchant == m.id:
		a = oldAnswer(http.StatusOK, 0, "", g.oldReceipt(p))
	}
	fault.deliver(w, a)
}

// oldReceipt is p in the older API's words.
func (g *bootpay) oldReceipt(p *Payment) map[string]any {
	code := g.code(p)
	r := map[string]any{
		"receipt_id": p.ID, "order_id": p.OrderID, "name": p.OrderName, "price": number(p, p.Amount), "tax_free": 0,
		"remain_price": number(p, p.Amount-g.cancelled(p)), "remain_tax_free": 0, "cancelled_price": number(p, g.cancelled(p)),
		"cancelled_tax_free": 0, "receipt_url": p.Session.BaseURL + "/_sandbox/payments/" + p.ID, "unit": strings.ToLower(string(p.Currency)),
		"pg": "nicepay", "method": "card", "pg_name": "나이스페이먼츠", "method_name": "카드", "payment_data": map[string]any{},
		"requested_at": oldTime(p.RequestedAt), "purchased_at": cmp.Or(oldTime(p.CapturedAt), oldTime(p.RequestedAt)),
		"status": code, "status_ko": bootpayLocale[code], "status_en": "",
	}
	if p.Card != nil {
		r["payment_data"] = map[string]any{"card_name": p.Card.Brand, "card_no": p.Card.Number, "card_quota": "00", "tid": p.Transaction, "s": code}
	}
	return r
}

// oldTime is a moment in Korea without its zone, "" for none.
func oldTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(kst).Format(time.DateTime)
}
