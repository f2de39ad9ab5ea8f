package bootpay

import (
	"fmt"

	"foyer/payments"
)

// Status is where a receipt stands, in Bootpay's numbers. Both of its APIs have the same ones. After refunds it decides nothing by
// itself: the amounts do.
type Status int

// The statuses of receipts.
const (
	StatusWaiting          Status = 0   // asked for, the payer is not done
	StatusPaid             Status = 1   // charged
	StatusAuthenticated    Status = 2   // the payer is done, the server has to confirm
	StatusConfirming       Status = 3   // the company behind Bootpay is working on the confirmation
	StatusAccountIssued    Status = 5   // a virtual account waits for its deposit
	StatusBillingKey       Status = 11  // a billing key was issued: no payment
	StatusIdentified       Status = 12  // a person was identified: no payment
	StatusCancelled        Status = 20  // money went back, all of it or a part
	StatusFailed           Status = -1  // ended before the confirmation
	StatusConfirmFailed    Status = -2  // the confirmation was refused
	StatusAccountCancelled Status = -3  // the virtual account was given up
	StatusKeyRevoked       Status = -11 // a billing key was revoked: no payment
	StatusCancelFailed     Status = -20 // a refund was refused: the money is still taken
	StatusCancelling       Status = -30 // a refund is being worked on
)

var statusWords = map[Status]string{
	StatusWaiting: "waiting", StatusPaid: "paid", StatusAuthenticated: "authenticated", StatusConfirming: "confirming",
	StatusAccountIssued: "account issued", StatusBillingKey: "billing key issued", StatusIdentified: "person identified",
	StatusCancelled: "cancelled", StatusFailed: "failed", StatusConfirmFailed: "confirmation failed",
	StatusAccountCancelled: "account given up", StatusKeyRevoked: "billing key revoked", StatusCancelFailed: "refund failed",
	StatusCancelling: "refund in progress",
}

// String gives the number's meaning in English, or the number.
func (s Status) String() string {
	if w, ok := statusWords[s]; ok {
		return w
	}
	return fmt.Sprintf("status %d", int(s))
}

// Charged reports whether money was taken at some time, whatever has gone back since.
func (s Status) Charged() bool {
	switch s {
	case StatusPaid, StatusCancelled, StatusCancelFailed, StatusCancelling:
		return true
	case StatusWaiting, StatusAuthenticated, StatusConfirming, StatusAccountIssued, StatusBillingKey, StatusIdentified, StatusFailed,
		StatusConfirmFailed, StatusAccountCancelled, StatusKeyRevoked:
		return false
	}
	return false
}

// state is the contract's word. A number that is new to us is pending: it ends nothing and is looked at again.
func (s Status) state() payments.Status {
	switch s {
	case StatusPaid, StatusCancelled, StatusCancelFailed, StatusCancelling:
		return payments.StatusCaptured
	case StatusAccountIssued:
		return payments.StatusDeposit
	case StatusFailed, StatusConfirmFailed:
		return payments.StatusFailed
	case StatusAccountCancelled:
		return payments.StatusLapsed
	case StatusWaiting, StatusAuthenticated, StatusConfirming, StatusBillingKey, StatusIdentified, StatusKeyRevoked:
		return payments.StatusPending
	}
	return payments.StatusPending
}
