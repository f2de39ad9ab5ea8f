package documents

import "foyer/registration"

// receiptWords are the fixed texts of a receipt in one language.
type receiptWords struct {
	receipt, correction        string // titles
	received, returned         string // what the document says happened
	test                       string
	payer, payerSuffix         string
	event, details, payment    string
	issuer, issued             string
	item, quantity, amount     string
	supply, vat, total         string
	refund                     string // total of a correction
	included, exempt, none     string // tax, where no split is shown
	method, card, approval     string
	order, original, reason    string
	people, peopleSuffix       string
	paid, name, representative string
	business, address          string
	phone, email               string
	purpose, purposeCorrection string // the note at the foot
}

var koreanReceipt = receiptWords{
	receipt: "영수증", correction: "정정 영수증",
	received: "아래 금액을 정히 영수하였습니다.", returned: "아래 금액을 환불하였습니다.",
	test:  "TEST / 시험용 · 실제 결제 아님",
	payer: "받는 분", payerSuffix: " 귀하",
	event: "행사", details: "내역", payment: "결제", issuer: "발행", issued: "발행일",
	item: "항목", quantity: "수량", amount: "금액",
	supply: "공급가액", vat: "부가세", total: "합계", refund: "환불 금액",
	included: "부가세 10% 포함", exempt: "면세", none: "비과세",
	method: "결제 수단", card: "카드 번호", approval: "승인 번호", order: "등록 번호",
	original: "원 영수증", reason: "환불 사유", people: "등록 인원", peopleSuffix: "명",
	paid: "받은 날", name: "기관명", representative: "대표자", business: "사업자등록번호", address: "주소", phone: "전화", email: "이메일",
	purpose:           "구매 증빙용 영수증입니다. 세금계산서를 대신하지 않습니다.",
	purposeCorrection: "원 영수증을 정정하는 구매 증빙용 문서입니다. 수정세금계산서를 대신하지 않습니다.",
}

var englishReceipt = receiptWords{
	receipt: "Receipt", correction: "Correction of receipt",
	received: "Received with thanks, the amount below.", returned: "The amount below has been returned to the payer.",
	test:  "TEST / 시험용 · 실제 결제 아님 · Not a real payment",
	payer: "Issued to",
	event: "Event", details: "Details", payment: "Payment", issuer: "Issued by", issued: "Date of issue",
	item: "Item", quantity: "Quantity", amount: "Amount",
	supply: "Supply value", vat: "VAT", total: "Total", refund: "Amount returned",
	included: "10% VAT included", exempt: "Exempt from VAT", none: "Not subject to VAT",
	method: "Method", card: "Card number", approval: "Approval no.", order: "Registration no.",
	original: "Original receipt", reason: "Reason", people: "People registered",
	paid: "Received on", name: "Name", representative: "Representative", business: "Business no.", address: "Address", phone: "Phone", email: "E-mail",
	purpose:           "This receipt is proof of purchase (구매 증빙용). It is not a Korean tax invoice (세금계산서).",
	purposeCorrection: "This document corrects the original receipt (구매 증빙용). It is not an amended Korean tax invoice (수정세금계산서).",
}

// receiptWordsIn gives the texts of language l; English for a language that we do not know.
func receiptWordsIn(l registration.Lang) *receiptWords {
	if l == registration.Korean {
		return &koreanReceipt
	}
	return &englishReceipt
}

func (w *receiptWords) title(k ReceiptKind) string {
	if k == KindCorrection {
		return w.correction
	}
	return w.receipt
}

// tax names the kind of tax; empty for a kind that we do not know.
func (w *receiptWords) tax(t registration.Tax) string {
	switch t {
	case registration.TaxIncluded:
		return w.included
	case registration.TaxExempt:
		return w.exempt
	case registration.TaxNone:
		return w.none
	}
	return ""
}
