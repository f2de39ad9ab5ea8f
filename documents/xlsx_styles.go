package documents

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// maxDecimals is the largest number of decimals that a currency of the lists has.
const maxDecimals = 3

// xlsxStyles are the numbers under which a workbook keeps its cell styles.
type xlsxStyles struct {
	header, text, integer, time int
	money                       [maxDecimals + 1]int // by decimals of the currency
}

func newXLSXStyles(f *excelize.File) (s xlsxStyles, err error) {
	number := func(format string) *excelize.Style { return &excelize.Style{CustomNumFmt: &format} }
	rule := []excelize.Border{{Type: "bottom", Color: "57554F", Style: 1}}
	want := []struct {
		id    *int
		style *excelize.Style
	}{
		{&s.header, &excelize.Style{Font: &excelize.Font{Bold: true}, Border: rule, NumFmt: 49}},
		{&s.text, &excelize.Style{NumFmt: 49}}, // 49 is "@": stays text when somebody edits the cell
		{&s.integer, number("#,##0")},
		{&s.time, number("yyyy-mm-dd hh:mm:ss")},
		{&s.money[0], number("#,##0")},
		{&s.money[1], number("#,##0.0")},
		{&s.money[2], number("#,##0.00")},
		{&s.money[3], number("#,##0.000")},
	}
	for _, w := range want {
		if *w.id, err = f.NewStyle(w.style); err != nil {
			return s, fmt.Errorf("cell style: %w", err)
		}
	}
	return s, nil
}
