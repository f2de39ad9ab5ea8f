package sandbox

import (
	"strings"
)

// stripeList is a page of objects.
type stripeList[T any] struct {
	Object string `json:"object"`
	URL    string `json:"url"`
	More   bool   `json:"has_more"`
	Data   []T    `json:"data"`
}

// stripeSessionObject is a Checkout Session, as far as a payment by card has members.
type stripeSessionObject struct {
	ID                 string            `json:"id"`
	Object             string            `json:"object"`
	AmountSubtotal     int64             `json:"amount_subtotal"`
	AmountTotal        int64             `json:"amount_total"`
	CancelURL          *string           `json:"cancel_url"`
	ClientReferenceID  *string           `json:"client_reference_id"`
	Created            int64             `json:"created"`
	Currency           string            `json:"currency"`
	CustomerDetails    *stripePayer      `json:"customer_details"`
	CustomerEmail      *string           `json:"customer_email"`
	ExpiresAt          int64             `json:"expires_at"`
	Livemode           bool              `json:"livemode"`
	Locale             *string           `json:"locale"`
	Metadata           map[string]string `json:"metadata"`
	Mode               string            `json:"mode"`
	PaymentIntent      any               `json:"payment_intent"` // id, object or null
	PaymentMethodTypes []string          `json:"payment_method_types"`
	PaymentStatus      string            `json:"payment_status"`
	Status             string            `json:"status"`
	SubmitType         *string           `json:"submit_type"`
	SuccessURL         string            `json:"success_url"`
	UIMode             string            `json:"ui_mode"`
	URL                *string           `json:"url"`
}

type stripePayer struct {
	Email *string `json:"email"`
	Name  *string `json:"name"`
	Phone *string `json:"phone"`
}

// stripeIntentObject is a PaymentIntent.
type stripeIntentObject struct {
	ID                 string            `json:"id"`
	Object             string            `json:"object"`
	Amount             int64             `json:"amount"`
	AmountCapturable   int64             `json:"amount_capturable"`
	AmountReceived     int64             `json:"amount_received"`
	CaptureMethod      string            `json:"capture_method"`
	Created            int64             `json:"created"`
	Currency           string            `json:"currency"`
	LastPaymentError   *stripeFailure    `json:"last_payment_error"`
	LatestCharge       any               `json:"latest_charge"` // id, object or null
	Livemode           bool              `json:"livemode"`
	Metadata           map[string]string `json:"metadata"`
	PaymentMethodTypes []string          `json:"payment_method_types"`
	Status             string            `json:"status"`
}

// stripeChargeObject is a Charge.
type stripeChargeObject struct {
	ID             string            `json:"id"`
	Object         string            `json:"object"`
	Amount         int64             `json:"amount"`
	AmountCaptured int64             `json:"amount_captured"`
	AmountRefunded int64             `json:"amount_refunded"`
	Captured       bool              `json:"captured"`
	Created        int64             `json:"created"`
	Currency       string            `json:"currency"`
	Disputed       bool              `json:"disputed"`
	FailureCode    *string           `json:"failure_code"`
	Livemode       bool              `json:"livemode"`
	Metadata       map[string]string `json:"metadata"`
	Paid           bool              `json:"paid"`
	PaymentIntent  string            `json:"payment_intent"`
	Details        stripeDetails     `json:"payment_method_details"`
	ReceiptURL     *string           `json:"receipt_url"`
	Refunded       bool              `json:"refunded"`
	Status         string            `json:"status"`
}

type stripeDetails struct {
	Type string         `json:"type"`
	Card stripeCardPart `json:"card"`
}

type stripeCardPart struct {
	Brand   string  `json:"brand"`
	Country string  `json:"country"`
	Last4   string  `json:"last4"`
	Funding string  `json:"funding"`
	Approve *string `json:"authorization_code"`
}

// stripeRefundObject is a Refund.
type stripeRefundObject struct {
	ID            string            `json:"id"`
	Object        string            `json:"object"`
	Amount        int64             `json:"amount"`
	Charge        any               `json:"charge"` // id or object
	Created       int64             `json:"created"`
	Currency      string            `json:"currency"`
	Metadata      map[string]string `json:"metadata"`
	PaymentIntent string            `json:"payment_intent"`
	Reason        *string           `json:"reason"`
	Status        string            `json:"status"`
}

