// Package gatewaytest is the suite that every adapter passes. It runs the real adapter, the real Cashier and a real store on SQLite
// against the sandbox over HTTP, with a payer who clicks in its windows, and looks at what matters in the end: is the order paid, is
// there a receipt, is money that nobody can use on its way back, and do the gateway's books and ours agree.
package gatewaytest
