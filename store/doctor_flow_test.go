package store_test

import (
	"context"
	"testing"
	"time"

	"foyer/store"
	"foyer/store/storetest"
)

func TestDoctorFindsNothingAfterTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.Store {
		s := openStore(t, storetest.MigratedURL(t), now)
		t.Cleanup(func() {
			found, err := s.Doctor(context.Background())
			if err != nil {
				t.Errorf("doctor: %v", err)
			}
			for _, f := range found {
				t.Errorf("doctor: %s", f)
			}
		})
		return s
	})
}
