package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	"foyer/payments/sandbox"
	"foyer/store"
)

// trouble is the program among gateways that behave badly: one that answers too late, one in whose name webhooks are forged.
type trouble struct {
	*bench
	store   *store.Store
	product *server
	people  []person
	bank    *sandbox.Sandbox
	quick   *http.Server // the simulator as it is
	late    *http.Server // the simulator behind the gate
	gate    *gate
	client  *http.Client // follows no redirect
}

// troubled is the event with a channel at a quick gateway, one at a late one, and one that signs its webhooks.
func troubled(quick, late string) []byte {
	head, _, _ := bytes.Cut(eventFile, []byte("channels:\n"))
	toss := func(id, address string) string {
		return fmt.Sprintf(`  - id: %[1]s
    gateway: toss
    currency: KRW
    cards: domestic
    methods: [card]
    credentials: {client_key: test_ck_%[1]s, secret_key: test_sk_%[1]s}
    api_url: http://%[2]s
    script_url: http://%[2]s/v2/standard
`, id, address)
	}
	return append(head, ("channels:\n" + toss("quick", quick) + toss("late", late) + `  - id: signed
    gateway: stripe
    currency: USD
    cards: any
    methods: [card]
    credentials: {secret_key: sk_test_bench, webhook_secret: whsec_bench}
    api_url: http://127.0.0.1:9
`)...)
}

// begin starts the simulator and the program, and walks people to the last page of the form.
func (t *trouble) begin(ctx context.Context) (err error) {
	if t.bank, err = sandbox.New(sandbox.Config{CancelGap: -1}); err != nil {
		return err
	}
	t.gate = &gate{next: t.bank.Handler()}
	t.gate.open()
	t.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: attendees + 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	var quick, late string
	if t.quick, quick, err = listen(ctx, t.bank.Handler()); err != nil {
		return err
	}
	if t.late, late, err = listen(ctx, t.gate); err != nil {
		return err
	}
	if err := t.applyFile(ctx, "trouble", troubled(quick, late)); err != nil {
		return err
	}
	if t.product, err = t.serve(ctx, "trouble"); err != nil {
		return err
	}
	if t.store, err = t.open(ctx, "trouble"); err != nil {
		return err
	}
	t.people, err = meet(ctx, t.store, "http://"+t.product.addr, 20)
	return err
}

// end stops everything. A second call does nothing.
func (t *trouble) end() error {
	if t.gate != nil {
		t.gate.open()
	}
	err := t.product.stop()
	for _, s := range []*http.Server{t.quick, t.late} {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
	}
	if t.store != nil {
		err = errors.Join(err, t.store.Close())
	}
	if t.bank != nil {
		err = errors.Join(err, t.bank.Close())
	}
	t.quick, t.late, t.store, t.bank = nil, nil, nil, nil
	return err
}

// listen serves a handler on loopback.
func listen(ctx context.Context, h http.Handler) (*http.Server, string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s := &http.Server{Addr: l.Addr().String(), Handler: h, ReadHeaderTimeout: patience}
	go func() { _ = s.Serve(l) }() // ends with Close
	return s, l.Addr().String(), nil
}

// applyFile makes a database with an event in it.
func (b *bench) applyFile(ctx context.Context, name string, text []byte) error {
	file := filepath.Join(b.dir, name+".yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, b.product.binary, "event", "apply", file)
	cmd.Env = b.environment(name)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("event apply: %w\n%s", err, text)
	}
	return nil
}

// doctor lets the product examine a database after its load.
func (b *bench) doctor(ctx context.Context, s *store.Store, name string) error {
	findings, err := s.Doctor(ctx)
	if err != nil {
		return err
	}
	for _, f := range findings {
		b.report.Broken = append(b.report.Broken, name+": "+f.String())
	}
	b.report.Checked = append(b.report.Checked, name+": everything that doctor checks")
	return nil
}
