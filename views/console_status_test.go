package views

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
)

func TestEveryStateHasAWord(t *testing.T) {
	keys := []string{}
	for _, s := range []payments.State{payments.Started, payments.Confirming, payments.AwaitingDeposit, payments.Confirmed,
		payments.Failed, payments.Abandoned, payments.Expired, payments.Unknown, payments.Surplus} {
		keys = append(keys, paymentStatus(string(s), "").key)
	}
	for _, s := range []payments.RefundState{payments.RefundRequested, payments.RefundSending, payments.RefundDone, payments.RefundRefused, payments.RefundUnknown} {
		keys = append(keys, refundStatus(string(s)).key)
	}
	for _, s := range []payments.Source{payments.ByStaff, payments.ByAutomatic, payments.ByGateway} {
		keys = append(keys, "console.source."+string(s))
	}
	for _, k := range []string{payments.AttentionUnknown, payments.AttentionSurplus, payments.AttentionMismatch, payments.AttentionRefundUnknown,
		payments.AttentionRefundRefused, payments.AttentionRefundedOutside, payments.AttentionTestMoney} {
		keys = append(keys, "console.attention."+k+".title", "console.attention."+k+".do")
	}
	for _, k := range []string{payments.MailRegistered, payments.MailRefunded, payments.MailSurplus, payments.MailCancelled, payments.MailDeposit, payments.MailNewLink, payments.MailAttention} {
		keys = append(keys, "console.mail.kind."+k)
	}
	for _, s := range []registration.OrderState{registration.OrderPending, registration.OrderPaid, registration.OrderExpired, registration.OrderCancelled} {
		keys = append(keys, "console.state."+string(s))
	}
	for _, w := range []registration.Window{registration.WindowEarly, registration.WindowOpen, registration.WindowClosed, registration.WindowEnded} {
		keys = append(keys, windowStatus(w).key)
	}
	for _, l := range bothLanguages {
		for _, k := range keys {
			if !Has(l, k) {
				t.Errorf("%s has no text for %s", l, k)
			}
		}
	}
}

func TestBothLanguagesHaveTheSameStaffTexts(t *testing.T) {
	ko := slices.Sorted(maps.Keys(words()[registration.Korean]))
	en := slices.Sorted(maps.Keys(words()[registration.English]))
	for _, k := range ko {
		if _, found := slices.BinarySearch(en, k); !found {
			t.Errorf("%s is missing in English", k)
		}
	}
	for _, k := range en {
		if _, found := slices.BinarySearch(ko, k); !found {
			t.Errorf("%s is missing in Korean", k)
		}
	}
}

func TestWhatIsPaidOnSiteIsNotCalledATransfer(t *testing.T) {
	for _, l := range bothLanguages {
		for _, tc := range []struct {
			method payments.Method
			key    string
		}{
			{payments.MethodOnSite, "console.awaiting.on_site"}, {payments.MethodPayLater, "console.awaiting.pay_later"},
			{payments.MethodBankTransfer, "console.state.awaiting_deposit"}, {payments.MethodVirtualAccount, "console.state.awaiting_deposit"},
		} {
			p := sampleOrder(l)
			p.State, p.Payment, p.Money = registration.OrderPending, "awaiting_deposit", AdminMoney{Charged: []registration.Money{krw(100)}}
			p.Payments = []AdminPayment{{ID: "p", State: "awaiting_deposit", Method: tc.method, Amount: krw(100), StartedAt: at(1, 10), Deadline: at(2, 10)}}
			doc, want := renderStaff(t, AdminOrder(p)), T(l, tc.key)
			if doc.Find(".admin-head .tag").Text() != want || doc.Find("#payment-p .tag").Text() != want || StandingText(l, payments.StandingAwaitingDeposit, string(tc.method)) != want ||
				PaymentText(l, payments.AwaitingDeposit, string(tc.method)) != want {
				t.Errorf("%s: %q and %q", tc.method, doc.Find(".admin-head .tag").Text(), doc.Find("#payment-p .tag").Text())
			}
			list := sampleOrders(l)
			list.Rows[0].Standing, list.Rows[0].Method = payments.StandingAwaitingDeposit, tc.method
			if got := strings.TrimSpace(renderStaff(t, ConsoleOrders(list)).Find("tbody .state").First().Text()); got != want {
				t.Errorf("%s in the list: %q", tc.method, got)
			}
		}
	}
}

