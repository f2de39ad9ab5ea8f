package store_test

import (
	"context"
	"testing"
	"time"

	"foyer/store"
	"foyer/store/pgtest"
	"foyer/store/storetest"
)

func TestSQLitePassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.Store {
		return openStore(t, storetest.MigratedURL(t), now)
	})
}

func TestPostgreSQLPassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.Store {
		return openStore(t, migratedPostgres(t), now)
	})
}

// migratedPostgres is the address of an empty PostgreSQL database that has every table.
func migratedPostgres(t *testing.T) string {
	t.Helper()
	return pgtest.MigratedURL(t, func(ctx context.Context, url string) error {
		_, err := store.Migrate(ctx, url)
		return err
	})
}

func openStore(t *testing.T, url string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URL: url, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// TestMoneyAndPlacesUnderRandomSteps is the property test of the money path; -rapid.checks asks for more sequences.
func TestMoneyAndPlacesUnderRandomSteps(t *testing.T) {
	storetest.Property(t, func(t *testing.T, now func() time.Time) *store.Store {
		return openStore(t, storetest.MigratedURL(t), now)
	})
}

// TestTheWaitingListAgreesWithAModel holds the waiting list against a plain list of people.
func TestTheWaitingListAgreesWithAModel(t *testing.T) {
	storetest.WaitingProperty(t, func(t *testing.T, now func() time.Time) *store.Store {
		return openStore(t, storetest.MigratedURL(t), now)
	})
}

// TestWhatGoesBackInTheEndIsWhatTheRuleSays holds random histories of orders against a plain reading of the refund rule.
func TestWhatGoesBackInTheEndIsWhatTheRuleSays(t *testing.T) {
	storetest.RefundProperty(t, func(t *testing.T, now func() time.Time) *store.Store {
		return openStore(t, storetest.MigratedURL(t), now)
	})
}
