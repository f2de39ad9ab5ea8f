// Command foyer takes conference registrations and the money for them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	_ "time/tzdata" // events have time zones, and a small machine may have none

	"github.com/alecthomas/kong"
)

// version is stamped by the build.
var version = "dev"

// exit codes besides 0.
const (
	exitFailed    = 1 // it did not work; doctor: an invariant is broken
	exitSettings  = 2 // settings, arguments or an event file are wrong
	exitUnsettled = 3 // reconcile: something is still unsettled
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}

// commands are what the program can do; each has a file of its own.
type commands struct {
	Serve     serveCommand     `cmd:"" help:"Serve attendees and staff."`
	Demo      demoCommand      `cmd:"" help:"Serve a demo event with a simulated gateway, on this machine only."`
	Event     eventCommands    `cmd:"" help:"Create and change events."`
	Staff     staffCommands    `cmd:"" help:"Let people sign in."`
	Ledger    ledgerCommand    `cmd:"" help:"Print an event's orders and all movements of money."`
	Reconcile reconcileCommand `cmd:"" help:"Look up everything unsettled once; exit 3 when something stays unsettled."`
	Doctor    doctorCommand    `cmd:"" help:"Check the invariants; exit 1 when one is broken."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database's schema up to date."`
	Backup    backupCommand    `cmd:"" help:"Write a copy of the SQLite database while others use it."`
	Restore   restoreCommand   `cmd:"" help:"Put a backup in the place of the SQLite database."`
	Sandbox   sandboxCommand   `cmd:"" help:"Run the gateway simulator alone."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// program is what a command has of the world.
type program struct {
	ctx      context.Context
	settings settings
	getenv   func(string) (string, bool)
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
}

// ended carries the exit code of a help page through the parser.
type ended int

// run does what the arguments ask and gives the exit code. It returns when the command is done or ctx ends.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(ended)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	variables := newEnvironment(environ)
	p := &program{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, getenv: variables.lookup}
	var err error
	if p.settings, err = readSettings(variables); err == nil {
		err = p.dispatch(args)
	}
	if err == nil {
		return 0
	}
	code = exitFailed
	if e, ok := errors.AsType[*exitError](err); ok {
		code = e.code
	}
	if text := strings.TrimSpace(err.Error()); text != "" {
		fmt.Fprintln(stderr, text)
	}
	return code
}

func (p *program) dispatch(args []string) error {
	var c commands
	parser, err := kong.New(&c, kong.Name("foyer"), kong.Description("Conference registrations and the money for them."),
		kong.Writers(p.stdout, p.stderr), kong.Exit(func(code int) { panic(ended(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fmt.Errorf("read commands: %w", err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return exit(exitSettings, fmt.Errorf("foyer: %w; see foyer --help", err))
	}
	for _, step := range k.Path {
		if step.Positional != nil && step.Positional.Target.Kind() == reflect.String && step.Positional.Target.String() == "" {
			return exit(exitSettings, fmt.Errorf("foyer: %s is empty; see foyer --help", step.Positional.Summary()))
		}
	}
	return k.Run(p)
}

// exitError is an error with the exit code that it ends the program with.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func exit(code int, err error) error { return &exitError{code, err} }
