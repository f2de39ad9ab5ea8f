package documents

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"foyer/registration"
)

var listColumns = []Column{
	{Title: "주문 번호", Width: 12},
	{Title: "이름", Width: 24},
	{Title: "전화"},
	{Title: "금액", Width: 14, Kind: ColumnMoney},
	{Title: "결제일 (KST)", Kind: ColumnTime},
	{Title: "수량", Kind: ColumnInteger},
}

// listRows are rows with everything that has ever gone wrong in a spreadsheet.
func listRows() [][]Cell {
	at := time.Date(2026, 11, 20, 15, 0, 5, 999, time.FixedZone("KST", 9*60*60))
	row := func(code, name, phone string, m registration.Money) []Cell {
		return []Cell{TextCell(code), TextCell(name), TextCell(phone), MoneyCell(m), TimeCell(at), IntegerCell(3)}
	}
	return [][]Cell{
		row("K7Q4-M2XD", "김하늘", "01000000000", won(150000)),
		row("00012345", "O'Neill, \"Ann\"", "+821000000000", cents(1250)),
		row("1E5", "=HYPERLINK(\"https://example.com\";\"x\")", "-1", cents(7)),
		row("2027-07-22", "@SUM(1)", "\t=1+1", won(-30000)),
		row("_x0041_", "＝1+1", " =1+1", cents(99999999999999)),
		row("a\x00b\x1bc\u0085", "두 줄\r\n이름", "", cents(-1)),
		row("<b>&", "broken \xff", "\x00=1", won(1234567890123456)),
		{TextCell("short")},
		{},
	}
}

func writeList(t testing.TB, l List, rows [][]Cell) {
	t.Helper()
	for _, row := range rows {
		if err := l.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Row(TextCell("late")); err == nil {
		t.Error("a row after Close was taken")
	}
}

func TestCSVBytes(t *testing.T) {
	var b bytes.Buffer
	l, err := NewCSV(&b, listColumns)
	if err != nil {
		t.Fatal(err)
	}
	writeList(t, l, listRows())
	if !strings.HasPrefix(b.String(), "\xef\xbb\xbf주문 번호,이름,") {
		t.Errorf("begins with %q", b.String()[:30])
	}
	if lone := strings.ReplaceAll(b.String(), "\r\n", ""); strings.ContainsAny(lone, "\r\n") {
		t.Error("a line ends without CR LF")
	}
	golden(t, "list.csv", b.String())
}

func TestCSVReadsBack(t *testing.T) {
	var b bytes.Buffer
	l, err := NewCSV(&b, listColumns)
	if err != nil {
		t.Fatal(err)
	}
	writeList(t, l, listRows())
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"1E5", "'=HYPERLINK(\"https://example.com\";\"x\")", "'-1", "0.07", "2026-11-20 15:00:05", "3"}
	if diff := cmp.Diff(want, records[3]); diff != "" {
		t.Error(diff)
	}
	if len(records) != 1+len(listRows()) {
		t.Errorf("%d records", len(records))
	}
}

func TestFormulaGuard(t *testing.T) {
	for in, want := range map[string]string{
		"=1": "'=1", "+82": "'+82", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "\rx": "'\nx", "\x00=1": "'=1", " =1": "' =1",
		"＝1": "'＝1", "－1": "'－1", "\u3000@x": "'\u3000@x",
		"a=1": "a=1", "1-1": "1-1", "홍길동": "홍길동", " a": " a", "": "", "'=1": "'=1",
	} {
		if got := harmless(TextCell(in).String()); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestXLSXReadsBack(t *testing.T) {
	f := openXLSX(t, listColumns, listRows())
	got, err := f.GetRows("등록", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	const day = "46346.625057870369" // 2026-11-20 15:00:05 on the wall
	rows := map[int][]string{
		0: {"주문 번호", "이름", "전화", "금액", "결제일 (KST)", "수량"},
		1: {"K7Q4-M2XD", "김하늘", "01000000000", "150000", day, "3"},
		2: {"00012345", "O'Neill, \"Ann\"", "+821000000000", "12.5", day, "3"},
		3: {"1E5", "=HYPERLINK(\"https://example.com\";\"x\")", "-1", "0.07", day, "3"},
		4: {"2027-07-22", "@SUM(1)", "\t=1+1", "-30000", day, "3"},
		5: {"_x0041_", "＝1+1", " =1+1", "999999999999.99", day, "3"},
		6: {"abc", "두 줄\n이름", "", "-0.01", day, "3"},
		7: {"<b>&", "broken \ufffd", "=1", "1234567890123456", day, "3"},
		8: {"short"},
	}
	for i, want := range rows {
		near := cmp.Comparer(func(a, b string) bool { return a == b || sameTime(a, b) })
		if diff := cmp.Diff(want, got[i], near); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i+1, diff)
		}
	}
}

// sameTime compares spreadsheet times to a tenth of a second.
func sameTime(a, b string) bool {
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	return errA == nil && errB == nil && strings.HasPrefix(a, "46346.") && x-y < 1e-6 && y-x < 1e-6
}

func TestXLSXHasNoFormulaAndRightTypes(t *testing.T) {
	f := openXLSX(t, listColumns, listRows())
	for row := 1; row <= 10; row++ {
		for col := 1; col <= 6; col++ {
			cell, err := excelize.CoordinatesToCellName(col, row)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula("등록", cell); err != nil || formula != "" {
				t.Errorf("%s holds formula %q (%v)", cell, formula, err)
			}
			kind, err := f.GetCellType("등록", cell)
			value, errValue := f.GetCellValue("등록", cell)
			if err != nil || errValue != nil {
				t.Fatal(err, errValue)
			}
			text := row == 1 || col <= 3 || value == "1234567890123456"
			if value != "" && (kind == excelize.CellTypeInlineString) != text {
				t.Errorf("%s %q has type %v", cell, value, kind)
			}
		}
	}
	if shown, err := f.GetCellValue("등록", "D3"); err != nil || shown != "12.50" {
		t.Errorf("12.50 USD is shown as %q (%v)", shown, err)
	}
	if shown, err := f.GetCellValue("등록", "E2"); err != nil || shown != "2026-11-20 15:00:05" {
		t.Errorf("time is shown as %q (%v)", shown, err)
	}
}

func TestXLSXHeaderIsFrozenBoldAndFiltered(t *testing.T) {
	f := openXLSX(t, listColumns, listRows())
	panes, err := f.GetPanes("등록")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v (%v)", panes, err)
	}
	id, err := f.GetCellStyle("등록", "A1")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || style.Font == nil || !style.Font.Bold {
		t.Errorf("header style %+v (%v)", style, err)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].RefersTo != "'등록'!$A$1:$F$10" {
		t.Errorf("filters %+v", names)
	}
	for col, want := range map[string]float64{"A": 12, "B": 24, "C": 8, "E": 20} {
		if got, err := f.GetColWidth("등록", col); err != nil || got != want {
			t.Errorf("column %s is %v wide (%v), want %v", col, got, err, want)
		}
	}
}

