package main

import (
	"bufio"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestFiguresAreComparedWithTheirGoals(t *testing.T) {
	tests := map[string]struct {
		figure figure
		want   string
	}{
		"at least, more":      {figure{Value: 5, Goal: 4, Least: true}, "ok"},
		"at least, less":      {figure{Value: 3, Goal: 4, Least: true}, "short"},
		"at least, the same":  {figure{Value: 4, Goal: 4, Least: true}, "ok"},
		"at most, less":       {figure{Value: 3, Goal: 4}, "ok"},
		"at most, more":       {figure{Value: 5, Goal: 4}, "short"},
		"at most, the same":   {figure{Value: 4, Goal: 4}, "ok"},
		"no goal, no verdict": {figure{Value: 5}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var r report
			r.add(tc.figure)
			if got := r.Figures[0].Met; got != tc.want {
				t.Errorf("%+v is %q, want %q", tc.figure, got, tc.want)
			}
			if err := r.verdict(); err != nil {
				t.Errorf("a figure alone fails the run: %v", err)
			}
		})
	}
}

func TestWrongAnswersAndBrokenDataFailTheRun(t *testing.T) {
	var wrong report
	wrong.wrong("somewhere", load{wrong: 1, first: errors.New("the answer is 500")})
	broken := report{Broken: []string{"a row is missing"}}
	for name, r := range map[string]*report{"wrong answer": &wrong, "broken data": &broken} {
		if r.verdict() == nil {
			t.Errorf("%s: the run succeeds", name)
		}
	}
}

func TestPartsAreChosenWithWhatTheyNeedInTheirOrder(t *testing.T) {
	for list, want := range map[string]string{
		"steps": "steps", "groups": "register groups", "steps, start": "register start steps", "register,groups": "register groups",
	} {
		chosen, err := choose(list)
		if err != nil {
			t.Errorf("%s: %v", list, err)
		}
		var names []string
		for _, p := range chosen {
			names = append(names, p.name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q chooses %q, want %q", list, got, want)
		}
	}
	for _, list := range []string{"", "speed", "steps,"} {
		if _, err := choose(list); err == nil {
			t.Errorf("%q chooses something", list)
		}
	}
}

func TestEachStepIsJudgedByItsDearest(t *testing.T) {
	turn := func(cost time.Duration) []result {
		return []result{{load: load{times: make([]time.Duration, 100)}, cpu: 100 * cost}}
	}
	few, many := &crowded{}, &crowded{}
	for range steps {
		few.turns, many.turns = append(few.turns, turn(400*time.Microsecond)), append(many.turns, turn(400*time.Microsecond))
	}
	many.turns[2], few.turns[3], many.turns[3] = turn(800*time.Microsecond), turn(1200*time.Microsecond), turn(1200*time.Microsecond)
	var b bench
	b.tellSteps(few, many)
	if cost, growth := b.report.Figures[0], b.report.Figures[1]; cost.Value != 1.2 || cost.Met != "short" || growth.Value != 2 || growth.Met != "short" {
		t.Errorf("one step costs 1.2 ms and another doubles: %+v, %+v", cost, growth)
	}
}

func TestMedianAndQuantile(t *testing.T) {
	if got := median([]float64{9, 1, 5}); got != 5 {
		t.Errorf("median of three is %v", got)
	}
	if got := median([]float64{4, 1, 9, 2}); got != 3 {
		t.Errorf("median of four is %v", got)
	}
	var l load
	for i := range 100 {
		l.times = append(l.times, time.Duration(i+1))
	}
	if p50, p99 := l.quantile(.5), l.quantile(.99); p50 != 51 || p99 != 100 {
		t.Errorf("p50 %d and p99 %d of 1 to 100", p50, p99)
	}
}

func TestAnswersAreReadOneAfterTheOther(t *testing.T) {
	const answers = "HTTP/1.1 303 See Other\r\nLocation: /o/K7Q4-M2XD/secret\r\nContent-Length: 0\r\n\r\n" +
		"HTTP/1.1 422 Unprocessable Entity\r\nContent-Length: 5\r\n\r\nagain" +
		"HTTP/1.1 303 See Other\r\nContent-Length: 0\r\nLocation: /e/bench-2099/register\r\n\r\n"
	l := line{answer: bufio.NewReader(strings.NewReader(answers))}
	for i, want := range []struct {
		status  int
		toOrder bool
	}{{303, true}, {422, false}, {303, false}} {
		status, toOrder, err := l.read()
		if err != nil || status != want.status || toOrder != want.toOrder {
			t.Errorf("answer %d is read as %d, %t, %v", i, status, toOrder, err)
		}
	}
	if _, _, err := l.read(); err == nil {
		t.Error("an answer that did not come was read")
	}
}
