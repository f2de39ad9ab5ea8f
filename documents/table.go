package documents

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// MaxTable is the longest file that ReadTable reads, in bytes.
const MaxTable = 5 << 20

// Bounds of what one file may unfold into.
const (
	maxTableRows = 50_000
	maxTableCols = 200
	maxUnzipped  = 64 << 20
)

// Errors of ReadTable.
var (
	ErrTableSize  = errors.New("the file is longer than 5 MB, or has more than 50,000 rows or 200 columns")
	ErrTableKind  = errors.New("the file is neither CSV nor XLSX")
	ErrTableEmpty = errors.New("the file has no text in any cell")
	ErrTableQuote = errors.New("a quotation mark is opened and never closed")
)

// ReadTable reads the rows of a CSV file (UTF-8, UTF-16 or EUC-KR; commas, semicolons or tabs; lines as Windows, Unix or the first Macs end
// them) or of an XLSX file's first sheet that is not hidden. Days of an XLSX file come as 2006-01-02, with 15:04:05 after them or
// alone where the cell shows a time; numbers in full, with zeros before them where the cell shows those; and formulas as the values that the
// file keeps: nothing is computed.
//
// It fails with ErrTableSize, ErrTableKind, ErrTableQuote and ErrTableEmpty; an XLS file of old, one with a password, a PDF, and a web page
// named .xls, are of the wrong kind.
func ReadTable(data []byte) ([][]string, error) {
	rows, err := readTable(data)
	if err == nil && !slices.ContainsFunc(rows, hasText) {
		return nil, ErrTableEmpty
	}
	return rows, err
}

// hasText reports whether a cell of a row holds more than spaces.
func hasText(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) != "" }

func readTable(data []byte) ([][]string, error) {
	switch {
	case len(data) > MaxTable:
		return nil, ErrTableSize
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")), bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(bytes.TrimLeft(data, "\ufeff \t\r\n"), []byte("<")):
		return nil, ErrTableKind
	}
	return readCSV(data)
}

func readXLSX(data []byte) (rows [][]string, err error) {
	if err := boundXLSX(data); err != nil {
		return nil, err
	}
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTableKind, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	sheet := firstSheet(file)
	lines, err := file.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTableKind, err)
	}
	defer func() { err = errors.Join(err, lines.Close()) }()
	for lines.Next() {
		row, err := lines.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTableKind, err)
		}
		if len(rows) == maxTableRows || len(row) > maxTableCols {
			return nil, ErrTableSize
		}
		for i, cell := range row {
			row[i] = plainNumber(cell)
		}
		rows = append(rows, row)
	}
	readFormats(file, sheet, rows)
	return rows, lines.Error()
}

// firstSheet is the name of the first sheet that is shown, "" when there is none.
func firstSheet(file *excelize.File) string {
	for _, name := range file.GetSheetList() {
		if shown, err := file.GetSheetVisible(name); err == nil && shown {
			return name
		}
	}
	return ""
}

// plainNumber is a cell whose number is written in full: some programs write 1.012345678E9 and 12.0 for what everybody sees as 1012345678
// and 12. Any other cell stays.
func plainNumber(cell string) string {
	number, exponent, scientific := strings.Cut(cell, "E")
	whole, part, point := strings.Cut(number, ".")
	places := 0
	if scientific {
		var err error
		if places, err = strconv.Atoi(exponent); err != nil || (!point && exponent[0] != '+') {
			return cell
		}
	}
	sign := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	if (!point && !scientific) || whole == "" || strings.Trim(whole+part, "0123456789") != "" || places < 0 || places > 20 {
		return cell
	}
	part = strings.TrimRight(part, "0")
	if len(part) > places {
		return cell
	}
	whole += part + strings.Repeat("0", places-len(part))
	if sign {
		whole = "-" + whole
	}
	return whole
}
