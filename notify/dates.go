package notify

import (
	"fmt"
	"strings"
	"time"

	"foyer/registration"
)

var koreanDays = [...]string{"일", "월", "화", "수", "목", "금", "토"}

// days writes the days of an event: "2027년 7월 22일(목)~23일(금)", "Thu 22 – Fri 23 Jul 2027".
func days(from, to registration.Date, l registration.Lang) string {
	a, b := from.In(time.UTC), to.In(time.UTC)
	if l != registration.Korean {
		return englishDays(a, b)
	}
	switch {
	case !a.Before(b):
		return koreanDay(a, "2006년 1월 2일")
	case a.Year() != b.Year():
		return koreanDay(a, "2006년 1월 2일") + "~" + koreanDay(b, "2006년 1월 2일")
	case a.Month() != b.Month():
		return koreanDay(a, "2006년 1월 2일") + "~" + koreanDay(b, "1월 2일")
	}
	return koreanDay(a, "2006년 1월 2일") + "~" + koreanDay(b, "2일")
}

func englishDays(a, b time.Time) string {
	switch {
	case !a.Before(b):
		return a.Format("Mon 2 Jan 2006")
	case a.Year() != b.Year():
		return a.Format("Mon 2 Jan 2006") + " – " + b.Format("Mon 2 Jan 2006")
	case a.Month() == b.Month():
		return a.Format("Mon 2") + " – " + b.Format("Mon 2 Jan 2006")
	}
	return a.Format("Mon 2 Jan") + " – " + b.Format("Mon 2 Jan 2006")
}

func koreanDay(t time.Time, layout string) string {
	return t.Format(layout) + "(" + koreanDays[t.Weekday()] + ")"
}

// moment writes t in the zone loc: "2026년 11월 20일(금) 15:00", "Fri 20 Nov 2026, 15:00 KST". Korean names the zone
// only when it is not Korea's. The zero time is "".
func moment(t time.Time, loc *time.Location, l registration.Lang) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(loc)
	if l != registration.Korean {
		return t.Format("Mon 2 Jan 2006, 15:04 ") + zone(t)
	}
	s := koreanDay(t, "2006년 1월 2일") + t.Format(" 15:04")
	if z := zone(t); z != "KST" {
		s = fmt.Sprintf("%s (%s)", s, z)
	}
	return s
}

// dayOrMoment is moment, but the day alone for its first instant: staff tell of money by the day on which it came.
func dayOrMoment(t time.Time, loc *time.Location, l registration.Lang) string {
	day := t.In(loc)
	switch {
	case t.IsZero() || day.Hour() != 0 || day.Minute() != 0 || day.Second() != 0:
		return moment(t, loc, l)
	case l == registration.Korean:
		return koreanDay(day, "2006년 1월 2일")
	}
	return day.Format("Mon 2 Jan 2006")
}

// deadline is moment for a last moment, which always names its zone: "2026년 11월 20일(금) 23:59 (KST)".
func deadline(t time.Time, loc *time.Location, l registration.Lang) string {
	s := moment(t, loc, l)
	if s == "" || l != registration.Korean || strings.HasSuffix(s, ")") {
		return s
	}
	return s + " (" + zone(t.In(loc)) + ")"
}

// zone gives the zone's abbreviation, or "UTC+08" style where it has none.
func zone(t time.Time) string {
	z := t.Format("MST")
	if strings.HasPrefix(z, "+") || strings.HasPrefix(z, "-") {
		return "UTC" + z
	}
	return z
}
