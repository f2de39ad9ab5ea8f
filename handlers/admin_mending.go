package handlers

import (
	"fmt"
	"maps"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// mending is what staff correct of an order: what one person has told, or the answers that were given once for the order.
type mending struct {
	*visit
	file *orderFile
	reg  *registration.Registration // nil: the order's own answers
}

// openMending opens what the path names. It gives nil, after leading to the order's page, when it cannot be corrected any more.
func (o *office) openMending(v *visit) (*mending, error) {
	file, err := o.openFile(v)
	if err != nil {
		return nil, err
	}
	m := &mending{visit: v, file: file}
	state := registration.Of(file.Order.State)
	if id := v.Param("registration"); id != views.AdminWholeOrder {
		if m.reg = file.Order.Registration(id); m.reg == nil {
			return nil, registration.Fail(registration.CodeNotFound, "order.unknown")
		}
		state = m.reg.State
	}
	if file.Order.Check || state == registration.Cancelled {
		return nil, goTo(v, file.path(v))
	}
	return m, nil
}

// path is the address of the form.
func (m *mending) path() string {
	of := views.AdminWholeOrder
	if m.reg != nil {
		of = m.reg.ID
	}
	return views.AdminDetailsPath(m.event.Slug, m.file.Order.Code, of)
}

// detailsPath is where staff correct what a person has told, or, without one, what is asked once for the order; "" when there is nothing.
func (f *orderFile) detailsPath(v *visit, r *registration.Registration) string {
	m := &mending{visit: v, file: f, reg: r}
	switch {
	case f.Order.Check || registration.Of(f.Order.State) == registration.Cancelled || (r != nil && r.State == registration.Cancelled):
		return ""
	case r == nil && len(f.Order.Answers) == 0 && len(m.asked(nil)) == 0:
		return ""
	}
	return m.path()
}

// had is what stands there: the person, none for the order's own answers, and the answers.
func (m *mending) had() (registration.Person, registration.Answers) {
	if m.reg == nil {
		return registration.Person{}, m.file.Order.Answers
	}
	return m.reg.Person, m.reg.Answers
}

// shown names what the form was filled with.
func (m *mending) shown() string {
	return markOf(m.had())
}

// markOf names what a form about a person and answers is filled with.
func markOf(p registration.Person, answers registration.Answers) string {
	return store.Hash(fmt.Sprintf("%q %q", fmt.Sprint(p), fmt.Sprint(answers))) // maps are printed in the order of their keys
}

// asked are the questions of the form. Staff may leave open what attendees may not. Conditions of somebody alone look at all answers.
func (m *mending) asked(given registration.Answers) (list []registration.Question) {
	one := m.file.Order.Registrations[0]
	switch {
	case m.reg != nil:
		list = m.event.AskedOf(m.file.Order, m.reg, given)
	case len(m.file.Order.Registrations) == 1:
		list = m.event.Asked(registration.PerOrder, one.Category(), one.Answers.With(given))
	default:
		list = m.event.AskedOnce(m.file.Order.Categories(), given)
	}
	for i := range list {
		list[i].Required = false
	}
	return list
}

// openEvent is the event as staff see it who correct a person: nothing has to be filled in, and what the person has told can be seen also
// when the event does not ask it any more.
func openEvent(e *registration.Event, p registration.Person) *registration.Event {
	all := *e
	f := &all.Person
	f.VerifyPhone = false
	for _, x := range []struct {
		ask  *registration.Ask
		told string
	}{
		{&f.PassportName, p.FamilyName + p.GivenName}, {&f.Affiliation, "always"}, {&f.AffiliationEn, p.AffiliationEn}, {&f.Title, p.Title},
		{&f.Country, p.Country}, {&f.Phone, p.Phone}, {&f.BadgeName, p.BadgeName},
	} {
		switch *x.ask {
		case registration.AskAlways:
			*x.ask = registration.AskLoosely
		case registration.AskNot, registration.AskIfWanted, registration.AskLoosely, "":
			if x.told != "" {
				*x.ask = registration.AskIfWanted
			}
		}
	}
	return &all
}

// loose are the ids of the questions that attendees have to answer.
func (m *mending) loose() []string {
	var ids []string
	for _, q := range m.event.Questions {
		if q.Required {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// typed is what a form says of the person and of the answers, with what it does not ask: files, and answers to questions that are gone.
func (m *mending) typed(posted form) (who registration.Person, given registration.Answers) {
	given, per := answered(m.event, posted), registration.PerOrder
	if m.reg != nil {
		who, per = personOf(openEvent(m.event, m.reg.Person), posted.value), registration.PerPerson
	}
	maps.DeleteFunc(given, func(id string, _ []string) bool { return m.event.Question(id).Per != per })
	_, had := m.had()
	for id, values := range had {
		if q := m.event.Question(id); q == nil || (q.Kind == registration.AskFile && !posted.removes(q)) {
			given[id] = values
		}
	}
	return who, given
}

// filed are answers as they are shown again: files that were taken out in the form are still there.
func (m *mending) filed(given registration.Answers) registration.Answers {
	_, had := m.had()
	return filed(m.event, given, had)
}

// hides reports whether the form does not ask what was answered, and has to leave it: to a question that is gone, or of the other kind, or,
// with places, one that another answer hides.
func (m *mending) hides(id string, asked []registration.Question) bool {
	q, per := m.event.Question(id), registration.PerOrder
	if m.reg != nil {
		per = registration.PerPerson
	}
	if q == nil || q.Per != per {
		return true
	}
	limited := m.reg != nil && len(q.Categories) > 0 && !slices.Contains(q.Categories, m.reg.Category())
	return m.event.TakesPlaces(q) && !limited && !slices.ContainsFunc(asked, func(x registration.Question) bool { return x.ID == id })
}
