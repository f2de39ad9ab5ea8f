package registration

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// phaseNames are the names of phases that everybody has.
var phaseNames = map[string]Text{
	"early":   {Ko: "조기", En: "Early"},
	"regular": {Ko: "일반", En: "Regular"},
	"onsite":  {Ko: "현장", En: "On site"},
}

// phases reads the key phases. A file without it has one phase, regular.
func phases(f field) []Phase {
	var all []Phase
	seen := map[string]string{}
	items := f.items()
	for i, item := range items {
		o := item.object("id", "name", "until")
		p := Phase{ID: o.at("id").id(), Name: o.at("name").names(), Until: o.at("until").moment(true)}
		o.at("id").once(seen, p.ID, "another phase")
		if p.Name.Empty() {
			p.Name = Text{Ko: p.ID, En: p.ID}
			if name, ok := phaseNames[p.ID]; ok {
				p.Name = name
			}
		}
		switch {
		case o.at("until").absent() && i < len(items)-1:
			o.at("until").fail("is missing: only the last phase may be open-ended")
		case i > 0 && !p.Until.IsZero() && !all[i-1].Until.Before(p.Until):
			o.at("until").fail("must come after the until of the phase before")
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return []Phase{{ID: "regular", Name: phaseNames["regular"]}}
	}
	return all
}

// categories reads the key categories, once the event's phases are known.
func categories(f field, e *Event) []Category {
	var all []Category
	for _, item := range f.items() {
		o := item.object("id", "name", "note", "evidence", "approval", "hidden", "prices")
		c := Category{
			ID: o.at("id").id(), Name: o.need("name").names(), Note: o.at("note").sentence(),
			Evidence: o.at("evidence").one("", "student_id", "member_number"), Hidden: o.at("hidden").yes(), Prices: map[string]Prices{},
		}
		c.Approval = approval(o.at("approval"), c.Evidence)
		o.at("id").once(used(all, nil), c.ID, "")
		for _, p := range o.at("prices").entries("a mapping of phases to prices, such as {early: {KRW: 150000}}") {
			if !slices.ContainsFunc(e.Phases, func(ph Phase) bool { return ph.ID == p.key }) {
				o.at("prices").failAt(p.line, "phase %q is not one of %s", p.key, phaseIDs(e))
				continue
			}
			c.Prices[p.key] = p.prices()
		}
		if len(c.Prices) == 0 && len(o.at("prices").entries("")) == 0 {
			o.at("prices").fail("has no price in any phase, so that nobody can choose it")
		}
		all = append(all, c)
	}
	if !f.absent() && len(all) == 0 {
		f.fail("at least one category with a price is needed")
	}
	return all
}

// maxExtra is how many of one extra a registration may take when the file does not say.
const maxExtra = 10

// extras reads the key extras.
func extras(f field, e *Event) []Extra {
	var all []Extra
	for _, item := range f.items() {
		o := item.object("id", "name", "note", "price", "max", "categories")
		x := Extra{ID: o.at("id").id(), Name: o.need("name").names(), Note: o.at("note").sentence(), Price: o.need("price").prices(), Max: maxExtra}
		o.at("id").once(used(e.Categories, all), x.ID, "")
		if m := o.at("max"); !m.absent() {
			x.Max = int(m.whole(1, 100))
		}
		x.Categories = o.at("categories").among(used(e.Categories, nil), "a category")
		all = append(all, x)
	}
	return all
}

// quotas reads the key quotas, once categories and extras are known.
func quotas(f field, e *Event) []Quota {
	var all []Quota
	seen := map[string]string{}
	for _, item := range f.items() {
		o := item.object("id", "places", "of")
		q := Quota{ID: o.at("id").id(), Places: o.need("places").whole(0, 1_000_000)}
		o.at("id").once(seen, q.ID, "another quota")
		known := counted(e)
		for _, of := range o.need("of").items() {
			id := of.word()
			switch {
			case known[id] == "":
				of.fail("%q is not a category, an extra or question.option: expected one of %s", id, listed(slices.Sorted(maps.Keys(known))))
			case slices.Contains(q.Of, id):
				of.fail("%q is here twice", id)
			}
			q.Of = append(q.Of, id)
		}
		if of := o.at("of"); !of.absent() && len(q.Of) == 0 {
			of.fail("expected a list of categories and extras")
		}
		all = append(all, q)
	}
	return all
}

// counted names everything that a quota may count: categories, extras, and options as question.option.
func counted(e *Event) map[string]string {
	known := used(e.Categories, e.Extras)
	for _, q := range e.Questions {
		for _, o := range q.Options {
			known[OptionQuota(q.ID, o.ID)] = "an option"
		}
	}
	return known
}

// used names what has which id: categories and extras share one namespace.
func used(cats []Category, xs []Extra) map[string]string {
	ids := map[string]string{}
	for _, c := range cats {
		ids[c.ID] = "a category"
	}
	for _, x := range xs {
		ids[x.ID] = "an extra"
	}
	return ids
}

func phaseIDs(e *Event) string {
	var ids []string
	for _, p := range e.Phases {
		ids = append(ids, p.ID)
	}
	return listed(ids)
}

// minorUnits says what an amount counts, for errors.
var minorUnits = map[Currency]string{KRW: "won", USD: "cents", JPY: "yen", EUR: "cents"}

// prices reads one price per currency.
func (f field) prices() Prices {
	p := Prices{}
	for _, c := range f.entries("a price per currency in minor units, such as {KRW: 150000, USD: 12000}") {
		cur := c.field.currency(f, c.key)
		if cur != "" {
			p[cur] = c.amount(cur)
		}
	}
	if !f.absent() && f.value().Kind == yaml.MappingNode && len(f.value().Content) == 0 {
		f.fail("expected a price in at least one currency")
	}
	return p
}

// currency checks a currency's code; the problem belongs to where.
func (f field) currency(where field, code string) Currency {
	if cur := Currency(code); cur.Known() {
		return cur
	}
	var all []string
	for c := range decimals {
		all = append(all, string(c))
	}
	slices.Sort(all)
	hint := ""
	if strings.Trim(code, "0123456789") == "" {
		hint = "; amounts are written without separators, as in 200000"
	}
	where.failAt(f.line, "currency %q is not one of %s%s", code, listed(all), hint)
	return ""
}

// MaxAmount is the most minor units that one amount may have. It keeps every sum far from the ends of int64.
const MaxAmount = 1_000_000_000_000

// amount reads an amount in minor units.
func (f field) amount(cur Currency) int64 {
	w := f.word()
	n, err := strconv.ParseInt(w, 10, 64)
	digits := strings.Trim(w, "0123456789") == ""
	switch {
	case digits && n > MaxAmount:
		f.fail("%q is too large: expected %d at most", w, MaxAmount)
		return MaxAmount
	case err != nil || !digits || f.absent() || f.value().Tag != "!!int":
		f.fail("%q is not an amount in minor units: expected a whole number of %s, 0 or more, without decimals, separators or quotes", w, minorUnits[cur])
		return 0
	}
	return n
}

// whole reads a whole number from least to most.
func (f field) whole(least, most int64) int64 {
	if f.absent() {
		return least
	}
	w := f.word()
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || n < least || n > most {
		f.fail("%q is not a whole number from %d to %d", w, least, most)
		return least
	}
	return n
}
