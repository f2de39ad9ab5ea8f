package registration

import (
	"time"
)

// date reads a day.
func (f field) date() Date {
	w := f.word()
	if w == "" {
		return Date{}
	}
	d, err := ParseDate(w)
	if err != nil {
		f.fail("%s", err)
	}
	return d
}

// momentForms are the ways to write a moment without an offset, in the event's time zone.
var momentForms = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// moment reads a moment, to the second and in UTC. Without an offset it is in the event's time zone; a bare day stands for its first
// second, or for its last one when last is set.
func (f field) moment(last bool) time.Time {
	w := f.word()
	if w == "" {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339, w); err == nil {
		return t.Truncate(time.Second).UTC()
	}
	for _, form := range momentForms {
		if t, err := time.ParseInLocation(form, w, f.r.location); err == nil {
			return t.Truncate(time.Second).UTC()
		}
	}
	d, err := ParseDate(w)
	if err != nil {
		f.fail("%q is not a time such as 2027-06-30T23:59:59", w)
		return time.Time{}
	}
	t := d.In(f.r.location)
	if last {
		t = t.AddDate(0, 0, 1).Add(-time.Second)
	}
	return t.UTC()
}

// shortest is the shortest duration that a setting may have.
const shortest = 100 * time.Millisecond

// duration reads a Go duration; 0 when absent.
func (f field) duration() time.Duration {
	w := f.word()
	if w == "" {
		return 0
	}
	d, err := time.ParseDuration(w)
	if err != nil || d < shortest {
		f.fail("%q is not a duration of at least %s, such as 5s", w, shortest)
		return 0
	}
	return d
}
