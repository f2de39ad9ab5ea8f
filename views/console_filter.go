package views

import "net/url"

// OrderFilter is what the list of orders is narrowed down to, as it stands in the address. The list, its totals and
// its export follow the same filter.
type OrderFilter struct {
	Query    string // free text
	State    string // how the order stands, or FilterUnpaid or FilterRegistered; "" for all
	Payment  string // state of the payment that counts; "" for all
	Channel  string // channel id; "" for all
	Category string // category id; "" for all
	Evidence string // how the evidence of somebody in it stands, none where nothing is asked for; "" for all
	Change   string // FilterChanging: a change waits for its money; "" for all
}

// These choices of OrderFilter.State gather orders that stand in several ways.
const (
	FilterUnpaid     = "unpaid"     // places held, money still to come
	FilterRegistered = "registered" // paid and not cancelled, whether money went back or not
)

// FilterChanging is the choice of OrderFilter.Change.
const FilterChanging = "pending"

// Active reports whether the filter leaves anything out.
func (f OrderFilter) Active() bool { return f != OrderFilter{} }

// Values gives the filter as query parameters: q, state, payment, channel, category, evidence, change. Empty ones are left out.
func (f OrderFilter) Values() url.Values {
	q := url.Values{}
	for _, p := range [...][2]string{
		{"q", f.Query}, {"state", f.State}, {"payment", f.Payment}, {"channel", f.Channel}, {"category", f.Category},
		{"evidence", f.Evidence}, {"change", f.Change},
	} {
		if p[1] != "" {
			q.Set(p[0], p[1])
		}
	}
	return q
}

// ConsoleOption is one choice of a filter: the value in the address, and its name on screen.
type ConsoleOption struct{ Value, Name string }
