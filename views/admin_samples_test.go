package views

import "foyer/registration"

var sampleLines = []registration.Line{
	{Kind: registration.LineCategory, ID: "student", Name: registration.Text{Ko: "학생", En: "Student"}, Quantity: 1, Unit: registration.Prices{registration.KRW: 150000, registration.USD: 12000}},
	{Kind: registration.LineExtra, ID: "banquet", Name: registration.Text{Ko: "만찬", En: "Banquet"}, Quantity: 2, Unit: registration.Prices{registration.KRW: 50000, registration.USD: 4000}},
}

func sampleOrder(l registration.Lang) AdminOrderPage {
	return AdminOrderPage{
		Page: samplePage(l, AdminOrderPath("apsys-2027", "K7Q4-M2XD")), Nav: sampleNav(""), Code: "K7Q4-M2XD", State: registration.OrderPaid,
		Payment: "confirmed", PlacedAt: at(1, 10), HoldUntil: at(1, 11), Lang: registration.Korean,
		Payer:   registration.Person{Name: "김서연", Email: "seoyeon.kim@example.ac.kr", Affiliation: "한국과학기술원 전산학부", Phone: "+821012345678"},
		Country: "대한민국", AttendeePath: "/o/K7Q4-M2XD/secret",
		Registrations: []AdminRegistration{{Name: "김서연", State: registration.Confirmed, Lines: sampleLines, Currency: []registration.Currency{registration.KRW}}},
		Money:         AdminMoney{Charged: []registration.Money{krw(250000)}, Received: krw(250000), Refunded: krw(50000), Surplus: []registration.Money{usd(20000)}},
		Payments:      samplePayments(), Attention: sampleAttention()[2:3], Timeline: sampleTimeline(), Mails: sampleMails(),
		Can: AdminCan{Refund: true, Cancel: true, Lookup: true, Close: true, Link: true, Mail: true},
	}
}

func samplePayments() []AdminPayment {
	return []AdminPayment{
		{ID: "p1", State: "failed", Gateway: "toss", Channel: "korea", OrderNo: "FYa1b2c3d4e5f6", Amount: krw(250000), Reason: "카드 한도를 넘었습니다.", StartedAt: at(1, 10)},
		{ID: "p2", State: "confirmed", Gateway: "toss", Channel: "korea", OrderNo: "FYb1b2c3d4e5f6", GatewayID: "tgen_20270601101500AbCdEfGhIjKlMnOp", Amount: krw(250000), Captured: krw(250000),
			Card: "신한카드 4330-****-****-123*", Approval: "00012345", StartedAt: at(1, 10), Confirmed: at(1, 10), ReceiptNo: "TEST-APSYS2027-000123",
			Receipt: "/o/K7Q4-M2XD/secret/receipt", Slip: "https://dashboard.example.com/receipt?x=1&y=2", Rest: krw(200000),
			Refunds: []AdminRefundLine{{State: "done", Amount: krw(50000), Source: "staff", Actor: "staff:minji.park@example.org", Reason: "고객 요청", At: at(2, 9), ReceiptNo: "TEST-APSYS2027-C000004"}}},
		{ID: "p3", State: "surplus", Gateway: "toss", Channel: "overseas", OrderNo: "FYc1b2c3d4e5f6", GatewayID: "tgen_x", Amount: usd(20000), Captured: usd(20000), StartedAt: at(1, 11), Rest: usd(20000), Slip: "javascript:alert(1)",
			Refunds: []AdminRefundLine{{State: "refused", Amount: usd(20000), Source: "automatic", Actor: "system", Reason: "surplus", Note: "취소할 수 있는 기간이 지났습니다.", At: at(1, 12)}}},
		{ID: "p4", State: "unknown", Gateway: "toss", Channel: "korea", OrderNo: "FYd1b2c3d4e5f6", Amount: krw(250000), StartedAt: at(1, 12), Unsettled: true},
		{ID: "p5", State: "confirmed", Gateway: "toss", Channel: "korea", OrderNo: "FYe1b2c3d4e5f6", Amount: krw(250000), Captured: krw(250000), StartedAt: at(1, 13), UnderWay: true, Rest: krw(100000),
			Refunds: []AdminRefundLine{{State: "unknown", Amount: krw(150000), Source: "gateway", At: at(1, 14)}}},
		{ID: "p6", State: "confirmed", Gateway: "toss", Channel: "korea", OrderNo: "FYf1b2c3d4e5f6", Amount: usd(1250), Captured: usd(1250), StartedAt: at(1, 13), Rest: usd(0)},
	}
}

