package documents

import (
	"testing"
	"time"

	"foyer/registration"
)

func date(y int, m time.Month, d int) registration.Date {
	return registration.Date{Year: y, Month: m, Day: d}
}

func TestDaysLeaveOutWhatTheyShare(t *testing.T) {
	tests := map[string]struct {
		from, to registration.Date
		ko, en   string
	}{
		"one day":     {date(2027, 7, 22), date(2027, 7, 22), "2027년 7월 22일(목)", "Thu 22 Jul 2027"},
		"no last day": {date(2027, 7, 22), registration.Date{}, "2027년 7월 22일(목)", "Thu 22 Jul 2027"},
		"same month":  {date(2026, 11, 20), date(2026, 11, 22), "2026년 11월 20일(금)~22일(일)", "Fri 20 – Sun 22 Nov 2026"},
		"two months":  {date(2027, 7, 30), date(2027, 8, 1), "2027년 7월 30일(금)~8월 1일(일)", "Fri 30 Jul – Sun 1 Aug 2027"},
		"two years": {date(2027, 12, 31), date(2028, 1, 1), "2027년 12월 31일(금)~2028년 1월 1일(토)",
			"Fri 31 Dec 2027 – Sat 1 Jan 2028"},
		"none": {registration.Date{}, registration.Date{}, "", ""},
	}
	for name, tc := range tests {
		if got := days(tc.from, tc.to, registration.Korean); got != tc.ko {
			t.Errorf("%s: %q, want %q", name, got, tc.ko)
		}
		if got := days(tc.from, tc.to, registration.English); got != tc.en {
			t.Errorf("%s: %q, want %q", name, got, tc.en)
		}
	}
}

func TestMomentNamesItsZone(t *testing.T) {
	at := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC).In(time.FixedZone("KST", 9*60*60))
	if got := moment(at, registration.Korean); got != "2026년 11월 21일(토) 00:00 KST" {
		t.Error(got)
	}
	if got := moment(at, registration.English); got != "Sat 21 Nov 2026, 00:00 KST" {
		t.Error(got)
	}
}
