// Package registration is the ground floor of Foyer: events, categories, phases, prices, quotas, orders and their rules.
//
// It does no I/O, has no clock of its own (callers pass the time) and imports nothing else of Foyer.
package registration
