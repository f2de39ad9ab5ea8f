package main

import (
	"fmt"
	"math"
	"time"
)

// Goals of the post that makes an order.
const (
	leastOfFloor = 0.25 // part of the floor's rate
	maxMemory    = 80   // MiB, under the most connections
)

// tell puts the contest's figures into the report.
func (c *contest) tell() {
	for _, conns := range connections {
		ours, floor := c.turns[turn{false, conns}], c.turns[turn{true, conns}]
		at := fmt.Sprintf(" at %d", conns)
		rates := ratios(ours, floor, func(r result) float64 { return r.rate() })
		c.report.add(figure{
			What: "register, part of bare net/http" + at, Value: median(rates), Unit: "×", Goal: leastOfFloor, Least: true,
			Note: fmt.Sprintf("%.0f/s against %.0f/s; rounds %s", middle(ours, result.rate), middle(floor, result.rate), spread(rates)),
		})
		late := func(q float64) func(result) float64 {
			return func(r result) float64 { return milliseconds(r.quantile(q)) }
		}
		c.report.add(figure{
			What: "register, p99" + at, Value: middle(ours, late(.99)), Unit: "ms",
			Note: fmt.Sprintf("p50 %.1f ms; bare: p50 %.1f ms, p99 %.1f ms; p99 %.2f × bare",
				middle(ours, late(.5)), middle(floor, late(.5)), middle(floor, late(.99)), median(ratios(ours, floor, late(.99)))),
		})
		c.report.add(figure{
			What: "register, server CPU of bare" + at, Value: median(ratios(ours, floor, result.cost)), Unit: "×",
			Note: fmt.Sprintf("%.0f µs per registration against %.0f µs", middle(ours, result.cost), middle(floor, result.cost)),
		})
	}
	c.report.add(figure{What: "server memory, peak under 256", Value: c.product.peakMemory() / (1 << 20), Unit: "MiB", Goal: maxMemory})
	c.report.add(figure{What: "disk: 4 KiB overwritten and flushed", Value: median(c.disk), Unit: "/s", Note: "rounds " + spread(c.disk)})
}

// rate lets a result's rate be named like its cost.
func (r result) rate() float64 { return r.load.rate() }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// middle is the median of one number over all rounds.
func middle(rounds []result, of func(result) float64) float64 {
	var all []float64
	for _, r := range rounds {
		all = append(all, of(r))
	}
	return median(all)
}

// ratios are a number's ratios round by round.
func ratios(ours, theirs []result, of func(result) float64) []float64 {
	var all []float64
	for i := range ours {
		if below := of(theirs[i]); below > 0 {
			all = append(all, of(ours[i])/below)
		} else {
			all = append(all, math.NaN())
		}
	}
	return all
}
