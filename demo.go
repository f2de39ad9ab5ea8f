package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"text/template"
	"time"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

//go:embed demo/symposium.yaml
var demoEvent string

const (
	demoFolder   = "data/demo"
	demoDatabase = "sqlite:data/demo/foyer.db"
	demoBooks    = "data/demo/sandbox.jsonl"
	demoGateway  = "data/demo/sandbox.addr" // where the gateway answered the last time
	demoMails    = "data/demo/mail"         // no mail leaves the demo
	demoStaff    = "demo@example.org"
)

type demoCommand struct{}

// Run serves an invented event with the simulated gateway. Everything lives in data/demo and nothing can be reached from other machines.
func (demoCommand) Run(p *program) error {
	if !loopbackAddr(p.settings.Addr) {
		return exit(exitSettings, wrong("FOYER_ADDR", "is %q, but the demo answers on a loopback address only, such as 127.0.0.1:8080", p.settings.Addr))
	}
	if u, err := url.Parse(p.settings.BaseURL); p.settings.BaseURL != "" && (err != nil || !loopbackHost(u.Hostname())) {
		return exit(exitSettings, wrong("FOYER_BASE_URL", "must be a loopback address or not set, because the demo is for this machine only"))
	}
	release, err := claimDemo()
	if err != nil {
		return err
	}
	defer func() { _ = release() }() // ends with the process anyway
	p.settings.DatabaseURL, p.settings.SecretKey = demoDatabase, ""
	cfg, err := p.settings.house(p.stderr, "text")
	if err != nil {
		return err
	}
	if p.settings.Log == "" {
		cfg.log = quiet(p)
	}
	if cfg.mail.sender == nil {
		if cfg.mail.sender, err = notify.NewFolder(demoMails); err != nil {
			return fmt.Errorf("foyer: %w", err)
		}
	}
	s, err := p.openWithKeys(cfg.log)
	if err != nil {
		return err
	}
	h, err := cfg.open(p, s)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	sb, moved, err := p.demoSandbox(cfg.log)
	if err != nil {
		return errors.Join(err, h.listener.Close(), s.Close())
	}
	if err := p.openDemo(h, sb, moved); err != nil {
		return errors.Join(err, h.stop(p), sb.stop())
	}
	<-p.ctx.Done()
	return errors.Join(h.stop(p), sb.stop())
}

// claimDemo keeps a second demo out of the folder: it would lead the event of the first one to a sandbox that ends with it.
func claimDemo() (release func() error, err error) {
	if err := os.MkdirAll(demoFolder, 0o700); err != nil {
		return nil, fmt.Errorf("foyer: %w", err)
	}
	release, err = store.Claim(demoFolder + "/demo.lock")
	if errors.Is(err, store.ErrInUse) {
		return nil, exit(exitSettings, errors.New("foyer: a demo is running in this folder already: stop it first, or start this one in another folder"))
	}
	if err != nil {
		return nil, fmt.Errorf("foyer: %w", err)
	}
	return release, nil
}

// quiet is a log of errors only, so that the addresses stay in sight.
func quiet(p *program) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// demoSandbox opens the simulated gateway where it was the last time: the demo's events lead there. moved reports whether it is elsewhere.
func (p *program) demoSandbox(log *slog.Logger) (sb *simulator, moved bool, err error) {
	last, err := os.ReadFile(demoGateway)
	if err == nil && p.settings.SandboxAddr == "" {
		if sb, err = openSandbox(string(last), demoBooks, log); err == nil {
			return sb, false, nil
		} // somebody else answers there by now
	}
	if sb, err = openSandbox(cmp.Or(p.settings.SandboxAddr, "127.0.0.1:0"), demoBooks, log); err != nil {
		return nil, false, err
	}
	addr := strings.TrimPrefix(sb.base, "http://")
	if err := os.WriteFile(demoGateway, []byte(addr), 0o600); err != nil {
		return nil, false, errors.Join(fmt.Errorf("foyer: %w", err), sb.stop())
	}
	return sb, addr != string(last), nil
}

// openDemo sets the event up, lets somebody sign in, begins to serve and tells where. An event that is there, ahead and led to the gateway
// stays as it was changed in the console.
func (p *program) openDemo(h *house, sb *simulator, moved bool) error {
	file, err := demoFile(sb.base, h.store.Now())
	if err != nil {
		return err
	}
	slug := file.Event.Slug
	if had, err := h.store.Event(p.ctx, slug); err != nil || moved || !had.Starts.In(had.Location()).After(h.store.Now()) {
		if _, err := applyEvent(p.ctx, h.store, "demo/symposium.yaml", file); err != nil {
			return err
		}
	}
	for _, ch := range file.Channels {
		sb.SetWebhook(ch.Credentials["client_key"], h.links.Webhook(slug, ch.ID))
	}
	link, err := p.demoSignIn(h.store, h.links.Base)
	if err != nil {
		return err
	}
	if err := h.start(p.ctx); err != nil {
		return err
	}
	base := h.links.Base
	_, err = fmt.Fprintf(p.stdout, demoText, h.links.Event(slug), base+views.ConsolePath, sb.base, link)
	fmt.Fprintln(p.stderr, "listening on", base)
	return err
}

const demoText = `
Foyer demo: an invented event and a simulated gateway. No real money moves. The data is in data/demo.

  Register      %s
  Console       %s
  Sandbox       %s
  Mails         are files in data/demo/mail

  Sign in to the console with this link, once, within 24 hours:
  %s

Ctrl+C stops it.

`

// demoFile is the demo's event with dates that are always ahead.
func demoFile(sandbox string, now time.Time) (registration.EventFile, error) {
	t, err := template.New("event").Parse(demoEvent)
	if err != nil {
		return registration.EventFile{}, fmt.Errorf("foyer: read the demo's event: %w", err)
	}
	starts := now.AddDate(0, 0, 120)
	var text bytes.Buffer
	err = t.Execute(&text, map[string]any{
		"Year": starts.Year(), "Starts": starts.Format(time.DateOnly), "Ends": starts.AddDate(0, 0, 1).Format(time.DateOnly),
		"EarlyUntil": now.AddDate(0, 0, 60).Format(time.DateOnly) + "T23:59:59", "Sandbox": sandbox,
	})
	if err != nil {
		return registration.EventFile{}, fmt.Errorf("foyer: fill in the demo's event: %w", err)
	}
	return registration.ParseEventFile("demo/symposium.yaml", text.Bytes(), func(string) (string, bool) { return "", false })
}

// demoSignIn makes sure that there is an owner and gives a link that lets this person in once.
func (p *program) demoSignIn(s *store.Store, base string) (string, error) {
	_, err := s.StaffByEmail(p.ctx, demoStaff)
	if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeNotFound {
		err = s.AddStaff(p.ctx, demoStaff, store.RoleOwner, "", store.Token()) // nobody knows this password
	}
	if err != nil {
		return "", fmt.Errorf("foyer: add the demo's owner: %w", err)
	}
	return p.signInLink(s, base, demoStaff)
}
