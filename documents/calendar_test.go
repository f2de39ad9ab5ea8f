package documents

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"foyer/registration"
)

func sampleCalendar() Calendar {
	return Calendar{
		UID:         "demo-2027@example.org",
		Summary:     "예시 시스템 학술대회 2027; 등록, 발표 그리고 만찬까지 이어지는 이틀간의 행사",
		Location:    "예시대학교 국제관, 서울",
		Description: "등록 번호: K7Q4-M2XD\r\n\"뒤로\\앞으로\"\nBEGIN:VALARM",
		URL:         "https://example.org/e/demo-2027\r\nX-EVIL:1",
		Starts:      registration.Date{Year: 2027, Month: 7, Day: 31},
		Ends:        registration.Date{Year: 2027, Month: 7, Day: 31},
		Stamp:       time.Date(2026, 11, 20, 15, 0, 0, 0, time.FixedZone("KST", 9*60*60)),
	}
}

func write(t *testing.T, c Calendar) string {
	t.Helper()
	var b strings.Builder
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCalendarGolden(t *testing.T) { golden(t, "event.ics", write(t, sampleCalendar())) }

func TestCalendarEndsTheDayAfterTheLast(t *testing.T) {
	c := sampleCalendar()
	for _, ends := range []registration.Date{c.Ends, {}} {
		c.Ends = ends
		if got := write(t, c); !strings.Contains(got, "DTEND;VALUE=DATE:20270801\r\n") {
			t.Errorf("ends %v:\n%s", ends, got)
		}
	}
}

func TestCalendarFoldsBetweenCharacters(t *testing.T) {
	c := sampleCalendar()
	for pad := range 4 { // every position of a three-byte syllable against the limit
		c.Summary = strings.Repeat("a", pad) + strings.Repeat("한글", 60)
		text := write(t, c)
		for l := range strings.SplitSeq(text, "\r\n") {
			if len(l) > 75 || !utf8.ValidString(l) || strings.ContainsAny(l, "\r\n") {
				t.Errorf("line of %d octets: %q", len(l), l)
			}
		}
		if whole := strings.ReplaceAll(text, "\r\n ", ""); !strings.Contains(whole, "SUMMARY:"+c.Summary+"\r\n") {
			t.Errorf("the summary does not unfold to itself")
		}
	}
}

func TestCalendarTextCannotAddProperties(t *testing.T) {
	text := strings.ReplaceAll(write(t, sampleCalendar()), "\r\n ", "")
	for l := range strings.SplitSeq(text, "\r\n") {
		if strings.HasPrefix(l, "BEGIN:VALARM") || strings.HasPrefix(l, "X-EVIL") {
			t.Errorf("line %q came from a text", l)
		}
	}
}

func TestCalendarRefusesWhatIsNotAnEntry(t *testing.T) {
	for name, spoil := range map[string]func(*Calendar){
		"no UID":        func(c *Calendar) { c.UID = "" },
		"no first day":  func(c *Calendar) { c.Starts = registration.Date{} },
		"no stamp":      func(c *Calendar) { c.Stamp = time.Time{} },
		"ends too soon": func(c *Calendar) { c.Ends = registration.Date{Year: 2027, Month: 7, Day: 30} },
	} {
		c := sampleCalendar()
		spoil(&c)
		var b strings.Builder
		if err := c.Write(&b); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes", name, err, b.Len())
		}
	}
}
