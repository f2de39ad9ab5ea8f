package documents

import (
	"fmt"
	"time"

	"foyer/registration"
)

var koreanDays = [...]string{"일", "월", "화", "수", "목", "금", "토"}

// moment writes t in its own zone: "2026년 11월 20일(금) 15:00 KST", "Fri 20 Nov 2026, 15:00 KST".
func moment(t time.Time, l registration.Lang) string {
	if l == registration.Korean {
		return fmt.Sprintf("%s %s", koreanDay(t, time.Time{}), t.Format("15:04 MST"))
	}
	return t.Format("Mon 2 Jan 2006, 15:04 MST")
}

// days writes an event's days, both included, leaving out what both share: "2027년 7월 22일(목)~23일(금)", "Thu 22 – Fri 23 Jul 2027".
// It is empty when starts is zero.
func days(starts, ends registration.Date, l registration.Lang) string {
	if starts == (registration.Date{}) {
		return ""
	}
	from, to := starts.In(time.UTC), ends.In(time.UTC)
	single := ends == (registration.Date{}) || ends == starts
	if l == registration.Korean {
		if single {
			return koreanDay(from, time.Time{})
		}
		return koreanDay(from, time.Time{}) + "~" + koreanDay(to, from)
	}
	const full = "Mon 2 Jan 2006"
	switch {
	case single:
		return from.Format(full)
	case from.Year() != to.Year():
		return from.Format(full) + " – " + to.Format(full)
	case from.Month() != to.Month():
		return from.Format("Mon 2 Jan") + " – " + to.Format(full)
	}
	return from.Format("Mon 2") + " – " + to.Format(full)
}

// koreanDay writes the day of t without what it shares with the day before it in a range.
func koreanDay(t, before time.Time) string {
	day := fmt.Sprintf("%d일(%s)", t.Day(), koreanDays[t.Weekday()])
	if t.Year() == before.Year() && t.Month() == before.Month() {
		return day
	}
	day = fmt.Sprintf("%d월 %s", int(t.Month()), day)
	if t.Year() == before.Year() {
		return day
	}
	return fmt.Sprintf("%d년 %s", t.Year(), day)
}
