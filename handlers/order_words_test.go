package handlers

import (
	"testing"

	"foyer/registration"
	"foyer/store"
)

func TestACorrectionGivesItsReasonInWords(t *testing.T) {
	for l, want := range map[registration.Lang]string{registration.Korean: "참가자가 취소함", registration.English: "Cancelled by the attendee"} {
		r := store.Receipt{Kind: "correction", Body: store.ReceiptBody{Lang: l, Reason: attendeeCancelled}}
		if got := ReceiptDocument(r).Reason; got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
		r.Body.Reason = "만찬 취소"
		if got := ReceiptDocument(r).Reason; got != "만찬 취소" {
			t.Errorf("%s: staff's own words became %q", l, got)
		}
	}
}

func TestMethodsAreNamedOnDocumentsAndInMails(t *testing.T) {
	for _, method := range []string{"card", "virtual_account", "transfer", "bank_transfer", "phone", "easy_pay", "paypal"} {
		for _, l := range []registration.Lang{registration.Korean, registration.English} {
			if MethodText(l, method) == "" {
				t.Errorf("%s: %s has no name", l, method)
			}
		}
	}
	if got := MethodText(registration.English, "unheard_of"); got != "" {
		t.Errorf("an unknown method is called %q", got)
	}
}