// sessionObject is p as the API shows it, with what c asks for in full; c is nil in a webhook.
func (g *stripe) sessionObject(p *Payment, c *stripeCall) stripeSessionObject {
	o := stripeSessionObject{
		ID: p.ID, Object: "checkout.session", AmountSubtotal: p.Amount, AmountTotal: p.Amount, CancelURL: optional(p.Session.FailURL),
		ClientReferenceID: optional(p.OrderID), Created: unix(p.RequestedAt), Currency: stripeCurrency(p),
		CustomerEmail: optional(p.Session.Metadata[stripeEmail]), ExpiresAt: unix(p.Deadline), Locale: optional(string(p.Session.Language)),
		Metadata: metadataOf(p, stripeOwnMeta), Mode: "payment", PaymentMethodTypes: []string{"card"}, PaymentStatus: "unpaid",
		Status: g.status(p), SubmitType: optional("pay"), SuccessURL: p.Session.SuccessURL, UIMode: "hosted_page",
	}
	if p.State == StateCaptured {
		o.PaymentStatus, o.CustomerDetails = "paid", &stripePayer{Email: o.CustomerEmail}
	}
	if o.Status == "open" {
		o.URL = optional(p.Session.BaseURL + "/c/pay/" + p.ID)
	}
	switch {
	case !tried(p):
	case c != nil && c.expands("payment_intent"):
		o.PaymentIntent = g.intentObject(p, c.expands("payment_intent.latest_charge"))
	default:
		o.PaymentIntent = stripeID(stripeIntent, p)
	}
	return o
}

// intentObject is p's payment; it exists once somebody has tried to pay.
func (g *stripe) intentObject(p *Payment, whole bool) stripeIntentObject {
	o := stripeIntentObject{
		ID: stripeID(stripeIntent, p), Object: "payment_intent", Amount: p.Amount, AmountReceived: p.Captured, CaptureMethod: "automatic_async",
		Created: unix(p.RequestedAt), Currency: stripeCurrency(p), LatestCharge: stripeID(stripeCharge, p), Metadata: metadataOf(p, stripePayMeta),
		PaymentMethodTypes: []string{"card"}, Status: "requires_payment_method",
	}
	switch p.State {
	case StateCaptured:
		o.Status = "succeeded"
	case StateExpired:
		o.Status = "canceled"
	case StateReady, StateAuthenticated, StateFailed, StateDeposit:
	}
	if p.Failure != "" {
		o.LastPaymentError = &stripeFailure{Type: "card_error", Code: stripeDeclineCode(p.Failure), DeclineCode: p.Failure, Message: "Your card was declined."}
	}
	if whole {
		o.LatestCharge = g.chargeObject(p)
	}
	return o
}

// chargeObject is the newest try to pay p.
func (g *stripe) chargeObject(p *Payment) stripeChargeObject {
	o := stripeChargeObject{
		ID: stripeID(stripeCharge, p), Object: "charge", Amount: p.Amount, AmountCaptured: p.Captured, AmountRefunded: p.Refunded,
		Captured: p.Captured > 0, Created: unix(p.RequestedAt), Currency: stripeCurrency(p), Metadata: metadataOf(p, stripePayMeta),
		Paid: p.Captured > 0, PaymentIntent: stripeID(stripeIntent, p), Status: "failed", FailureCode: optional(p.Failure),
		Refunded: p.Captured > 0 && p.Left() == 0, Details: stripeDetails{Type: "card", Card: stripeCardOf(p)},
	}
	if p.State == StateCaptured {
		o.Status, o.Created = "succeeded", unix(p.CapturedAt)
		o.ReceiptURL = optional(p.Session.BaseURL + "/_sandbox/payments/" + p.ID)
		o.Details.Card.Approve = optional("000000")
	}
	return o
}

// refundObject is one refund of p.
func (g *stripe) refundObject(p *Payment, r Refund, whole bool) stripeRefundObject {
	o := stripeRefundObject{
		ID: r.ID, Object: "refund", Amount: r.Amount, Charge: stripeID(stripeCharge, p), Created: unix(r.At), Currency: stripeCurrency(p),
		Metadata: metadataOf(p, r.ID+":"), PaymentIntent: stripeID(stripeIntent, p), Reason: optional(r.Reason), Status: "succeeded",
	}
	if whole {
		o.Charge = g.chargeObject(p)
	}
	return o
}

func stripeCurrency(p *Payment) string { return strings.ToLower(string(p.Currency)) }

// metadataOf is what was kept under a prefix.
func metadataOf(p *Payment, prefix string) map[string]string {
	own := map[string]string{}
	for k, v := range p.Session.Metadata {
		if name, ok := strings.CutPrefix(k, prefix); ok {
			own[name] = v
		}
	}
	return own
}

// stripeLast4 are the last digits of the cards.
var stripeLast4 = map[string]string{"kr": "4060", "visa": "4242", "mastercard": "8210", "jcb": "0505", "amex": "0005"}

func stripeCardOf(p *Payment) stripeCardPart {
	if p.Card == nil {
		return stripeCardPart{}
	}
	c := stripeCardPart{Brand: p.Card.Value, Country: p.Card.Country, Last4: stripeLast4[p.Card.Value], Funding: "credit"}
	if c.Brand == "kr" {
		c.Brand = "visa"
	}
	return c
}

// stripeDeclineCode is the code that comes with an issuer's word.
func stripeDeclineCode(word string) string {
	if word == "expired_card" {
		return word
	}
	return "card_declined"
}
