package sandbox

import (
	"encoding/json"
	"strings"
	"time"

	"foyer/registration"
)

// tossObject is the Payment object. Parts of methods that the sandbox does not have are always null.
type tossObject struct {
	MID                 string            `json:"mId"`
	Version             string            `json:"version"`
	PaymentKey          string            `json:"paymentKey"`
	LastTransactionKey  *string           `json:"lastTransactionKey"`
	Type                string            `json:"type"`
	OrderID             string            `json:"orderId"`
	OrderName           string            `json:"orderName"`
	Currency            string            `json:"currency"`
	Method              *string           `json:"method"`
	Status              string            `json:"status"`
	TotalAmount         json.Number       `json:"totalAmount"`
	BalanceAmount       json.Number       `json:"balanceAmount"`
	SuppliedAmount      json.Number       `json:"suppliedAmount"`
	VAT                 json.Number       `json:"vat"`
	TaxFreeAmount       json.Number       `json:"taxFreeAmount"`
	TaxExemptionAmount  json.Number       `json:"taxExemptionAmount"`
	CultureExpense      bool              `json:"cultureExpense"`
	UseEscrow           bool              `json:"useEscrow"`
	RequestedAt         string            `json:"requestedAt"`
	ApprovedAt          *string           `json:"approvedAt"`
	IsPartialCancelable bool              `json:"isPartialCancelable"`
	Country             string            `json:"country"`
	Metadata            map[string]string `json:"metadata"`
	Secret              *string           `json:"secret"`
	Failure             *tossFailure      `json:"failure"`
	Card                *tossCard         `json:"card"`
	VirtualAccount      *tossVirtualPart  `json:"virtualAccount"`
	Transfer            *tossTransferPart `json:"transfer"`
	MobilePhone         *tossPhonePart    `json:"mobilePhone"`
	GiftCertificate     *struct{}         `json:"giftCertificate"`
	EasyPay             *string           `json:"easyPay"` // PayPal comes as a bare word
	CashReceipt         *tossReceiptPart  `json:"cashReceipt"`
	CashReceipts        *struct{}         `json:"cashReceipts"`
	Discount            *struct{}         `json:"discount"`
	Cancels             []tossCancel      `json:"cancels"`
	Receipt             *tossLink         `json:"receipt"`
	Checkout            *tossLink         `json:"checkout"`
}

type tossCard struct {
	Amount                json.Number `json:"amount"`
	IssuerCode            string      `json:"issuerCode"`
	AcquirerCode          string      `json:"acquirerCode"`
	Number                string      `json:"number"`
	InstallmentPlanMonths int         `json:"installmentPlanMonths"`
	ApproveNo             string      `json:"approveNo"`
	UseCardPoint          bool        `json:"useCardPoint"`
	CardType              string      `json:"cardType"`
	OwnerType             string      `json:"ownerType"`
	AcquireStatus         string      `json:"acquireStatus"`
	IsInterestFree        bool        `json:"isInterestFree"`
	InterestPayer         *string     `json:"interestPayer"`
}

type tossCancel struct {
	CancelAmount           json.Number `json:"cancelAmount"`
	CancelReason           string      `json:"cancelReason"`
	TaxFreeAmount          json.Number `json:"taxFreeAmount"`
	TaxExemptionAmount     json.Number `json:"taxExemptionAmount"`
	RefundableAmount       json.Number `json:"refundableAmount"`
	CardDiscountAmount     json.Number `json:"cardDiscountAmount"`
	TransferDiscountAmount json.Number `json:"transferDiscountAmount"`
	EasyPayDiscountAmount  json.Number `json:"easyPayDiscountAmount"`
	CanceledAt             string      `json:"canceledAt"`
	TransactionKey         string      `json:"transactionKey"`
	ReceiptKey             *string     `json:"receiptKey"`
	CancelStatus           string      `json:"cancelStatus"`
	CancelRequestID        *string     `json:"cancelRequestId"`
}

type tossLink struct {
	URL string `json:"url"`
}

// object is p as the API and the webhooks show it. With english, words are English where they are Korean by default.
func (g *toss) object(p *Payment, english bool) tossObject {
	left := tossBalance(p)
	vat := vatOf(p, left)
	o := tossObject{
		MID: p.Merchant, Version: tossVersion, PaymentKey: p.ID, LastTransactionKey: optional(p.Transaction), Type: "NORMAL",
		OrderID: p.OrderID, OrderName: p.OrderName, Currency: string(p.Currency), Status: g.status(p),
		TotalAmount: number(p, p.Amount), BalanceAmount: number(p, left), SuppliedAmount: number(p, left-vat), VAT: number(p, vat),
		TaxFreeAmount: "0", TaxExemptionAmount: "0", RequestedAt: tossTime(p.RequestedAt),
		IsPartialCancelable: true, Country: "KR", Metadata: p.Session.Metadata,
		Checkout: &tossLink{p.Session.BaseURL + "/v1/payments/" + p.ID + "/checkout"},
	}
	if p.Card != nil {
		o.Method, o.Country = optional(word("카드", "CARD", english)), p.Card.Country
		o.Card = cardPart(p, english)
	}
	g.parts(&o, p, english)
	if p.State == StateFailed && p.Failure != tossClosed {
		o.Failure = &tossFailure{p.Failure, tossText(p.Failure, english)}
	}
	if p.State == StateCaptured {
		o.ApprovedAt = optional(tossTime(p.CapturedAt))
		o.Receipt = &tossLink{p.Session.BaseURL + "/_sandbox/payments/" + p.ID}
	}
	for _, r := range p.Refunds {
		if r.Taken {
			continue
		}
		o.Cancels = append(o.Cancels, tossCancel{
			CancelAmount: number(p, r.Amount), CancelReason: r.Reason, TaxFreeAmount: "0", TaxExemptionAmount: "0",
			RefundableAmount: number(p, r.Left), CardDiscountAmount: "0", TransferDiscountAmount: "0", EasyPayDiscountAmount: "0",
			CanceledAt: tossTime(r.At), TransactionKey: r.ID, CancelStatus: "DONE",
		})
	}
	return o
}

func cardPart(p *Payment, english bool) *tossCard {
	c := &tossCard{
		Amount: number(p, p.Amount), IssuerCode: p.Card.Issuer, AcquirerCode: "31", Number: p.Card.Number,
		CardType: word("신용", "CREDIT", english), OwnerType: word("개인", "PERSONAL", english), AcquireStatus: "READY",
	}
	if p.Card.Overseas {
		unknown := word("미확인", "UNKNOWN", english)
		c.AcquirerCode, c.CardType, c.OwnerType = p.Card.Issuer, unknown, unknown
	}
	if p.State == StateCaptured {
		c.ApproveNo = "00000000"
	}
	return c
}

// vatOf is the tax inside an amount of won, rounded half up; other currencies carry none.
func vatOf(p *Payment, amount int64) int64 {
	if p.Currency != registration.KRW {
		return 0
	}
	return (amount*2 + 11) / 22
}

// number is an amount as a JSON number without trailing zeros: 120 and 12.5 in USD.
func number(p *Payment, minor int64) json.Number {
	text := p.Money(minor).Decimal()
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return json.Number(text)
}

func tossTime(t time.Time) string { return t.In(kst).Format("2006-01-02T15:04:05-07:00") }

func word(korean, english string, inEnglish bool) string {
	if inEnglish {
		return english
	}
	return korean
}

// optional is null in JSON for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
