// Command bench measures what is claimed about speed and size, as ratios within one run. The two sides of a ratio take turns, round by
// round, so that whatever else the machine does meanwhile touches both alike. It exits 1 when an answer was wrong or the data is not
// whole, never because a machine is slow.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// longest is when a run is given up; building, which a cold cache makes slow, is not counted.
const longest = 15 * time.Minute

// plan is how much is measured.
type plan struct {
	rounds int
	span   time.Duration // of one side's turn
	people int           // different people who register
	starts int           // of the server, to its first page
	dir    string        // for the databases; it must be on a disk
	json   bool
	walks  int    // people in one walk through the steps
	many   int    // registrations in the full one of two databases
	parts  []part // that are measured
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == floorCommand {
		if err := serveFloor(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, readPlan(), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func readPlan() plan {
	p := plan{span: 1500 * time.Millisecond, people: 200, starts: 5, walks: 300, many: 200_000, parts: parts}
	quick := flag.Bool("quick", false, "two short rounds: does it work, rather than how fast is it")
	flag.IntVar(&p.rounds, "rounds", 5, "rounds to measure")
	flag.StringVar(&p.dir, "dir", "bin", "folder for the databases, on the disk to be measured; emptied afterwards")
	flag.BoolVar(&p.json, "json", false, "print JSON instead of a table")
	million := flag.Bool("million", false, "walk through the steps beside 1,000,000 registrations, not 200,000")
	flag.Func("only", "measure these parts alone, with commas between: "+partNames(), func(list string) (err error) {
		p.parts, err = choose(list)
		return err
	})
	flag.Parse()
	if *quick {
		p.rounds, p.span, p.people, p.starts, p.walks, p.many = 2, 300*time.Millisecond, 20, 3, 50, 5000
	}
	if *million {
		p.many = 1_000_000
	}
	p.rounds = max(p.rounds, 1)
	return p
}

// run measures everything and prints it. Progress goes to progress, so that out holds figures only.
func run(ctx context.Context, p plan, out, progress io.Writer) (err error) {
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(p.dir, "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	b := &bench{plan: p, dir: dir, progress: progress}
	if err := b.measure(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err() // interrupted
		}
		return fmt.Errorf("%w\n%s", err, b.lastLines())
	}
	if err := b.report.print(out, p.json); err != nil {
		return err
	}
	return b.report.verdict()
}

// bench is one run.
type bench struct {
	plan     plan
	dir      string
	progress io.Writer
	product  product
	report   report
}
