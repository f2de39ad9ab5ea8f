package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// house under test: a folder with its own database, and an environment.
type testHouse struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newTestHouse(t *testing.T) *testHouse {
	t.Helper()
	dir := t.TempDir()
	return &testHouse{t: t, dir: dir, env: map[string]string{
		"FOYER_ADDR": "127.0.0.1:0", "FOYER_DATABASE_URL": "sqlite:" + filepath.Join(dir, "foyer.db"),
		"TOSS_CLIENT_KEY": "test_ck_society", "TOSS_SECRET_KEY": "test_sk_society",
	}}
}

func (h *testHouse) environ() []string {
	var all []string
	for name, value := range h.env {
		all = append(all, name+"="+value)
	}
	return all
}

// do runs one command to its end.
func (h *testHouse) do(stdin string, args ...string) (code int, stdout, stderr string) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	code = run(ctx, args, h.environ(), strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// must runs one command that has to work and gives what it printed.
func (h *testHouse) must(stdin string, args ...string) string {
	h.t.Helper()
	code, out, errs := h.do(stdin, args...)
	if code != 0 {
		h.t.Fatalf("foyer %s: exit %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

// file writes a file into the house's folder and gives its path.
func (h *testHouse) file(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// served is a command that serves.
type served struct {
	base string
	code chan int
	stop context.CancelFunc
	logs *lines
}

// serve starts a command that serves and waits until it listens.
func (h *testHouse) serve(args ...string) *served {
	h.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(h.t.Context()))
	s := &served{stop: stop, code: make(chan int, 1), logs: &lines{found: make(chan string, 1), mark: "listening on "}}
	go func() { s.code <- run(ctx, args, h.environ(), strings.NewReader(""), s.logs, s.logs) }()
	h.t.Cleanup(stop)
	select {
	case s.base = <-s.logs.found:
	case code := <-s.code:
		h.t.Fatalf("foyer %s: exit %d: %s", strings.Join(args, " "), code, s.logs)
	case <-time.After(20 * time.Second):
		h.t.Fatalf("foyer %s does not listen: %s", strings.Join(args, " "), s.logs)
	}
	return s
}

// end tells the server to stop and waits for it.
func (s *served) end(t *testing.T) {
	t.Helper()
	s.stop()
	select {
	case code := <-s.code:
		if code != 0 {
			t.Errorf("exit %d after a stop: %s", code, s.logs)
		}
	case <-time.After(grace):
		t.Fatalf("did not stop within %s: %s", grace, s.logs)
	}
}

// lines collects what is written and tells what follows mark on a line.
type lines struct {
	mu    sync.Mutex
	text  strings.Builder
	mark  string
	told  bool
	found chan string
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(b)
	for line := range strings.Lines(l.text.String()) {
		if rest, ok := strings.CutPrefix(line, l.mark); ok && strings.HasSuffix(rest, "\n") && !l.told {
			l.told = true
			l.found <- strings.TrimSpace(rest)
		}
	}
	return len(b), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
