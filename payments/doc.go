// Package payments is money: the contract that every gateway adapter fulfils, the states of a Payment and a Refund,
// and the Cashier, the only door through which an order becomes paid or money goes back.
//
// The package remembers nothing itself: it says what must be remembered as the Ledger interface. It never holds a
// transaction open while it talks to a gateway.
package payments
