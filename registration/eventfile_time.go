package registration

import (
	"errors"
	"fmt"
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
		f.fail("%q is not a date such as 2027-07-22", w)
	} else if d.Year < firstYear {
		f.fail(tooEarly, w, firstYear)
	}
	return d
}

// firstYear is the first year that a date of an event may have: an earlier one is a slip of the pen.
const (
	firstYear = 2000
	tooEarly  = "%q is before the year %d"
)

// momentForms are the ways to write a moment without an offset, in the event's time zone.
var momentForms = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// moment reads a moment as ParseMoment does, in the event's time zone; zero when absent.
func (f field) moment(last bool) time.Time {
	t, err := ParseMoment(f.word(), f.r.location, last)
	if wrong, ok := errors.AsType[*momentError](err); ok {
		f.fail(wrong.say, wrong.args...)
	} else if !t.IsZero() && t.In(f.r.location).Year() < firstYear {
		f.fail(tooEarly, f.word(), firstYear)
	}
	return t
}

// momentError says why something is no moment; pages translate its sentence.
type momentError struct {
	say  string
	args []any
}

func (e *momentError) Error() string { return fmt.Sprintf(e.say, e.args...) }

// ParseMoment reads a moment, to the second and in UTC; "" is the zero time. Without an offset it is in loc; a bare day stands for its
// first second, or for its last one when last is set. It fails for an hour that the zone leaves out.
func ParseMoment(w string, loc *time.Location, last bool) (time.Time, error) {
	if w == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, w); err == nil {
		return t.Truncate(time.Second).UTC(), nil
	}
	for _, form := range momentForms {
		if t, err := time.ParseInLocation(form, w, loc); err == nil {
			if wall, _ := time.Parse(form, w); wall.Hour() != t.Hour() {
				return time.Time{}, &momentError{"%q does not exist in %s, where clocks go forward then", []any{w, loc}}
			}
			return t.Truncate(time.Second).UTC(), nil
		}
	}
	d, err := ParseDate(w)
	if err != nil {
		return time.Time{}, &momentError{"%q is not a time such as 2027-06-30T23:59:59", []any{w}}
	}
	t := d.In(loc)
	if last {
		t = t.AddDate(0, 0, 1).Add(-time.Second)
	}
	return t.UTC(), nil
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
