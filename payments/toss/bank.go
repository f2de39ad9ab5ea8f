package toss

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"foyer/payments"
)

// bankCodes are the gateway's two digits for our banks.
var bankCodes = map[string]string{
	"kookmin": "06", "shinhan": "88", "woori": "20", "hana": "81", "nonghyup": "11", "ibk": "03", "kakao": "90", "toss": "92",
	"kbank": "89", "post": "71", "kfcc": "45", "shinhyup": "48", "local_nonghyup": "12", "suhyup": "07", "sc": "23", "citi": "27",
	"daegu": "31", "busan": "32", "kyongnam": "39", "kwangju": "34", "jeonbuk": "37", "jeju": "35", "kdb": "02", "savings": "50",
	"nfcf": "64", "hsbc": "54",
}

// account is a payment's virtual account, with its deadline.
func (p *payment) account() (payments.Account, time.Time) {
	v := payments.Member[struct {
		Bank   text `json:"bankCode"`
		Number text `json:"accountNumber"`
		Holder text `json:"customerName"`
		Due    text `json:"dueDate"`
	}](p.Virtual)
	return payments.Account{
		Bank:   payments.BankName(bankCodes, only(string(v.Bank), 20)),
		Number: only(string(v.Number), 40),
		Holder: cut(string(v.Holder), 100),
	}, instant(v.Due)
}

// refundAccount is where the money of a paid virtual account goes back to. The gateway calls the bank by its code.
type refundAccount struct {
	Bank   string `json:"bank"`
	Number string `json:"accountNumber"`
	Holder string `json:"holderName"`
}

// returnTo checks and writes the payer's bank account. Its error quotes nothing of it.
func returnTo(a payments.Account) (*refundAccount, error) {
	out := &refundAccount{
		Bank:   payments.BankCode(bankCodes, a.Bank),
		Number: strings.NewReplacer("-", "", " ", "").Replace(a.Number),
		Holder: cut(a.Holder, 60),
	}
	switch {
	case a == payments.Account{}:
		return nil, errors.New("toss: refund not sent: a virtual account's money needs the payer's bank account")
	case out.Bank == "":
		return nil, badAccount("INVALID_BANK")
	case out.Number == "" || len(out.Number) > 20 || strings.Trim(out.Number, "0123456789") != "":
		return nil, badAccount("INVALID_REFUND_ACCOUNT_NUMBER")
	case out.Holder == "":
		return nil, badAccount("INVALID_REFUND_ACCOUNT_INFO")
	}
	return out, nil
}

// badAccount is the refusal that the gateway would give for an account that cannot be sent to it.
func badAccount(code string) error {
	return fmt.Errorf("toss: refund not sent: %w", cancelCodes[code].refusal(code, 400))
}
