package sandbox

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"foyer/registration"
)

// tossMethod is one way to pay other than by card.
type tossMethod struct {
	korean, english string // as the API writes it
	choice          string // the button of the window that pays
	label           string // what it is, as a message key
	currency        registration.Currency
	least           int64  // minor units
	declined        string // the code of a payer without money
}

// tossMethods are the methods that a window may be opened for, by the SDK's names.
var tossMethods = map[string]tossMethod{
	"VIRTUAL_ACCOUNT":  {"가상계좌", "VIRTUAL_ACCOUNT", "account", "method.account", registration.KRW, 200, "REJECT_ACCOUNT_PAYMENT"},
	"TRANSFER":         {"계좌이체", "TRANSFER", "transfer", "method.transfer", registration.KRW, 200, "REJECT_ACCOUNT_PAYMENT"},
	"MOBILE_PHONE":     {"휴대폰", "MOBILE_PHONE", "phone", "method.phone", registration.KRW, 100, "EXCEED_MAX_PAYMENT_AMOUNT"},
	"FOREIGN_EASY_PAY": {"해외간편결제", "FOREIGN_EASY_PAY", "paypal", "method.paypal", registration.USD, 1, "REJECT_ACCOUNT_PAYMENT"},
}

const (
	tossVirtual = "VIRTUAL_ACCOUNT"
	tossPayPal  = "FOREIGN_EASY_PAY"
	// tossTerm is how long an account waits for its deposit when the merchant does not say; tossLongest is the longest that it may.
	tossTerm    = 168 * time.Hour
	tossLongest = 2160 * time.Hour
	// tossClosed is the Failure of an account that was closed before anybody paid into it.
	tossClosed = "CLOSED"
)

// tossMethodName is the SDK's name of a method, in English or Korean; "" for a card. ok is false for what the sandbox does not have.
func tossMethodName(typed string) (name string, ok bool) {
	if typed == "CARD" || typed == "카드" {
		return "", true
	}
	for name, m := range tossMethods {
		if typed == name || typed == m.korean {
			return name, true
		}
	}
	return "", false
}

// tossChoice reports whether a choice is one of the buttons of p's window, and gives the card where there is one.
func tossChoice(p *Payment, choice string) (*Card, bool) {
	if p.Method == "" {
		card, ok := cardFor(p, choice)
		return &card, ok
	}
	switch choice {
	case tossMethods[p.Method].choice, choiceDeclined, choiceDeclinedWindow, choiceLostAnswer, choiceSlow, choiceCancel, choiceLeave:
		return nil, true
	}
	return nil, false
}

// tossDue reads until when an account waits: a date in Korean time, or hours from now.
func tossDue(dueDate string, hours json.Number, now time.Time) (due time.Time, ok bool) {
	switch {
	case dueDate != "":
		t, err := time.ParseInLocation("2006-01-02T15:04:05", dueDate, kst)
		if err != nil || !t.After(now) || t.Sub(now) > tossLongest {
			return due, false
		}
		return t.UTC(), true
	case hours != "":
		n, err := hours.Int64()
		if err != nil || n < 1 || time.Duration(n)*time.Hour > tossLongest {
			return due, false
		}
		return now.Add(time.Duration(n) * time.Hour), true
	}
	return due, true
}

// issueAccount gives a payment its account. No money has come yet.
func issueAccount(t *tx, p *Payment, bank, secret string) {
	p.State, p.Deadline = StateDeposit, p.Session.Due
	if p.Deadline.IsZero() {
		p.Deadline = t.now.Add(tossTerm)
	}
	p.Account = &Account{
		Bank: bank, Number: "X" + digits(13), Holder: cmp.Or(p.Session.Payer, "구매자"), Secret: secret,
	}
	p.note(t.now, "issued", p.Account.Number)
	t.save(p)
	t.tell(p)
}

// digits are n random digits.
func digits(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b)
}

// tossRefundAccount is where a merchant wants the money of an account sent back to.
type tossRefundAccount struct {
	Bank   string `json:"bank"`
	Number string `json:"accountNumber"`
	Holder string `json:"holderName"`
}

var (
	tossBank   = regexp.MustCompile(`^(0[2367]|1[12]|2[037]|3[124579]|4[58]|5[04]|64|71|8[189]|9[02])$`)
	tossNumber = regexp.MustCompile(`^[0-9]{6,20}$`)
)

// check gives the error code of an account that money cannot go to, "" for a good one.
func (a *tossRefundAccount) check() string {
	switch {
	case a == nil || strings.TrimSpace(a.Holder) == "" || len([]rune(a.Holder)) > 60:
		return "INVALID_REFUND_ACCOUNT_INFO"
	case !tossBank.MatchString(a.Bank):
		return "INVALID_BANK"
	case !tossNumber.MatchString(a.Number):
		return "INVALID_REFUND_ACCOUNT_NUMBER"
	}
	return ""
}

// closeAccount ends an account that nobody has paid into. Only the whole can be cancelled, and nothing goes back.
func (g *toss) closeAccount(t *tx, c *tossCall, p *Payment, asked json.Number) answer {
	if asked != "" {
		m, err := registration.ParseMoney(asked.String(), p.Currency)
		if err != nil || m.Minor != p.Amount {
			return c.fail("NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
		}
	}
	p.State, p.Failure, p.Transaction = StateFailed, tossClosed, newTransactionKey()
	p.note(t.now, "account-closed", "")
	t.save(p)
	t.tell(p)
	return jsonAnswer(http.StatusOK, g.object(p, c.english))
}
