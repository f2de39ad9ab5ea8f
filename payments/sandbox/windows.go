package sandbox

import "net/url"

// window is the address of a payment's window, for the console.
func (g *toss) window(p *Payment) string { return "/toss/window/" + url.PathEscape(p.ID) }

// window is the address of a payment's window, for the console.
func (g *portoneV1) window(p *Payment) string { return "/portonev1/window/" + url.PathEscape(p.ID) }

// window is the address of a payment's window, for the console.
func (g *portoneV2) window(p *Payment) string { return "/portonev2/window/" + url.PathEscape(p.ID) }

// window is the address of a payment's window, for the console.
func (g *bootpay) window(p *Payment) string { return "/bootpay/window/" + url.PathEscape(p.ID) }

// window is the address of a payment's window, for the console.
func (g *stripe) window(p *Payment) string { return "/c/pay/" + url.PathEscape(p.ID) }

// window is the address of a payment's window, for the console.
func (g *allat) window(p *Payment) string { return "/allat/window/" + url.PathEscape(p.ID) }
