package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// listening begins the line with which a server tells its address.
const listening = "listening on "

// server is a running child process that answers HTTP.
type server struct {
	cmd  *exec.Cmd
	addr string // host and port
}

// startServer starts a program with its standard error in logPath and waits until it tells its address there. It ends with ctx, with
// stop, or with this process.
func startServer(ctx context.Context, logPath string, env []string, program string, args ...string) (*server, error) {
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the child has its own
	s := &server{cmd: exec.CommandContext(ctx, program, args...)}
	s.cmd.Env, s.cmd.Stderr, s.cmd.SysProcAttr = env, log, endWithParent()
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 20 * time.Second
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for limit := time.Now().Add(20 * time.Second); time.Now().Before(limit); time.Sleep(200 * time.Microsecond) {
		if s.addr = toldAddress(logPath); s.addr != "" {
			return s, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s did not begin to listen", program), s.stop())
}

// toldAddress finds the address in a server's standard error, "" while it is not there.
func toldAddress(logPath string) string {
	text, err := os.ReadFile(logPath)
	if err != nil {
		return ""
	}
	_, rest, found := bytes.Cut(text, []byte(listening+"http://"))
	addr, _, whole := bytes.Cut(rest, []byte("\n"))
	if !found || !whole {
		return ""
	}
	return string(addr)
}

// stop asks the server to end and waits until it has. That it ended by the signal is no failure.
func (s *server) stop() error {
	if s == nil || s.cmd.ProcessState != nil {
		return nil
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	patience := time.AfterFunc(20*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer patience.Stop()
	err := s.cmd.Wait()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		if status, ok := e.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGTERM {
			return nil
		}
	}
	return err
}

// cpu is the processor time that the server has used, user and system; 0 where the kernel does not tell.
func (s *server) cpu() time.Duration { return processorTime(s.cmd.Process.Pid) }

// peakMemory is the most resident memory that the server has had, in bytes; 0 where the kernel does not tell.
func (s *server) peakMemory() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	line, _, _ := strings.Cut(rest, "kB")
	n, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
	if err != nil {
		return 0
	}
	return n * 1024
}
