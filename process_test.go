package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

// asProgram makes the test's own binary run as the program.
const asProgram = "FOYER_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command prepares a process of its own that runs the program.
func (h *testHouse) command(ctx context.Context, args ...string) *exec.Cmd {
	h.t.Helper()
	self, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(h.environ(), asProgram+"=1")
	return cmd
}

// process starts a server in a process of its own.
func (h *testHouse) process() (base string, cmd *exec.Cmd) {
	h.t.Helper()
	cmd = h.command(context.WithoutCancel(h.t.Context()), "serve")
	logs := &lines{found: make(chan string, 1), mark: "listening on "}
	cmd.Stderr = logs
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	select {
	case base = <-logs.found:
	case <-time.After(20 * time.Second):
		h.t.Fatalf("the process does not listen: %s", logs)
	}
	return base, cmd
}

func TestTwoProcessesShareADatabase(t *testing.T) {
	_, address := newGateway(t)
	h := newTestHouse(t)
	base, server := h.process()
	v := newVisitor(t)
	if p := v.get(base + "/e/apsys-2027"); p.status != http.StatusNotFound {
		t.Fatalf("before the event: %d, want 404", p.status)
	}
	apply := h.command(t.Context(), "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("event apply: %v: %s", err, out)
	}
	if p := v.get(base + "/e/apsys-2027"); p.status != http.StatusOK {
		t.Errorf("after the event: %d, want 200", p.status)
	}
	for _, args := range [][]string{{"doctor"}, {"reconcile"}, {"ledger", "apsys-2027"}, {"backup", h.dir + "/backup.db"}} {
		if out, err := h.command(t.Context(), args...).CombinedOutput(); err != nil {
			t.Errorf("foyer %s beside serve: %v: %s", strings.Join(args, " "), err, out)
		}
	}
	restore := h.command(t.Context(), "restore", h.dir+"/backup.db")
	if out, err := restore.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("another process")) {
		t.Errorf("restore beside serve: %v: %s", err, out)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v, want exit 0", err)
	}
}

// answerLate makes the gateway take the money at once and say so only d later, for one payment.
func answerLate(sb *sandbox.Sandbox, d time.Duration) {
	sb.Arm(sandbox.Fault{Kind: sandbox.FaultSlow, Operation: sandbox.OpConfirm, After: true, Delay: d})
}

// captured waits until the gateway has taken the money.
func captured(t *testing.T, sb *sandbox.Sandbox) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if b := sb.Books(); len(b.Payments) == 1 && b.Payments[0].Captured > 0 {
			return
		}
	}
	t.Fatal("the gateway has not taken the money")
}

func TestAStopLetsTheGatewayFinishWhatItWasAsked(t *testing.T) {
	sb, address := newGateway(t)
	answerLate(sb, 2*time.Second)
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))
	s := h.serve("serve")
	v := newVisitor(t)
	order := v.register(s.base, "apsys-2027", "student", nil)
	call, _ := v.pay(order, "korea")
	back := v.card(address, call, "kr")
	answered := make(chan int, 1)
	go func() { answered <- v.get(back).status }()
	captured(t, sb)
	s.end(t)
	if status := <-answered; status != http.StatusSeeOther {
		t.Errorf("the return under way was answered %d, want 303", status)
	}
	if o := h.ledger("apsys-2027").Orders[0]; o.State != "paid" {
		t.Errorf("order is %s after a stop in the middle of a confirmation, want paid", o.State)
	}
}

func TestAKillInTheMiddleOfAConfirmationIsHealedByTheNextStart(t *testing.T) {
	sb, address := newGateway(t)
	answerLate(sb, 30*time.Second)
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, address)))
	base, server := h.process()
	v := newVisitor(t)
	order := v.register(base, "apsys-2027", "student", nil)
	call, _ := v.pay(order, "korea")
	v.get(v.card(address, call, "kr")) // answered after 3 s at most, while the gateway is still at it
	captured(t, sb)
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err == nil {
		t.Error("the killed process exited with 0")
	}
	_, again := h.process()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if o := h.ledger("apsys-2027").Orders[0]; o.State == "paid" {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("order is %s after a restart, want paid: %+v", o.State, o.Payments)
		}
	}
	h.must("", "doctor")
	if err := again.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := again.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}