func TestBalanceSaysWhatItMeans(t *testing.T) {
	paid := registration.OrderPaid
	tests := map[string]struct {
		state registration.OrderState
		money AdminMoney
		want  string
	}{
		"nothing received":         {registration.OrderPending, AdminMoney{Charged: []registration.Money{krw(100)}}, "underpaid"},
		"two currencies, no money": {registration.OrderPending, AdminMoney{Charged: []registration.Money{krw(100), usd(5)}}, "underpaid"},
		"free, in two currencies":  {paid, AdminMoney{Charged: []registration.Money{krw(0), usd(0)}}, "settled"},
		"covered":                  {paid, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(100)}, "settled"},
		"refunded is no debt":      {paid, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(100), Refunded: krw(30)}, "gap"},
		"a change after a refund":  {paid, AdminMoney{Charged: []registration.Money{krw(130)}, Received: krw(100), Refunded: krw(50)}, "underpaid"},
		"too much":                 {paid, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(150)}, "overpaid"},
		"cancelled, going back":    {registration.OrderCancelled, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(100), Underway: krw(100)}, "returning"},
		"cancelled, part back":     {registration.OrderCancelled, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(100), Underway: krw(60)}, "kept"},
		"cancelled, part kept":     {registration.OrderCancelled, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(100), Refunded: krw(30)}, "kept"},
		"cancelled, all returned":  {registration.OrderCancelled, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(100), Refunded: krw(100)}, "over"},
		"expired":                  {registration.OrderExpired, AdminMoney{Charged: []registration.Money{krw(100)}}, "over"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := balanceKey(tc.state, tc.money); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			for _, l := range bothLanguages {
				if !Has(l, "admin.order.money."+tc.want) {
					t.Errorf("%s has no text", l)
				}
			}
		})
	}
}

func TestMoneyBoxNamesADebtOnlyWhereThereIsOne(t *testing.T) {
	l := registration.Korean
	for name, tc := range map[string]struct {
		state              registration.OrderState
		received, refunded int64
		want               bool
	}{
		"nothing received": {registration.OrderPending, 0, 0, true},
		"covered":          {registration.OrderPaid, 100, 0, false},
		"refunded":         {registration.OrderPaid, 100, 100, false},
		"cancelled":        {registration.OrderCancelled, 100, 30, false},
		"expired":          {registration.OrderExpired, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := sampleOrder(l)
			p.State, p.Money = tc.state, AdminMoney{Charged: []registration.Money{krw(100)}, Received: krw(tc.received), Refunded: krw(tc.refunded)}
			rows := renderStaff(t, AdminOrder(p)).Find(".admin-money")
			if got := strings.Contains(rows.Text(), T(l, "admin.order.money.balance")); got != tc.want {
				t.Errorf("named: %v", got)
			}
			if kept := krw(tc.received - tc.refunded).Format(l); !strings.Contains(rows.Text(), T(l, "admin.order.money.held")) || !strings.Contains(rows.Text(), kept) {
				t.Errorf("%s kept is not told: %s", kept, rows.Text())
			}
		})
	}
}

func TestPaymentsThatHoldMoneyComeFirst(t *testing.T) {
	var all []AdminPayment
	for _, s := range []string{"failed", "started", "surplus", "abandoned", "unknown", "expired", "confirmed"} {
		all = append(all, AdminPayment{State: s})
	}
	if got := paymentOrder(all); !slices.Equal(got, []int{2, 4, 6, 1, 0, 3, 5}) {
		t.Errorf("order %v", got)
	}
}

func TestAuditNamesAThingOnce(t *testing.T) {
	for state, want := range map[[2]string]string{
		{"refund", "requested"}: "접수", {"order", "paid"}: "완료", {"order", "pending"}: "결제 대기", {"receipt", "issued"}: "발행",
	} {
		if got := auditStep(registration.Korean, state[0], state[1]); got != want {
			t.Errorf("auditStep(%q, %q) = %q, want %q", state[0], state[1], got, want)
		}
	}
}
