package payments

import (
	"reflect"
	"testing"
	"time"

	"foyer/registration"
)

var seoul = time.FixedZone("KST", 9*60*60)

func TestStatementOfOneLinePerMovement(t *testing.T) {
	rows := [][]string{
		{"거래내역 조회", "2027-07-01 ~ 2027-07-01"},
		{},
		{"No", "거래 일시", "거래구분", "승인번호", "주문번호", "결제금액"},
		{"1", "2027-07-01 12:00:00", "승인", "'00123456", "F1", "150,000원"},
		{"2", "2027.07.01 오후 1:02:03", "취소", "00123456", "F1", "150,000"},
		{"3", "46569.5", "승인", "", "F2", "-50,000"},
		{},
		{"4", "2027-07-01", "승인", "", "", "100"},
		{"5", "yesterday", "승인", "", "F3", "100"},
		{"6", "2027-07-01", "승인", "", "F3", "12.5"},
		{"합 계", "", "", "", "", "250,000"},
	}
	header, columns := GuessStatement(rows)
	want := StatementColumns{StatementAt: 1, StatementKind: 2, StatementApprove: 3, StatementOrderNo: 4, StatementAmount: 5}
	if header != 2 || !reflect.DeepEqual(columns, want) || !columns.Usable() {
		t.Fatalf("header %d, columns %v", header, columns)
	}
	got, wrong := ReadStatement(rows, header, columns, registration.KRW, seoul)
	wantRows := []Transaction{
		{OrderNo: "F1", Approve: "00123456", Amount: krw(150000), At: noon},
		{OrderNo: "F1", Approve: "00123456", Amount: krw(150000), Refund: true, At: time.Date(2027, 7, 1, 4, 2, 3, 0, time.UTC)},
		{OrderNo: "F2", Amount: krw(50000), Refund: true, At: noon},
	}
	if !reflect.DeepEqual(got, wantRows) {
		t.Errorf("read %+v", got)
	}
	if w := []StatementProblem{{8, StatementNoNumber}, {9, StatementNoTime}, {10, StatementNoAmount}}; !reflect.DeepEqual(wrong, w) {
		t.Errorf("problems %+v", wrong)
	}
}

func TestStatementWithAColumnForWhatWentBack(t *testing.T) {
	rows := [][]string{
		{"tid", "결제금액", "취소금액", "상태", "결제일시"},
		{"g1", "1000", "0", "결제완료", "20270701120000"},
		{"g2", "1000", "400", "부분취소", "20270701120000"},
		{"g3", "0", "-300", "취소", "20270701120000"},
		{"g4", "700", "", "전체취소", "20270701120000"},
	}
	header, columns := GuessStatement(rows)
	got, wrong := ReadStatement(rows, header, columns, registration.KRW, seoul)
	want := []Transaction{
		{GatewayID: "g1", Amount: krw(1000), At: noon},
		{GatewayID: "g2", Amount: krw(1000), At: noon},
		{GatewayID: "g2", Amount: krw(400), Refund: true, At: noon},
		{GatewayID: "g3", Amount: krw(300), Refund: true, At: noon},
		{GatewayID: "g4", Amount: krw(700), Refund: true, At: noon},
	}
	if !reflect.DeepEqual(got, want) || len(wrong) > 0 {
		t.Errorf("read %+v, problems %+v", got, wrong)
	}
}

func TestStatementTimes(t *testing.T) {
	for _, text := range []string{
		"2027-07-01 12:00:00", "2027-07-01 12:00", "2027/07/01 12:00:00", "2027.07.01 12:00:00", "2027. 07. 01 12:00:00", "2027-07-01 오후 12:00:00",
		"20270701120000", "20270701 120000", "2027-07-01T12:00:00+09:00", "2027-07-01T03:00:00Z", "2027-07-01T12:00:00", "2027-7-1 12:00", "46569.5",
	} {
		if got, ok := statementTime(text, seoul); !ok || !got.Equal(noon) {
			t.Errorf("%s: %v %v", text, got, ok)
		}
	}
	if got, ok := statementTime("2027-07-01", seoul); !ok || !got.Equal(noon.Add(-12*time.Hour)) {
		t.Errorf("a day: %v %v", got, ok)
	}
}
