package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// portoneV2Filter is what a list of payments is chosen by.
type portoneV2Filter struct {
	Store  string    `json:"storeId"`
	Type   string    `json:"timestampType"` // CREATED_AT or STATUS_CHANGED_AT
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Status []string  `json:"status"`
}

// list answers a page of a store's payments, newest first. The request is JSON in the query, or the body.
func (g *portoneV2) list(t *tx, c *portoneV2Call) answer {
	var in struct {
		Page struct {
			Number int `json:"number"`
			Size   int `json:"size"`
		} `json:"page"`
		Filter portoneV2Filter `json:"filter"`
	}
	body := c.body
	if typed := c.r.URL.Query().Get("requestBody"); typed != "" {
		body = []byte(typed)
	}
	if len(body) > 0 && !readJSON(body, &in) {
		return portoneV2Fail("INVALID_REQUEST")
	}
	size := cmp.Or(in.Page.Size, 10)
	if in.Page.Number < 0 || size < 1 || size > 1000 || (in.Page.Number+1)*size > 60_000 {
		return portoneV2Fail("INVALID_REQUEST")
	}
	if id, known := portoneV2Merchant(in.Filter.Store); in.Filter.Store != "" && (!known || id != c.merchant) {
		return portoneV2Fail("FORBIDDEN")
	}
	all := g.chosen(t, c.merchant, in.Filter)
	from := min(in.Page.Number*size, len(all))
	return jsonAnswer(http.StatusOK, map[string]any{
		"items": all[from:min(from+size, len(all))],
		"page":  map[string]int{"number": in.Page.Number, "size": size, "totalCount": len(all)},
	})
}

// chosen are the payments of a merchant that pass a filter.
func (g *portoneV2) chosen(t *tx, merchant string, f portoneV2Filter) []portoneV2Object {
	all, seen := []portoneV2Object{}, map[string]bool{}
	for _, id := range slices.Backward(t.k.order) {
		try := t.payment(id)
		if try.Dialect != portoneV2Name || try.Merchant != merchant || seen[try.OrderID] {
			continue
		}
		seen[try.OrderID] = true
		p := g.of(t, merchant, try.OrderID)
		at := p.RequestedAt
		if f.Type == "STATUS_CHANGED_AT" {
			at = p.Timeline[len(p.Timeline)-1].At
		}
		if at.Before(f.From) || (!f.Until.IsZero() && at.After(f.Until)) || (len(f.Status) > 0 && !slices.Contains(f.Status, g.status(p))) {
			continue
		}
		all = append(all, g.object(p))
	}
	return all
}
