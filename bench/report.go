package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// figure is one thing that was measured.
type figure struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Goal  float64 `json:"goal"`     // 0: none
	Least bool    `json:"at_least"` // the goal is the least, otherwise the most
	Met   string  `json:"met"`      // ok, short, or "" without a goal
	Note  string  `json:"note"`
}

// report is all that a run found out.
type report struct {
	Cores   int      `json:"cores"`
	Errors  int      `json:"errors"`  // wrong answers
	Broken  []string `json:"broken"`  // what is wrong with the data
	Checked []string `json:"checked"` // databases that were looked through
	Figures []figure `json:"figures"`
	Reasons []string `json:"reasons"` // of the wrong answers
}

// add takes a figure. One that could not be measured here is left out.
func (r *report) add(f figure) {
	if f.Value == 0 || math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
		return
	}
	if f.Goal != 0 {
		f.Met = "short"
		if f.Least == (f.Value > f.Goal) || f.Value == f.Goal {
			f.Met = "ok"
		}
	}
	r.Figures = append(r.Figures, f)
}

// wrong counts a load's wrong answers.
func (r *report) wrong(where string, l load) {
	if l.wrong == 0 {
		return
	}
	r.Errors += l.wrong
	reason, _, _ := strings.Cut(l.first.Error(), "\n")
	r.Reasons = append(r.Reasons, fmt.Sprintf("%s: %s", where, reason))
}

// verdict is the run's failure: wrong answers or broken data. Slowness is none.
func (r *report) verdict() error {
	if r.Errors > 0 || len(r.Broken) > 0 {
		return errors.New("answers were wrong or data is not whole; see above")
	}
	return nil
}

func (r *report) print(out io.Writer, asJSON bool) error {
	r.Cores = runtime.NumCPU()
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "what\tmeasured\tgoal\t\tnote")
	for _, f := range r.Figures {
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", f.What, number(f.Value), f.Unit, f.goal(), f.Met, f.Note)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d cores, shared by both sides and the load generator. Wrong answers: %d.\n", r.Cores, r.Errors)
	for _, reason := range r.Reasons {
		fmt.Fprintln(out, "wrong:", reason)
	}
	for _, checked := range r.Checked {
		fmt.Fprintln(out, "checked:", checked)
	}
	for _, broken := range r.Broken {
		fmt.Fprintln(out, "BROKEN:", broken)
	}
	return nil
}

func (f figure) goal() string {
	switch {
	case f.Goal == 0:
		return ""
	case f.Least:
		return "≥ " + number(f.Goal)
	}
	return "≤ " + number(f.Goal)
}

// number writes three digits or more.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// median is the middle of some numbers, 0 when there are none.
func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// spread is the least and the most of some numbers.
func spread(all []float64) string {
	return number(slices.Min(all)) + " to " + number(slices.Max(all))
}
