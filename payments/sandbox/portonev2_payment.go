package sandbox

import (
	"encoding/json"
	"time"
)

// portoneV2Object is the Payment object. Amounts are in the currency's minor unit.
type portoneV2Object struct {
	Status          string                  `json:"status"`
	ID              string                  `json:"id"`
	TransactionID   string                  `json:"transactionId"`
	MerchantID      string                  `json:"merchantId"`
	StoreID         string                  `json:"storeId"`
	Method          any                     `json:"method,omitempty"`
	Channel         *portoneV2Channel       `json:"channel,omitempty"`
	Version         string                  `json:"version"`
	RequestedAt     string                  `json:"requestedAt"`
	UpdatedAt       string                  `json:"updatedAt"`
	StatusChangedAt string                  `json:"statusChangedAt"`
	OrderName       string                  `json:"orderName"`
	Amount          portoneV2Amounts        `json:"amount"`
	Currency        string                  `json:"currency"`
	Customer        struct{}                `json:"customer"`
	Origin          portoneV2Origin         `json:"origin"`
	PaidAt          string                  `json:"paidAt,omitempty"`
	PgTxID          string                  `json:"pgTxId,omitempty"`
	ReceiptURL      string                  `json:"receiptUrl,omitempty"`
	Cancellations   []portoneV2Cancellation `json:"cancellations,omitempty"`
	CancelledAt     string                  `json:"cancelledAt,omitempty"`
	FailedAt        string                  `json:"failedAt,omitempty"`
	Failure         *portoneV2Trouble       `json:"failure,omitempty"`
}

type portoneV2Method struct {
	Type           string           `json:"type"`
	Card           portoneV2Card    `json:"card"`
	ApprovalNumber string           `json:"approvalNumber,omitempty"`
	Installment    portoneV2Monthly `json:"installment"`
	PointUsed      bool             `json:"pointUsed"`
}

// portoneV2Account is the method of a virtual account.
type portoneV2Account struct {
	Type          string `json:"type"`
	Bank          string `json:"bank"`
	AccountNumber string `json:"accountNumber"`
	AccountType   string `json:"accountType"`
	RemitteeName  string `json:"remitteeName"`
	ExpiredAt     string `json:"expiredAt"`
	IssuedAt      string `json:"issuedAt"`
}

// portoneV2Plain is a method of which nothing but its kind is told.
type portoneV2Plain struct {
	Type string `json:"type"`
}

type portoneV2Card struct {
	Issuer    string `json:"issuer,omitempty"`
	Brand     string `json:"brand"`
	Type      string `json:"type"`
	OwnerType string `json:"ownerType"`
	Name      string `json:"name"`
	Number    string `json:"number"`
}

type portoneV2Monthly struct {
	Month          int  `json:"month"`
	IsInterestFree bool `json:"isInterestFree"`
}

type portoneV2Channel struct {
	Type         string `json:"type"`
	ID           string `json:"id"`
	Key          string `json:"key"`
	Name         string `json:"name"`
	PgProvider   string `json:"pgProvider"`
	PgMerchantID string `json:"pgMerchantId"`
}

type portoneV2Amounts struct {
	Total            int64 `json:"total"`
	TaxFree          int64 `json:"taxFree"`
	VAT              int64 `json:"vat"`
	Supply           int64 `json:"supply"`
	Discount         int64 `json:"discount"`
	Paid             int64 `json:"paid"`
	Cancelled        int64 `json:"cancelled"`
	CancelledTaxFree int64 `json:"cancelledTaxFree"`
}

type portoneV2Origin struct {
	PlatformType string `json:"platformType"`
	IPAddress    string `json:"ipAddress"`
}

type portoneV2Trouble struct {
	Reason    string `json:"reason"`
	PgCode    string `json:"pgCode"`
	PgMessage string `json:"pgMessage"`
}

type portoneV2Cancellation struct {
	Status        string `json:"status"`
	ID            string `json:"id"`
	TotalAmount   int64  `json:"totalAmount"`
	TaxFreeAmount int64  `json:"taxFreeAmount"`
	VATAmount     int64  `json:"vatAmount"`
	Reason        string `json:"reason"`
	RequestedAt   string `json:"requestedAt"`
	CancelledAt   string `json:"cancelledAt,omitempty"`
	Trigger       string `json:"trigger"`
}

