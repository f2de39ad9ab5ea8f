package sandbox

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"foyer/registration"
)

// Names of parameters that are taken; any other is refused, as Stripe does.
var (
	stripeCreateNames = regexp.MustCompile(`^(mode|ui_mode|submit_type|client_reference_id|success_url|cancel_url|customer_email|locale|expires_at|` +
		`metadata\[[^\]]{1,40}\]|payment_intent_data\[(description|metadata\]\[[^\]]{1,40})\]|payment_method_types\[\d*\]|adaptive_pricing\[enabled\]|` +
		`line_items\[\d+\]\[(quantity|price_data\]\[(currency|unit_amount|product_data\]\[(name|description)))\]|expand\[\d*\])$`)
	stripeReadNames   = regexp.MustCompile(`^expand\[\d*\]$`)
	stripeListNames   = regexp.MustCompile(`^(limit|starting_after|status|payment_intent|created\[(gte|gt|lte|lt)\]|expand\[\d*\])$`)
	stripeRefundNames = regexp.MustCompile(`^(payment_intent|charge|amount|reason|metadata\[[^\]]{1,40}\]|expand\[\d*\])$`)
)

// stripeExpansions are the members that can be asked for in full.
var stripeExpansions = []string{
	"payment_intent", "payment_intent.latest_charge", "data.payment_intent", "data.payment_intent.latest_charge", "latest_charge", "charge", "data.charge",
}

// check refuses parameters that are not taken. refused is nil when all are fine.
func (c *stripeCall) check(names *regexp.Regexp) (refused *answer) {
	for name, values := range c.form {
		if !names.MatchString(name) {
			a := c.invalid("parameter_unknown", name, "Received unknown parameter: "+name)
			return &a
		}
		if strings.HasPrefix(name, "expand[") && slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(stripeExpansions, v) }) {
			a := c.invalid("", "expand", "This property cannot be expanded.")
			return &a
		}
	}
	return nil
}

// expands reports whether a member was asked for in full.
func (c *stripeCall) expands(member string) bool {
	for name, values := range c.form {
		if strings.HasPrefix(name, "expand[") && slices.ContainsFunc(values, func(v string) bool {
			v = strings.TrimPrefix(v, "data.")
			return v == member || strings.HasPrefix(v, member+".")
		}) {
			return true
		}
	}
	return false
}

// within gives the members of a name such as metadata[order], with their keys behind prefix.
func within(form url.Values, name, prefix string, into map[string]string) {
	for key, values := range form {
		if rest, ok := strings.CutPrefix(key, name+"["); ok && strings.HasSuffix(rest, "]") {
			into[prefix+strings.TrimSuffix(rest, "]")] = values[0]
		}
	}
}

// stripeItems adds the line items up. code and param say what is wrong with them.
func stripeItems(form url.Values) (name string, total registration.Money, code, param string) {
	for i := 0; ; i++ {
		item := "line_items[" + strconv.Itoa(i) + "]"
		cur := form.Get(item + "[price_data][currency]")
		if cur == "" {
			break
		}
		money := registration.Currency(strings.ToUpper(cur))
		quantity, err1 := strconv.ParseInt(form.Get(item+"[quantity]"), 10, 32)
		amount, err2 := strconv.ParseInt(form.Get(item+"[price_data][unit_amount]"), 10, 32)
		switch {
		case cur != strings.ToLower(cur) || !money.Known() || (i > 0 && money != total.Cur):
			return "", total, "parameter_invalid_string_blank", item + "[price_data][currency]"
		case err1 != nil || quantity < 1:
			return "", total, "parameter_invalid_integer", item + "[quantity]"
		case err2 != nil || amount < 0:
			return "", total, "parameter_invalid_integer", item + "[price_data][unit_amount]"
		}
		if name == "" {
			name = form.Get(item + "[price_data][product_data][name]")
		}
		total.Cur, total.Minor = money, total.Minor+quantity*amount
	}
	if name == "" {
		return "", total, "parameter_missing", "line_items"
	}
	return name, total, "", ""
}

// stripeLeast are the least amounts that can be charged.
var stripeLeast = map[registration.Currency]int64{registration.USD: 50, registration.EUR: 50, registration.JPY: 50, registration.KRW: 700}

// stripeDeadline reads expires_at: from 30 minutes to 24 hours from now.
func stripeDeadline(form url.Values, now time.Time) (at time.Time, ok bool) {
	typed := form.Get("expires_at")
	if typed == "" {
		return now.Add(24 * time.Hour), true
	}
	seconds, err := strconv.ParseInt(typed, 10, 64)
	at = time.Unix(seconds, 0).UTC()
	life := at.Sub(now.Truncate(time.Second))
	return at, err == nil && life >= 30*time.Minute && life <= 24*time.Hour
}

// stripeLanguage maps Stripe's locale; the sandbox has Korean and English, the others read English.
func stripeLanguage(locale string) registration.Lang {
	switch locale {
	case "", "auto":
		return ""
	case "ko":
		return registration.Korean
	}
	return registration.English
}
