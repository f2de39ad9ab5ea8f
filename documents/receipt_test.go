package documents

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"foyer/registration"

	"pgregory.net/rapid"
)

// pdf writes r and checks the file with a second PDF library.
func pdf(t testing.TB, r Receipt) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.WritePDF(&b); err != nil {
		t.Fatal(err)
	}
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	if err := api.Validate(bytes.NewReader(b.Bytes()), conf); err != nil {
		t.Fatalf("pdfcpu: %v", err)
	}
	return b.Bytes()
}

// readBack gives the text of a PDF as another program reads it, in the order in which it was written.
func readBack(t testing.TB, document []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("SKIP pdftotext is missing (Debian: poppler-utils)")
	}
	path := filepath.Join(t.TempDir(), "receipt.pdf")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-raw", "-nopgbrk", "-enc", "UTF-8", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

func TestReceiptTextReadsBackExactly(t *testing.T) {
	for name, r := range sampleReceipts() {
		t.Run(name, func(t *testing.T) { golden(t, name+".txt", readBack(t, pdf(t, r))) })
	}
}

func TestSameReceiptGivesSameBytes(t *testing.T) {
	for name, r := range sampleReceipts() {
		first := pdf(t, r)
		for range 5 {
			if !bytes.Equal(first, pdf(t, r)) {
				t.Fatalf("%s: two copies differ", name)
			}
		}
	}
}

func TestReceiptIsSmall(t *testing.T) {
	for name, r := range sampleReceipts() {
		if size := len(pdf(t, r)); size > 40<<10 {
			t.Errorf("%s takes %d bytes, more than 40 KiB", name, size)
		}
	}
}

func TestTestModeIsSaidOnEveryPage(t *testing.T) {
	r := sampleReceipts()["receipt_ko_live"]
	r.Lines = repeated(r.Lines[0], 90)
	for _, test := range []bool{true, false} {
		r.TestMode = test
		l := newReceiptLayout(mustFont(t), r)
		l.build()
		if len(l.sheet.pages) < 2 {
			t.Fatalf("90 lines fit on %d page", len(l.sheet.pages))
		}
		for i, p := range l.sheet.pages {
			header, across := false, false
			for _, m := range p.texts {
				header = header || m.text == "TEST / 시험용 · 실제 결제 아님"
				across = across || m.angle != 0 && strings.Contains(m.text, "TEST")
			}
			if header != test || across != test {
				t.Errorf("test mode %v, page %d: header %v, across %v", test, i+1, header, across)
			}
		}
	}
}

func TestNothingLeavesThePage(t *testing.T) {
	f := mustFont(t)
	for name, r := range longReceipts() {
		l := newReceiptLayout(f, r)
		l.build()
		for i, p := range l.sheet.pages {
			for _, m := range p.texts {
				end := m.x + f.measure(m.text, m.size)
				if m.angle == 0 && (m.x < marginLeft-0.01 || end > bodyRight+0.01 || m.y > 290 || m.y < 10) {
					t.Errorf("%s, page %d: %q runs from %.1f to %.1f at %.1f", name, i+1, m.text, m.x, end, m.y)
				}
			}
		}
	}
}

func TestTextsOfOneLineDoNotOverlap(t *testing.T) {
	f := mustFont(t)
	for name, r := range longReceipts() {
		l := newReceiptLayout(f, r)
		l.build()
		for _, p := range l.sheet.pages {
			for i, a := range p.texts {
				for _, b := range p.texts[i+1:] {
					sameLine := a.angle == 0 && b.angle == 0 && a.y-b.y < 2 && b.y-a.y < 2
					if sameLine && a.x < b.x+f.measure(b.text, b.size) && b.x < a.x+f.measure(a.text, a.size) {
						t.Errorf("%s: %q and %q overlap", name, a.text, b.text)
					}
				}
			}
		}
	}
}

func TestLongReceiptKeepsEveryLine(t *testing.T) {
	r := sampleReceipts()["receipt_ko_live"]
	r.Lines = repeated(ReceiptLine{"동반자 등록", 1, won(1000)}, 90)
	text := readBack(t, pdf(t, r))
	if got := strings.Count(text, "동반자 등록"); got != 90 {
		t.Errorf("%d of 90 lines", got)
	}
	if !strings.Contains(text, "1 / 4") || !strings.Contains(text, "4 / 4") {
		t.Errorf("no page numbers in\n%s", text)
	}
}

func TestLineWithoutDescriptionKeepsItsAmount(t *testing.T) {
	r := sampleReceipts()["receipt_ko_live"]
	r.Lines = []ReceiptLine{{"", 1, won(7777)}}
	if text := readBack(t, pdf(t, r)); !strings.Contains(text, "7,777원") {
		t.Errorf("amount is missing in\n%s", text)
	}
}

func TestAReceiptSaysWhenMoneyCameOnAnotherDay(t *testing.T) {
	r := sampleReceipts()["receipt_ko_live"]
	if text := readBack(t, pdf(t, r)); strings.Contains(text, "받은 날") {
		t.Errorf("without another day it stands in\n%s", text)
	}
	r.Paid = registration.Date{Year: 2027, Month: 5, Day: 3}
	if text := readBack(t, pdf(t, r)); !strings.Contains(text, "받은 날") || !strings.Contains(text, "2027년 5월 3일(월)") {
		t.Errorf("the day is missing in\n%s", text)
	}
}

