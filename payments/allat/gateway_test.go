package allat_test

import (
	"testing"

	"foyer/payments/allat"
	"foyer/payments/gatewaytest"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, allat.New, gatewaytest.Allat) }