func TestEveryCentSurvivesXLSX(t *testing.T) {
	for _, n := range []int64{0, 1, 7, 10, 29, 99, 100, 101, 1999, 12345678901, 99999999999999, 999999999999999} {
		for _, m := range []registration.Money{cents(n), cents(-n)} {
			number, ok := decimalNumber(MoneyCell(m))
			f, isFloat := number.(float64)
			if !ok || !isFloat {
				t.Fatalf("%d cents became %v", m.Minor, number)
			}
			back, err := registration.ParseMoney(strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "-"), registration.USD)
			if err != nil || back.Minor != n {
				t.Errorf("%d cents were written as %v", m.Minor, f)
			}
		}
	}
	if _, ok := decimalNumber(MoneyCell(cents(1_000_000_000_000_000))); ok {
		t.Error("an amount of 16 digits became a number")
	}
}

func TestXLSXIsDeterministic(t *testing.T) {
	if !bytes.Equal(xlsxBytes(t, listColumns, listRows()), xlsxBytes(t, listColumns, listRows())) {
		t.Error("two copies differ")
	}
}

func TestListsRefuseRowsThatAreTooLong(t *testing.T) {
	x, err := NewXLSX(io.Discard, "a", listColumns[:1])
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCSV(io.Discard, listColumns[:1])
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []List{x, c} {
		if err := l.Row(TextCell("a"), TextCell("b")); err == nil {
			t.Errorf("%T took two cells in one column", l)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNewXLSXRefusesBadSheets(t *testing.T) {
	if _, err := NewXLSX(io.Discard, "a/b", listColumns); err == nil {
		t.Error("a sheet name with a slash was taken")
	}
	if _, err := NewXLSX(io.Discard, "a", nil); err == nil {
		t.Error("a list without columns was taken")
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestListsReportABrokenWriter(t *testing.T) {
	if _, err := NewCSV(brokenWriter{}, listColumns); !errors.Is(err, errBroken) {
		t.Errorf("CSV: %v", err)
	}
	x, err := NewXLSX(brokenWriter{}, "a", listColumns)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); !errors.Is(err, errBroken) {
		t.Errorf("XLSX: %v", err)
	}
}

func TestCellsCountsHangulTwice(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "한글": 4, "한 a": 4, "Ａ": 2, "é": 1} {
		if got := cells(text); got != want {
			t.Errorf("cells(%q) = %d, want %d", text, got, want)
		}
	}
}

func xlsxBytes(t testing.TB, cols []Column, rows [][]Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	x, err := NewXLSX(&b, "등록", cols)
	if err != nil {
		t.Fatal(err)
	}
	writeList(t, x, rows)
	return b.Bytes()
}

func openXLSX(t testing.TB, cols []Column, rows [][]Cell) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(xlsxBytes(t, cols, rows)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// BenchmarkList writes lists of 1,000 and 50,000 rows and reports the heap that is in use before Close: it must not grow with the rows
// beyond the 16 MB after which XLSX turns to a temporary file.
func BenchmarkList(b *testing.B) {
	open := map[string]func() (List, error){
		"csv":  func() (List, error) { return NewCSV(io.Discard, listColumns) },
		"xlsx": func() (List, error) { return NewXLSX(io.Discard, "등록", listColumns) },
	}
	for name, begin := range open {
		for _, rows := range []int{1_000, 50_000} {
			b.Run(name+"/"+strconv.Itoa(rows), func(b *testing.B) {
				for b.Loop() {
					benchmarkList(b, begin, rows)
				}
			})
		}
	}
}

func benchmarkList(b *testing.B, begin func() (List, error), rows int) {
	l, err := begin()
	if err != nil {
		b.Fatal(err)
	}
	row := listRows()[0]
	for range rows {
		if err := l.Row(row...); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "MiB-in-use")
	b.StartTimer()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
}

func TestXLSXShowsNothingOfItsLibrary(t *testing.T) {
	for field := range reflect.TypeFor[XLSX]().Fields() {
		if name := field.Type.String(); strings.Contains(name, "excelize") {
			t.Errorf("field %s is a %s: the linker then keeps everything that the library can do, see docs/decisions/0010-program-size.md", field.Name, name)
		}
	}
}
