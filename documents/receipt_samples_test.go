package documents

import (
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/registration"
)

func won(n int64) registration.Money   { return registration.Money{Minor: n, Cur: registration.KRW} }
func cents(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.USD} }

// sampleReceipts are the receipts of the golden files, by file name.
func sampleReceipts() map[string]Receipt {
	seoul := time.FixedZone("KST", 9*60*60)
	korean := Receipt{
		Number: "demo-2027-R-000012", Kind: KindReceipt, Lang: registration.Korean,
		Issued: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), Zone: seoul,
		Issuer: Issuer{"한국예시학회", "000-00-00000", "홍길동", "서울특별시 예시구 예시로 1, 예시회관 3층", "02-000-0000", "office@example.org"},
		Event: ReceiptEvent{"예시 시스템 학술대회 2027", registration.Date{Year: 2027, Month: 7, Day: 22},
			registration.Date{Year: 2027, Month: 7, Day: 23}, "예시대학교 국제관, 서울"},
		Payer: Payer{"김하늘", "예시대학교 컴퓨터공학부", "haneul@example.com"},
		Lines: []ReceiptLine{{"학생 등록 (조기)", 1, won(150000)}, {"만찬", 2, won(100000)}},
		Total: won(250000), Tax: registration.TaxIncluded,
		Method: "신용카드 (국내)", Card: "4330-12**-****-1234", Approval: "00012345", OrderCode: "K7Q4-M2XD",
	}
	english := korean
	english.Number, english.Lang = "TEST-demo-2027-R-000003", registration.English
	english.TestMode = true
	english.Issuer.Name, english.Issuer.Address = "Example Society of Korea", "3F Example Hall, 1 Example-ro, Example-gu, Seoul"
	english.Issuer.Representative = "Gildong Hong"
	english.Event.Name, english.Event.Place = "Example Systems Conference 2027", "Example University, Seoul"
	english.Payer = Payer{"Nguyễn Thị Ánh Dương", "Université de Démonstration", "duong@example.com"}
	english.Lines = []ReceiptLine{{"Student registration (early)", 1, cents(12000)}, {"Banquet", 1, cents(4050)}}
	english.Total, english.Tax = cents(16050), registration.TaxNone
	english.Method, english.Card, english.Approval = "Card issued outside Korea", "4111-11**-****-1111", ""
	back := korean
	back.Number, back.Kind = "TEST-demo-2027-C-000001", KindCorrection
	back.TestMode = true
	back.Lines, back.Total = []ReceiptLine{{"만찬 취소", 1, won(30000)}}, won(30000)
	back.Original, back.Reason = "TEST-demo-2027-R-000012", "만찬에 참석하지 못하게 되어 부분 환불"
	returned := english
	returned.Number, returned.Kind, returned.TestMode = "demo-2027-C-000002", KindCorrection, false
	returned.Lines, returned.Total = nil, cents(16050)
	returned.Original, returned.Reason = "demo-2027-R-000003", "Cancelled by the attendee"
	return map[string]Receipt{
		"receipt_ko_live": korean, "receipt_en_test": english, "correction_ko_test": back, "correction_en_live": returned,
	}
}

// longReceipts have texts as long as people really have, and then some.
func longReceipts() map[string]Receipt {
	long := sampleReceipts()
	for name, r := range long {
		r.Number = "TEST-" + strings.Repeat("long-slug-", 4) + "2027-R-000001"
		r.Payer.Name = "황금독수리온세상을놀라게하다박하늘"
		r.Payer.Affiliation = "Fakultät für Elektrotechnik, Informatik und Mathematik, Institut für Verteilte Beispielsysteme, " +
			strings.Repeat("Donaudampfschifffahrtsgesellschaft", 5)
		r.Payer.Email = strings.Repeat("very.long.", 12) + "name@example.com"
		r.Event.Name = strings.Repeat("아주 긴 이름의 예시 시스템 학술대회 ", 5)
		r.Event.Place = strings.Repeat("예시대학교국제관", 12)
		r.Issuer.Address = strings.Repeat("서울특별시 예시구 예시로 ", 8)
		r.Reason = strings.Repeat("만찬에 참석하지 못하게 되어 ", 9)
		cur := r.Total.Cur
		r.Total = registration.Money{Minor: 99999999999, Cur: cur}
		r.Lines = repeated(ReceiptLine{strings.Repeat("학생 등록 (조기) ", 6) + strings.Repeat("가", 60), 100,
			registration.Money{Minor: 99999999999, Cur: cur}}, 12)
		long[name] = r
	}
	return long
}

func repeated(l ReceiptLine, n int) []ReceiptLine { return slices.Repeat([]ReceiptLine{l}, n) }

func mustFont(t testing.TB) *font {
	t.Helper()
	f, err := receiptFont()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sorted(chars []rune) []rune {
	slices.Sort(chars)
	return slices.Compact(chars)
}
