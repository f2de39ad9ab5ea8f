package documents

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestReadTableReadsDaysAndZerosOfXLSXAsPeopleSeeThem(t *testing.T) {
	for name, tc := range map[string]struct {
		id    int
		code  string
		value any
		want  string
	}{
		"a short day":                  {14, "", 46582, "2027-07-14"},
		"a day and a time":             {22, "", 46582.5, "2027-07-14 12:00:00"},
		"a day that has a time inside": {14, "", 46582.5, "2027-07-14"},
		"a time":                       {21, "", 0.75, "18:00:00"},
		"minutes":                      {45, "", 0.5, "12:00:00"},
		"hours beyond a day":           {46, "", 1.5, "1.5"},
		"a Korean day by its number":   {31, "", 46582, "2027-07-14"},
		"a Korean day":                 {0, `yyyy"년" m"월" d"일";@`, 46582, "2027-07-14"},
		"a day of a place":             {0, `[$-412]yyyy\/mm\/dd`, 46582, "2027-07-14"},
		"a month":                      {0, "mmm", 46582, "2027-07-14"},
		"a moment":                     {0, "yyyy-mm-dd hh:mm", 46582.25, "2027-07-14 06:00:00"},
		"midnight":                     {0, "yyyy-mm-dd hh:mm", 46582, "2027-07-14"},
		"a day before all days":        {14, "", -1, "-1"},
		"a day after all days":         {14, "", 2958466, "2958466"},
		"a text in a cell for days":    {14, "", "soon", "soon"},
		"a telephone":                  {0, `000\-0000\-0000`, 1012345678, "010-1234-5678"},
		"a number with zeros":          {0, "00000", 123, "00123"},
		"more digits than zeros":       {0, "00", 12345, "12345"},
		"a text where zeros are":       {0, "00000", "12a", "12a"},
		"a number in words":            {0, `"day "0`, 46582, "46582"},
		"a number in red":              {0, "[Red]0", 46582, "46582"},
		"thousands":                    {3, "", 46582, "46582"},
		"a part":                       {10, "", 0.5, "0.5"},
	} {
		for _, from1904 := range []bool{false, true} {
			value, whole := tc.value, 0
			if n, is := value.(int); is {
				whole = n
			}
			if from1904 && (tc.want != "2027-07-14" || whole == 0) {
				continue
			}
			if from1904 {
				value = whole - 1462
			}
			if got := formattedCell(t, tc.id, tc.code, value, from1904); got != tc.want {
				t.Errorf("%s (1904: %t) is read as %q, want %q", name, from1904, got, tc.want)
			}
		}
	}
}

// formattedCell reads C3 of a sheet behind a hidden one, in which it has that format, between cells that have none.
func formattedCell(t *testing.T, id int, code string, value any, from1904 bool) string {
	t.Helper()
	f := excelize.NewFile()
	style := &excelize.Style{NumFmt: id}
	if code != "" {
		style.CustomNumFmt = &code
	}
	n, err := f.NewStyle(style)
	_, made := f.NewSheet("List")
	f.SetActiveSheet(1)
	var b bytes.Buffer
	err = errors.Join(err, made, f.SetSheetVisible("Sheet1", false), f.SetCellValue("Sheet1", "C3", "hidden"), f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}),
		f.SetCellValue("List", "A1", 46582), f.SetCellValue("List", "C3", value), f.SetCellStyle("List", "C3", "C3", n), f.SetCellValue("List", "D3", 46582), f.Write(&b), f.Close())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := ReadTable(b.Bytes())
	if err != nil || len(rows) != 3 || len(rows[2]) != 4 || !reflect.DeepEqual(rows[0], []string{"46582"}) || rows[2][3] != "46582" {
		t.Fatalf("%q, %v", rows, err)
	}
	return rows[2][2]
}

func TestCellsThatAreNowhereHarmNothing(t *testing.T) {
	for name, sheet := range map[string]string{
		"far away":         `<row r="1"><c r="ZZ9" s="1"><v>1</v></c></row>`,
		"before the first": `<row r="0"><c s="1"><v>1</v></c></row><row r="-1"><c s="1"/></row>`,
		"another style":    `<row><c r="?" s="0"><v>1</v></c></row>`,
		"no such style":    `<row><c s="7"><v>1</v></c><c s="-1"/><c s="x"/></row>`,
		"outside a row":    `</sheetData><c s="1"/><sheetData>`,
		"not whole":        `<row><c s="1"`,
		"twice":            `<row><c r="A1" s="1"><v>46582</v></c><c r="A1" s="1"><v>46582</v></c></row>`,
	} {
		f := excelize.NewFile()
		if _, err := f.NewStyle(&excelize.Style{NumFmt: 14}); err != nil {
			t.Fatal(err)
		}
		f.Pkg.Store("xl/_rels/workbook.xml.rels", []byte(`<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`))
		f.Pkg.Store("xl/worksheets/sheet1.xml", []byte("<worksheet><sheetData>"+sheet+"</sheetData></worksheet>"))
		rows := [][]string{{"46582"}}
		readFormats(f, "Sheet1", rows)
		if want := map[bool]string{true: "2027-07-14", false: "46582"}[name == "twice"]; rows[0][0] != want {
			t.Errorf("%s: %q, want %q", name, rows, want)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
