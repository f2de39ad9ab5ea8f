package portonev2

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"foyer/payments"
)

// bankCodes are PortOne's words for our banks.
var bankCodes = map[string]string{
	"kookmin": "KOOKMIN", "shinhan": "SHINHAN", "woori": "WOORI", "hana": "HANA", "nonghyup": "NONGHYUP", "ibk": "IBK", "kakao": "KAKAO",
	"toss": "TOSS", "kbank": "K_BANK", "post": "POST", "kfcc": "KFCC", "shinhyup": "SHINHYUP", "local_nonghyup": "LOCAL_NONGHYUP",
	"suhyup": "SUHYUP", "sc": "STANDARD_CHARTERED", "citi": "CITI", "daegu": "DAEGU", "busan": "BUSAN", "kyongnam": "KYONGNAM",
	"kwangju": "KWANGJU", "jeonbuk": "JEONBUK", "jeju": "JEJU", "kdb": "KDB", "savings": "SAVINGS_BANK", "nfcf": "NFCF", "hsbc": "HSBC",
}

// korea is the zone of a time that is written without one.
var korea = time.FixedZone("KST", 9*60*60)

// account is the virtual account of a method.
func (m method) account() payments.Account {
	return payments.Account{
		Bank:   payments.BankName(bankCodes, payments.OnlyPlain(string(m.Bank), 40)),
		Number: payments.OnlyPlain(string(m.Number), 40),
		Holder: cut(string(m.Holder), 100),
	}
}

// accountOptions are what the window is told of an account: until when it waits, and which cash receipt the payer wants.
func accountOptions(a *payments.Attempt) map[string]any {
	out := map[string]any{}
	if !a.Due.IsZero() {
		out["accountExpiry"] = map[string]any{"dueDate": a.Due.In(korea).Format(time.DateTime)}
	}
	switch a.Bill.Kind {
	case payments.CashReceiptIncome:
		out["cashReceiptType"] = "PERSONAL"
	case payments.CashReceiptExpense:
		out["cashReceiptType"] = "CORPORATE"
	case payments.CashReceiptNone:
	}
	return out
}

// refundAccount is where the money of a paid virtual account goes back to.
type refundAccount struct {
	Bank   string `json:"bank"`
	Number string `json:"number"`
	Holder string `json:"holderName"`
}

// returnTo checks and writes the payer's bank account. Its error quotes nothing of it.
func returnTo(a payments.Account) (*refundAccount, error) {
	out := &refundAccount{
		Bank: payments.BankCode(bankCodes, a.Bank), Number: strings.NewReplacer("-", "", " ", "").Replace(a.Number), Holder: cut(a.Holder, 60),
	}
	switch {
	case a == payments.Account{}:
		return nil, errors.New("portonev2: refund not sent: a virtual account's money needs the payer's bank account")
	case out.Bank == "" || out.Holder == "" || out.Number == "" || len(out.Number) > 20 || strings.Trim(out.Number, "0123456789") != "":
		return nil, fmt.Errorf("portonev2: refund not sent: %w", &payments.Refusal{Code: "REFUND_ACCOUNT", Key: keyFailed})
	}
	return out, nil
}
