package store

import (
	"context"
	"fmt"
	"maps"

	"foyer/registration"
)

// PersonChange is what is to become of one registration's person.
type PersonChange struct {
	Registration string // id
	Version      int64  // of the registration's link, as it was read
	Person       registration.Person
	Answers      registration.Answers
	Once         *registration.Answers  // what is asked once for the order, told with it; nil to leave that
	Another      bool                   // somebody else takes the place: the link and the check-in code that were given out so far end, and what was proved with them
	Payer        bool                   // with Another, of an order of one: they have the order from now on, and its address so far ends too
	Consents     []registration.Consent // that the person gives with it; nil for none
	Actor        string
}

// ChangePerson writes what somebody has told about themselves, or puts another person in their place and mails both. Prices stay as they
// are; options that take places take them here, and give them back. Files that no answer names any more go. The audit says what became of
// name and affiliation, and of all else only which field it is.
//
// It fails with CodeFull when an option has no places left, and with CodeConflict when the person was changed, replaced or cancelled since o
// was read, the answers of the order are others, it holds no places any more or, key change.pending, places are to move while a change of
// the order waits for its money.
func (s *Store) ChangePerson(ctx context.Context, o *registration.Order, c PersonChange) error {
	before := o.Registration(c.Registration)
	if before == nil {
		return registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	e, err := s.EventByID(ctx, o.EventID)
	if err != nil {
		return err
	}
	p := &changing{PersonChange: c, event: e, order: o, before: before, once: o.Answers}
	if c.Once != nil {
		p.once = *c.Once
	}
	p.takes, p.gives = registration.MovedPlaces(e, []registration.Answers{before.Answers, o.Answers}, []registration.Answers{c.Answers, p.once})
	touched := maps.Clone(p.takes)
	if maps.Copy(touched, p.gives); len(touched) > 0 {
		if err := s.touchKept(ctx, o.ID, touched); err != nil {
			return err
		}
	}
	return s.Write(ctx, Locks{Quotas: quotaIDs(o.EventID, touched), Orders: []string{o.ID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(o.ID); err != nil {
			return err
		}
		if err := p.tell(tx); err != nil {
			return err
		}
		if c.Another {
			return p.replace(tx)
		}
		return p.audit(tx)
	})
}

// changing is a change of a person with what it is about.
type changing struct {
	PersonChange
	event        *registration.Event
	order        *registration.Order
	before       *registration.Registration
	once         registration.Answers // of the order, as they are to be
	takes, gives map[string]int64     // places
}

// tell writes person and answers, moves their places, and drops files that no answer names any more.
func (c *changing) tell(tx *Tx) error {
	if err := unchanged(tx, c.before); err != nil {
		return err
	}
	if err := moveChosen(tx, c.order, c.takes, c.gives); err != nil {
		return err
	}
	if c.Once != nil {
		if err := writeOnce(tx, c.event, c.order, c.once); err != nil {
			return err
		}
	}
	if err := dropFiles(tx, c.event, c.order, c.before.Answers, c.Answers); err != nil {
		return err
	}
	version, checkIn, completed := c.Version, c.before.CheckInToken, ms(tx.Now())
	if c.Another {
		version, checkIn, completed = c.Version+1, TimedToken(), 0
	}
	n, err := tx.Exec(`UPDATE registrations SET person = $4, answers = $5, version = $6, check_in = $7, completed_at = $8
		WHERE order_id = $1 AND id = $2 AND version = $3 AND cancelled_at = 0`+holdsPlaces,
		c.order.ID, c.Registration, c.Version, toJSON(c.Person), answersText(c.Answers), version, checkIn, completed)
	if err := oneRow(n, err, "person"); err != nil {
		return err
	}
	if err := findAgain(tx, c.order.ID); err != nil || c.Consents == nil {
		return err
	}
	return agree(tx, c.order, c.Registration, c.Person.Name, c.Consents, c.Actor)
}

// replace ends what was only the former person's, and mails both.
func (c *changing) replace(tx *Tx) error {
	wanted, err := c.ended(tx, c.event, c.order, c.before)
	if err != nil {
		return err
	}
	if c.Payer {
		return handOver(tx, c.order, c.before, c.Actor)
	}
	if err := mailReplaced(tx, c.order, c.before, wanted); err != nil {
		return err
	}
	return auditRow(tx, audit{
		actor: c.Actor, what: "registration", eventID: c.order.EventID, orderID: c.order.ID, to: "replaced", reason: c.before.Person.Name + " → " + c.Person.Name,
	})
}

func (c *changing) audit(tx *Tx) error {
	reason := c.Person.Name
	if what := corrected(c.before.Person, c.Person, c.order.Answers.With(c.before.Answers), c.once.With(c.Answers)); what != "" {
		reason = fmt.Sprintf("%s: %s", reason, what)
	}
	return auditRow(tx, audit{actor: c.Actor, what: "registration", eventID: c.order.EventID, orderID: c.order.ID, to: "completed", reason: reason})
}
