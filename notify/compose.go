package notify

import (
	"strings"

	"foyer/registration"
)

// Addressing says who a mail goes to and how it is labelled.
type Addressing struct {
	To        registration.Person
	Lang      registration.Lang
	From      Address
	ReplyTo   Address
	MessageID string // as MessageID makes it
}

// About names the order that a mail is about.
type About struct {
	Event *registration.Event
	Code  string // the order's code
	Link  string // the order's private address
}

// start begins a letter to the addressee.
func (a Addressing) start() *letter {
	l := &letter{Lang: a.Lang, Greeting: commonWords.GreetingNoName.In(a.Lang)}
	if name := oneLine(a.To.Name); name != "" {
		l.Greeting = fill(commonWords.Greeting.In(a.Lang), "name", name)
	}
	return l
}

// finish turns the letter into a mail whose subject is its title, marked when the letter is about a test event.
func (a Addressing) finish(l *letter, title string) Mail {
	l.Title = oneLine(title)
	if l.Test != "" {
		l.Title = commonWords.TestMark.In(a.Lang) + " " + l.Title
	}
	m := Mail{To: a.To, Lang: a.Lang, From: a.From, ReplyTo: a.ReplyTo, MessageID: a.MessageID, Subject: l.Title}
	m.Text, m.HTML = l.render()
	return m
}

// startOrder begins a letter about an order of one event.
func startOrder(a Addressing, o About) *letter {
	l := a.start()
	if o.Event.Mode != registration.Live {
		l.Test = commonWords.TestLine.In(a.Lang)
	}
	return l
}

// finishOrder closes a letter about an order with its private link and the organizer's contact data.
func finishOrder(a Addressing, o About, l *letter, title registration.Text) Mail {
	return finishTo(a, o, l, title, commonWords.ViewOrder)
}

// finishTo is finishOrder with a link that says what is to be done there.
func finishTo(a Addressing, o About, l *letter, title, link registration.Text) Mail {
	l.offer(link.In(a.Lang), o.Link)
	organizerFoot(l, o.Event)
	return a.finish(l, o.fill(title, a.Lang))
}

// fill writes a sentence with the event's name and the order's code in it.
func (o About) fill(t registration.Text, l registration.Lang, more ...string) string {
	return fill(t.In(l), append([]string{"event", o.Event.Name.In(l), "code", o.Code}, more...)...)
}

// facts lists event, dates, place and code.
func (o About) facts(l registration.Lang) []fact {
	return []fact{
		{commonWords.Event.In(l), o.Event.Name.In(l)},
		{commonWords.Dates.In(l), days(o.Event.Starts, o.Event.Ends, l)},
		{commonWords.Place.In(l), o.Event.Place.In(l)},
		{commonWords.Code.In(l), o.Code},
	}
}

// organizerFoot says who sends the mail and answers questions.
func organizerFoot(l *letter, e *registration.Event) {
	var reach []string
	for _, s := range []string{e.Organizer.Name.In(l.Lang), e.Organizer.Phone, e.Organizer.Email} {
		if s != "" {
			reach = append(reach, s)
		}
	}
	if len(reach) > 0 {
		l.foot(commonWords.Contact.In(l.Lang) + ": " + strings.Join(reach, ", "))
	}
}
