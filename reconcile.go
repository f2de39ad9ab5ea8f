package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"foyer/handlers"
	"foyer/store"
)

type reconcileCommand struct {
	Day     string            `placeholder:"2027-07-01" help:"Compare this day, in each event's time zone, with the gateways' own lists instead; exit 3 when something differs."`
	Event   string            `placeholder:"SLUG" help:"With --day: only this event."`
	Channel string            `placeholder:"ID" help:"With --day: only the channel of this id."`
	File    string            `type:"existingfile" help:"With --day, --event and --channel: a settlement file, CSV or XLSX, in the place of the gateway's list."`
	Map     map[string]string `placeholder:"FIELD=HEADER" help:"With --file: the column of a field (amount, refund, kind, at, order_no, gateway_id, approve), where its header is not one that is known."`
}

// Run looks up everything unsettled once, whatever its back-off, and finishes what is due; with --day it compares a day with the
// gateways' books. It may run beside serve.
func (r reconcileCommand) Run(p *program) error {
	if r.Day != "" || r.Event != "" || r.Channel != "" || r.File != "" || len(r.Map) > 0 {
		return r.compare(p)
	}
	return settleAll(p)
}

func settleAll(p *program) error {
	var c complaints
	m := p.settings.money(&c)
	post := p.settings.mail(&c)
	base := p.address()
	log, err := p.settings.logger(p.stderr, "text")
	c.note(err)
	if err := c.err(); err != nil {
		return err
	}
	if base == "" {
		post.sender = nil // a mail would have no addresses to show; serve sends it
	}
	if err := p.exists(); err != nil {
		return err
	}
	s, err := p.openWithKeys(log)
	if err != nil {
		return err
	}
	left, err := reconcileOnce(p, s, m, post, handlers.Links{Base: base}, log)
	if err = errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	if left.All() > 0 {
		return exit(exitUnsettled, errors.New(unsettled(left)))
	}
	_, err = fmt.Fprintln(p.stdout, "nothing is unsettled")
	return err
}

// unsettled says what is left, why, and what becomes of it. A payment that has only begun may belong to an order that is paid otherwise: its
// window is still open, and money that comes through it must be found and given back.
func unsettled(u store.Unsettled) string {
	lines := []string{count(int(u.All()), "payment or refund is", "payments and refunds are") + " still unsettled:"}
	if u.Begun > 0 {
		lines = append(lines, fmt.Sprintf("  %s: closed by %s UTC, if nobody pays until then",
			count(int(u.Begun), "payment has begun and is not paid", "payments have begun and are not paid"), u.Closing.Format("2006-01-02 15:04")))
	}
	if u.Payments > 0 {
		lines = append(lines, "  "+count(int(u.Payments), "payment", "payments")+" whose gateway has not told what became of it: asked again; the attention list names what needs somebody")
	}
	if u.ByHand > 0 {
		lines = append(lines, "  "+count(int(u.ByHand), "refund waits", "refunds wait")+" for a person: the attention list says for what")
	}
	if again := u.Refunds - u.ByHand; again > 0 {
		lines = append(lines, "  "+count(int(again), "refund", "refunds")+" not done: tried again; the attention list names what needs somebody")
	}
	return strings.Join(lines, "\n")
}

// reconcileOnce settles, expires and does jobs, in an order in which each finds what the one before has left, and counts the rest.
func reconcileOnce(p *program, s *store.Store, m money, post mailConfig, links handlers.Links, log *slog.Logger) (store.Unsettled, error) {
	c := m.cashier(s, links, log)
	if err := takeOver(p.ctx, s, c); err != nil {
		return store.Unsettled{}, err
	}
	do := jobs(c, &mailer{mailConfig: post, store: s, links: links})
	dueJobs := func(ctx context.Context) (int, error) { return s.RunDueJobs(ctx, do, store.RunOptions{}) }
	settle := func(ctx context.Context) (int, error) { return c.Reconcile(ctx, true) }
	for _, step := range []func(context.Context) (int, error){dueJobs, settle, s.ExpireHolds, dueJobs} {
		if _, err := step(p.ctx); err != nil {
			return store.Unsettled{}, err
		}
	}
	return s.Unsettled(p.ctx)
}

// address is under which people reach the server, as far as the settings tell; "" when only the running server knows.
func (p *program) address() string {
	base, err := p.settings.base()
	switch {
	case err != nil:
		return ""
	case base != "":
		return base
	case address("FOYER_ADDR", p.settings.Addr) != nil || portOf(p.settings.Addr) == "0":
		return ""
	}
	return "http://" + p.settings.Addr
}
