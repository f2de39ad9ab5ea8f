package documents

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"
)

func TestReadTableReadsWhatSpreadsheetsWrite(t *testing.T) {
	people := [][]string{{"성명", "이메일"}, {"가나, 다", "a@example.org"}}
	bare := func(e unicode.Endianness) string {
		text, err := unicode.UTF16(e, unicode.IgnoreBOM).NewEncoder().String("성명,이메일\r\n\"가나, 다\",a@example.org")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	tests := map[string]struct {
		data string
		want [][]string
	}{
		"UTF-16LE without a mark":        {bare(unicode.LittleEndian), people},
		"UTF-16BE without a mark":        {bare(unicode.BigEndian), people},
		"lines of old Macs":              {"성명,이메일\r\"가나, 다\",a@example.org\r", people},
		"old Macs, a line end in a cell": {"a,b\r\"1\n2\",3\r4,5", [][]string{{"a", "b"}, {"1\n2", "3"}, {"4", "5"}}},
		"semicolons with commas inside":  {"성명;이메일\n가나, 다;a@example.org", people},
		"many commas in a column":        {"a;b\nx, y, z;1\nv, w, x, y;2\n", [][]string{{"a", "b"}, {"x, y, z", "1"}, {"v, w, x, y", "2"}}},
		"tabs":                           {"성명\t이메일\n가나, 다\ta@example.org", people},
		"separators in quotation marks":  {"a,b\n\"1;2;3;4\",5", [][]string{{"a", "b"}, {"1;2;3;4", "5"}}},
		"a row after a line end in one":  {"a,b\n\"1\n2\n3\",4\n\n5,6", [][]string{{"a", "b"}, {"1\n2\n3", "4"}, nil, {"5", "6"}}},
		"ragged rows":                    {"a,b\n1\n1,2,3\n", [][]string{{"a", "b"}, {"1"}, {"1", "2", "3"}}},
		"quotation marks within a cell":  {"a,b\nKim \"Jay\" Lee,\"x \"y\" z\"\n", [][]string{{"a", "b"}, {`Kim "Jay" Lee`, `x "y" z`}}},
		"a header only":                  {"a,b", [][]string{{"a", "b"}}},
	}
	for name, tc := range tests {
		if got, err := ReadTable([]byte(tc.data)); err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, tc.want)
		}
	}
}

// sheets is an XLSX file with a hidden sheet before the one that counts.
func sheets(t *testing.T, cells map[string]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	_, err := f.NewSheet("List")
	f.SetActiveSheet(1)
	err = errors.Join(err, f.SetCellValue("Sheet1", "A1", "hidden"), f.SetSheetVisible("Sheet1", false))
	for cell, v := range cells {
		err = errors.Join(err, f.SetCellValue("List", cell, v))
	}
	var b bytes.Buffer
	if err := errors.Join(err, f.MergeCell("List", "A2", "A3"), f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadTableReadsNumbersOfXLSXAsPeopleSeeThem(t *testing.T) {
	data := sheets(t, map[string]any{"A1": "name", "B1": "phone", "A2": "merged", "B2": 1012345678, "B3": "1.012345678E9", "C3": 0.5})
	got, err := ReadTable(data)
	want := [][]string{{"name", "phone"}, {"merged", "1012345678"}, {"", "1012345678", "0.5"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for cell, want := range map[string]string{
		"12.0": "12", "1.2E+3": "1200", "1.012345678E9": "1012345678", "-12.00": "-12", "1E+3": "1000", "12.5": "12.5", "1.25E1": "1.25E1", "12E3": "12E3", "E": "E",
		"A-1.0": "A-1.0", ".0": ".0", "1.0E999999999": "1.0E999999999", "1.E": "1.E", "1.0E+99": "1.0E+99", "010": "010", "2027.0.0": "2027.0.0", "": "", "１.0": "１.0",
	} {
		if got := plainNumber(cell); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

// archived is an XLSX file with one part in place of that of the same name, or beside the others: before, then body n times, then after.
func archived(t *testing.T, name, before, body string, n int, after string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(sheets(t, nil)), int64(len(sheets(t, nil))))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, part := range from.File {
		if part.Name != name {
			err = errors.Join(err, to.Copy(part))
		}
	}
	w, made := to.Create(name)
	err = errors.Join(err, made)
	for _, text := range []string{before, strings.Repeat(body, n), after} {
		_, wrote := io.WriteString(w, text)
		err = errors.Join(err, wrote)
	}
	if err := errors.Join(err, to.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadTableIsNotFilledUpByASmallFile(t *testing.T) {
	const workbook, styles = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>`, `<styleSheet><cellXfs>`
	forged := archived(t, "xl/worksheets/sheet2.xml", `<worksheet>`, strings.Repeat(" ", 1000), 1000, `</worksheet>`)
	for i := range len(forged) - 46 {
		if bytes.HasPrefix(forged[i:], []byte("PK\x01\x02")) {
			binary.LittleEndian.PutUint32(forged[i+24:], 10) // the directory says that each part is short
		}
	}
	for name, tc := range map[string]struct {
		data []byte
		want error
	}{
		"a long sheet":        {archived(t, "xl/worksheets/sheet2.xml", `<worksheet>`, strings.Repeat(" ", 1000), maxUnzipped/1000+1, `</worksheet>`), ErrTableSize},
		"millions of cells":   {archived(t, "xl/worksheets/sheet2.xml", `<worksheet><sheetData><row>`, `<c/>`, maxSheetMarks, `</row></sheetData></worksheet>`), ErrTableSize},
		"millions of strings": {archived(t, "xl/sharedStrings.xml", `<sst>`, `<si/>`, maxStringMarks, `</sst>`), ErrTableSize},
		"millions of formats": {archived(t, "xl/styles.xml", styles, `<xf/>`, maxOtherMarks, `</cellXfs></styleSheet>`), ErrTableSize},
		"millions of sheets":  {archived(t, "xl/workbook.xml", workbook, `<sheet/>`, maxOtherMarks, `</sheets></workbook>`), ErrTableSize},
		"formats named so":    {archived(t, "xl/styles.xml", `<!--<worksheet>--><styleSheet>`, `<xf/>`, maxOtherMarks, `</styleSheet>`), ErrTableSize},
		"sizes that lie":      {forged, ErrTableKind},
		"millions of fields":  {[]byte(strings.Repeat(",", MaxTable)), ErrTableSize},
		"a document":          {archived(t, "word/document.xml", "<document>", "", 0, "</document>")[:300], ErrTableKind},
		"a PDF":               {[]byte("%PDF-1.7\nname,email,category\n"), ErrTableKind},
		"an open quotation":   {[]byte("a,b\n\"1,2\n3,4\n5,\"6\"\n"), ErrTableQuote},
	} {
		if _, err := ReadTable(tc.data); !errors.Is(err, tc.want) || len(tc.data) > MaxTable {
			t.Errorf("%s, %d bytes: %v", name, len(tc.data), err)
		}
	}
}
