package portonev1_test

import (
	"testing"

	"foyer/payments/gatewaytest"
	"foyer/payments/portonev1"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, portonev1.New, gatewaytest.PortoneV1) }
