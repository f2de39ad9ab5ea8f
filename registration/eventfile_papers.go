package registration

import "slices"

// papers reads the key papers, once categories and extras are known.
func papers(f field, e *Event) Papers {
	if f.absent() {
		return Papers{}
	}
	o := f.object("categories", "needed", "per_registration", "extra_paper", "extra_page", "deadline")
	known := used(e.Categories, nil)
	p := Papers{
		Categories: o.need("categories").among(known, "a category"), Needed: o.at("needed").among(known, "a category"),
		PerRegistration: o.at("per_registration").whole(1, 100), ExtraPaper: extraOf(o.at("extra_paper"), e), ExtraPage: extraOf(o.at("extra_page"), e),
		Deadline: o.at("deadline").moment(true),
	}
	for i, id := range p.Needed {
		if known[id] != "" && !slices.Contains(p.Categories, id) {
			o.at("needed").items()[i].fail("%q is not among the categories that may cover papers", id)
		}
	}
	if list := o.at("categories"); !list.absent() && len(p.Categories) == 0 {
		list.fail("expected at least one category")
	}
	return p
}

// extraOf reads the id of an extra; "" when absent.
func extraOf(f field, e *Event) string {
	id := f.word()
	if !f.absent() && e.Extra(id) == nil {
		f.fail("%q is not an extra", id)
	}
	return id
}
