package stripe_test

import (
	"testing"

	"foyer/payments/gatewaytest"
	"foyer/payments/stripe"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, stripe.New, gatewaytest.Stripe) }
