package documents

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// format is how the number of a cell is shown: as a day, a time, or both, or with its digits in the places of a mask's zeros.
type format struct {
	day, clock bool
	mask       string // 000-0000-0000
}

// readFormats writes the cells of an XLSX file's sheet as people see them: days, times, and numbers with zeros before them. The file has
// passed boundXLSX; what cannot be read stays as it is.
func readFormats(file *excelize.File, sheet string, rows [][]string) {
	codes, all, some := map[int]string{}, []format{}, false
	if file.Styles == nil || file.Styles.CellXfs == nil {
		return
	}
	if own := file.Styles.NumFmts; own != nil {
		for _, f := range own.NumFmt {
			codes[f.NumFmtID] = f.FormatCode
		}
	}
	for _, xf := range file.Styles.CellXfs.Xf {
		f := format{}
		if xf.NumFmtID != nil {
			f = formatOf(*xf.NumFmtID, codes[*xf.NumFmtID])
		}
		all, some = append(all, f), some || f != format{}
	}
	from1904 := file.WorkBook.WorkbookPr != nil && file.WorkBook.WorkbookPr.Date1904
	if some {
		eachCell(sheetPart(file, sheet), func(row, col, style int) {
			if 0 <= style && style < len(all) && 0 < row && row <= len(rows) && 0 < col && col <= len(rows[row-1]) {
				rows[row-1][col-1] = all[style].shown(rows[row-1][col-1], from1904)
			}
		})
	}
}

// sheetPart is the text of a sheet; nil when the file does not say where it is.
func sheetPart(file *excelize.File, sheet string) (text []byte) {
	var places struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	list, _ := file.Pkg.Load("xl/_rels/workbook.xml.rels")
	if b, _ := list.([]byte); xml.Unmarshal(b, &places) != nil {
		return nil
	}
	for _, s := range file.WorkBook.Sheets.Sheet {
		for _, r := range places.Relationship {
			if s.Name == sheet && r.ID == s.ID {
				part, _ := file.Pkg.Load("xl/" + strings.TrimPrefix(r.Target, "/xl/"))
				text, _ = part.([]byte)
			}
		}
	}
	return text
}

// eachCell tells the row, column and style of every cell of a sheet that holds a number, those of the first one being 1.
func eachCell(sheet []byte, tell func(row, col, style int)) {
	d := xml.NewDecoder(bytes.NewReader(sheet))
	for row, col := 0, 0; ; {
		token, err := d.RawToken()
		if err != nil {
			return
		}
		e, is := token.(xml.StartElement)
		if !is || (e.Name.Local != "row" && e.Name.Local != "c") {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		if e.Name.Local == "row" {
			row, col = row+1, 0
			if n, err := strconv.Atoi(at["r"]); err == nil {
				row = n
			}
			continue
		}
		col++
		if c, r, err := excelize.CellNameToCoordinates(at["r"]); err == nil {
			row, col = r, c
		}
		if style, err := strconv.Atoi(at["s"]); err == nil && (at["t"] == "" || at["t"] == "n") {
			tell(row, col, style)
		}
	}
}

var (
	unread = regexp.MustCompile(`"[^"]*"|[\\_*].|\[[^\]]*\]`) // parts of a format that stand for themselves, or for a colour or a place
	masked = regexp.MustCompile(`^[-() ]*0[-() 0]*0[-() ]*$`) // two zeros at least
)

// formatOf reads the code of a format; one without a code is known by its number.
func formatOf(id int, code string) format {
	switch {
	case code != "":
		if mask := strings.NewReplacer(`\`, "", `"`, "").Replace(code); masked.MatchString(mask) {
			return format{mask: mask}
		}
		code, _, _ = strings.Cut(strings.ToLower(unread.ReplaceAllString(code, "")), ";")
		clock := strings.ContainsAny(code, "hs")
		return format{day: strings.ContainsAny(code, "yd") || (!clock && strings.Contains(code, "m")), clock: clock}
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return format{clock: true}
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58: // the last two ranges are those of Korea, China and Japan
		return format{day: true, clock: id == 22 || (id >= 32 && id <= 35) || id == 55 || id == 56}
	}
	return format{}
}

// shown is a number as the format shows it, a day as 2006-01-02; any other text stays.
func (f format) shown(cell string, from1904 bool) string {
	if zeros := strings.Count(f.mask, "0"); zeros > 0 {
		if cell == "" || len(cell) > zeros || strings.Trim(cell, "0123456789") != "" {
			return cell
		}
		cell, n := strings.Repeat("0", zeros-len(cell))+cell, -1
		return strings.Map(func(r rune) rune {
			if r == '0' {
				n++
				return rune(cell[n])
			}
			return r
		}, f.mask)
	}
	days, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(days >= 0 && days < 2958466) { // the day after 9999-12-31
		return cell
	}
	t, err := excelize.ExcelDateToTime(days, from1904)
	switch t = t.Round(time.Second); {
	case err != nil:
	case f.day && f.clock && days >= 1 && t.Format(time.TimeOnly) != "00:00:00":
		return t.Format(time.DateTime)
	case f.day && days >= 1:
		return t.Format(time.DateOnly)
	case f.clock && days < 1:
		return t.Format(time.TimeOnly)
	}
	return cell
}
