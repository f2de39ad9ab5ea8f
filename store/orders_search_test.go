package store

import (
	"testing"

	"foyer/payments"
	"foyer/registration"

	"golang.org/x/text/unicode/norm"
)

func TestSearchFindsByWhateverPeopleHave(t *testing.T) {
	onBoth(t, func(b *books) {
		event := b.event("sample-2027", registration.Live)
		other := b.event("other-2027", registration.Live)
		id, _ := b.order(event, sample{state: registration.OrderPaid, name: "Gil-dong Hong 홍길동", phone: "+821012345678"})
		pay := b.payment(event, id, try{state: payments.Confirmed})
		b.exec(`UPDATE payments SET approve = '30012345', gateway_id = 'tviva20270301', order_no = 'FABCDEF' WHERE id = $1`, pay)
		b.exec(`UPDATE orders SET code = 'K7Q4-M2XD', search = $2 WHERE id = $1`, id, folded("Gil-dong Hong 홍길동", "gildong@example.org", "50%_학회", "K7Q4-M2XD"))
		b.order(event, sample{state: registration.OrderPending, name: "김영희", phone: "+821000000000"})
		foreign, _ := b.order(other, sample{state: registration.OrderPaid, name: "홍길동"})
		b.payment(other, foreign, try{state: payments.Confirmed})
		b.exec(`UPDATE payments SET approve = '30012345' WHERE order_id = $1`, foreign)
		tests := map[string]int{
			"홍길동": 1, "hong": 1, "HONG gil": 1, "길동 hong": 1, norm.NFD.String("홍길동"): 1, "gildong@example.org": 1, "학회": 2,
			"K7Q4-M2XD": 1, "k7q4m2xd": 1, "K7Q4 M2XD": 1, "k7q4-": 2, "tviva20270301": 1, "FABCDEF": 1, "30012345": 1, "5678": 1, "0000": 1,
			"": 2, "   ": 2, "hong 김": 0, "1234": 0, "+8210": 0, "%": 1, "_": 1, `\`: 0, "0%_학": 1, "tviva": 0, "'; --": 0, "\x00": 2, "hong\xff": 1,
		}
		for query, want := range tests {
			if got := b.all(OrderFilter{EventID: event, Query: query}); len(got) != want {
				b.t.Errorf("%q finds %v, want %d", query, codes(got), want)
			}
		}
	})
}

func TestCodeIsReadAsPeopleWriteIt(t *testing.T) {
	tests := map[string]string{"K7Q4-M2XD": "K7Q4-M2XD", " k7q4m2xd ": "K7Q4-M2XD", "k7q4 m2xd": "K7Q4-M2XD", "K7Q4-M2X": "", "K7Q4-M2X0": "", "홍길동": "", "": ""}
	for text, want := range tests {
		if got, ok := CodeOf(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func TestExactCodeLeadsToItsOrderOfTheSameEventOnly(t *testing.T) {
	onBoth(t, func(b *books) {
		event, other := b.event("sample-2027", registration.Live), b.event("other-2027", registration.Live)
		id, _ := b.order(event, sample{state: registration.OrderPending})
		b.exec(`UPDATE orders SET code = 'K7Q4-M2XD' WHERE id = $1`, id)
		if code, found, err := b.FindOrder(b.t.Context(), event, "k7q4m2xd"); code != "K7Q4-M2XD" || !found || err != nil {
			b.t.Errorf("%q, %v, %v", code, found, err)
		}
		for event, text := range map[string]string{other: "k7q4m2xd", event: "K7Q4-M2XE"} {
			if _, found, err := b.FindOrder(b.t.Context(), event, text); found || err != nil {
				b.t.Errorf("%s: %v, %v", text, found, err)
			}
		}
	})
}
