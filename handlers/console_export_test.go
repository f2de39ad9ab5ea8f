package handlers

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/xuri/excelize/v2"
)

// hostile are names and affiliations that a spreadsheet, a page or a file system might run.
var hostile = []string{
	`=HYPERLINK("http://evil.example","x")`, `+82 10`, `-1+1`, `@SUM(A1)`, `＝1+1`, `  =1+1`, `<script>alert(1)</script>`, `"; rm -rf /`, `a,b"c`, `'; DROP TABLE orders; --`, `../../etc/passwd`,
}

// crowd fills the event: paid and refunded orders in two currencies, free, unpaid and cancelled ones, and hostile names.
func (s *site) crowd() {
	s.t.Helper()
	admin := s.staff(store.RoleOwner, "")
	order, p := s.paid("student")
	admin.refund(order, p, "50000")
	dollars := s.browser()
	dollars.pay(dollars.register("student"), "abroad", "visa")
	admin.refund(s.admin(s.newest().OrderID), s.newest(), "12.50")
	cancelled, _ := s.paid("student")
	admin.submit(admin.cancel(cancelled), "main", nil).want(303)
	for i, name := range hostile {
		s.ordered(s.event(slug), registration.Person{Name: name, Affiliation: name, Email: fmt.Sprintf("h%d@example.org", i), Phone: "+821012345678"},
			registration.Cart{Category: []string{"student", "guest"}[i%2], Extras: map[string]int64{"banquet": int64(i % 3)}})
	}
}

// codesOf reads the codes of a list page and of those that follow it.
func (b *browser) codesOf(path string) (codes []string) {
	b.s.t.Helper()
	for path != "" {
		doc := b.get(path).want(200).doc()
		for _, cell := range doc.Find("table.console-orders tbody td.code").EachIter() {
			codes = append(codes, cell.Text())
		}
		path = doc.Find("nav.console-pages a[rel=next]").AttrOr("href", "")
	}
	return codes
}

// exported reads a csv or xlsx export as a table.
func (b *browser) exported(query, format string) (header []string, rows [][]string) {
	b.s.t.Helper()
	a := b.get("/console/" + slug + "/export?format=" + format + query).want(200)
	var all [][]string
	var err error
	if format == "csv" {
		text, bom := strings.CutPrefix(a.body, "\ufeff")
		if !bom {
			b.s.t.Error("no byte order mark")
		}
		all, err = csv.NewReader(strings.NewReader(text)).ReadAll()
	} else {
		all, err = sheetRows([]byte(a.body))
	}
	if err != nil {
		b.s.t.Fatal(err)
	}
	for i, title := range all[0] {
		if slices.Contains(all[0][:i], title) {
			b.s.t.Errorf("two columns of the %s are named %q", format, title)
		}
	}
	return all[0], all[1:]
}

func sheetRows(data []byte) ([][]string, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	rows, err := f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	return rows, f.Close()
}

// sumOf adds a column of money up, in minor units.
func sumOf(t *testing.T, header []string, rows [][]string, title string, cur registration.Currency) (sum int64) {
	t.Helper()
	i := slices.Index(header, fmt.Sprintf("%s (%s)", title, cur))
	if i < 0 {
		t.Fatalf("no column %s (%s) in %v", title, cur, header)
	}
	for _, row := range rows {
		if i >= len(row) || row[i] == "" {
			continue
		}
		m, err := registration.ParseMoney(strings.TrimPrefix(row[i], "-"), cur)
		if err != nil {
			t.Fatalf("%q: %v", row[i], err)
		}
		sum += m.Minor
	}
	return sum
}

func TestExportIsExactlyTheFilteredList(t *testing.T) {
	s := newSite(t)
	s.crowd()
	b := s.staff(store.RoleOrganizer, slug)
	filters := []string{"", "&state=registered", "&state=paid", "&state=unpaid", "&state=refunded", "&state=cancelled_refunded", "&category=guest", "&payment=confirmed", "&channel=abroad", "&q=gildong",
		"&q=%3Cscript%3E", "&state=paid&channel=korea", "&state=nonsense", "&q=%25", "&q=%ff%00"}
	for _, filter := range filters {
		want := b.codesOf("/console/" + slug + "/orders?" + strings.TrimPrefix(filter, "&"))
		for _, format := range []string{"csv", "xlsx"} {
			_, rows := b.exported(filter, format)
			var got []string
			for _, row := range rows {
				got = append(got, row[0])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %q: %v, want %v", format, filter, got, want)
			}
		}
		var file struct {
			Event  string
			Orders []exportedOrderCode
		}
		a := b.get("/console/" + slug + "/export?format=json" + filter).want(200)
		if err := json.Unmarshal([]byte(a.body), &file); err != nil {
			t.Fatalf("%v in %s", err, a.body)
		}
		if len(file.Orders) != len(want) || file.Event != slug {
			t.Errorf("json %q: %d orders of %s, want %d", filter, len(file.Orders), file.Event, len(want))
		}
	}
	if n := s.acts("exported"); n != 3*len(filters) {
		t.Errorf("%d exports written down, want %d", n, 3*len(filters))
	}
}

