package documents

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"foyer/registration"
)

// ReceiptKind tells a receipt for money received from the correction document for money returned.
type ReceiptKind string

// The kinds of receipt. Amounts are positive in both.
const (
	KindReceipt    ReceiptKind = "receipt"
	KindCorrection ReceiptKind = "correction"
)

// Receipt is everything that a receipt shows. It is plain data, kept by the caller as it was on the day of issue; the same Receipt
// always gives the same document. Texts are already in Lang; empty ones are left out of the document.
type Receipt struct {
	Number   string // of its series, such as apsys-2027-R-000001
	Kind     ReceiptKind
	TestMode bool // no real money: said in the header and across every page
	Lang     registration.Lang
	Issued   time.Time      // required
	Zone     *time.Location // in which Issued is written; nil: UTC

	Issuer Issuer
	Event  ReceiptEvent
	Payer  Payer

	Lines []ReceiptLine
	Total registration.Money // of the payment or refund, whatever the lines say
	Tax   registration.Tax

	Paid      registration.Date // when, where it was on another day than that of issue; zero leaves it out
	Method    string            // how it was paid, in words
	Card      string            // masked number, as the gateway gave it
	Approval  string            // approval number of the card company
	OrderCode string
	People    int // whose registrations were paid for, where they are several; 0 leaves it out

	Original string // corrections: number of the receipt that is corrected
	Before   int64  // corrections: what went back of that receipt before, in minor units
	Reason   string // corrections: why money went back
}

// Issuer is the organizer who took the money.
type Issuer struct {
	Name           string
	BusinessNumber string // 000-00-00000
	Representative string
	Address        string
	Phone          string
	Email          string
}

// ReceiptEvent is the event that was paid for. Ends is the last day, included; zero dates are left out.
type ReceiptEvent struct {
	Name         string
	Starts, Ends registration.Date
	Place        string
}

// Payer is the person whom the receipt is for.
type Payer struct {
	Name        string
	Affiliation string
	Email       string
}

// ReceiptLine is one line of what was bought. Amount is that of the whole line, not of one piece.
type ReceiptLine struct {
	Description string
	Quantity    int
	Amount      registration.Money
}

// FileName is a name for the document that is safe in headers and on every file system: "receipt-apsys-2027-R-000001.pdf".
func (r Receipt) FileName() string {
	number := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-':
			return c
		}
		return '-'
	}, r.Number)
	return "receipt-" + number + ".pdf"
}

// WritePDF writes the receipt as an A4 PDF with selectable text. Nothing is written when it returns an error: the receipt has no
// number, no date or no kind, or w refuses. Calling it again gives the same bytes.
func (r Receipt) WritePDF(w io.Writer) error {
	if err := r.check(); err != nil {
		return err
	}
	f, err := receiptFont()
	if err != nil {
		return err
	}
	l := newReceiptLayout(f, r)
	l.build()
	return l.sheet.write(w, about{
		title:   l.words.title(r.Kind) + " " + f.clean(r.Number),
		subject: f.clean(r.Event.Name),
		author:  f.clean(r.Issuer.Name),
		lang:    string(l.lang),
		at:      r.Issued.UTC(),
	})
}

func (r Receipt) check() error {
	switch {
	case r.Number == "":
		return errors.New("receipt without a number")
	case r.Issued.IsZero():
		return fmt.Errorf("receipt %s without an issue date", r.Number)
	case r.Kind != KindReceipt && r.Kind != KindCorrection:
		return fmt.Errorf("receipt %s of unknown kind %q", r.Number, r.Kind)
	}
	return nil
}

// vat divides the receipt's total like SplitVAT. Corrections take their parts from what is left of their receipt, so that the parts of all of
// them together are the receipt's own, to the won, once everything has gone back.
func (r *Receipt) vat() (supply, tax registration.Money) {
	before, _ := SplitVAT(registration.Money{Minor: r.Before, Cur: r.Total.Cur})
	supply, _ = SplitVAT(registration.Money{Minor: r.Before + r.Total.Minor, Cur: r.Total.Cur})
	supply.Minor -= before.Minor
	return supply, registration.Money{Minor: r.Total.Minor - supply.Minor, Cur: r.Total.Cur}
}

// SplitVAT divides an amount that includes 10 % value added tax into supply value and tax: the supply is the total divided by 1.1,
// rounded to the nearest won; the tax is the rest. 30000 becomes 27273 and 2727.
func SplitVAT(total registration.Money) (supply, tax registration.Money) {
	s := (total.Minor*10 + 5) / 11
	return registration.Money{Minor: s, Cur: total.Cur}, registration.Money{Minor: total.Minor - s, Cur: total.Cur}
}
