package main

import (
	"log/slog"
	"os"
	"strconv"
	"time"

	"foyer/handlers"
	"foyer/payments"
	"foyer/payments/allat"
	"foyer/payments/bootpay"
	"foyer/payments/portonev1"
	"foyer/payments/portonev2"
	"foyer/payments/stripe"
	"foyer/payments/toss"
	"foyer/payments/transfer"
	"foyer/store"
)

// adapters are the gateways that this build speaks.
var adapters = map[string]payments.Adapter{
	"allat":     allat.New,
	"bootpay":   bootpay.New,
	"stripe":    stripe.New,
	"portonev1": portonev1.New,
	"portonev2": portonev2.New,
	"toss":      toss.New,
	"transfer":  transfer.New,
}

// money is how a command that moves money is set up.
type money struct {
	timeout, first, every time.Duration
}

// money reads the settings of everything that talks to gateways.
func (s settings) money(c *complaints) money {
	var m money
	var err error
	m.timeout, err = duration("FOYER_GATEWAY_TIMEOUT", s.GatewayTimeout)
	c.note(err)
	m.first, err = duration("FOYER_RECONCILE_FIRST", s.ReconcileFirst)
	c.note(err)
	m.every, err = duration("FOYER_RECONCILE_EVERY", s.ReconcileEvery)
	c.note(err)
	return m
}

// cashier makes the Cashier of this process.
func (m money) cashier(s *store.Store, links handlers.Links, log *slog.Logger) *payments.Cashier {
	return payments.NewCashier(s, payments.Config{
		Adapters: adapters, Transport: payments.NewTransport(m.timeout), Timeout: m.timeout, First: m.first, Every: m.every,
		Owner: owner(), Links: links, Now: s.Now, Log: log, Noted: s.NoteCall,
	})
}

// owner names this process in leases.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return host + "-" + strconv.Itoa(os.Getpid()) + "-" + store.Token()[:8]
}
