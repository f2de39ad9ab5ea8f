package sandbox

// tossVirtualPart is the account of a payment.
type tossVirtualPart struct {
	AccountType      string          `json:"accountType"`
	AccountNumber    string          `json:"accountNumber"`
	BankCode         string          `json:"bankCode"`
	CustomerName     string          `json:"customerName"`
	DepositorName    *string         `json:"depositorName"`
	DueDate          string          `json:"dueDate"`
	Expired          bool            `json:"expired"`
	SettlementStatus string          `json:"settlementStatus"`
	RefundStatus     string          `json:"refundStatus"`
	RefundReceive    *tossRefundPart `json:"refundReceiveAccount"`
}

// tossRefundPart is where money went back to. The answer calls the bank by another name than the request.
type tossRefundPart struct {
	BankCode      string `json:"bankCode"`
	AccountNumber string `json:"accountNumber"`
	HolderName    string `json:"holderName"`
}

type tossTransferPart struct {
	BankCode         string `json:"bankCode"`
	SettlementStatus string `json:"settlementStatus"`
}

type tossPhonePart struct {
	CustomerMobilePhone string `json:"customerMobilePhone"`
	SettlementStatus    string `json:"settlementStatus"`
	ReceiptURL          string `json:"receiptUrl"`
}

// tossReceiptPart is the cash receipt that was issued with the money.
type tossReceiptPart struct {
	Type        string `json:"type"`
	ReceiptKey  string `json:"receiptKey"`
	IssueNumber string `json:"issueNumber"`
	ReceiptURL  string `json:"receiptUrl"`
	Amount      any    `json:"amount"`
	TaxFree     int    `json:"taxFreeAmount"`
}

// tossBalance is what can still be refunded, or what is still asked for.
func tossBalance(p *Payment) int64 {
	switch p.State {
	case StateCaptured:
		return p.Left()
	case StateFailed:
		if p.Failure == tossClosed {
			return 0
		}
	case StateReady, StateAuthenticated, StateDeposit, StateExpired:
	}
	return p.Amount
}

// parts adds what the payment's method has beside a card's.
func (g *toss) parts(o *tossObject, p *Payment, english bool) {
	m, other := tossMethods[p.Method]
	if !other || (p.State == StateReady) {
		return
	}
	o.Method = optional(word(m.korean, m.english, english))
	switch p.Method {
	case tossVirtual:
		if p.Account != nil {
			o.VirtualAccount, o.Secret = g.virtual(p), optional(p.Account.Secret)
		}
	case "TRANSFER":
		o.Transfer = &tossTransferPart{BankCode: "20", SettlementStatus: "INCOMPLETED"}
	case "MOBILE_PHONE":
		o.MobilePhone = &tossPhonePart{CustomerMobilePhone: "010****0000", SettlementStatus: "INCOMPLETED", ReceiptURL: p.Session.BaseURL + "/_sandbox/payments/" + p.ID}
	case tossPayPal:
		o.EasyPay, o.Country = optional("PAYPAL"), "US"
	}
	if kind := p.Session.Receipt; p.State == StateCaptured && kind != "" && kind != "미발행" {
		o.CashReceipt = &tossReceiptPart{
			Type: kind, ReceiptKey: "sbx-" + p.ID, IssueNumber: "00000000", ReceiptURL: p.Session.BaseURL + "/_sandbox/payments/" + p.ID, Amount: number(p, p.Amount),
		}
	}
	if p.Failure == tossClosed {
		o.Cancels = append(o.Cancels, tossCancel{
			CancelAmount: number(p, p.Amount), CancelReason: "closed before the deposit", TaxFreeAmount: "0", TaxExemptionAmount: "0",
			RefundableAmount: "0", CardDiscountAmount: "0", TransferDiscountAmount: "0", EasyPayDiscountAmount: "0",
			CanceledAt: tossTime(p.Timeline[len(p.Timeline)-1].At), TransactionKey: p.Transaction, CancelStatus: "DONE",
		})
	}
}

func (g *toss) virtual(p *Payment) *tossVirtualPart {
	v := &tossVirtualPart{
		AccountType: "일반", AccountNumber: p.Account.Number, BankCode: p.Account.Bank, CustomerName: p.Account.Holder,
		DueDate: tossTime(p.Deadline), Expired: p.State == StateExpired, SettlementStatus: "INCOMPLETED", RefundStatus: "NONE",
	}
	if p.State == StateCaptured {
		v.DepositorName = optional(p.Account.Holder)
	}
	for _, r := range p.Refunds {
		if r.Account != nil {
			v.RefundStatus = "COMPLETED"
			v.RefundReceive = &tossRefundPart{r.Account.Bank, r.Account.Number, r.Account.Holder}
		}
	}
	return v
}
