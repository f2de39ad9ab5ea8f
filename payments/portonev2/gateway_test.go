package portonev2_test

import (
	"testing"

	"foyer/payments/gatewaytest"
	"foyer/payments/portonev2"
)

func TestKit(t *testing.T) { gatewaytest.Run(t, portonev2.New, gatewaytest.PortoneV2) }
