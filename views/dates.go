package views

import (
	"strings"
	"time"

	"foyer/registration"
)

var koreanDays = [...]string{"일", "월", "화", "수", "목", "금", "토"}

// Layouts of a Korean date from its longest to its shortest form.
const (
	koreanFull  = "2006년 1월 2일"
	koreanMonth = "1월 2일"
	koreanDay   = "2일"
)

// Day writes a civil day: 2026년 11월 20일(금), Fri 20 Nov 2026.
func Day(l registration.Lang, d registration.Date) string {
	t := d.In(time.UTC)
	if l == registration.Korean {
		return koreanDate(t, koreanFull)
	}
	return t.Format("Mon 2 Jan 2006")
}

// Date writes the day on which t falls in loc, like Day. The zero time gives "".
func Date(l registration.Lang, t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = inZone(t, loc)
	return Day(l, registration.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()})
}

// DateRange writes a span of days, both included: 2026년 11월 20일(금)~22일(일), Fri 20 – Sun 22 Nov 2026.
func DateRange(l registration.Lang, from, to registration.Date) string {
	a, b := from.In(time.UTC), to.In(time.UTC)
	if !a.Before(b) {
		return Day(l, from)
	}
	sameYear, sameMonth := a.Year() == b.Year(), a.Year() == b.Year() && a.Month() == b.Month()
	if l == registration.Korean {
		layout := koreanFull
		switch {
		case sameMonth:
			layout = koreanDay
		case sameYear:
			layout = koreanMonth
		}
		return koreanDate(a, koreanFull) + "~" + koreanDate(b, layout)
	}
	layout := "Mon 2 Jan 2006"
	switch {
	case sameMonth:
		layout = "Mon 2"
	case sameYear:
		layout = "Mon 2 Jan"
	}
	return a.Format(layout) + " – " + b.Format("Mon 2 Jan 2006")
}

// DateTime writes a moment in loc: 2026년 11월 20일(금) 15:00, Fri 20 Nov 2026, 15:00 KST. Korean names the zone only
// when it is not Korea's. The zero time gives "".
func DateTime(l registration.Lang, t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = inZone(t, loc)
	if l != registration.Korean {
		return t.Format("Mon 2 Jan 2006, 15:04 ") + zone(t)
	}
	s := koreanDate(t, koreanFull) + t.Format(" 15:04")
	if z := zone(t); z != "KST" {
		s += " (" + z + ")"
	}
	return s
}

// Stamp is a moment for a table, without the day of the week and without its zone, so that it stays on one line. It is the day alone for its first
// instant, as dayOrMoment is.
func Stamp(l registration.Lang, t time.Time, loc *time.Location) string {
	day, clock := "2006. 1. 2.", " 15:04"
	if l != registration.Korean {
		day, clock = "2 Jan 2006", ", 15:04"
	}
	if firstInstant(t, loc) {
		clock = ""
	}
	return inZone(t, loc).Format(day + clock)
}

// dayOrMoment is DateTime, but the day alone for its first instant: staff tell of money by the day on which it came.
func dayOrMoment(l registration.Lang, t time.Time, loc *time.Location) string {
	if firstInstant(t, loc) {
		return Date(l, t, loc)
	}
	return DateTime(l, t, loc)
}

// firstInstant reports whether t is the first second of a day in loc.
func firstInstant(t time.Time, loc *time.Location) bool {
	hour, minute, second := inZone(t, loc).Clock()
	return hour+minute+second == 0
}

// Deadline writes a last moment, always with its zone: 2026년 11월 20일(금) 23:59 (KST), Fri 20 Nov 2026, 23:59 KST.
// The zero time gives "".
func Deadline(l registration.Lang, t time.Time, loc *time.Location) string {
	s := DateTime(l, t, loc)
	if s == "" || l != registration.Korean || strings.HasSuffix(s, ")") && !strings.HasSuffix(s, "일)") {
		return s
	}
	return s + " (" + zone(inZone(t, loc)) + ")"
}

// Clock writes the time of day in loc (nil is UTC) with its zone: 15:30 (KST), 15:30 KST.
func Clock(l registration.Lang, t time.Time, loc *time.Location) string {
	t = inZone(t, loc)
	if l == registration.Korean {
		return t.Format("15:04 (") + zone(t) + ")"
	}
	return t.Format("15:04 ") + zone(t)
}

// MinutesLeft counts the minutes from now until t, the last one begun included, and never below 0.
func MinutesLeft(t, now time.Time) int64 {
	if !t.After(now) {
		return 0
	}
	return int64((t.Sub(now) + time.Minute - 1) / time.Minute)
}

// inZone is t in loc; nil is UTC.
func inZone(t time.Time, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return t.In(loc)
}

// machineTime is what a time element's datetime attribute takes.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func koreanDate(t time.Time, layout string) string {
	return t.Format(layout) + "(" + koreanDays[t.Weekday()] + ")"
}

// zone gives the zone's abbreviation, or "UTC+08" where it has none.
func zone(t time.Time) string {
	z := t.Format("MST")
	if strings.HasPrefix(z, "+") || strings.HasPrefix(z, "-") {
		return "UTC" + z
	}
	return z
}
