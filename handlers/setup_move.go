package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
)

// moves reports whether people say in which order the items of a list stand.
func (l setupList) moves() bool { return !l.dated && !l.fixed }

// moveItem puts the item of the list that the pressed button names one place up or down. The field move is categories.2.up; what names no
// item that can go there moves nothing. The page that follows begins at the button for the next step.
func (p *setupForm) moveItem(name string, kept []registration.FileTree) {
	pressed, mine := strings.CutPrefix(p.posted.Get("move"), name+".")
	row, way, _ := strings.Cut(pressed, ".")
	n, err := strconv.Atoi(row)
	if !mine || err != nil {
		return
	}
	step := map[string]int{"up": -1, "down": 1}[way]
	rows := p.rows[name]
	from := slices.Index(rows, n)
	to := from + step
	if from < 0 || step == 0 || to < 0 || to >= len(rows) {
		return
	}
	kept[from], kept[to] = kept[to], kept[from]
	rows[from], rows[to] = rows[to], rows[from]
	switch to { // there is no way on from the ends
	case 0:
		way = "down"
	case len(kept) - 1:
		way = "up"
	}
	p.moved = fmt.Sprintf("#%s-%d-%s", fieldOf(name), to, way)
}
