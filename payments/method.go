package payments

// Method is a way to pay, among those that a channel offers.
type Method string

// The methods. Which of them a channel can offer is its gateway's matter.
const (
	MethodCard           Method = "card"
	MethodVirtualAccount Method = "virtual_account" // an account number of the payer's own that waits for a deposit
	MethodTransfer       Method = "transfer"        // from the payer's bank account, through the gateway
	MethodPhone          Method = "phone"           // on the telephone bill
	MethodEasyPay        Method = "easy_pay"        // a wallet; which one is the channel's pg or pay_method
	MethodPayPal         Method = "paypal"
	MethodBankTransfer   Method = "bank_transfer" // to the society's own account, confirmed by staff
	MethodOnSite         Method = "on_site"       // at the desk
	MethodPayLater       Method = "pay_later"     // an institution pays after the event
)

// Account is a bank account: a virtual one that waits for a deposit, the society's own, or the payer's for a refund.
type Account struct {
	Bank   string `json:"bank"` // name, or the code that the gateway uses
	Number string `json:"number"`
	Holder string `json:"holder"`
}

// Complete reports whether nothing of the account is missing.
func (a Account) Complete() bool { return a.Bank != "" && a.Number != "" && a.Holder != "" }

// CashReceipt is what the payer wants the tax office to be told of money that was not paid by card. The zero value: nothing.
type CashReceipt struct {
	Kind   CashReceiptKind `json:"kind"`
	Number string          `json:"number"` // digits only: a telephone number, or a business number
}

// CashReceiptKind is what a cash receipt is for.
type CashReceiptKind string

// The kinds of cash receipts.
const (
	CashReceiptNone    CashReceiptKind = ""
	CashReceiptIncome  CashReceiptKind = "income"  // 소득공제: a person, by telephone number
	CashReceiptExpense CashReceiptKind = "expense" // 지출증빙: a business, by business number
)
