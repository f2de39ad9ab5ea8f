package documents

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
)

const settlement = "거래내역\r\n\r\n주문번호,승인번호,결제금액\r\nF1,00123,\"150,000\"\r\n"

var settlementRows = [][]string{{"거래내역"}, nil, {"주문번호", "승인번호", "결제금액"}, {"F1", "00123", "150,000"}}

func TestReadTableReadsCSVInEveryEncoding(t *testing.T) {
	euckr, err := korean.EUCKR.NewEncoder().String(settlement)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(settlement)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"UTF-8": settlement, "with a mark": "\ufeff" + settlement, "EUC-KR": euckr, "UTF-16": utf16} {
		if got, err := ReadTable([]byte(text)); err != nil || !reflect.DeepEqual(got, settlementRows) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := ReadTable([]byte("a\tb\nc, d\te")); err != nil || !reflect.DeepEqual(got, [][]string{{"a", "b"}, {"c, d", "e"}}) {
		t.Errorf("tabs: %q, %v", got, err)
	}
}

func TestReadTableReadsTheFirstSheet(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "주문번호", "B1": "결제금액", "A3": "F1", "B3": 150000} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "C3", `HYPERLINK("http://example.org")`); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := errors.Join(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTable(b.Bytes())
	if err != nil || len(got) != 3 || got[2][0] != "F1" || got[2][1] != "150000" || strings.Contains(strings.Join(got[2], " "), "example") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestReadTableRefusesWhatItCannotRead(t *testing.T) {
	tests := map[string]struct {
		data string
		want error
	}{
		"too long":        {strings.Repeat("a", MaxTable+1), ErrTableSize},
		"too many rows":   {strings.Repeat("a\n", maxTableRows+1), ErrTableSize},
		"far down":        {strings.Repeat("\n", maxTableRows+1) + "a", ErrTableSize},
		"too many fields": {strings.Repeat(",", maxTableCols), ErrTableSize},
		"old Excel":       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ErrTableKind},
		"web page":        {"\ufeff <html><table>", ErrTableKind},
		"broken zip":      {"PK\x03\x04 and no more", ErrTableKind},
		"noise":           {"\xff\x00\x81", ErrTableKind},
		"nothing":         {"", ErrTableEmpty},
		"empty lines":     {"\ufeff\r\n , \r\n", ErrTableEmpty},
	}
	for name, tc := range tests {
		if _, err := ReadTable([]byte(tc.data)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
