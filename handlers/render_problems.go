package handlers

import (
	"bytes"
	"cmp"
	"slices"
)

// sortProblems puts the summary of a refused form into the order in which its fields stand on the page, whatever order they were checked
// in: people mend a form from the top down. The page is one of ours, changed in place.
func sortProblems(page []byte) {
	_, rest, found := bytes.Cut(page, []byte(`id="problems"`))
	_, list, listed := bytes.Cut(rest, []byte("<ul>"))
	items, after, ended := bytes.Cut(list, []byte("</ul>"))
	if !found || !listed || !ended {
		return
	}
	all := bytes.SplitAfter(bytes.Clone(items), []byte("</li>"))
	slices.SortStableFunc(all, func(a, b []byte) int { return cmp.Compare(placeOf(a, after), placeOf(b, after)) })
	copy(items, bytes.Join(all, nil))
}

// placeOf is where the field stands that an item of the summary leads to; the end for none.
func placeOf(item, page []byte) int {
	_, rest, _ := bytes.Cut(item, []byte(`href="#`))
	id, _, found := bytes.Cut(rest, []byte(`"`))
	if at := bytes.Index(page, slices.Concat([]byte(` id="`), id, []byte(`"`))); found && at >= 0 {
		return at
	}
	return len(page)
}
