package views

import (
	"testing"
	"time"

	"foyer/registration"
)

func TestDateRange(t *testing.T) {
	day := func(y int, m time.Month, d int) registration.Date {
		return registration.Date{Year: y, Month: m, Day: d}
	}
	tests := map[string]struct {
		from, to registration.Date
		ko, en   string
	}{
		"one day":    {day(2026, 11, 20), day(2026, 11, 20), "2026년 11월 20일(금)", "Fri 20 Nov 2026"},
		"one month":  {day(2026, 11, 20), day(2026, 11, 22), "2026년 11월 20일(금)~22일(일)", "Fri 20 – Sun 22 Nov 2026"},
		"two months": {day(2026, 11, 30), day(2026, 12, 1), "2026년 11월 30일(월)~12월 1일(화)", "Mon 30 Nov – Tue 1 Dec 2026"},
		"two years":  {day(2026, 12, 31), day(2027, 1, 1), "2026년 12월 31일(목)~2027년 1월 1일(금)", "Thu 31 Dec 2026 – Fri 1 Jan 2027"},
		"next year, same month": {day(2026, 11, 20), day(2027, 11, 20), "2026년 11월 20일(금)~2027년 11월 20일(토)",
			"Fri 20 Nov 2026 – Sat 20 Nov 2027"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := DateRange(registration.Korean, tc.from, tc.to); got != tc.ko {
				t.Errorf("%s, want %s", got, tc.ko)
			}
			if got := DateRange(registration.English, tc.from, tc.to); got != tc.en {
				t.Errorf("%s, want %s", got, tc.en)
			}
		})
	}
}

func TestMoments(t *testing.T) {
	lisbon := time.FixedZone("WET", 0)
	at := time.Date(2026, 11, 20, 6, 0, 59, 0, time.UTC)
	tests := map[string]struct{ got, want string }{
		"ko":                    {DateTime(registration.Korean, at, seoul), "2026년 11월 20일(금) 15:00"},
		"en":                    {DateTime(registration.English, at, seoul), "Fri 20 Nov 2026, 15:00 KST"},
		"ko elsewhere":          {DateTime(registration.Korean, at, lisbon), "2026년 11월 20일(금) 06:00 (WET)"},
		"no zone":               {DateTime(registration.English, at, nil), "Fri 20 Nov 2026, 06:00 UTC"},
		"none":                  {DateTime(registration.Korean, time.Time{}, seoul), ""},
		"deadline":              {Deadline(registration.Korean, at, seoul), "2026년 11월 20일(금) 15:00 (KST)"},
		"deadline in English":   {Deadline(registration.English, at, seoul), "Fri 20 Nov 2026, 15:00 KST"},
		"deadline elsewhere":    {Deadline(registration.Korean, at, lisbon), "2026년 11월 20일(금) 06:00 (WET)"},
		"no deadline":           {Deadline(registration.Korean, time.Time{}, seoul), ""},
		"clock":                 {Clock(registration.Korean, at, seoul), "15:00 (KST)"},
		"clock in English":      {Clock(registration.English, at, seoul), "15:00 KST"},
		"the day is the zone's": {Date(registration.Korean, at.Add(12*time.Hour), seoul), "2026년 11월 21일(토)"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Errorf("%q, want %q", tc.got, tc.want)
			}
		})
	}
}

func TestMinutesLeftCountsTheOneThatHasBegun(t *testing.T) {
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]int64{-time.Hour: 0, 0: 0, time.Second: 1, time.Minute: 1, 61 * time.Second: 2, 20 * time.Minute: 20} {
		if got := MinutesLeft(now.Add(d), now); got != want {
			t.Errorf("%s: %d, want %d", d, got, want)
		}
	}
}