// object is p as the API shows it.
func (g *portoneV2) object(p *Payment) portoneV2Object {
	at := portoneV2Time(p.Timeline[len(p.Timeline)-1].At)
	o := portoneV2Object{
		Status: g.status(p), ID: p.OrderID, TransactionID: p.ID, MerchantID: "merchant-" + p.Merchant, StoreID: p.Session.Metadata["store"],
		Version: "V2", RequestedAt: portoneV2Time(p.RequestedAt), UpdatedAt: at, StatusChangedAt: at,
		OrderName: p.OrderName, Currency: string(p.Currency), Origin: portoneV2Origin{"PC", "192.0.2.1"},
		Amount: portoneV2Amounts{Total: p.Amount, VAT: vatOf(p, p.Amount), Supply: p.Amount - vatOf(p, p.Amount), Cancelled: p.givenBack()},
	}
	switch {
	case p.Account != nil:
		o.Method = portoneV2Account{
			"PaymentMethodVirtualAccount", p.Account.Bank, p.Account.Number, "NORMAL", p.Account.Holder, portoneV2Time(p.Deadline), portoneV2Time(p.AuthenticatedAt),
		}
	case p.State != StateCaptured:
	case p.Card != nil:
		o.Method = portoneV2MethodOf(p)
	case p.Method == "TRANSFER":
		o.Method = portoneV2Plain{"PaymentMethodTransfer"}
	default:
		o.Method = portoneV2Plain{"PaymentMethodMobile"}
	}
	switch p.State {
	case StateDeposit:
		o.Channel = portoneV2ChannelOf(p)
	case StateFailed:
		if p.Failure == tossClosed {
			g.addClosed(p, &o)
			break
		}
		o.FailedAt = at
		o.Failure = &portoneV2Trouble{Reason: "[PG] " + tossText(p.Failure, false), PgCode: p.Failure, PgMessage: tossText(p.Failure, false)}
	case StateCaptured:
		g.addMoney(p, &o)
	case StateExpired:
		if p.Account != nil {
			o.Channel = portoneV2ChannelOf(p)
		}
	case StateReady, StateAuthenticated:
	}
	return o
}

func (g *portoneV2) addMoney(p *Payment, o *portoneV2Object) {
	o.Amount.Paid, o.PaidAt, o.PgTxID = p.Amount, portoneV2Time(p.CapturedAt), "sandbox-"+p.ID[len(p.ID)-12:]
	o.ReceiptURL = p.Session.BaseURL + "/_sandbox/payments/" + p.ID
	o.Channel = portoneV2ChannelOf(p)
	for _, r := range p.Refunds {
		if r.Taken {
			continue
		}
		o.Cancellations = append(o.Cancellations, portoneV2Done(p, r))
		o.CancelledAt = portoneV2Time(r.At)
	}
	for _, w := range p.waits() {
		o.Cancellations = append(o.Cancellations, w.object())
	}
}

// addClosed tells of an account that was closed before anybody paid.
func (g *portoneV2) addClosed(p *Payment, o *portoneV2Object) {
	o.Channel, o.CancelledAt = portoneV2ChannelOf(p), o.StatusChangedAt
	o.Cancellations = []portoneV2Cancellation{{
		Status: "SUCCEEDED", ID: p.Transaction, TotalAmount: p.Amount, VATAmount: vatOf(p, p.Amount), Reason: "closed before the deposit",
		RequestedAt: o.StatusChangedAt, CancelledAt: o.StatusChangedAt, Trigger: "API",
	}}
}

func portoneV2ChannelOf(p *Payment) *portoneV2Channel {
	return &portoneV2Channel{
		Type: p.Session.Metadata["type"], ID: "channel-id-" + p.Session.Metadata["channel"], Key: p.Session.Metadata["channel"],
		Name: "sandbox", PgProvider: "TOSSPAYMENTS", PgMerchantID: p.Merchant,
	}
}

func portoneV2MethodOf(p *Payment) *portoneV2Method {
	brands := map[string]string{"kr": "LOCAL", "visa": "VISA", "mastercard": "MASTER", "jcb": "JCB", "amex": "AMEX"}
	m := &portoneV2Method{Type: "PaymentMethodCard", ApprovalNumber: "00000000", Card: portoneV2Card{
		Brand: brands[p.Card.Value], Type: "CREDIT", OwnerType: "PERSONAL", Name: p.Card.Brand, Number: p.Card.Number,
	}}
	if !p.Card.Overseas {
		m.Card.Issuer = "HYUNDAI_CARD"
	}
	return m
}

// portoneV2Done is a refund that was carried out.
func portoneV2Done(p *Payment, r Refund) portoneV2Cancellation {
	trigger := "API"
	if r.Outside {
		trigger = "CONSOLE"
	}
	at := portoneV2Time(r.At)
	return portoneV2Cancellation{
		Status: "SUCCEEDED", ID: r.ID, TotalAmount: r.Amount, VATAmount: vatOf(p, r.Amount), Reason: r.Reason,
		RequestedAt: at, CancelledAt: at, Trigger: trigger,
	}
}

// object is a refund that was not carried out.
func (w portoneV2Wait) object() portoneV2Cancellation {
	return portoneV2Cancellation{
		Status: w.Status, ID: w.ID, TotalAmount: w.Amount, Reason: w.Reason, RequestedAt: portoneV2Time(w.At), Trigger: "API",
	}
}

// MarshalJSON adds the list of disputes, which a paid payment always has.
func (o portoneV2Object) MarshalJSON() ([]byte, error) {
	type plain portoneV2Object
	if o.Status != "PAID" {
		return json.Marshal(plain(o))
	}
	return json.Marshal(struct {
		plain
		Disputes []struct{} `json:"disputes"`
	}{plain(o), []struct{}{}})
}

func portoneV2Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
