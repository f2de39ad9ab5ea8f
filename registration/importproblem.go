package registration

import "slices"

// ImportProblem is a mistake in a row of an uploaded list, which cannot be taken. A row may have many.
type ImportProblem struct {
	Row  int    `json:"-"`              // counted from 1, as a spreadsheet does
	Key  string `json:"key"`            // message key
	Text string `json:"text,omitempty"` // what is in the way, as it was written, or the id of a category, an extra or an option; may be empty
	N    int64  `json:"n,omitempty"`    // a number of the sentence: a limit, or another row; 0 for none
}

// mostOfRow is how many mistakes of one row are named: a file of nothing but mistakes does not fill the memory.
const mostOfRow = 20

// AddProblem adds a mistake to those of its row, which come last. Long texts are cut, and a card number is not sent back.
func AddProblem(list []ImportProblem, p ImportProblem) []ImportProblem {
	if n := len(list); n >= mostOfRow && list[n-mostOfRow].Row == p.Row {
		return list
	}
	if HoldsCardNumber(p.Text) {
		p.Text = "…"
	}
	p.Text = clipped(p.Text, 80)
	return append(list, p)
}

// SortProblems sorts mistakes by row; those of one row stay in their order.
func SortProblems(list []ImportProblem) {
	slices.SortStableFunc(list, func(a, b ImportProblem) int { return a.Row - b.Row })
}

// ProblemRows are the mistakes of each row together. They come sorted by row.
func ProblemRows(list []ImportProblem) (rows [][]ImportProblem) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Row == list[0].Row {
			n++
		}
		rows, list = append(rows, list[:n]), list[n:]
	}
	return rows
}
