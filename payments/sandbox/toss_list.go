package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// tossRow is one row of the list of transactions: a capture, a cancel, or an account that waits.
type tossRow struct {
	MID            string      `json:"mId"`
	TransactionKey string      `json:"transactionKey"`
	PaymentKey     string      `json:"paymentKey"`
	OrderID        string      `json:"orderId"`
	Method         string      `json:"method"`
	CustomerKey    *string     `json:"customerKey"`
	UseEscrow      bool        `json:"useEscrow"`
	ReceiptURL     *string     `json:"receiptUrl"`
	Status         string      `json:"status"`
	TransactionAt  string      `json:"transactionAt"`
	Currency       string      `json:"currency"`
	Amount         json.Number `json:"amount"`

	at time.Time
}

// transactions lists what moved between two moments in Korean time, both included, oldest first, after the row of startingAfter.
func (g *toss) transactions(t *tx, c *tossCall) answer {
	q := c.r.URL.Query()
	from, ok1 := tossMoment(q.Get("startDate"))
	to, ok2 := tossMoment(q.Get("endDate"))
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "100"))
	if !ok1 || !ok2 || err != nil || limit < 1 || limit > 5000 {
		return c.fail("INVALID_REQUEST")
	}
	all := []tossRow{}
	for _, id := range t.k.order {
		if p := t.payment(id); p.Dialect == tossName && p.Merchant == c.merchant.id {
			all = append(all, g.rows(p)...)
		}
	}
	all = slices.DeleteFunc(all, func(r tossRow) bool { return r.at.Before(from) || r.at.After(to) })
	slices.SortStableFunc(all, func(a, b tossRow) int { return a.at.Compare(b.at) })
	if after := q.Get("startingAfter"); after != "" {
		i := slices.IndexFunc(all, func(r tossRow) bool { return r.TransactionKey == after })
		if i < 0 {
			return c.fail("INVALID_TRANSACTION_KEY")
		}
		all = all[i+1:]
	}
	return jsonAnswer(http.StatusOK, all[:min(limit, len(all))])
}

// tossMoment reads a date and time without an offset, which are Korean.
func tossMoment(typed string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, typed, kst); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// rows are what moved for one payment.
func (g *toss) rows(p *Payment) []tossRow {
	method := "카드"
	if m, other := tossMethods[p.Method]; other {
		method = m.korean
	}
	row := func(key, status string, minor int64, at time.Time) tossRow {
		return tossRow{
			MID: p.Merchant, TransactionKey: key, PaymentKey: p.ID, OrderID: p.OrderID, Method: method, Status: status,
			TransactionAt: tossTime(at), Currency: string(p.Currency), Amount: number(p, minor), at: at,
		}
	}
	var all []tossRow
	if p.Captured > 0 && p.Capture != "" {
		all = append(all, row(p.Capture, "DONE", p.Amount, p.CapturedAt))
	}
	for _, r := range p.Refunds {
		status := "PARTIAL_CANCELED"
		switch {
		case r.Taken:
			status = "WAITING_FOR_DEPOSIT"
		case r.Left == 0:
			status = "CANCELED"
		}
		all = append(all, row(r.ID, status, r.Amount, r.At))
	}
	if p.Failure == tossClosed {
		all = append(all, row(p.Transaction, "CANCELED", p.Amount, p.Timeline[len(p.Timeline)-1].At))
	}
	return all
}
