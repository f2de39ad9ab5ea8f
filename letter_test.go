package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"foyer/documents"
	"foyer/notify"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

func TestAMailAboutARefundHasItsCorrectionDocument(t *testing.T) {
	won := registration.Money{Minor: 50000, Cur: registration.KRW}
	event := &registration.Event{Name: registration.Text{En: "Example"}, Timezone: "Asia/Seoul"}
	paper := func(kind documents.ReceiptKind, no string) store.Receipt {
		r := store.Receipt{No: no, Kind: string(kind), PaymentID: "p", Amount: won, IssuedAt: time.Unix(1800000000, 0)}
		r.Body.Lang, r.Body.Timezone, r.Body.Event = registration.English, event.Timezone, event.Name
		return r
	}
	l := &letter{
		Addressing: notify.Addressing{Lang: registration.English, To: registration.Person{Name: "Kim", Email: "kim@example.org"}},
		About:      notify.About{Event: event, Code: "ABCD-EFGH", Link: "https://example.org/o/x"},
		order:      &registration.Order{ID: "o", State: registration.OrderPaid},
		payments:   []payments.Payment{{ID: "p", State: payments.Confirmed, Captured: won}},
		refunds:    []payments.Refund{{ID: "one", PaymentID: "p", State: payments.RefundDone, Amount: won, ReceiptNo: "C-1"}, {ID: "two", PaymentID: "p", State: payments.RefundDone, Amount: won}},
		receipts:   []store.Receipt{paper(documents.KindReceipt, "R-1"), paper(documents.KindCorrection, "C-1")},
	}
	m, ok, err := l.refunded("one")
	if err != nil || !ok || len(m.Attachments) != 1 {
		t.Fatalf("%d files, %v, %v", len(m.Attachments), ok, err)
	}
	file := m.Attachments[0]
	if !strings.Contains(file.Name, "C-1") || !bytes.HasPrefix(file.Data, []byte("%PDF")) || !strings.Contains(m.Text, file.Name) {
		t.Errorf("the file is %s, and the mail says %s", file.Name, m.Text)
	}
	if m, _, err := l.refunded("two"); err != nil || len(m.Attachments) != 0 {
		t.Errorf("a refund without such a document: %d files, %v", len(m.Attachments), err)
	}
}
