package handlers

import "foyer/payments"

var _ payments.Links = Links{}

// Links makes the absolute addresses that leave the program: in mails, and to gateways. They come from the configured base
// address, never from a request's Host header.
type Links struct{ Base string } // scheme and host, no slash at its end

// Order is the private address of an order.
func (l Links) Order(code, secret string) string { return l.Base + orderPath(code, secret) }

// Person is the private address of one person of an order.
func (l Links) Person(code, secret string) string { return l.Base + personPath(code, secret) }

// Event is the address of an event's page.
func (l Links) Event(slug string) string { return l.Base + "/e/" + slug }

// Return is where a gateway sends the browser after success.
func (l Links) Return(token string) string { return l.Base + payPath(token) + "/return" }

// Fail is where a gateway sends the browser after a failure.
func (l Links) Fail(token string) string { return l.Base + payPath(token) + "/fail" }

// Receive is where a gateway's window posts its result, for gateways that do so.
func (l Links) Receive(token string) string { return l.Base + payPath(token) + "/receive" }

// Webhook is where a channel's gateway sends its notifications.
func (l Links) Webhook(slug, channel string) string {
	return l.Base + "/webhooks/" + slug + "/" + channel
}

func orderPath(code, secret string) string { return "/o/" + code + "/" + secret }

// Waiting is the private address of an entry of a waiting list.
func (l Links) Waiting(code, secret string) string { return l.Base + waitingPath(code, secret) }

func waitingPath(code, secret string) string { return "/w/" + code + "/" + secret }

func personPath(code, secret string) string { return "/p/" + code + "/" + secret }

func payPath(token string) string { return "/pay/" + token }
