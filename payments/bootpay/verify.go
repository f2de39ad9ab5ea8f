package bootpay

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// Shop is a project at Bootpay, as its older API (without /v2) knows it.
type Shop struct {
	ApplicationID string // the key for REST, not the one of the browser
	PrivateKey    string
	API           string             // scheme and host that replace https://api.bootpay.co.kr; https, or http on a loopback address
	Transport     payments.Transport // must follow no redirect; nil means payments.NewTransport(30 s)
}

// Purchase is what a shop believes that a receipt is for.
type Purchase struct {
	ReceiptID string             // as the browser brought it
	OrderNo   string             // the shop's own number; "" when it sent none
	Price     registration.Money // from the shop's own books, never from the browser
}

// Paid is a receipt as the older API shows it.
type Paid struct {
	ReceiptID string
	OrderNo   string
	Status    Status
	Price     registration.Money // asked for, and taken when Status says so
	Cancelled registration.Money // gone back of it
	Company   string             // alias of the company behind Bootpay, such as "kcp"
	Method    string             // alias of the method, such as "card"
	At        time.Time          // of the charge, UTC; zero when not told
}

// What may be wrong with a purchase, wrapped in Verify's errors. The receipt that comes with them says what it is instead.
var (
	ErrNotPaid = errors.New("the receipt is not paid")
	ErrDiffers = errors.New("the receipt is for something else")
)

// Verify looks a receipt up with the older API's key pair (receipt key, price and status, as shops have always done it) and compares:
// the purchase is good when the error is nil, and then only. It trades the keys for a token, reads the receipt, and changes nothing:
// calling it again is harmless.
//
// ErrNotPaid: Status is any but StatusPaid; of a receipt in StatusAuthenticated or StatusConfirming ask again later. ErrDiffers: price,
// currency or order number are not those of the purchase, or a part has gone back. payments.ErrNoAnswer and payments.ErrBusy: ask
// again. *payments.Refusal: Bootpay says no, for example that the keys do not fit, or that there is no such receipt.
func Verify(ctx context.Context, shop Shop, want Purchase) (Paid, error) {
	if !plain(want.ReceiptID, maxReceipt) {
		return Paid{}, fmt.Errorf("bootpay: verify: no receipt id: %w", ErrDiffers)
	}
	if !want.Price.Cur.Known() || want.Price.Minor <= 0 {
		return Paid{}, errors.New("bootpay: verify: the price must be more than zero of a known currency")
	}
	got, err := shop.receipt(ctx, want.ReceiptID)
	if err != nil {
		return Paid{}, err
	}
	return got, compare(&got, &want)
}

// compare says what about a receipt does not fit the purchase.
func compare(got *Paid, want *Purchase) error {
	switch {
	case got.ReceiptID != want.ReceiptID:
		return fmt.Errorf("bootpay: verify: another receipt: %w", ErrDiffers)
	case want.OrderNo != "" && got.OrderNo != want.OrderNo:
		return fmt.Errorf("bootpay: verify: another order: %w", ErrDiffers)
	case got.Status != StatusPaid:
		return fmt.Errorf("bootpay: verify: %s: %w", got.Status, ErrNotPaid)
	case got.Price != want.Price:
		return fmt.Errorf("bootpay: verify: another price: %w", ErrDiffers)
	case got.Cancelled.Minor != 0:
		return fmt.Errorf("bootpay: verify: a part has gone back: %w", ErrDiffers)
	}
	return nil
}

// receipt reads a receipt by the older API.
func (s Shop) receipt(ctx context.Context, id string) (Paid, error) {
	base, transport := defaultAPI, s.Transport
	if s.API != "" {
		var err error
		if base, err = payments.StandInHost("the API's address", s.API); err != nil {
			return Paid{}, fmt.Errorf("bootpay: verify: %w", err)
		}
	}
	if transport == nil {
		transport = payments.NewTransport(30 * time.Second)
	}
	if !payments.Visible(s.ApplicationID, 300) || !payments.Visible(s.PrivateKey, 300) {
		return Paid{}, errors.New("bootpay: verify: application id or private key is missing")
	}
	body, err := requestToken(ctx, transport, base+"/request/token", s.ApplicationID, s.PrivateKey)
	token, err := unwrap[struct {
		Token string `json:"token"`
	}](opToken, body, err)
	if err != nil {
		return Paid{}, err
	}
	if !payments.Visible(token.Token, 4096) {
		return Paid{}, noAnswer(opToken, errors.New("answer has no token"))
	}
	body, err = send(ctx, transport, opLookup, http.MethodGet, base+"/receipt/"+url.PathEscape(id), token.Token, nil)
	old, err := unwrap[oldReceipt](opLookup, body, err)
	if err != nil {
		return Paid{}, err
	}
	return old.paid()
}

// envelope is around every answer of the older API. Its code is a number: 0, or negative for what went wrong.
type envelope struct {
	Status number `json:"status"`
	Code   number `json:"code"`
	Data   loose  `json:"data"`
}

// unwrap reads what is inside an answer of the older API, whose errors come in the same envelope, whatever the HTTP status.
func unwrap[T any](op operation, body []byte, sent error) (v T, err error) {
	var e envelope
	if sent != nil && (body == nil || errors.Is(sent, payments.ErrBusy)) {
		return v, sent
	}
	if err := json.Unmarshal(body, &e); err != nil || e.Status == "" {
		return v, cmp.Or(sent, noAnswer(op, errors.New("answer has no envelope")))
	}
	if e.Code != "" && e.Code != "0" && strings.Trim(string(e.Code), "-0123456789") == "" && !strings.HasPrefix(string(e.Status), "5") {
		return v, fmt.Errorf("bootpay: %s: %w", op.name, &payments.Refusal{Code: string(e.Code), Key: keyFailed})
	}
	if sent != nil {
		return v, sent
	}
	if err := json.Unmarshal(e.Data, &v); err != nil || e.Status != "200" {
		return v, noAnswer(op, errors.New("answer cannot be read"))
	}
	return v, nil
}

// oldReceipt is a receipt of the older API, as far as it is read.
type oldReceipt struct {
	ReceiptID   string `json:"receipt_id"`
	OrderID     text   `json:"order_id"`
	Price       number `json:"price"`
	Cancelled   number `json:"cancelled_price"`
	Unit        text   `json:"unit"`
	Company     text   `json:"pg"`
	Method      text   `json:"method"`
	PurchasedAt text   `json:"purchased_at"`
	Status      number `json:"status"`
}

// paid reads the receipt's numbers; without a status and a price there is none.
func (o *oldReceipt) paid() (Paid, error) {
	status, err := strconv.Atoi(string(o.Status))
	cur := registration.Currency(strings.ToUpper(cmp.Or(string(o.Unit), "krw")))
	price, err2 := registration.ParseMoney(string(o.Price), cur)
	cancelled, err3 := registration.ParseMoney(cmp.Or(string(o.Cancelled), "0"), cur)
	if err := errors.Join(err, err2, err3); err != nil {
		return Paid{}, noAnswer(opLookup, fmt.Errorf("read receipt: %w", err))
	}
	return Paid{
		ReceiptID: o.ReceiptID, OrderNo: string(o.OrderID), Status: Status(status), Price: price, Cancelled: cancelled,
		Company: only(string(o.Company), 40), Method: only(string(o.Method), 40), At: instant(o.PurchasedAt),
	}, nil
}
