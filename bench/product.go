package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"foyer/store"
)

// slug names the event of event.yaml.
const slug = "bench-2099"

//go:embed event.yaml
var eventFile []byte

// product is the program that is measured.
type product struct {
	binary string
}

// maxBinary is how large the stripped program may be, in bytes.
const maxBinary = 35e6

// build makes the program as releases are made, and tells its size.
func (b *bench) build(ctx context.Context) error {
	b.product.binary = filepath.Join(b.dir, "foyer")
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "build", "BINARY="+b.product.binary)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	info, err := os.Stat(b.product.binary)
	if err != nil {
		return err
	}
	b.report.add(figure{What: "stripped binary", Value: float64(info.Size()) / 1e6, Unit: "MB", Goal: maxBinary / 1e6})
	return nil
}

// database is the path of one of the run's databases.
func (b *bench) database(name string) string { return filepath.Join(b.dir, name+".db") }

// url is that database for the store.
func (b *bench) url(name string) string { return "sqlite:" + b.database(name) }

// environment is all that the program gets to know.
func (b *bench) environment(name string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir, "FOYER_DATABASE_URL=" + b.url(name), "FOYER_ADDR=127.0.0.1:0", "FOYER_RATE=off",
	}
}

// apply makes a database with the event in it.
func (b *bench) apply(ctx context.Context, name string) error {
	return b.applyFile(ctx, name, eventFile)
}

// open opens one of the run's databases.
func (b *bench) open(ctx context.Context, name string) (*store.Store, error) {
	return store.Open(ctx, store.Config{URL: b.url(name)})
}

// logPath is where a server's standard error goes.
func (b *bench) logPath(name string) string { return filepath.Join(b.dir, name+".log") }

// serve starts the program on a database, with its own defaults but for the limit of posts per address.
func (b *bench) serve(ctx context.Context, name string) (*server, error) {
	return startServer(ctx, b.logPath("serve"), b.environment(name), b.product.binary, "serve")
}

// lastLines is the end of the server's log, for when something went wrong.
func (b *bench) lastLines() string {
	text, err := os.ReadFile(b.logPath("serve"))
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return string(text[max(0, len(text)-2000):])
}
