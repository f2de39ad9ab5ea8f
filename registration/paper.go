package registration

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Papers says how an event's accepted papers are covered: each by one registration. The zero value asks for none.
type Papers struct {
	Categories      []string  `json:"categories,omitempty"` // whose registrations may cover papers
	Needed          []string  `json:"needed,omitempty"`     // of these, those that must cover at least one
	PerRegistration int64     `json:"per_registration,omitempty"`
	ExtraPaper      string    `json:"extra_paper,omitempty"` // extra: each one covers one more paper
	ExtraPage       string    `json:"extra_page,omitempty"`  // extra: pages beyond a paper's length
	Deadline        time.Time `json:"deadline,omitzero"`     // until its last second attendees may cover papers; zero: while registration is open
}

// Any reports whether the event has papers to cover.
func (p Papers) Any() bool { return len(p.Categories) > 0 }

// Covers reports whether a registration of the category may cover papers.
func (p Papers) Covers(category string) bool { return slices.Contains(p.Categories, category) }

// Must reports whether a registration of the category must cover at least one.
func (p Papers) Must(category string) bool { return slices.Contains(p.Needed, category) }

// OpenAt reports whether attendees may cover papers at now.
func (p Papers) OpenAt(now time.Time) bool {
	return p.Any() && (p.Deadline.IsZero() || now.Before(p.Deadline.Add(time.Second)))
}

// Limit is how many papers a registration with these extras covers.
func (p Papers) Limit(extras map[string]int64) int64 {
	if p.ExtraPaper == "" {
		return p.PerRegistration
	}
	return p.PerRegistration + extras[p.ExtraPaper]
}

// What can be in the way of a registration's papers, besides that one is unknown or another's.
const (
	PapersNone   = "none"   // its category covers none
	PapersNeeded = "needed" // it must cover one
	PapersPage   = "page"   // it has extra pages of no paper
	PapersLimit  = "limit"  // it covers fewer
)

// Wrong is what is in the way of a registration that covers n papers: one of Papers…, "" for nothing.
func (p Papers) Wrong(c Cart, n int) string {
	switch {
	case n > 0 && !p.Covers(c.Category):
		return PapersNone
	case n == 0 && p.Must(c.Category):
		return PapersNeeded
	case n == 0 && p.Covers(c.Category) && p.ExtraPage != "" && c.Extras[p.ExtraPage] > 0:
		return PapersPage
	case n > 0 && int64(n) > p.Limit(c.Extras):
		return PapersLimit
	}
	return ""
}

// MaxPaper is how long a paper's number may be, in characters.
const MaxPaper = 20

var paperNumber = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,19}$`)

// CleanPaper brings a paper's number into the form in which numbers are compared: capitals, no # in front, no zeros in front of
// digits. ok is false for what can be no number.
func CleanPaper(typed string) (number string, ok bool) {
	line, ok := CleanLine(typed)
	if !ok {
		return "", false
	}
	number = strings.ToUpper(strings.TrimSpace(strings.TrimLeft(line, "#＃ ")))
	number = strings.TrimSuffix(number, "번")
	if digits := strings.TrimLeft(number, "0"); digits != "" && strings.Trim(digits, "0123456789") == "" {
		number = digits
	}
	return number, paperNumber.MatchString(number)
}

// PaperNumbers reads a list of numbers, parted by commas, semicolons or spaces, each once. bad is the first part that can be no
// number, "" when all can.
func PaperNumbers(typed string) (numbers []string, bad string) {
	parts := strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;，、；·\t", r) })
	for _, part := range parts {
		if strings.Trim(part, "#＃") == "" {
			continue
		}
		n, ok := CleanPaper(part)
		if !ok {
			return numbers, part
		}
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers, ""
}

// PaperQuota is the id of the quota of one place that a paper is: covering it is taking that place, and it is given back like one.
func PaperQuota(number string) string { return paperQuota + number }

const paperQuota = "paper:"

// IsPaperQuota reports whether a quota is a paper.
func IsPaperQuota(id string) bool { return strings.HasPrefix(id, paperQuota) }

// PapersIn lists the papers among places taken, sorted.
func PapersIn(taken map[string]int64) []string {
	var numbers []string
	for id := range taken {
		if number, is := strings.CutPrefix(id, paperQuota); is {
			numbers = append(numbers, number)
		}
	}
	slices.SortFunc(numbers, ComparePapers)
	return numbers
}

// TakePapers adds the places of papers to those taken.
func TakePapers(taken map[string]int64, numbers []string) {
	for _, n := range numbers {
		taken[PaperQuota(n)] = 1
	}
}

// ComparePapers orders numbers as people count: 9 before 10.
func ComparePapers(a, b string) int { return strings.Compare(PaperOrder(a), PaperOrder(b)) }

// PaperOrder is a text by which numbers sort as people count.
func PaperOrder(number string) string {
	end := len(number)
	if i := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		end = i
	}
	if end == 0 {
		if i := strings.IndexAny(number, "0123456789"); i > 0 {
			return number[:i] + PaperOrder(number[i:])
		}
	}
	return strings.Repeat("0", max(0, MaxPaper-end)) + number
}
