package payments

import (
	"time"

	"foyer/registration"
)

// Channel is one contract with a gateway, as an adapter needs it. Credentials are in the clear here and nowhere else.
type Channel struct {
	ID            string // of the row
	Key           string // id in the event file, such as "korea"
	EventID       string
	Gateway       string
	Mode          registration.Mode
	Currency      registration.Currency
	Cards         string // domestic, overseas or any
	Methods       []string
	PG            string        // PortOne: which company behind it
	PayMethod     string        // PortOne: its own word for the method
	Account       Account       // transfer: the society's own account
	DepositTerm   time.Duration // how long an account waits for its deposit; 0 = the gateway's own term, or depositTerm
	Credentials   map[string]string
	Refs          map[string]string // credentials as the event file writes them, where it names variables; no adapter reads them
	APIURL        string            // test mode only: scheme and host that replace the gateway's
	ScriptURL     string            // test mode only: the browser script's address
	ConfirmWindow time.Duration     // test mode only: stands for the gateway's last confirm time; 0 = the gateway's own
	Version       int64             // raised whenever the channel changes
}

// LastConfirm is how long after the start of a payment the gateway can still capture it.
func (c *Channel) LastConfirm(caps Capabilities) time.Duration {
	if c.ConfirmWindow > 0 {
		return c.ConfirmWindow
	}
	return caps.LastConfirm
}

// HoldMargin is how long places stay held after the gateway's last confirm time.
func (c *Channel) HoldMargin() time.Duration {
	if c.ConfirmWindow > 0 {
		return c.ConfirmWindow
	}
	return 5 * time.Minute
}

// method is the method that a payer's choice stands for: the channel's first when nothing was chosen.
func (c *Channel) method(chosen Method) Method {
	if chosen == "" && len(c.Methods) > 0 {
		return Method(c.Methods[0])
	}
	return chosen
}
