package documents

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
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
	ErrTableSize = errors.New("the file is longer than 5 MB, or has more than 50,000 rows or 200 columns")
	ErrTableKind = errors.New("the file is neither CSV nor XLSX")
)

// ReadTable reads the rows of a CSV file (UTF-8, UTF-16 or EUC-KR; commas, semicolons or tabs) or of an XLSX file's first sheet. Dates
// of an XLSX file come as the spreadsheet's own day numbers, and formulas as the values that the file keeps; nothing is computed.
//
// It fails with ErrTableSize and ErrTableKind; an XLS file of old, and a web page named .xls, are of the wrong kind.
func ReadTable(data []byte) ([][]string, error) {
	switch {
	case len(data) > MaxTable:
		return nil, ErrTableSize
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")), bytes.HasPrefix(bytes.TrimLeft(data, "\ufeff \t\r\n"), []byte("<")):
		return nil, ErrTableKind
	}
	return readCSV(data)
}

func readXLSX(data []byte) (rows [][]string, err error) {
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTableKind, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	sheets := file.GetSheetList()
	if len(sheets) == 0 {
		return nil, ErrTableKind
	}
	lines, err := file.Rows(sheets[0])
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
		rows = append(rows, row)
	}
	return rows, lines.Error()
}

func readCSV(data []byte) ([][]string, error) {
	text, err := decoded(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	var rows [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTableKind, err)
		}
		line, _ := r.FieldPos(0)
		for len(rows) < line-1 && len(rows) < maxTableRows { // empty lines count, so that a row has the number that a spreadsheet shows
			rows = append(rows, nil)
		}
		if len(rows) >= maxTableRows || len(row) > maxTableCols {
			return nil, ErrTableSize
		}
		rows = append(rows, row)
	}
}

// decoded is a file's text: by its byte order mark, else UTF-8, else EUC-KR with the additions of Windows.
func decoded(data []byte) (string, error) {
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		data, err = korean.EUCKR.NewDecoder().Bytes(data)
	}
	if err != nil || bytes.ContainsRune(data, 0) || bytes.ContainsRune(data, utf8.RuneError) {
		return "", ErrTableKind
	}
	return strings.TrimPrefix(string(data), "\ufeff"), nil
}

// separator is the sign that divides the fields: the one that stands most often in the first lines.
func separator(text string) rune {
	head := text[:min(len(text), 4096)]
	best, most := ',', strings.Count(head, ",")
	for _, sign := range "\t;" {
		if n := strings.Count(head, string(sign)); n > most {
			best, most = sign, n
		}
	}
	return best
}
