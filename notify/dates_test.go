package notify

import (
	"testing"
	"time"

	"foyer/registration"
)

func TestDaysOfAnEvent(t *testing.T) {
	day := func(s string) registration.Date {
		d, err := registration.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := map[string]struct{ from, to, ko, en string }{
		"one day":    {"2026-11-20", "2026-11-20", "2026년 11월 20일(금)", "Fri 20 Nov 2026"},
		"one month":  {"2026-11-20", "2026-11-22", "2026년 11월 20일(금)~22일(일)", "Fri 20 – Sun 22 Nov 2026"},
		"two months": {"2027-07-31", "2027-08-01", "2027년 7월 31일(토)~8월 1일(일)", "Sat 31 Jul – Sun 1 Aug 2027"},
		"two years":  {"2026-12-31", "2027-01-01", "2026년 12월 31일(목)~2027년 1월 1일(금)", "Thu 31 Dec 2026 – Fri 1 Jan 2027"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := days(day(tc.from), day(tc.to), registration.Korean); got != tc.ko {
				t.Errorf("ko = %q, want %q", got, tc.ko)
			}
			if got := days(day(tc.from), day(tc.to), registration.English); got != tc.en {
				t.Errorf("en = %q, want %q", got, tc.en)
			}
		})
	}
}

func TestMomentIsWrittenInTheEventsZone(t *testing.T) {
	at := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	tests := map[string]struct{ zone, ko, en string }{
		"Seoul":     {"Asia/Seoul", "2026년 11월 20일(금) 15:00", "Fri 20 Nov 2026, 15:00 KST"},
		"UTC":       {"UTC", "2026년 11월 20일(금) 06:00 (UTC)", "Fri 20 Nov 2026, 06:00 UTC"},
		"no letter": {"Asia/Singapore", "2026년 11월 20일(금) 14:00 (UTC+08)", "Fri 20 Nov 2026, 14:00 UTC+08"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			loc, err := time.LoadLocation(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := moment(at, loc, registration.Korean); got != tc.ko {
				t.Errorf("ko = %q, want %q", got, tc.ko)
			}
			if got := moment(at, loc, registration.English); got != tc.en {
				t.Errorf("en = %q, want %q", got, tc.en)
			}
		})
	}
	if got := moment(time.Time{}, time.UTC, registration.Korean); got != "" {
		t.Errorf("no time = %q", got)
	}
}

func TestADayThatStaffTellIsWrittenWithoutATimeOfDay(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, seoul).UTC()
	for at, want := range map[time.Time][2]string{
		day:                  {"2026년 11월 20일(금)", "Fri 20 Nov 2026"},
		day.Add(time.Second): {"2026년 11월 20일(금) 00:00", "Fri 20 Nov 2026, 00:00 KST"},
		{}:                   {"", ""},
	} {
		if got := [2]string{dayOrMoment(at, seoul, registration.Korean), dayOrMoment(at, seoul, registration.English)}; got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}
