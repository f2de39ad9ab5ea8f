package documents

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
)

// maxLineSigns is how many separators a line may have before it is read: what stands in quotation marks is not counted as fields.
const maxLineSigns = 20_000

func readCSV(data []byte) ([][]string, error) {
	text, err := decoded(data)
	if err != nil {
		return nil, err
	}
	text = unixLines(text)
	sign := separator(text)
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Count(line, string(sign)) > maxLineSigns {
			return nil, ErrTableSize
		}
	}
	rows, broken, err := fields(text, sign, true)
	if err != nil || !broken {
		return rows, err
	}
	if _, _, err := fields(text, sign, false); errors.Is(err, csv.ErrQuote) {
		return nil, ErrTableQuote // lines ran together
	}
	return rows, nil
}

// fields reads the rows of a text; lazy takes quotation marks where they should not stand. broken tells whether some cell has many lines.
func fields(text string, sign rune, lazy bool) (rows [][]string, broken bool, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = sign, -1, lazy
	breaks := 0 // line ends within cells so far
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, breaks > 0, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", ErrTableKind, err)
		}
		line, _ := r.FieldPos(0)
		for len(rows) < line-1-breaks && len(rows) < maxTableRows { // empty lines count, so that a row has the number that a spreadsheet shows
			rows = append(rows, nil)
		}
		if len(rows) >= maxTableRows || len(row) > maxTableCols {
			return nil, false, ErrTableSize
		}
		breaks += strings.Count(strings.Join(row, ""), "\n")
		rows = append(rows, row)
	}
}

// decoded is a file's text: by its byte order mark, else by the zeros of UTF-16, else UTF-8, else EUC-KR with the additions of Windows.
func decoded(data []byte) (string, error) {
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case bytes.IndexByte(data, 0) >= 0:
		order, known := byteOrder(data)
		if !known {
			return "", ErrTableKind
		}
		data, err = unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		data, err = korean.EUCKR.NewDecoder().Bytes(data)
	}
	if err != nil || bytes.ContainsRune(data, 0) || bytes.ContainsRune(data, utf8.RuneError) {
		return "", ErrTableKind
	}
	return strings.TrimPrefix(string(data), "\ufeff"), nil
}

// byteOrder is the order of UTF-16 without a mark: the zeros stand beside the signs that every table has. Without any it is no text.
func byteOrder(data []byte) (order unicode.Endianness, known bool) {
	little := 0
	for i := 0; i+1 < len(data); i += 2 {
		switch {
		case data[i+1] == 0 && strings.IndexByte("\r\n\t,;@", data[i]) >= 0:
			little++
		case data[i] == 0 && strings.IndexByte("\r\n\t,;@", data[i+1]) >= 0:
			little--
		}
	}
	if little < 0 {
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, little > 0
}

// unixLines ends the lines of a text as the reader of CSV wants them. Files of the first Macs end them with carriage returns alone.
func unixLines(text string) string {
	quoted := false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n', c == '\r' && strings.HasPrefix(strings.TrimLeft(text[i:], "\r"), "\n"):
			return text
		case c == '\r':
			return strings.ReplaceAll(text, "\r", "\n")
		}
	}
	return text
}

// separator is the sign that divides the fields: the most of the first lines hold it equally often, outside quotation marks.
func separator(text string) rune {
	head := text[:min(len(text), 8192)] + "\n"
	best, most := ',', 0
	for _, sign := range ",\t;" {
		lines := map[int]int{} // that hold it so often
		n, quoted, before := 0, false, '\n'
		for _, c := range head {
			switch {
			case quoted:
				quoted = c != '"'
			case c == '"':
				quoted = strings.ContainsRune(",\t;\n", before)
			case c == sign:
				n++
			case c == '\n':
				lines[n]++
				n = 0
			}
			before = c
		}
		delete(lines, 0)
		for n, same := range lines {
			if score := same*len(head) + n; score > most {
				best, most = sign, score
			}
		}
	}
	return best
}
