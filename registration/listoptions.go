package registration

import (
	"slices"
	"strings"
	"unicode"
)

// PlainWord is a word of a list as headers and names are compared: letters and digits only, in lower case.
func PlainWord(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// optionNames are the ids of a question's options by what they are called.
type optionNames struct {
	exact, plain map[string]string
	most         int // signs that part options may stand in a name: it has so many pieces at most
}

func (q *Question) optionNames() optionNames {
	n := optionNames{exact: map[string]string{}, plain: map[string]string{}}
	add := func(name, id string) {
		for key, to := range map[string]map[string]string{squeezed(name): n.exact, PlainWord(name): n.plain} {
			if _, has := to[key]; !has && key != "" {
				to[key] = id
			}
		}
		n.most = max(n.most, len(pieces(name)))
	}
	for _, o := range q.Options {
		add(o.Label.Ko, o.ID)
		add(o.Label.En, o.ID)
	}
	for _, o := range q.Options {
		add(o.ID, o.ID)
	}
	return n
}

// squeezed is a name without spaces and in lower case.
func squeezed(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), "")) }

// pieces are where the pieces of a cell begin and end that stand between the signs that part options.
func pieces(cell string) (all [][2]int) {
	for from := 0; from < len(cell); {
		n := strings.IndexAny(cell[from:], ",;/")
		if n < 0 {
			n = len(cell) - from
		}
		if strings.TrimSpace(cell[from:from+n]) != "" {
			all = append(all, [2]int{from, from + n})
		}
		from += n + 1
	}
	return all
}

// OptionsIn are the ids of the options that a cell of a list names by their labels in either language or their ids, each once. Of a
// question that takes many, several stand behind commas, semicolons or slashes, which may be in a label, too: the longest label counts.
// A word that names no option stays as it is.
func (q *Question) OptionsIn(cell string) (chosen []string) {
	if i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Label.Ko == cell || o.Label.En == cell }); i >= 0 && cell != "" {
		return []string{q.Options[i].ID} // nearly always, and long lists have many cells
	}
	names, parts := q.optionNames(), pieces(cell)
	if id := names.exact[squeezed(cell)]; id != "" {
		return []string{id}
	}
	if q.Kind != AskMany || len(parts) == 0 {
		if id := names.plain[PlainWord(cell)]; id != "" {
			cell = id
		}
		return []string{strings.TrimSpace(cell)}
	}
	for len(parts) > 0 {
		id, n := names.first(cell, parts)
		if !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
		parts = parts[n:]
	}
	return chosen
}

// first is the option that the first n pieces of a cell name.
func (n optionNames) first(cell string, parts [][2]int) (id string, used int) {
	most := min(n.most, len(parts))
	text := func(k int) string { return cell[parts[0][0]:parts[k-1][1]] }
	for k := most; k > 0; k-- {
		if id := n.exact[squeezed(text(k))]; id != "" {
			return id, k
		}
	}
	for k := 1; k <= most; k++ {
		if id := n.plain[PlainWord(text(k))]; id != "" {
			return id, k
		}
	}
	return strings.TrimSpace(text(1)), 1
}
