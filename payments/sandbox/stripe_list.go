package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// listSessions answers an account's sessions, newest first.
func (g *stripe) listSessions(t *tx, c *stripeCall) answer {
	return stripeListOf(t, c, func(p *Payment) []stripeListed[stripeSessionObject] {
		if want := c.form.Get("status"); want != "" && want != g.status(p) {
			return nil
		}
		return []stripeListed[stripeSessionObject]{{p.ID, p.RequestedAt, g.sessionObject(p, c)}}
	})
}

// listCharges answers an account's charges, newest first.
func (g *stripe) listCharges(t *tx, c *stripeCall) answer {
	return stripeListOf(t, c, func(p *Payment) []stripeListed[stripeChargeObject] {
		if !tried(p) {
			return nil
		}
		o := g.chargeObject(p)
		return []stripeListed[stripeChargeObject]{{o.ID, time.Unix(o.Created, 0), o}}
	})
}

// listRefunds answers refunds, newest first: those of a payment, or all of the account.
func (g *stripe) listRefunds(t *tx, c *stripeCall) answer {
	return stripeListOf(t, c, func(p *Payment) []stripeListed[stripeRefundObject] {
		var all []stripeListed[stripeRefundObject]
		for _, r := range p.Refunds {
			all = append(all, stripeListed[stripeRefundObject]{r.ID, r.At, g.refundObject(p, r, c.expands("charge"))})
		}
		return all
	})
}

// stripeListed is one object of a list, with what the list goes by.
type stripeListed[T any] struct {
	id      string
	created time.Time
	object  T
}

// stripeListOf answers one page of what each payment of the account gives to a list, newest first.
func stripeListOf[T any](t *tx, c *stripeCall, of func(*Payment) []stripeListed[T]) answer {
	if refused := c.check(stripeListNames); refused != nil {
		return *refused
	}
	limit, err := strconv.Atoi(cmp.Or(c.form.Get("limit"), "10"))
	if err != nil || limit < 1 || limit > 100 {
		return c.invalid("parameter_invalid_integer", "limit", "limit must be 1 to 100")
	}
	var all []stripeListed[T]
	for _, id := range t.k.order {
		p := ofStripe(t, c, stripeSession, id)
		if want := c.form.Get("payment_intent"); p == nil || (want != "" && (!tried(p) || want != stripeID(stripeIntent, p))) {
			continue
		}
		all = append(all, of(p)...)
	}
	slices.SortStableFunc(all, func(a, b stripeListed[T]) int { return a.created.Compare(b.created) })
	slices.Reverse(all)
	if after := c.form.Get("starting_after"); after != "" {
		i := slices.IndexFunc(all, func(l stripeListed[T]) bool { return l.id == after })
		if i < 0 {
			return c.invalid("resource_missing", "starting_after", "No such object: '"+after+"'")
		}
		all = all[i+1:]
	}
	all = slices.DeleteFunc(all, func(l stripeListed[T]) bool { return !c.within(l.created) })
	data := []T{}
	for _, l := range all[:min(limit, len(all))] {
		data = append(data, l.object)
	}
	return jsonAnswer(http.StatusOK, stripeList[T]{"list", c.r.URL.Path, len(all) > limit, data})
}

// within reports whether a moment passes the list's filter.
func (c *stripeCall) within(at time.Time) bool {
	for name, fits := range map[string]func(at, than int64) bool{
		"gte": func(at, than int64) bool { return at >= than }, "gt": func(at, than int64) bool { return at > than },
		"lte": func(at, than int64) bool { return at <= than }, "lt": func(at, than int64) bool { return at < than },
	} {
		if typed := c.form.Get("created[" + name + "]"); typed != "" {
			than, err := strconv.ParseInt(typed, 10, 64)
			if err != nil || !fits(at.Unix(), than) {
				return false
			}
		}
	}
	return true
}
