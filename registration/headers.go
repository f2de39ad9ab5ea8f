package registration

import (
	"slices"
	"strings"
)

// Headers are the words that stand above the fields of a list, without spaces and signs and in lower case, the surest first.
type Headers map[string][]string

// Columns says in which column, counted from 0, each field stands.
type Columns map[string]int

// headerLines is among how many lines the header is looked for: titles may stand above it.
const headerLines = 30

// Find finds the line of headers and what stands in its columns. Without any known word columns are empty.
func (h Headers) Find(rows [][]string) (line int, columns Columns) {
	columns = Columns{}
	for i, row := range rows[:min(headerLines, len(rows))] {
		if found := h.columns(row); len(found) > len(columns) {
			line, columns = i, found
		}
	}
	return line, columns
}

func (h Headers) columns(row []string) Columns {
	words := make([]string, len(row))
	for i, cell := range row {
		words[i] = headerWord(cell)
	}
	found := Columns{}
	for field, names := range h {
		for _, name := range names {
			if i := slices.Index(words, name); i >= 0 {
				found[field] = i
				break
			}
		}
	}
	return found
}

// columnNames are the names of the columns of a list that are known, and of the others, as they are written in the line of headers. A column
// without a name that holds something is called as spreadsheets call it.
func columnNames(rows [][]string, line int, columns Columns) (known, unknown []string) {
	widest := 0
	for _, row := range rows {
		widest = max(widest, len(row))
	}
	byColumn := map[int]bool{}
	for _, i := range columns {
		byColumn[i] = true
	}
	for i := range widest {
		name := Columns{"": i}.At(rows[line], "")
		holds := func(row []string) bool { return i < len(row) && strings.TrimSpace(row[i]) != "" }
		switch {
		case byColumn[i]:
			known = append(known, clipped(name, 80))
		case HoldsCardNumber(name):
			unknown = append(unknown, "…")
		case name != "":
			unknown = append(unknown, clipped(name, 80))
		case slices.ContainsFunc(rows[line:], holds):
			unknown = append(unknown, "("+columnLetters(i)+")")
		}
	}
	return known, unknown
}

// columnLetters is what spreadsheets call a column, counted from 0: A, B … Z, AA.
func columnLetters(i int) string {
	letters := string(rune('A' + i%26))
	if i < 26 {
		return letters
	}
	return columnLetters(i/26-1) + letters
}

var headerNoise = strings.NewReplacer(" ", "", "_", "", "-", "", ".", "", "(", "", ")", "", "/", "", "'", "")

// headerWord is a header as it is compared.
func headerWord(cell string) string {
	line, _ := CleanLine(cell)
	return strings.ToLower(headerNoise.Replace(line))
}

// At is the field of a row as one line of clean text; "" where the row, or the list, has none.
func (c Columns) At(cells []string, field string) string {
	i, has := c[field]
	if !has || i >= len(cells) {
		return ""
	}
	line, _ := CleanLine(strings.TrimPrefix(strings.TrimSpace(cells[i]), "'")) // some exports keep spreadsheets from running formulas
	return line
}

// isYes reports whether a cell says yes.
func isYes(cell string) bool {
	switch strings.ToLower(cell) {
	case "yes", "y", "true", "1", "✔", "x", "o", "예", "네":
		return true
	}
	return false
}

// clipped is a text of at most n characters.
func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
