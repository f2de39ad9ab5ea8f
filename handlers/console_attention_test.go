package handlers

import (
	"testing"

	"foyer/registration"
)

func TestWhatIsKnownOfMoneyWithoutAPaymentIsWrittenForAReader(t *testing.T) {
	zone := sampleEvent()
	for note, want := range map[string][2]string{
		"order no NOSUCH1, at 2027-03-01T01:00:00Z": {"주문 번호 NOSUCH1 · 거래 일시 2027년 3월 1일(월) 10:00", "Order number NOSUCH1 · Time Mon 1 Mar 2027, 10:00 KST"},
		"refund, id t1, refund id r1, approval 7":   {"환불 · PG 거래 번호 t1 · PG 취소 번호 r1 · 승인 번호 7", "refund · Gateway's id t1 · Gateway's refund id r1 · Approval number 7"},
		"method card, at once":                      {"결제 방법 card · 거래 일시 once", "Method card · Time once"},
		"":                                          {"", ""},
		"anything else":                             {"anything else", "anything else"},
	} {
		for i, l := range []registration.Lang{registration.Korean, registration.English} {
			if got := strangerText(l, zone.Location(), note); got != want[i] {
				t.Errorf("%s: %q, want %q", note, got, want[i])
			}
		}
	}
}