type exportedOrderCode struct{ Code string }

func TestExportAddsUpToTheTotalsOnScreen(t *testing.T) {
	s := newSite(t)
	s.crowd()
	b := s.staff(store.RoleOrganizer, slug)
	if shown := b.get("/console/" + slug + "/orders").want(200).doc().Find("dl.console-total").Length(); shown != 0 {
		t.Errorf("%d totals of test money are shown unasked", shown)
	}
	for _, filter := range []string{"", "&state=registered", "&channel=abroad", "&state=cancelled_refunded"} {
		page := b.get("/console/" + slug + "/orders?test=1" + filter).want(200)
		sums, err := s.store.Totals(t.Context(), storeFilter(s.event(slug), filterOfQuery(filter)))
		if err != nil || len(sums) == 0 {
			t.Fatalf("%q: %v, %v", filter, sums, err)
		}
		for _, sum := range sums {
			for _, amount := range []int64{sum.Paid, sum.Refunded, sum.Net()} {
				text := registration.Money{Minor: amount, Cur: sum.Currency}.Format(registration.English)
				if !strings.Contains(page.doc().Find("dl.console-total").Text(), text) {
					t.Errorf("%q: the page does not say %s", filter, text)
				}
			}
			for _, format := range []string{"csv", "xlsx"} {
				header, rows := b.exported(filter, format)
				paid, back, net := sumOf(t, header, rows, "Received", sum.Currency), sumOf(t, header, rows, "Refunded", sum.Currency), sumOf(t, header, rows, "Net", sum.Currency)
				if paid != sum.Paid || back != sum.Refunded || net != sum.Net() {
					t.Errorf("%s %q: %d, %d, %d, want %+v", format, filter, paid, back, net, sum)
				}
			}
		}
	}
}

func TestExportKeepsHostileNamesAsText(t *testing.T) {
	s := newSite(t)
	s.crowd()
	b := s.staff(store.RoleOwner, "")
	_, rows := b.exported("", "xlsx")
	names := map[string]bool{}
	for _, row := range rows {
		names[row[1]] = true
	}
	for _, name := range hostile {
		if !names[name] {
			t.Errorf("the sheet lacks %q", name)
		}
	}
	_, rows = b.exported("", "csv")
	for _, row := range rows {
		for _, cell := range row {
			if cell == "" || strings.HasPrefix(cell, "'") {
				continue
			}
			if strings.ContainsAny(cell[:1], "=+-@\t\r") && !isNumber(cell) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	if page := b.get("/console/" + slug + "/orders").want(200); strings.Contains(page.body, "<script>alert") {
		t.Error("the list runs a name")
	}
}

func isNumber(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }

func TestExportFileName(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	a := b.get("/console/" + slug + "/export?format=xlsx").want(200)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="TEST-sample-2027-orders-20270301-1800.xlsx"` {
		t.Errorf("file name: %s", got)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) {
		t.Errorf("headers: %v", a.header)
	}
	for _, format := range []string{"", "pdf", "../csv", "CSV"} {
		b.get("/console/" + slug + "/export?format=" + format).want(400)
	}
}

func TestOneExportAtATime(t *testing.T) {
	s := newSite(t)
	o := newOffice(s.server)
	v := &visit{event: s.event(slug)}
	rec := newRecorder()
	v.Context = s.server.echo.NewContext(newRequest(t, "/console/"+slug+"/export?format=csv"), rec)
	file, err := os.Create(filepath.Join(t.TempDir(), "export"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	o.exporting <- struct{}{} // somebody else's runs
	_, err = o.writeExport(v, file, extract{list: "orders", format: "csv"})
	if !isCode(err, registration.CodeUnavailable) {
		t.Errorf("a second export: %v", err)
	}
	<-o.exporting
	s.server.handleError(err, s.server.echo.NewContext(v.Request(), rec))
	said := views.T(registration.Korean, "console.export.busy")
	if rec.Code != 503 || rec.Header().Get("Retry-After") != "5" || !strings.Contains(rec.Body.String(), said) || !strings.Contains(rec.Body.String(), "5초") {
		t.Errorf("told %d, after %q: %s", rec.Code, rec.Header().Get("Retry-After"), rec.Body)
	}
	if _, err := o.writeExport(v, file, extract{list: "orders", format: "csv"}); err != nil {
		t.Errorf("after it: %v", err)
	}
	if size, err := file.Seek(0, io.SeekCurrent); err != nil || size == 0 {
		t.Errorf("%d bytes written, %v", size, err)
	}
}

func TestExportLeavesNoFileBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	for _, format := range []string{"csv", "xlsx", "json", "pdf"} {
		b.get("/console/" + slug + "/export?format=" + format)
	}
	left, err := filepath.Glob(filepath.Join(dir, "foyer-export-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
