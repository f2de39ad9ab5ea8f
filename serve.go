package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"foyer/handlers"
	"foyer/notify"
	"foyer/payments"
	"foyer/store"
	"foyer/views"
)

type serveCommand struct{}

// Run serves until the program is told to stop.
func (serveCommand) Run(p *program) error {
	cfg, err := p.settings.house(p.stderr, "json")
	if err != nil {
		return err
	}
	go views.LoadWords() // while the database opens
	s, err := p.openWithKeys(cfg.log)
	if err != nil {
		return err
	}
	if p.settings.public() && loopbackAddr(p.settings.Addr) && len(cfg.proxies) == 0 {
		cfg.log.Warn("FOYER_TRUSTED_PROXIES is not set: behind a proxy all visitors share one address, and so the limits on posts and sign-in")
	}
	if err := reseal(p.ctx, s, cfg.log); err != nil {
		return errors.Join(err, s.Close())
	}
	h, err := cfg.open(p, s)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if err := h.start(p.ctx); err != nil {
		return errors.Join(err, h.stop(p))
	}
	fmt.Fprintln(p.stderr, "listening on", h.links.Base)
	<-p.ctx.Done()
	return h.stop(p)
}

// reseal ends a rotation of the secret key: what the older key sealed is sealed with the newer one, and the older one can be dropped.
func reseal(ctx context.Context, s *store.Store, log *slog.Logger) error {
	if !s.Keys().Rotating() {
		return nil
	}
	n, err := s.Reseal(ctx)
	if err != nil {
		return fmt.Errorf("foyer: seal credentials with the new key: %w", err)
	}
	log.Info("the new secret key is in use; the old one can be dropped from FOYER_SECRET_KEY", "credentials", n)
	return nil
}

// houseConfig is everything that serving needs to know.
type houseConfig struct {
	addr, base, metrics string
	hold                time.Duration
	money               money
	proxies             []netip.Prefix
	rate                bool
	mail                mailConfig
	texts               notify.TextSender
	log                 *slog.Logger
}

// house checks the settings of a server, all of them at once.
func (s settings) house(stderr io.Writer, logForm string) (houseConfig, error) {
	var c complaints
	var err error
	cfg := houseConfig{addr: s.Addr}
	if err = address("FOYER_ADDR", s.Addr); err == nil {
		cfg.base, err = s.base() // what the others allow depends on a good address
	}
	c.note(err)
	cfg.metrics, err = s.metrics()
	c.note(err)
	cfg.hold, err = duration("FOYER_HOLD", s.Hold)
	c.note(err)
	cfg.money = s.money(&c)
	cfg.proxies, err = s.proxies()
	c.note(err)
	if cfg.rate, err = s.rate(); address("FOYER_ADDR", s.Addr) == nil {
		c.note(err)
	}
	cfg.mail = s.mail(&c)
	cfg.log, err = s.logger(stderr, logForm)
	c.note(err)
	cfg.texts = s.texts(&c, cfg.log)
	if _, engine, err := s.database(); err != nil {
		c.note(err)
	} else if engine == store.Postgres && s.SecretKey == "" {
		c.note(wrong("FOYER_SECRET_KEY", "is missing: with PostgreSQL every node needs the same key; make one with: openssl rand -base64 32"))
	}
	return cfg, c.err()
}

// house is a server with everything that works behind it.
type house struct {
	cfg      houseConfig
	store    *store.Store
	cashier  *payments.Cashier
	links    handlers.Links
	listener net.Listener
	servers  []*http.Server
	mailer   *mailer
	work     *work
}

// open takes the address and puts the server together; nothing is answered yet. The store stays the caller's when it fails.
func (cfg houseConfig) open(p *program, s *store.Store) (*house, error) {
	l, err := listen("FOYER_ADDR", cfg.addr)
	if err != nil {
		return nil, err
	}
	base := cfg.base
	if base == "" {
		base = "http://" + shown(cfg.addr, l.Addr())
	}
	h := &house{cfg: cfg, store: s, links: handlers.Links{Base: base}, listener: l}
	h.cashier = cfg.money.cashier(s, h.links, cfg.log)
	h.mailer = &mailer{mailConfig: cfg.mail, store: s, links: h.links, texts: cfg.texts}
	web, err := handlers.New(handlers.Config{
		BaseURL: base, Store: s, Cashier: h.cashier, Hold: cfg.hold, Log: cfg.log,
		TrustedProxies: cfg.proxies, Rate: cfg.rate, Now: s.Now, Version: version, Reaches: cfg.texts.Reaches, Messenger: cfg.texts.Company(),
		Jobs: slices.Collect(maps.Keys(jobs(h.cashier, h.mailer))),
	})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	h.servers = []*http.Server{newHTTPServer(web.Handler(), cfg.log)}
	if cfg.metrics != "" {
		if err := h.serveMetrics(); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return h, nil
}

// serveMetrics answers on the address of the metrics.
func (h *house) serveMetrics() error {
	l, err := listen("FOYER_METRICS_ADDR", h.cfg.metrics)
	if err != nil {
		return err
	}
	srv := newHTTPServer(handlers.Metrics(), h.cfg.log)
	h.servers = append(h.servers, srv)
	go serveOn(srv, l, h.cfg.log)
	return nil
}

// start begins to answer and to work.
func (h *house) start(ctx context.Context) error {
	var err error
	h.work, err = startWork(ctx, h)
	if err != nil {
		return err
	}
	go serveOn(h.servers[0], h.listener, h.cfg.log)
	return nil
}

// grace is how long stopping takes at most.
const grace = 15 * time.Second

// stop closes the listeners first, lets what is under way end, and leaves the rest to the next start.
func (h *house) stop(p *program) error {
	fmt.Fprintf(p.stderr, "stopping: waiting at most %s for what is under way\n", grace)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), grace-2*time.Second)
	defer cancel()
	for _, srv := range h.servers {
		if err := srv.Shutdown(ctx); err != nil {
			h.cfg.log.Warn("requests cut off", "error", errors.Join(err, srv.Close()))
		}
	}
	_ = h.listener.Close() // closed already, unless nothing was ever answered on it
	if err := h.work.stop(ctx); err != nil {
		h.cfg.log.Warn("work left for the next start", "error", err)
	}
	if err := h.cashier.Wait(ctx); err != nil {
		h.cfg.log.Warn("gateway calls left for the next start", "error", err)
	}
	return h.store.Close()
}

// newHTTPServer makes a server that no slow visitor can hold up.
func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func serveOn(srv *http.Server, l net.Listener, log *slog.Logger) {
	if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		log.Error("stopped answering", "error", err)
	}
}

// listen takes an address, or says in one sentence why not.
func listen(name, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, wrong(name, "is %s, but another program listens there already: stop it, or set %s to another address", addr, name)
	}
	if err != nil {
		return nil, wrong(name, "is %s, but nothing can listen there: %v", addr, err)
	}
	return l, nil
}

// shown is the address as people type it: with the name that was set and the port that was taken.
func shown(addr string, taken net.Addr) string {
	host, port, err := net.SplitHostPort(addr)
	_, real, realErr := net.SplitHostPort(taken.String())
	if err != nil || realErr != nil {
		return taken.String()
	}
	if port == "0" {
		port = real
	}
	return net.JoinHostPort(host, port)
}