func TestCharactersBeyondTheFont(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"rare Hangul":                {"뷁쀍 펲", "뷁쀍 펲"},
		"Hangul taken apart":         {"\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"},
		"Vietnamese":                 {"Nguyễn Thị Ánh", "Nguyễn Thị Ánh"},
		"Hanja":                      {"金海 Kim", "□□ Kim"},
		"Arabic":                     {"محمد", "□□□□"},
		"emoji with joiner":          {"A 👩\u200d💻 B", "A □□ B"},
		"beyond the basic plane":     {"𠀀", "□"},
		"mathematical letter":        {"𝐀", "A"},
		"full width":                 {"ＡＢ", "ＡＢ"},
		"accent the font lacks":      {"x\u1ab0", "x"},
		"broken UTF-8 and NUL":       {"a\xff\x00b", "a□b"},
		"bidirectional override":     {"a\u202egpj", "agpj"},
		"tabs and spaces":            {" a\t\t  b ", "a b"},
		"only what cannot be shown":  {"\u200b", ""},
		"line break of an address":   {"a \n b", "a \nb"},
		"last of the basic plane":    {"\uffff", "□"},
		"devanagari with vowel sign": {"कि", "□□"},
	}
	f := mustFont(t)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := f.clean(tc.in); got != tc.want {
				t.Errorf("clean(%q) = %q, want %q", tc.in, got, tc.want)
			}
			r := sampleReceipts()["receipt_ko_live"]
			r.Payer.Name, r.Event.Name, r.Lines[0].Description = tc.in, tc.in, tc.in
			r.Number = "demo-2027-R-000001 " + tc.in
			pdf(t, r)
		})
	}
}

func TestReceiptRefusesWhatIsNotOne(t *testing.T) {
	for name, spoil := range map[string]func(*Receipt){
		"no number":    func(r *Receipt) { r.Number = "" },
		"no date":      func(r *Receipt) { r.Issued = time.Time{} },
		"unknown kind": func(r *Receipt) { r.Kind = "invoice" },
	} {
		r := sampleReceipts()["receipt_ko_live"]
		spoil(&r)
		var b bytes.Buffer
		if err := r.WritePDF(&b); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, b.Len())
		}
	}
}

func TestEmptyReceiptIsStillADocument(t *testing.T) {
	pdf(t, Receipt{Number: "x", Kind: KindReceipt, Issued: time.Unix(0, 0)})
}

func TestReceiptFileNameIsSafe(t *testing.T) {
	for number, want := range map[string]string{
		"demo-2027-R-000001":     "receipt-demo-2027-R-000001.pdf",
		"../a b\"\r\nX: 영":       "receipt----a-b---X---.pdf",
		"TEST-demo-2027-C-00002": "receipt-TEST-demo-2027-C-00002.pdf",
	} {
		if got := (Receipt{Number: number}).FileName(); got != want || regexp.MustCompile(`[^A-Za-z0-9.-]`).MatchString(got) {
			t.Errorf("file name of %q is %q, want %q", number, got, want)
		}
	}
}

func TestSplitVAT(t *testing.T) {
	for total, wantSupply := range map[int64]int64{30000: 27273, 11000: 10000, 150000: 136364, 1: 1, 0: 0, 5: 5, 6: 5, 250000: 227273} {
		supply, tax := SplitVAT(won(total))
		if supply.Minor != wantSupply || supply.Minor+tax.Minor != total || tax.Cur != registration.KRW {
			t.Errorf("SplitVAT(%d) = %d + %d, want %d + %d", total, supply.Minor, tax.Minor, wantSupply, total-wantSupply)
		}
	}
}

func TestTheTaxOfCorrectionsIsTogetherThatOfTheirReceipt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := Receipt{Total: won(rapid.Int64Range(1, 1_000_000).Draw(t, "received"))}
		supply, tax := whole.vat()
		for back := int64(0); back < whole.Total.Minor; {
			part := Receipt{Kind: KindCorrection, Before: back, Total: won(rapid.Int64Range(max(whole.Total.Minor/9, 1), whole.Total.Minor).Draw(t, "part"))}
			part.Total.Minor = min(part.Total.Minor, whole.Total.Minor-back)
			s, v := part.vat()
			if alone, _ := SplitVAT(part.Total); s.Minor < alone.Minor-1 || s.Minor > alone.Minor+1 || s.Minor+v.Minor != part.Total.Minor {
				t.Fatalf("%d after %d is %d + %d", part.Total.Minor, back, s.Minor, v.Minor)
			}
			back, supply.Minor, tax.Minor = back+part.Total.Minor, supply.Minor-s.Minor, tax.Minor-v.Minor
		}
		if supply.Minor != 0 || tax.Minor != 0 {
			t.Fatalf("%d has gone back, and %d of the supply and %d of the tax are left", whole.Total.Minor, supply.Minor, tax.Minor)
		}
	})
}

func BenchmarkReceipt(b *testing.B) {
	r := sampleReceipts()["receipt_ko_live"]
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if err := r.WritePDF(&out); err != nil {
			b.Fatal(err)
		}
	}
}
