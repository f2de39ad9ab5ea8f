package registration

import "slices"

// ImportProblem is a mistake in a row of an uploaded list, which cannot be taken. A row may have many.
type ImportProblem struct {
	Row  int    // counted from 1, as a spreadsheet does
	Key  string // message key
	Text string // what is in the way, as it was written; may be empty
}

// mostOfRow is how many mistakes of one row are named: a file of nothing but mistakes does not fill the memory.
const mostOfRow = 20

// addProblem adds a mistake to those of its row, which come last. Long texts are cut, and a card number is not sent back.
func addProblem(list []ImportProblem, p ImportProblem) []ImportProblem {
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
