package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// Check is one thing that Doctor looks at, by the name of its invariant.
type Check struct {
	Invariant string // such as I4
	Holds     string // what must always hold, one sentence
	Remedy    string // what to do when it does not, one sentence
}

// Finding is a broken invariant.
type Finding struct {
	Check
	IDs   []string // codes, ids and numbers of what is wrong
	Wrong string   // what was found, one sentence
}

// String writes the finding as one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s %v: %s %s", f.Invariant, f.IDs, f.Wrong, f.Remedy)
}

// patience is how long something may be in flight before nobody can be at it any more.
const patience = 24 * time.Hour

// maxFindings bounds what is told of one invariant; a thousand equal findings have one cause.
const maxFindings = 100

// Doctor looks whether the invariants hold that can be checked in the database alone, on all of it as it stands at one moment, and
// tells which do not. It changes nothing and runs beside a working server. Payments that are merely in flight are no finding.
func (s *Store) Doctor(ctx context.Context) ([]Finding, error) {
	d := &doctor{now: s.Now(), engine: s.engine, counts: map[string]int{}}
	err := s.snapshot(ctx, func(q queryer) error {
		d.q = q
		if err := d.tables(ctx); err != nil {
			return err
		}
		return d.events(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("examine: %w", err)
	}
	return d.findings, nil
}

// Checks lists what Doctor looks at, for telling that nothing was found.
func Checks() []Check {
	all := []Check{}
	for _, c := range orderChecks {
		all = append(all, c.Check)
	}
	return append(all, checkPlaces, checkWaiting, checkPapers, checkKeys, checkGatewayID, checkLeases, checkStaff, checkOrphanAudit, checkSealed, checkPeople, checkImports, checkClearings, checkPhones, checkMembers, checkClosed, checkTexts, checkFiles, checkDatabase)
}

// doctor is one examination.
type doctor struct {
	q        queryer
	now      time.Time
	engine   string
	findings []Finding
	counts   map[string]int
}

// find writes a finding down.
func (d *doctor) find(c Check, wrong string, ids ...string) {
	d.counts[c.Invariant]++
	n := d.counts[c.Invariant]
	if n > maxFindings {
		return
	}
	if n == maxFindings {
		wrong = "There are more findings of this kind than are listed."
	}
	d.findings = append(d.findings, Finding{Check: c, IDs: ids, Wrong: wrong})
}

// patient is one order with what a check needs to know around it.
type patient struct {
	*OrderView
	mode registration.Mode // of the event
	now  time.Time
}

// orderCheck is a check that needs no more than one order with everything that belongs to it.
type orderCheck struct {
	Check
	run func(p patient, find func(wrong string, ids ...string))
}

// events examines every order of every event, and counts their places.
func (d *doctor) events(ctx context.Context) error {
	type event struct {
		id, slug string
		mode     registration.Mode
	}
	all, err := collect(ctx, d.q, func(row scanner) (e event, err error) {
		err = row.Scan(&e.id, &e.slug, &e.mode)
		return e, err
	}, `SELECT id, slug, mode FROM events ORDER BY id`)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	for _, e := range all {
		counted, papers := recount{}, map[string]string{}
		err := eachView(ctx, d.q, wholeView, e.id, func(v *OrderView) error {
			counted.add(v)
			papersOf(papers, v)
			p := patient{v, e.mode, d.now}
			for _, c := range orderChecks {
				c.run(p, func(wrong string, ids ...string) { d.find(c.Check, wrong, append([]string{v.Order.Code}, ids...)...) })
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := d.waiting(ctx, e.id, counted); err != nil {
			return err
		}
		if err := d.places(ctx, e.id, e.slug, counted); err != nil {
			return err
		}
		if err := d.vouchers(ctx, e.id, e.slug); err != nil {
			return err
		}
		if err := d.papers(ctx, e.id, e.slug, papers); err != nil {
			return err
		}
	}
	return nil
}
