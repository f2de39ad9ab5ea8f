package registration

import "testing"

func TestAmountsAreReadAsWrittenOrNotAtAll(t *testing.T) {
	tests := map[string]struct {
		cur  Currency
		want int64 // -1: refused
	}{
		"50000": {KRW, 50000}, "50,000": {KRW, 50000}, "1,234,567": {KRW, 1234567}, "50000.00": {KRW, 50000}, " 50,000 ": {KRW, 50000},
		"12.50": {USD, 1250}, "12.5": {USD, 1250}, "12": {USD, 1200}, "1,200.50": {USD, 120050},
		"1,50": {USD, -1}, "12,0": {USD, -1}, "1,2,0": {USD, -1}, "50,00": {KRW, -1}, ",500": {KRW, -1}, "5000,": {KRW, -1}, "1234,567": {KRW, -1},
		"12.505": {USD, -1}, "12.5,0": {USD, -1}, "-1": {KRW, -1}, "": {KRW, -1}, "1e5": {KRW, -1}, "١٢": {KRW, -1}, "1.000.000": {KRW, -1},
	}
	for text, tc := range tests {
		got, err := ParseMoney(text, tc.cur)
		if (err != nil) != (tc.want < 0) || (err == nil && got.Minor != tc.want) {
			t.Errorf("%q in %s is %d (%v), want %d", text, tc.cur, got.Minor, err, tc.want)
		}
	}
}
