package payments

import "strings"

// Bank is a Korean bank. Each gateway has a code of its own for it; ID is ours.
type Bank struct {
	ID      string
	Korean  string
	English string
}

// Banks are the Korean banks at which a payer may have an account, in the order in which forms show them.
var Banks = []Bank{
	{"kookmin", "KB국민은행", "KB Kookmin Bank"},
	{"shinhan", "신한은행", "Shinhan Bank"},
	{"woori", "우리은행", "Woori Bank"},
	{"hana", "하나은행", "Hana Bank"},
	{"nonghyup", "NH농협은행", "NH NongHyup Bank"},
	{"ibk", "IBK기업은행", "Industrial Bank of Korea"},
	{"kakao", "카카오뱅크", "KakaoBank"},
	{"toss", "토스뱅크", "Toss Bank"},
	{"kbank", "케이뱅크", "K bank"},
	{"post", "우체국", "Korea Post"},
	{"kfcc", "새마을금고", "MG Community Credit Cooperatives"},
	{"shinhyup", "신협", "Credit Unions (Shinhyup)"},
	{"local_nonghyup", "지역농축협", "Local NongHyup"},
	{"suhyup", "수협은행", "Suhyup Bank"},
	{"sc", "SC제일은행", "Standard Chartered Korea"},
	{"citi", "한국씨티은행", "Citibank Korea"},
	{"daegu", "iM뱅크(대구)", "iM Bank (Daegu)"},
	{"busan", "부산은행", "Busan Bank"},
	{"kyongnam", "경남은행", "Kyongnam Bank"},
	{"kwangju", "광주은행", "Kwangju Bank"},
	{"jeonbuk", "전북은행", "Jeonbuk Bank"},
	{"jeju", "제주은행", "Jeju Bank"},
	{"kdb", "KDB산업은행", "Korea Development Bank"},
	{"savings", "저축은행", "Savings banks"},
	{"nfcf", "산림조합", "National Forestry Cooperative"},
	{"hsbc", "HSBC은행", "HSBC Korea"},
}

// FindBank finds a bank by its id or one of its names, whatever the case.
func FindBank(s string) (Bank, bool) {
	s = strings.TrimSpace(s)
	for _, b := range Banks {
		if strings.EqualFold(s, b.ID) || strings.EqualFold(s, b.Korean) || strings.EqualFold(s, b.English) {
			return b, true
		}
	}
	return Bank{}, false
}

// BankCode is a gateway's code for a bank that is named by its id, one of its names, or that code; "" when the gateway has none. codes
// are the gateway's codes by our ids.
func BankCode(codes map[string]string, bank string) string {
	if b, ok := FindBank(bank); ok {
		return codes[b.ID]
	}
	for _, code := range codes {
		if code == strings.TrimSpace(bank) {
			return code
		}
	}
	return ""
}

// BankName is the Korean name of the bank that a gateway gave by its code; the code itself when we do not know it.
func BankName(codes map[string]string, code string) string {
	for _, b := range Banks {
		if codes[b.ID] != "" && codes[b.ID] == code {
			return b.Korean
		}
	}
	return code
}
