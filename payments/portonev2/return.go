package portonev2

import (
	"net/url"

	"foyer/payments"
)

// ParseReturn reads what the window sent the browser back with, or what the script was told: paymentId and txId, and a code when it
// did not work. Messages are not read; members of an impossible shape count as absent. It makes no call and returns no error.
func (g *gateway) ParseReturn(r payments.Request) (payments.Return, error) {
	get := func(limit int, names ...string) string {
		return payments.OnlyPlain(first(names, r.Query, r.Form), limit)
	}
	out := payments.Return{GatewayID: get(maxID, "txId", "tx_id"), OrderNo: get(maxOrderNo, "paymentId", "payment_id")}
	if first([]string{"code"}, r.Query, r.Form) == "" {
		return out, nil
	}
	out.GatewayID = "" // a try that failed is not the one to ask for
	out.Failed, out.Reason = true, reason(get(maxCode, "code"), get(maxCode, "pgCode"))
	out.Cancelled = out.Reason == keyCancelled
	return out, nil
}

// first is the first value of any of the names in any of the lists.
func first(names []string, lists ...url.Values) string {
	for _, n := range names {
		for _, l := range lists {
			if v := l.Get(n); v != "" {
				return v
			}
		}
	}
	return ""
}
