package bootpay_test

import (
	"testing"

	"foyer/payments/bootpay"
	"foyer/payments/gatewaytest"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, bootpay.New, gatewaytest.Bootpay) }
