package portonev1

import (
	"maps"
	"slices"
	"strings"
)

// banks are the numbers of the Korean clearing house, by what people call the banks.
var banks = map[string]string{
	"산업": "002", "기업": "003", "국민": "004", "KB국민": "004", "수협": "007", "농협": "011", "NH농협": "011", "우리": "020", "SC제일": "023",
	"씨티": "027", "한국씨티": "027", "대구": "031", "iM뱅크": "031", "부산": "032", "광주": "034", "제주": "035", "전북": "037", "경남": "039",
	"새마을금고": "045", "신협": "048", "우체국": "071", "하나": "081", "KEB하나": "081", "신한": "088", "케이뱅크": "089", "카카오뱅크": "090",
	"토스뱅크": "092",
}

// bankCode is how a company wants a bank named: NHN KCP as BK and two digits, KG Inicis as two digits, the others as the clearing house's
// three. What is no bank that we know is passed on as it is: the company's own word may have been written down.
func bankCode(company, bank string) string {
	code := clearing(bank)
	switch {
	case code == "":
		return cut(bank, 40)
	case company == "kcp":
		return "BK" + code[1:]
	case company == "html5_inicis":
		return code[1:]
	}
	return code
}

// clearing is a bank's number at the clearing house, "" when it is not known.
func clearing(bank string) string {
	bank = strings.TrimSuffix(strings.ReplaceAll(bank, " ", ""), "은행")
	if code, ok := banks[bank]; ok {
		return code
	}
	if number := strings.TrimPrefix(bank, "BK"); len(number) == 2 {
		bank = "0" + number
	}
	if slices.Contains(slices.Collect(maps.Values(banks)), bank) {
		return bank
	}
	return ""
}

// digits are the digits of an account's number, which people write with hyphens.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}
