package toss_test

import (
	"testing"

	"foyer/payments/gatewaytest"
	"foyer/payments/toss"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, toss.New, gatewaytest.Toss) }
