package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"foyer/payments/gatewaytest"
	"foyer/payments/sandbox"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "foyer-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	defer closeBrowser()
	binary = filepath.Join(dir, "foyer")
	build := exec.Command("go", "build", "-o", binary, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build foyer: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// site is one Foyer with its gateway and its mail server.
type site struct {
	t       *testing.T
	dir     string
	slug    string // of the event
	url     string
	addr    string
	env     []string
	kit     gatewaytest.Kit // of the gateway that scripts pay through
	gateway *gateway
	mail    *mailbox
	looked  sync.Map // pages that were looked at, by language and name

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
	log  *lockedBuffer
}

// gateway is the sandbox on a listener of its own, with a place to step in between a request and its answer.
type gateway struct {
	*sandbox.Sandbox
	url string

	mu     sync.Mutex
	before func(*http.Request) bool // true: the request is dropped unseen
	after  func(*http.Request)      // it had its effect, the answer is not sent yet
	heard  []*http.Request          // all that came, dropped ones too, without their bodies
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	box, err := sandbox.New(sandbox.Config{CancelGap: -1, SlowConfirm: 5 * time.Second, WebhookRetries: []time.Duration{200 * time.Millisecond, time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{Sandbox: box}
	srv := httptest.NewServer(http.HandlerFunc(g.serve))
	g.url = srv.URL
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
		if err := box.Close(); err != nil {
			t.Errorf("close sandbox: %v", err)
		}
	})
	return g
}

func (g *gateway) serve(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	before, after := g.before, g.after
	g.heard = append(g.heard, &http.Request{Method: r.Method, URL: r.URL})
	g.mu.Unlock()
	if before != nil && before(r) {
		panic(http.ErrAbortHandler)
	}
	if after == nil {
		g.Handler().ServeHTTP(w, r)
		return
	}
	kept := httptest.NewRecorder()
	g.Handler().ServeHTTP(kept, r)
	after(r)
	for k, v := range kept.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(kept.Code)
	_, _ = w.Write(kept.Body.Bytes())
}

// stepIn sets what happens around the gateway's requests; nil for nothing.
func (g *gateway) stepIn(before func(*http.Request) bool, after func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before, g.after = before, after
}

// count is how many requests of a kind came so far.
func (g *gateway) count(kind func(*http.Request) bool) (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.heard {
		if kind(r) {
			n++
		}
	}
	return n
}

// newSite starts a Foyer with one event in test mode, whose two channels are Toss Payments. env adds settings.
func newSite(t *testing.T, env ...string) *site {
	t.Helper()
	s := openSite(t, gatewaytest.Toss, env...)
	s.serve(eventFile(s.gateway.url))
	for key, channel := range map[string]string{"test_ck_e2e": "korea", "test_ck_e2eusd": "overseas"} {
		s.gateway.SetWebhook(key, s.url+"/webhooks/apsys-2027/"+channel)
	}
	return s
}

// newKitSite starts a Foyer with one event in test mode, whose only channel is the kit's own contract.
func newKitSite(t *testing.T, kit gatewaytest.Kit) *site {
	t.Helper()
	s := openSite(t, kit)
	s.serve(kitFile(kit, s.gateway.url))
	s.gateway.SetWebhook("", s.url+"/webhooks/apsys-2027/main")
	return s
}

// openSite makes room for a Foyer, its gateway and its mail.
func openSite(t *testing.T, kit gatewaytest.Kit, env ...string) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), slug: "apsys-2027", kit: kit, gateway: newGateway(t), mail: newMailbox(t)}
	s.addr = freeAddr(t)
	s.url = "http://" + s.addr
	s.env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "FOYER_ADDR=" + s.addr, "FOYER_DATABASE_URL=sqlite:" + filepath.Join(s.dir, "foyer.db"),
		"FOYER_SMTP_URL=smtp://" + s.mail.addr, "FOYER_RECONCILE_FIRST=500ms", "FOYER_RECONCILE_EVERY=1s", "FOYER_GATEWAY_TIMEOUT=10s",
	}, env...)
	return s
}

// serve applies an event file, adds somebody who may do everything, and starts.
func (s *site) serve(file string) {
	s.t.Helper()
	s.apply(file)
	if out, code := s.runIn("a-long-password-1\n", "staff", "add", "admin@example.org", "--role", "owner"); code != 0 {
		s.t.Fatalf("staff add: exit %d\n%s", code, out)
	}
	s.start()
	s.t.Cleanup(s.kill)
}

// ports counts the addresses that were given out.
var ports atomic.Int64

// freeAddr gives an address that nobody listens at. It is needed again after a restart, so it lies below the ports that systems give to
// whoever asks for any: the tests of other packages, which run at the same time, do not get it meanwhile.
func freeAddr(t *testing.T) string {
	t.Helper()
	for range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20_000+(int64(os.Getpid())*37+ports.Add(1))%10_000)
		if l, err := net.Listen("tcp", addr); err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// apply applies an event file.
func (s *site) apply(text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, "event.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if out, code := s.run("event", "apply", path); code != 0 {
		s.t.Fatalf("event apply: exit %d\n%s", code, out)
	}
}

// start starts the server and waits until it answers.
func (s *site) start() {
	s.t.Helper()
	s.log = &lockedBuffer{}
	cmd := exec.Command(binary, "serve")
	cmd.Env, cmd.Dir, cmd.Stderr, cmd.Stdout = s.env, s.dir, s.log, s.log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	s.mu.Lock()
	s.cmd, s.done = cmd, done
	s.mu.Unlock()
	s.eventually("the server answers", 20*time.Second, func() bool {
		if !strings.Contains(s.log.String(), "listening on") {
			return false // whoever answers there is not ours
		}
		res, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// kill ends the server at once, as a power cut would; harmless when it has ended.
func (s *site) kill() {
	s.mu.Lock()
	cmd, done := s.cmd, s.done
	s.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Kill()
	<-done
}

// stop ends the server as a service manager would, and gives its exit code.
func (s *site) stop() int {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.done:
	case <-time.After(20 * time.Second):
		s.t.Fatal("the server did not stop")
	}
	return s.cmd.ProcessState.ExitCode()
}

// run runs a command beside the server and gives its output and exit code.
func (s *site) run(args ...string) (string, int) { return s.runIn("", args...) }

func (s *site) runIn(stdin string, args ...string) (string, int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, errs bytes.Buffer
	cmd.Env, cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = s.env, s.dir, strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		s.t.Fatal(err)
	}
	if cmd.ProcessState.ExitCode() == 0 {
		return out.String(), 0
	}
	return out.String() + errs.String(), cmd.ProcessState.ExitCode()
}

// eventually polls until ok, and fails with the server's log otherwise.
func (s *site) eventually(what string, within time.Duration, ok func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(within)
	for !ok() {
		if time.Now().After(deadline) {
			s.t.Fatalf("not within %s: %s\nserver log:\n%s", within, what, s.log.tail())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// lockedBuffer is a log that a process writes while a test reads.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *lockedBuffer) tail() string {
	text := b.String()
	return text[max(0, len(text)-4000):]
}
