package registration

import (
	"strings"
	"testing"
)

// doubtful is an event of one day with deadlines around its end.
const doubtful = `
event: {slug: a, name: A, starts: 2027-07-22, ends: 2027-07-22, timezone: Asia/Seoul}
registration: {closes: 2027-07-23}
phases: [{id: early, until: 2027-05-31}, {id: late, until: 2027-06-30}, {id: onsite}]
categories: [{id: member, name: M, prices: {early: {KRW: 0}, onsite: {KRW: 0}}}]
refund_policy: {steps: [{until: 2027-07-22, percent: 100}, {until: 2027-08-01, percent: 50}]}
changes: {cancel: "2027-07-23 00:00", details: 2027-09-01, order: 2027-07-22, transfer: 2027-07-23}
`

func TestWhatAFileHardlyMeansIsDoubted(t *testing.T) {
	file, err := ParseEventFile("a.yaml", []byte(doubtful), sampleEnv)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range file.Event.Doubts() {
		got = append(got, d.Text)
	}
	want := `registration.closes: is after the last day of the event, 2027-07-22
phases[1]: no category has a price in it: nobody can register then
refund_policy.steps[1].until: is after the last day of the event, 2027-07-22
changes.cancel: is after the last day of the event, 2027-07-22: attendees could cancel when it is over
changes.transfer: is after the last day of the event, 2027-07-22`
	if strings.Join(got, "\n") != want {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
}

func TestTextsThatHaveToFitIntoALineHaveAnEnd(t *testing.T) {
	of := func(n int) string { return strings.Repeat("가", n) }
	file := func(name, note, about string) string {
		return "event: {slug: a, name: {ko: " + name + ", en: A}, about: " + about + ", starts: 2027-07-22, ends: 2027-07-22, timezone: Asia/Seoul}\n" +
			"categories: [{id: member, name: M, note: " + note + ", prices: {regular: {KRW: 0}}}]\n"
	}
	if _, err := ParseEventFile("a.yaml", []byte(file(of(200), of(1000), of(20_000))), sampleEnv); err != nil {
		t.Errorf("texts that just fit are refused: %v", err)
	}
	_, err := ParseEventFile("a.yaml", []byte(file(of(201), of(1001), of(20_000))), sampleEnv)
	want := "a.yaml:1: event.name.ko: has 201 characters, at most 200 fit\na.yaml:2: categories[0].note: has 1001 characters, at most 1000 fit"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
