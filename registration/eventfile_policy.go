package registration

import "time"

// refundPolicy reads the key refund_policy, once the event's categories are known.
func refundPolicy(f field, e *Event) RefundPolicy {
	o := f.object("steps", "categories", "fee")
	p := RefundPolicy{Steps: refundSteps(o.at("steps")), Fee: o.at("fee").maybePrices()}
	known := used(e.Categories, nil)
	for _, c := range o.at("categories").entries("a mapping of categories to steps") {
		if known[c.key] == "" {
			c.fail("%q is not a category", c.key)
			continue
		}
		if p.ByCategory == nil {
			p.ByCategory = map[string][]RefundStep{}
		}
		p.ByCategory[c.key] = refundSteps(c.field)
	}
	return p
}

// refundSteps reads steps in the order of their dates, each giving back no more than the one before.
func refundSteps(f field) []RefundStep {
	all := []RefundStep{}
	for _, item := range f.items() {
		o := item.object("until", "percent")
		o.need("until")
		s := RefundStep{Until: o.at("until").moment(true), Percent: o.need("percent").whole(0, 100)}
		if n := len(all); n > 0 {
			switch {
			case !all[n-1].Until.Before(s.Until):
				o.at("until").fail("must come after the until of the step before")
			case s.Percent > all[n-1].Percent:
				o.at("percent").fail("gives back more than the step before")
			}
		}
		all = append(all, s)
	}
	if f.absent() {
		return nil
	}
	return all
}

// changes reads the key changes. Deadlines are to their last second.
func changes(f field) Changes {
	o := f.object("cancel", "details", "order", "transfer")
	until := func(name string) time.Time { return o.at(name).moment(true) }
	return Changes{Cancel: until("cancel"), Details: until("details"), Order: until("order"), Transfer: until("transfer")}
}
