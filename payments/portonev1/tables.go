package portonev1

import (
	"slices"

	"foyer/payments"
	"foyer/registration"
)

// vbank is PortOne's word for a virtual account.
const vbank = "vbank"

// payMethods are our words for methods, and PortOne's.
var payMethods = map[payments.Method]string{
	payments.MethodCard:           "card",
	payments.MethodTransfer:       "trans",
	payments.MethodVirtualAccount: vbank,
	payments.MethodPhone:          "phone",
	payments.MethodPayPal:         "paypal",
}

// homely are the methods that exist in Korea only.
var homely = map[payments.Method]bool{
	payments.MethodTransfer: true, payments.MethodVirtualAccount: true, payments.MethodPhone: true,
}

// wallets are PortOne's words for easy payments in its answers.
var wallets = []string{"kakaopay", "naverpay", "payco", "tosspay", "samsung", "ssgpay", "lpay", "applepay", "point"}

// company is what is particular about one payment company behind PortOne. The zero company is one that we know nothing about.
type company struct {
	wallet     string // its word for an easy payment
	only       payments.Method
	currencies []registration.Currency // nil: whatever the contract says
}

// Sources: PortOne's guides for each company, read in November 2026.
var (
	won    = []registration.Currency{registration.KRW}
	abroad = []registration.Currency{registration.USD, registration.EUR, registration.JPY}
)

// companies are the codes that pg may begin with, where there is something to say about them.
var companies = map[string]company{
	"kakaopay":  {wallet: "card", only: payments.MethodEasyPay, currencies: won}, // the payer chooses in the app
	"naverpay":  {wallet: "naverpay", only: payments.MethodEasyPay, currencies: won},
	"payco":     {wallet: "payco", only: payments.MethodEasyPay, currencies: won},
	"tosspay":   {wallet: "tosspay", only: payments.MethodEasyPay, currencies: won},
	"paypal":    {only: payments.MethodPayPal, currencies: abroad},
	"paypal_v2": {only: payments.MethodPayPal, currencies: abroad},
	"eximbay":   {only: payments.MethodCard},
}

func (c company) takes(cur registration.Currency) bool {
	return c.currencies == nil || slices.Contains(c.currencies, cur)
}

// word is PortOne's word for a method at this company, "" when it has none.
func (c company) word(m payments.Method) string {
	if m == payments.MethodEasyPay {
		return c.wallet
	}
	return payMethods[m]
}

// testShops are shop ids that the companies give to everybody for trying things out. A payment with one of them is no money, also where
// the channel in PortOne's console is an old one that says nothing of tests.
var testShops = []string{
	"INIpayTest", "INIBillTst", "iniescrow0", "T0000", "T0007", "nictest00m", "nictest04m", "nictest01m", "TC0ONETIME", "TCSUBSCRIP",
	"tvivarepublica", "tlgdacomxpay", "1849705C64",
}
