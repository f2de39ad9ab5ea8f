package documents

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"foyer/registration"
)

// XLSX is a List as an Excel workbook with one sheet: bold frozen header with filters, column widths, text as text. Text is always
// stored as text, so nothing in it is ever a formula and zeros in front stay; Excel's own limit cuts it at 32,767 characters.
//
// Amounts are numbers, so that they can be added up, as long as a spreadsheet can hold them exactly: it keeps 15 significant digits,
// and a longer amount is written as text. Rows beyond 16 MB wait in a temporary file; Close writes the workbook.
type XLSX struct {
	out    io.Writer
	file   *excelize.File
	rows   *excelize.StreamWriter
	sheet  string
	cols   []Column
	styles xlsxStyles
	row    int
	closed bool
}

var _ List = (*XLSX)(nil)

// NewXLSX begins a workbook that Close will write to w. sheet is the name of its sheet: 31 characters at most, without : \ / ? * [ ].
func NewXLSX(w io.Writer, sheet string, cols []Column) (*XLSX, error) {
	x := &XLSX{out: w, file: excelize.NewFile(), sheet: sheet, cols: cols}
	if err := x.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("begin XLSX: %w", err), x.file.Close())
	}
	return x, nil
}

func (x *XLSX) begin() (err error) {
	if len(x.cols) == 0 {
		return errors.New("list without columns")
	}
	if err = x.file.SetSheetName("Sheet1", x.sheet); err != nil {
		return err
	}
	if err = x.file.SetDocProps(&excelize.DocProperties{Creator: "Foyer"}); err != nil {
		return err
	}
	if x.styles, err = newXLSXStyles(x.file); err != nil {
		return err
	}
	if x.rows, err = x.file.NewStreamWriter(x.sheet); err != nil {
		return err
	}
	for i, col := range x.cols {
		if err = x.rows.SetColWidth(i+1, i+1, columnWidth(col)); err != nil {
			return err
		}
	}
	err = x.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	titles := make([]any, len(x.cols))
	for i, col := range x.cols {
		titles[i] = excelize.Cell{StyleID: x.styles.header, Value: printable(col.Title)}
	}
	return x.add(titles)
}

// columnWidth makes room for the filter button beside the title and for whole times.
func columnWidth(col Column) float64 {
	n := col.Width
	if n <= 0 {
		n = cells(col.Title) + 4
	}
	if col.Kind == ColumnTime {
		n = max(n, 20)
	}
	return float64(min(n, 255))
}

// Row adds one row.
func (x *XLSX) Row(row ...Cell) error {
	if err := fits(len(row), len(x.cols), x.closed); err != nil {
		return err
	}
	values := make([]any, len(row))
	for i, c := range row {
		if c.kind != cellEmpty {
			values[i] = x.value(c)
		}
	}
	return x.add(values)
}

func (x *XLSX) add(values []any) error {
	x.row++
	if err := x.rows.SetRow("A"+strconv.Itoa(x.row), values); err != nil {
		return fmt.Errorf("write XLSX row %d: %w", x.row, err)
	}
	return nil
}

// Close writes the workbook to the writer that NewXLSX was given, and removes the temporary file.
func (x *XLSX) Close() error {
	if x.closed {
		return nil
	}
	x.closed = true
	return errors.Join(x.finish(), x.file.Close())
}

func (x *XLSX) finish() error {
	last, err := excelize.CoordinatesToCellName(len(x.cols), x.row)
	if err != nil {
		return fmt.Errorf("finish XLSX: %w", err)
	}
	if err := x.file.AutoFilter(x.sheet, "A1:"+last, nil); err != nil {
		return fmt.Errorf("finish XLSX: %w", err)
	}
	if err := x.rows.Flush(); err != nil {
		return fmt.Errorf("finish XLSX: %w", err)
	}
	if err := x.file.Write(x.out); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

// value is c as the library takes it.
func (x *XLSX) value(c Cell) excelize.Cell {
	switch c.kind {
	case cellInteger:
		if exact(c.number) {
			return excelize.Cell{StyleID: x.styles.integer, Value: c.number}
		}
	case cellMoney:
		if number, ok := decimalNumber(c); ok {
			return excelize.Cell{StyleID: x.styles.money[c.cur.Decimals()], Value: number}
		}
	case cellTime:
		return excelize.Cell{StyleID: x.styles.time, Value: c.at}
	case cellText, cellEmpty:
	}
	return excelize.Cell{StyleID: x.styles.text, Value: c.String()}
}

// exact reports whether a spreadsheet keeps every digit of n.
func exact(n int64) bool { return n > -1e15 && n < 1e15 }

// decimalNumber is the amount in c as a number that the library writes with exactly the digits of the amount. Whole amounts are
// integers. For the others the library takes nothing but a float64: up to 15 digits its shortest decimal form is the amount
// itself, and that is checked here rather than believed.
func decimalNumber(c Cell) (number any, ok bool) {
	if !exact(c.number) || c.cur.Decimals() > maxDecimals {
		return nil, false
	}
	if c.cur.Decimals() == 0 {
		return c.number, true
	}
	want := registration.Money{Minor: c.number, Cur: c.cur}.Decimal()
	near, err := strconv.ParseFloat(want, 64)
	if err != nil || strconv.FormatFloat(near, 'f', c.cur.Decimals(), 64) != want {
		return nil, false
	}
	return near, true
}
