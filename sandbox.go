package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"foyer/payments/sandbox"
)

type sandboxCommand struct {
	Books string `help:"File in which the simulator keeps its books; in memory when not given." placeholder:"FILE"`
}

// Run serves the simulator alone until the program is told to stop.
func (c sandboxCommand) Run(p *program) error {
	log, err := p.settings.logger(p.stderr, "text")
	if err != nil {
		return exit(exitSettings, err)
	}
	sb, err := openSandbox(cmp.Or(p.settings.SandboxAddr, "127.0.0.1:9100"), c.Books, log)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stderr, "listening on", sb.base)
	<-p.ctx.Done()
	return sb.stop()
}

// simulator is the sandbox on an address of its own.
type simulator struct {
	*sandbox.Sandbox
	base   string
	server *http.Server
}

// openSandbox starts the simulator. It answers on this machine only: its windows look like payment windows.
func openSandbox(addr, books string, log *slog.Logger) (*simulator, error) {
	if err := address("FOYER_SANDBOX_ADDR", addr); err != nil {
		return nil, exit(exitSettings, err)
	}
	if !loopbackAddr(addr) {
		return nil, exit(exitSettings, wrong("FOYER_SANDBOX_ADDR", "is %q, but the sandbox answers on a loopback address only, such as 127.0.0.1:9100", addr))
	}
	if books != "" {
		if err := os.MkdirAll(filepath.Dir(books), 0o700); err != nil {
			return nil, fmt.Errorf("foyer: make the folder of the sandbox's books: %w", err)
		}
	}
	l, err := listen("FOYER_SANDBOX_ADDR", addr)
	if err != nil {
		return nil, err
	}
	return newSimulator(l, addr, books, log)
}

func newSimulator(l net.Listener, addr, books string, log *slog.Logger) (*simulator, error) {
	base := "http://" + shown(addr, l.Addr())
	sb, err := sandbox.New(sandbox.Config{File: books, BaseURL: base, Log: log})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("foyer: %w", err), l.Close())
	}
	s := &simulator{Sandbox: sb, base: base, server: newHTTPServer(sb.Handler(), log)}
	go serveOn(s.server, l, log)
	return s, nil
}

// stop ends the simulator; what a browser still waits for is cut off after a moment.
func (s *simulator) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.Close() // first: it ends slow answers
	if s.server.Shutdown(ctx) != nil {
		err = errors.Join(err, s.server.Close())
	}
	return err
}
