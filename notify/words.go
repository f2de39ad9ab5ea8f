package notify

import (
	"strings"

	"foyer/registration"
)

// commonWords are the words that more than one mail uses.
var commonWords = struct {
	TestMark, TestLine, TestStaffLine, Greeting, GreetingNoName                        registration.Text
	Event, Dates, Place, Code, Receipt, Correction, Method, Amount, ViewOrder, Contact registration.Text
	RefundDays, RefundAccount, Agree, Pay, PayUntil, Free, Attached                    registration.Text
}{
	TestMark:       registration.Text{Ko: "[시험]", En: "[TEST]"},
	TestLine:       registration.Text{Ko: "시험용 행사의 메일입니다. 실제 등록이나 결제가 아닙니다.", En: "This mail belongs to a test event. It is not a real registration, and no real money is involved."},
	TestStaffLine:  registration.Text{Ko: "시험용 행사의 알림입니다. 실제 금액이 아닙니다.", En: "This notice is about a test event. No real money is involved."},
	Greeting:       registration.Text{Ko: "{name} 님, 안녕하십니까.", En: "Dear {name},"},
	GreetingNoName: registration.Text{Ko: "안녕하십니까.", En: "Hello,"},
	Event:          registration.Text{Ko: "행사", En: "Event"},
	Dates:          registration.Text{Ko: "기간", En: "Dates"},
	Place:          registration.Text{Ko: "장소", En: "Place"},
	Code:           registration.Text{Ko: "등록 번호", En: "Registration no."},
	Receipt:        registration.Text{Ko: "영수증 번호", En: "Receipt no."},
	Correction:     registration.Text{Ko: "정정 영수증 번호", En: "Correction no."},
	Method:         registration.Text{Ko: "결제 수단", En: "Payment method"},
	Amount:         registration.Text{Ko: "금액", En: "Amount"},
	ViewOrder:      registration.Text{Ko: "등록 내역 보기", En: "View your registration"},
	Contact:        registration.Text{Ko: "문의", En: "Contact"},
	Pay:            registration.Text{Ko: "결제하기", En: "Pay"},
	PayUntil:       registration.Text{Ko: "결제 기한", En: "Pay by"},
	Attached:       registration.Text{Ko: "첨부 파일: {files}", En: "Attached: {files}"},
	Free:           registration.Text{Ko: "무료", En: "Free"},
	RefundAccount:  registration.Text{Ko: "{amount}을 은행 계좌로 돌려드립니다. 아래 주소에서 환불받을 계좌를 입력해 주십시오.", En: "{amount} will be refunded to a bank account. Please enter the account at the address below."},
	Agree:          registration.Text{Ko: "약관과 동의 항목은 다른 분이 대신 동의할 수 없으므로, 아래 주소에서 직접 확인하고 동의해 주십시오.", En: "One thing is still open: nobody else can agree to the terms for you, so please read them and agree at the address below."},
	RefundDays:     registration.Text{Ko: "카드사에 따라 명세서에 반영되기까지 3~7영업일이 걸릴 수 있습니다.", En: "Depending on your card issuer it may take 3 to 7 business days to appear on your statement."},
}

// fill puts values in place of {names}; pairs are name, value, name, value. A value is never searched for names again.
func fill(s string, pairs ...string) string {
	oldnew := make([]string, len(pairs))
	for i, p := range pairs {
		oldnew[i] = p
		if i%2 == 0 {
			oldnew[i] = "{" + p + "}"
		}
	}
	return strings.NewReplacer(oldnew...).Replace(s)
}