func sampleTimeline() []AuditEntry {
	return []AuditEntry{
		{At: at(2, 9), Actor: "gateway:korea", What: "refund", Order: "K7Q4-M2XD", From: "sending", To: "done", Amount: krw(50000), Reason: "고객 요청"},
		{At: at(2, 9), Actor: "staff:minji.park@example.org", What: "refund", Order: "K7Q4-M2XD", To: "requested", Amount: krw(50000), Reason: hostile},
		{At: at(1, 10), Actor: "system", What: "receipt", Order: "K7Q4-M2XD", To: "TEST-APSYS2027-000123", Amount: krw(250000)},
		{At: at(1, 10), Actor: "system", What: "refund", Order: "K7Q4-M2XD", To: "requested", Amount: usd(20000), Reason: "surplus"},
		{At: at(1, 10), Actor: "gateway:korea", What: "order", Order: "K7Q4-M2XD", From: "pending", To: "paid"},
		{At: at(1, 10), Actor: "gateway:korea", What: "payment", Order: "K7Q4-M2XD", From: "confirming", To: "confirmed", Amount: krw(250000)},
		{At: at(1, 10), Actor: "attendee", What: "order", Order: "K7Q4-M2XD", To: "pending"},
		{At: at(1, 9), Actor: "staff:minji.park@example.org", What: "event", To: "applied"},
	}
}

func sampleMails() []AdminMail {
	return []AdminMail{
		{Kind: "refunded", Refund: "r1", To: "seoyeon.kim@example.ac.kr", At: at(2, 9), State: "queued"},
		{Kind: "registered", To: "seoyeon.kim@example.ac.kr", At: at(1, 10), State: "sent", Again: true},
		{Kind: "links", To: hostile, State: "failed"},
	}
}

func sampleReadOnly(l registration.Lang) AdminOrderPage {
	p := sampleOrder(l)
	p.Can = AdminCan{}
	p.Payer.Name, p.Payer.Affiliation, p.Payer.Email = hostile, hostile, hostile
	p.Registrations[0].Name = hostile
	return p
}

func sampleRefused(l registration.Lang) AdminOrderPage {
	p := sampleOrder(l)
	p.Payments[1].Form = AdminRefundForm{Amount: "999999", Problems: []Problem{
		{Field: "amount", Key: "admin.refund.amount_over", Args: []any{"max", krw(200000)}}, {Field: "reason", Key: "admin.refund.reason_missing"}}}
	p.Cancel = AdminCancelForm{Problems: []Problem{{Field: "reason", Key: "admin.cancel.reason_missing"}}}
	return p
}

func samplePending(l registration.Lang) AdminOrderPage {
	p := sampleOrder(l)
	p.State, p.Payment, p.Attention, p.Mails = registration.OrderPending, "awaiting_deposit", nil, nil
	p.Money, p.Payments = AdminMoney{Charged: []registration.Money{krw(250000), usd(20000)}}, nil
	p.Registrations[0].State, p.Registrations[0].Currency = registration.Held, []registration.Currency{registration.KRW, registration.USD}
	return p
}

func sampleRefund(l registration.Lang) AdminRefundPage {
	return AdminRefundPage{
		Page: samplePage(l, ""), Nav: sampleNav(""), Code: "K7Q4-M2XD", State: registration.OrderPaid, Name: "김서연", PaymentID: "p2",
		Channel: "korea", Card: "신한카드 4330-****-****-123*", Captured: krw(250000), Refunded: krw(50000), Max: krw(200000), Amount: krw(110000),
		Reason: hostile, Nonce: "n0nce",
	}
}

func sampleSurplusRefund(l registration.Lang) AdminRefundPage {
	p := sampleRefund(l)
	p.Surplus, p.Card, p.State, p.Problem = true, "", registration.OrderCancelled, T(l, "admin.payment.under_way")
	p.Captured, p.Refunded, p.Max, p.Amount = usd(1250), usd(0), usd(1250), usd(1250)
	return p
}

func sampleCancel(l registration.Lang, rest ...registration.Money) AdminCancelPage {
	return AdminCancelPage{Page: samplePage(l, ""), Nav: sampleNav(""), Code: "K7Q4-M2XD", Name: "김서연", People: 1 + len(rest), Rest: rest, Reason: hostile, Nonce: "n0nce"}
}
