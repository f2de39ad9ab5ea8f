package bootpay_test

import (
	"testing"

	"foyer/payments/gatewaytest"
	"foyer/payments/bootpay"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, bootpay.New, gatewaytest.Bootpay) }
