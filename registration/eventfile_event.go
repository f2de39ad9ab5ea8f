package registration

import (
	"maps"
	"net/mail"
	"time"
)

// maxStatement is the longest name on a card statement.
const maxStatement = 22

// event reads the key event, except what stands in the file's other keys.
func (r *fileReader) event(f field) Event {
	if f.absent() {
		return Event{}
	}
	o := f.object("slug", "name", "starts", "ends", "timezone", "mode", "place", "about", "refund_rule", "tax", "statement", "state", "state_text")
	e := Event{
		Slug:       o.at("slug").id(),
		Name:       o.need("name").names(),
		Place:      o.at("place").names(),
		About:      o.at("about").text(),
		RefundRule: o.at("refund_rule").text(),
		Starts:     o.need("starts").date(),
		Ends:       o.need("ends").date(),
		Timezone:   o.need("timezone").word(),
		Mode:       Mode(o.at("mode").one(string(Test), string(Live))),
		State:      eventState(o.at("state")),
		StateText:  o.at("state_text").text(),
		Tax:        Tax(o.at("tax").one(string(TaxIncluded), string(TaxExempt), string(TaxNone))),
		Statement:  o.at("statement").word(),
	}
	if name := o.at("name"); !name.absent() && e.Name.Empty() {
		name.fail("is empty")
	}
	if e.Ends.Before(e.Starts) && e.Ends != (Date{}) {
		o.at("ends").fail("%s comes before the first day, %s", e.Ends, e.Starts)
	}
	if len([]rune(e.Statement)) > maxStatement {
		o.at("statement").fail("at most %d characters fit on a card statement", maxStatement)
	}
	r.zone(o.at("timezone"), e.Timezone)
	return e
}

// eventState reads what the organizer has decided; open when absent.
func eventState(f field) EventState {
	s := f.one("open", string(StateDraft), string(StateClosed), string(StateCancelled))
	if s == "open" {
		return StateOpen
	}
	return EventState(s)
}

// texts reads the key texts.
func texts(f field) Texts {
	o := f.object("terms", "privacy")
	return Texts{Terms: o.at("terms").text(), Privacy: o.at("privacy").text()}
}

// ownConsents are the consents that every order has; an event's own cannot have their ids.
var ownConsents = map[string]string{"order": "the consent to the order", "terms": "the consent to the terms"}

// consents reads the key consents.
func consents(f field) []ConsentAsk {
	var all []ConsentAsk
	seen := maps.Clone(ownConsents)
	for _, item := range f.items() {
		o := item.object("id", "label", "required")
		c := ConsentAsk{ID: o.at("id").id(), Label: o.need("label").sentence(), Required: o.at("required").yes()}
		o.at("id").once(seen, c.ID, "another consent")
		all = append(all, c)
	}
	return all
}

// zone finds the time zone in which the file's times are written.
func (r *fileReader) zone(f field, name string) {
	if f.absent() {
		return
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		f.fail("%q is not a time zone such as Asia/Seoul", name)
		return
	}
	r.location = loc
}

// window reads the key registration.
func (r *fileReader) window(f field) (opens, closes time.Time, unpaid Unpaid) {
	o := f.object("opens", "closes", "unpaid")
	opens, closes = o.at("opens").moment(false), o.at("closes").moment(true)
	if !opens.IsZero() && !closes.IsZero() && !opens.Before(closes) {
		o.at("closes").fail("must come after opens")
	}
	if o.at("unpaid").one("keep", string(UnpaidReprice)) == string(UnpaidReprice) {
		unpaid = UnpaidReprice
	}
	return opens, closes, unpaid
}

// begins looks whether everything comes after the moment from which it counts.
func begins(top object, e *Event) {
	if e.Opens.IsZero() || e.Starts == (Date{}) {
		return
	}
	opens := top.at("registration").object("opens", "closes", "unpaid").at("opens")
	if !e.Opens.Before(e.ClosesAt()) && e.Closes.IsZero() {
		opens.fail("must come before the first day of the event")
	}
	if items := top.at("phases").items(); len(items) == len(e.Phases) && !e.Phases[0].Until.IsZero() && e.Phases[0].Until.Before(e.Opens) {
		items[0].object("id", "name", "until").at("until").fail("must come after registration opens")
	}
}

// unfilled is what a template has where something is still to be written.
const unfilled = "…"

// organizer reads the key organizer. A value of … counts as not filled in.
func organizer(f field) Organizer {
	o := f.object("name", "business_number", "representative", "address", "phone", "email",
		"mail_order_number", "privacy_officer", "hosting")
	filled := func(name string) string {
		if w := o.at(name).name(); w != unfilled {
			return w
		}
		return ""
	}
	org := Organizer{
		Name: o.at("name").names(), BusinessNumber: filled("business_number"), Representative: filled("representative"),
		Address: filled("address"), Phone: filled("phone"), Email: filled("email"),
		MailOrderNumber: filled("mail_order_number"), PrivacyOfficer: filled("privacy_officer"), Hosting: filled("hosting"),
	}
	if org.Name == (Text{Ko: unfilled, En: unfilled}) {
		org.Name = Text{}
	}
	if a, err := mail.ParseAddress(org.Email); org.Email != "" && (err != nil || a.Address != org.Email) {
		o.at("email").fail("%q is not an e-mail address", org.Email)
	}
	return org
}
