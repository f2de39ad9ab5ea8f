package documents

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"foyer/registration"
)

// ColumnKind says what a column holds; it decides number format and alignment.
type ColumnKind int

// The kinds of column.
const (
	ColumnText    ColumnKind = iota // codes, names, phone numbers: whatever must stay as it is
	ColumnMoney                     // amounts as numbers; say the currency in the title or in a column beside it
	ColumnTime                      // moments on the wall clock of their own zone
	ColumnInteger                   // counts
)

// Column is one column of a list. Width is in Latin characters, of which a Hangul syllable takes two; 0 makes room for the title.
type Column struct {
	Title string
	Width int
	Kind  ColumnKind
}

// List is a table that is written row by row, never held in memory as a whole. The header is there already.
type List interface {
	// Row adds one row; it may be shorter than the header, never longer.
	Row(cells ...Cell) error
	// Close finishes the list. Without it the file is not whole. It does not close the writer below, and only the first call does anything.
	Close() error
}

// Cell is one value of a row. The zero Cell is empty.
type Cell struct {
	kind   cellKind
	text   string
	number int64
	cur    registration.Currency
	at     time.Time
}

type cellKind int

const (
	cellEmpty cellKind = iota
	cellText
	cellInteger
	cellMoney
	cellTime
)

// TextCell holds text. It is never read as a number or a formula.
func TextCell(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{kind: cellText, text: s}
}

// IntegerCell holds a count.
func IntegerCell(n int64) Cell { return Cell{kind: cellInteger, number: n} }

// MoneyCell holds an amount, written with the decimals of its currency and without the currency: 250000, 12.50.
func MoneyCell(m registration.Money) Cell {
	return Cell{kind: cellMoney, number: m.Minor, cur: m.Cur}
}

// TimeCell holds a moment, written to the second as the wall clock of t's own location shows it; a zero time is empty.
func TimeCell(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: cellTime, at: t.Truncate(time.Second)}
}

// String is the cell as plain text, as CSV has it.
func (c Cell) String() string {
	switch c.kind {
	case cellText:
		return printable(c.text)
	case cellInteger:
		return strconv.FormatInt(c.number, 10)
	case cellMoney:
		return registration.Money{Minor: c.number, Cur: c.cur}.Decimal()
	case cellTime:
		return c.at.Format(time.DateTime)
	case cellEmpty:
	}
	return ""
}

// printable drops what no cell may hold: control characters but tab and line break, broken UTF-8, and the two characters that XML forbids.
// A carriage return becomes a line break.
func printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case unprintable(r):
			return -1
		}
		return r
	}, s)
}

func unprintable(r rune) bool {
	return r == '\ufffe' || r == '\uffff' || unicode.IsControl(r) && r != '\t' && r != '\n'
}

// cells is the width of s in Latin characters: East Asian wide characters take two.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
