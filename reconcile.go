package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"foyer/handlers"
	"foyer/store"
)

type reconcileCommand struct{}

// Run looks up everything unsettled once, whatever its back-off, and finishes what is due. It may run beside serve.
func (reconcileCommand) Run(p *program) error {
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
	s, err := p.openWithKeys(log)
	if err != nil {
		return err
	}
	left, err := reconcileOnce(p, s, m, post, handlers.Links{Base: base}, log)
	if err = errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	if left > 0 {
		return exit(exitUnsettled, fmt.Errorf("%d payments and refunds are still unsettled", left))
	}
	_, err = fmt.Fprintln(p.stdout, "nothing is unsettled")
	return err
}

// reconcileOnce settles, expires and does jobs, in an order in which each finds what the one before has left, and counts the rest.
func reconcileOnce(p *program, s *store.Store, m money, post mailConfig, links handlers.Links, log *slog.Logger) (int64, error) {
	c := m.cashier(s, links, log)
	if err := takeOver(p.ctx, s, c); err != nil {
		return 0, err
	}
	do := jobs(c, &mailer{mailConfig: post, store: s, links: links})
	dueJobs := func(ctx context.Context) (int, error) { return s.RunDueJobs(ctx, do, store.RunOptions{}) }
	settle := func(ctx context.Context) (int, error) { return c.Reconcile(ctx, true) }
	for _, step := range []func(context.Context) (int, error){dueJobs, settle, s.ExpireHolds, dueJobs} {
		if _, err := step(p.ctx); err != nil {
			return 0, err
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
