package store

import (
	"fmt"
	"strconv"
	"strings"
)

// insertSizes are the numbers of rows for which an insert has a statement, the largest first.
var insertSizes = [...]int{32, 8, 2, 1}

// insert writes any number of rows of one kind with few statements: what a statement costs besides its rows is paid once for many.
type insert struct {
	width int // columns of a row
	texts [len(insertSizes)]string
}

// newInsert makes an insert from what stands before and after its VALUES.
func newInsert(head string, width int, tail string) *insert {
	in := &insert{width: width}
	for i, size := range insertSizes {
		in.texts[i] = strings.TrimSpace(head + " VALUES " + valueRows(size, width) + " " + tail)
	}
	return in
}

// valueRows writes ($1, $2), ($3, $4) and so on.
func valueRows(rows, width int) string {
	var b strings.Builder
	for n := range rows * width {
		switch {
		case n == 0:
			b.WriteString("($")
		case n%width == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(n + 1))
	}
	return b.String() + ")"
}

// run writes rows whose columns follow each other in args, and gives the number of rows that were written.
func (in *insert) run(tx *Tx, args []any) (written int64, err error) {
	for i, size := range insertSizes {
		for len(args) >= size*in.width {
			n, err := tx.Exec(in.texts[i], args[:size*in.width]...)
			if err != nil {
				return written, err
			}
			written, args = written+n, args[size*in.width:]
		}
	}
	return written, nil
}

// gather makes add keep its rows until flush writes those of one kind together. It is for writes that read none of them.
func (tx *Tx) gather() { tx.gathers, tx.gathered = true, map[*insert][]any{} }

// add writes one row: at once, or with others of its kind when the write gathers them.
func (in *insert) add(tx *Tx, row []any) error {
	if tx.gathers {
		tx.gathered[in] = append(tx.gathered[in], row...)
		return nil
	}
	_, err := in.run(tx, row)
	return err
}

// flush writes the rows that were gathered so far; a write that gathers ends with it.
func (tx *Tx) flush() error {
	for in := range tx.gathered {
		if err := in.flush(tx); err != nil {
			return err
		}
	}
	return nil
}

// flush writes the rows of one kind that were gathered so far.
func (in *insert) flush(tx *Tx) error {
	if _, err := in.run(tx, tx.gathered[in]); err != nil {
		return fmt.Errorf("write gathered rows: %w", err)
	}
	delete(tx.gathered, in)
	return nil
}
