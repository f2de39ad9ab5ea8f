// Package handlers is Foyer's HTTP: the attendee's pages, the gateways' returns and webhooks, the staff's pages, health and
// metrics. It is the only package besides main that knows Echo.
//
// Every failure leaves through one door, handleError; every page is rendered whole before its first byte is sent.
package handlers
