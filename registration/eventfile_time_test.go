package registration

import (
	"testing"
	"time"
)

func TestAnHourThatTheZoneLeavesOutIsNoMoment(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]string{
		"2027-03-14T02:30:00": "", // clocks go from 2 to 3 that night
		"2027-03-14 02:00":    "",
		"2027-03-14T01:59:59": "2027-03-14T09:59:59Z",
		"2027-03-14 9:00":     "2027-03-14T16:00:00Z",
		"2027-03-14T03:00":    "2027-03-14T10:00:00Z",
		"2027-03-14":          "2027-03-15T06:59:59Z",
		"2027-11-07":          "2027-11-08T07:59:59Z",
	} {
		got, err := ParseMoment(written, zone, true)
		if (err != nil) != (want == "") || (err == nil && got.Format(time.RFC3339) != want) {
			t.Errorf("%s is %s (%v), want %q", written, got.Format(time.RFC3339), err, want)
		}
	}
}
