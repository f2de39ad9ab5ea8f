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
	cols   int
	rows   int
	closed bool

	// The workbook stays behind functions of plain types. Were its library's types in here, whatever holds a List in an interface
	// would make the linker keep every method that they have, formulas, charts and pivot tables: four megabytes of program that
	// nobody calls (docs/decisions/0010-program-size.md).
	add     func(row int, cells []Cell) error
	finish  func(rows int) error
	discard func() error
}

var _ List = (*XLSX)(nil)

// NewXLSX begins a workbook that Close will write to w. sheet is the name of its sheet: 31 characters at most, without : \ / ? * [ ].
func NewXLSX(w io.Writer, sheet string, cols []Column) (*XLSX, error) {
	b := &workbook{out: w, file: excelize.NewFile(), sheet: sheet, cols: cols}
	if err := b.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("begin XLSX: %w", err), b.file.Close())
	}
	return &XLSX{cols: len(cols), rows: 1, add: b.add, finish: b.finish, discard: b.file.Close}, nil
}

// Row adds one row.
func (x *XLSX) Row(row ...Cell) error {
	if err := fits(len(row), x.cols, x.closed); err != nil {
		return err
	}
	x.rows++
	return x.add(x.rows, row)
}

// Close writes the workbook to the writer that NewXLSX was given, and removes the temporary file.
func (x *XLSX) Close() error {
	if x.closed {
		return nil
	}
	x.closed = true
	return errors.Join(x.finish(x.rows), x.discard())
}

// workbook is an XLSX as the library writes it.
type workbook struct {
	out    io.Writer
	file   *excelize.File
	rows   *excelize.StreamWriter
	sheet  string
	cols   []Column
	styles xlsxStyles
}

// begin writes everything down to the row of titles, which is row 1.
func (b *workbook) begin() (err error) {
	if len(b.cols) == 0 {
		return errors.New("list without columns")
	}
	if err = b.file.SetSheetName("Sheet1", b.sheet); err != nil {
		return err
	}
	if err = b.file.SetDocProps(&excelize.DocProperties{Creator: "Foyer"}); err != nil {
		return err
	}
	if b.styles, err = newXLSXStyles(b.file); err != nil {
		return err
	}
	if b.rows, err = b.file.NewStreamWriter(b.sheet); err != nil {
		return err
	}
	for i, col := range b.cols {
		if err = b.rows.SetColWidth(i+1, i+1, columnWidth(col)); err != nil {
			return err
		}
	}
	err = b.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	titles := make([]any, len(b.cols))
	for i, col := range b.cols {
		titles[i] = excelize.Cell{StyleID: b.styles.header, Value: printable(col.Title)}
	}
	return b.write(1, titles)
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

func (b *workbook) add(row int, cells []Cell) error {
	values := make([]any, len(cells))
	for i, c := range cells {
		if c.kind != cellEmpty {
			values[i] = b.value(c)
		}
	}
	return b.write(row, values)
}

func (b *workbook) write(row int, values []any) error {
	if err := b.rows.SetRow("A"+strconv.Itoa(row), values); err != nil {
		return fmt.Errorf("write XLSX row %d: %w", row, err)
	}
	return nil
}

// finish ends the sheet after its last row and writes the workbook out.
func (b *workbook) finish(rows int) error {
	last, err := excelize.CoordinatesToCellName(len(b.cols), rows)
	if err != nil {
		return fmt.Errorf("finish XLSX: %w", err)
	}
	if err := b.file.AutoFilter(b.sheet, "A1:"+last, nil); err != nil {
		return fmt.Errorf("finish XLSX: %w", err)
	}
	if err := b.rows.Flush(); err != nil {
		return fmt.Errorf("finish XLSX: %w", err)
	}
	if err := b.file.Write(b.out); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

// value is c as the library takes it.
func (b *workbook) value(c Cell) excelize.Cell {
	switch c.kind {
	case cellInteger:
		if exact(c.number) {
			return excelize.Cell{StyleID: b.styles.integer, Value: c.number}
		}
	case cellMoney:
		if number, ok := decimalNumber(c); ok {
			return excelize.Cell{StyleID: b.styles.money[c.cur.Decimals()], Value: number}
		}
	case cellTime:
		return excelize.Cell{StyleID: b.styles.time, Value: c.at}
	case cellText, cellEmpty:
	}
	return excelize.Cell{StyleID: b.styles.text, Value: c.String()}
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
