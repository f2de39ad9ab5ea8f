package allat

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// ParseReturn reads what the hand-over page sends: the form's fields with what the window has said. The ticket is read only after the
// window's 0000, which means authenticated and not paid. It makes no call and returns no error.
func (g *gateway) ParseReturn(r payments.Request) (payments.Return, error) {
	get := func(field string) string {
		if v := r.Form.Get(field); v != "" {
			return v
		}
		return r.Query.Get(field)
	}
	out := payments.Return{OrderNo: only(get("allat_order_no"), maxOrderNo)}
	switch get("allat_result_cd") {
	case codeDone:
		if ticket := get("allat_enc_data"); payments.Visible(ticket, maxTicket) {
			out.GatewayID = ticket
		}
	case codeClosed, codeCancelled:
		out.Failed, out.Cancelled, out.Reason = true, true, keyCancelled
	case "":
	default:
		out.Failed, out.Reason = true, keyFailed
	}
	return out, nil
}

// received are the fields that the window posts to the receive page.
var received = []string{"allat_result_cd", "allat_result_msg", "allat_enc_data"}

// ParseReceive reads the window's post, which is in EUC-KR.
func (g *gateway) ParseReceive(r payments.Request) map[string]string {
	form, out := decode(r.Body), map[string]string{}
	for _, field := range received {
		out[field] = form.Get(field)
	}
	return out
}

// noticeLife is how old, or how far ahead, a notification may be.
const noticeLife = 5 * time.Minute

// ParseWebhook reads the notification that a deposit has come into a virtual account, the only one that AllatPay sends. It is proved by
// a digest over the shop, the cross key, our order number and a time, which must be near r.Now; the digest does not cover the amount,
// so the amount counts only after it was compared with the order. As there is no inquiry, the hint carries the outcome.
func (g *gateway) ParseWebhook(r payments.Request) ([]payments.Hint, error) {
	form := decode(r.Body)
	if form.Get("order_no") == "" || form.Get("shop_id") == "" {
		return nil, fmt.Errorf("allat: notification: %w", payments.ErrMalformed)
	}
	if !g.proved(form, r.Now) {
		return nil, fmt.Errorf("allat: notification: %w", payments.ErrSignature)
	}
	paid, ok := reply{"amt": form.Get("income_amt")}.money("amt", g.currency)
	if !ok || !plain(form.Get("order_no"), maxOrderNo) {
		return nil, fmt.Errorf("allat: notification of a deposit: %w", payments.ErrMalformed)
	}
	h := payments.Hint{OrderNo: form.Get("order_no"), GatewayID: only(form.Get("tx_seq_no"), maxID), Kind: "deposit"}
	h.Told = &payments.Outcome{
		Status: payments.StatusCaptured, GatewayID: h.GatewayID, OrderNo: h.OrderNo, Mode: g.channel.Mode,
		Captured: paid, Refunded: registration.Money{Cur: g.currency}, Method: string(payments.MethodVirtualAccount),
		At: moment(form.Get("income_ymdhms")),
	}
	return []payments.Hint{h}, nil
}

// proved checks a notification's digest and its time.
func (g *gateway) proved(form url.Values, now time.Time) bool {
	stamp := form.Get("noti_currenttimemillis")
	ms, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || form.Get("shop_id") != g.shop {
		return false
	}
	sum := md5.Sum([]byte(g.shop + g.crossKey + form.Get("order_no") + stamp))
	want := hex.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(form.Get("hash_value")))) != 1 {
		return false
	}
	age := now.Sub(time.UnixMilli(ms))
	return age <= noticeLife && age >= -noticeLife
}
