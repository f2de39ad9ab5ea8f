package documents

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// CSV is a List as comma-separated values (RFC 4180): UTF-8 with the byte order mark that spreadsheets need for Hangul, lines ended by
// CR LF. Text that a spreadsheet would take for a formula gets an apostrophe in front.
//
// CSV knows no types: a spreadsheet that opens it may still drop the zeros in front of a code. XLSX keeps them.
type CSV struct {
	w      *csv.Writer
	cols   int
	closed bool
}

var _ List = (*CSV)(nil)

// NewCSV begins a list and writes its header to w.
func NewCSV(w io.Writer, cols []Column) (*CSV, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, fmt.Errorf("begin CSV: %w", err)
	}
	c := &CSV{w: csv.NewWriter(w), cols: len(cols)}
	c.w.UseCRLF = true
	titles := make([]Cell, len(cols))
	for i, col := range cols {
		titles[i] = TextCell(col.Title)
	}
	return c, c.Row(titles...)
}

// Row adds one row.
func (c *CSV) Row(cells ...Cell) error {
	if err := fits(len(cells), c.cols, c.closed); err != nil {
		return err
	}
	record := make([]string, c.cols)
	for i, cell := range cells {
		record[i] = cell.String()
		if cell.kind == cellText {
			record[i] = harmless(record[i])
		}
	}
	if err := c.w.Write(record); err != nil {
		return fmt.Errorf("write CSV row: %w", err)
	}
	return nil
}

// Close writes what is still buffered.
func (c *CSV) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("finish CSV: %w", err)
	}
	return nil
}

// fits refuses rows that are longer than the header, or too late.
func fits(cells, cols int, closed bool) error {
	switch {
	case closed:
		return errors.New("row after the end of the list")
	case cells > cols:
		return fmt.Errorf("row of %d cells in a list of %d columns", cells, cols)
	}
	return nil
}

// harmless puts an apostrophe before text that a spreadsheet would run as a formula. Full-width signs count as well: East Asian
// versions read them like the narrow ones. Spaces in front do not hide a sign.
func harmless(s string) string {
	if s == "" {
		return s
	}
	if strings.ContainsRune("\t\r\n", rune(s[0])) {
		return "'" + s
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\u3000"))
	if strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + s
	}
	return s
}
