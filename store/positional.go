package store

import (
	"strconv"
	"strings"
)

// positional writes a query's placeholders as ? when they are $1, $2 and so on, each once and in their order; another query stays as
// it is. To SQLite, $1 is a name, and the driver asks for the name of every parameter by looking through those before it: with hundreds
// of parameters that takes longer than the rest of the statement.
func positional(query string) string {
	var b strings.Builder
	rest := query
	for n := 1; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number := strconv.Itoa(n)
		after, ok := strings.CutPrefix(after, number)
		if !ok || after != "" && after[0] >= '0' && after[0] <= '9' {
			return query
		}
		b.WriteByte('?')
		rest = after
	}
}
