package sandbox

import (
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// webhook tells that a deposit has come into a virtual account; AllatPay tells of nothing else. The digest covers shop, cross key, order
// number and time, not the amount. A forged one has the digest of somebody who does not know the cross key.
func (g *allat) webhook(p *Payment, forged bool, now time.Time) (message, bool) {
	m, ok := allatMerchantOf(strings.TrimPrefix(p.Merchant, "allat-"))
	if !ok || (!forged && (p.Account == nil || p.State != StateCaptured)) {
		return message{}, false
	}
	event, key := "deposit", m.crossKey
	if forged {
		event, key = "deposit (forged)", "guessed"
	}
	stamp, amt := strconv.FormatInt(now.UnixMilli(), 10), strconv.FormatInt(p.Amount, 10)
	at := now.In(kst).Format("20060102150405")
	sum := md5.Sum([]byte(m.shop + key + p.OrderID + stamp))
	form := url.Values{
		"shop_id": {m.shop}, "order_no": {p.OrderID}, "tx_seq_no": {p.ID}, "bank_cd": {"20"}, "apply_ymdhms": {at}, "approval_ymdhms": {at},
		"income_ymdhms": {at}, "apply_amt": {amt}, "income_amt": {amt}, "income_account_nm": {toEUCKR("홍길동")}, "receipt_seq_no": {""},
		"cash_approval_no": {""}, "noti_currenttimemillis": {stamp}, "hash_value": {hex.EncodeToString(sum[:])},
	}
	if p.Account != nil {
		form.Set("account_no", p.Account.Number)
	}
	return message{
		Event: event, Body: []byte(form.Encode()), Type: "application/x-www-form-urlencoded",
		Header: func(time.Time, int) http.Header { return http.Header{} },
		Taken:  func(answer []byte) bool { return strings.HasPrefix(string(answer), "0000") },
	}, true
}
