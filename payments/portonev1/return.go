package portonev1

import (
	"net/url"

	"foyer/payments"
)

// ParseReturn reads what the window sent the browser back with, or what the script gave to its callback: imp_uid and merchant_uid, and
// an error_code when it did not work. Older companies' windows say imp_success or success as well; the newer say nothing of it, so
// that its absence means nothing. Messages are not read; members of an impossible shape count as absent. It makes no call and returns
// no error.
func (g *gateway) ParseReturn(r payments.Request) (payments.Return, error) {
	get := func(limit int, names ...string) string {
		return payments.OnlyPlain(first(names, r.Query, r.Form), limit)
	}
	out := payments.Return{GatewayID: get(maxID, "imp_uid"), OrderNo: get(maxOrderNo, "merchant_uid")}
	if out.GatewayID == "null" || out.GatewayID == "undefined" {
		out.GatewayID = "" // what scripts make of an id that is not there
	}
	code := first([]string{"error_code", "code"}, r.Query, r.Form)
	if code == "" && first([]string{"imp_success", "success"}, r.Query, r.Form) != "false" {
		return out, nil
	}
	out.Failed, out.Reason = true, reason(payments.OnlyPlain(code, maxCode))
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
