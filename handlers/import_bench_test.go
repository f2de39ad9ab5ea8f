package handlers

import (
	"net/url"
	"os"
	"testing"
	"time"

	"foyer/store"
)

// TestTenThousandRowsAreTakenOverInSeconds measures what docs/performance.md says about imports. It runs when asked for, alone on the
// machine: FOYER_TEST_IMPORT=1 go test ./handlers -run TestTenThousandRows -v
func TestTenThousandRowsAreTakenOverInSeconds(t *testing.T) {
	if os.Getenv("FOYER_TEST_IMPORT") == "" {
		t.Log("not asked for") // a figure, not a check: it would only slow the others down
		return
	}
	for name, how := range map[string]url.Values{
		"link":    {"how": {"link"}, "until": {"2027-06-01"}, "lang": {"ko"}},
		"invited": {"how": {"invited"}, "reason": {"x"}, "lang": {"ko"}},
		"paid":    {"how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"x"}, "lang": {"ko"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.deskEvent()
			if err := s.store.Write(t.Context(), store.Locks{}, func(tx *store.Tx) error {
				_, err := tx.Exec(`UPDATE quotas SET places = 100000`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			admin := s.staff(store.RoleAdmin, "")
			began := time.Now()
			path := admin.send("/console/"+slug+"/import", "people.csv", people(10_000), nil).to()
			page := admin.get(path).want(200)
			shown := time.Since(began)
			admin.submit(page, "main", how).to()
			began = time.Now()
			s.imports(0)
			t.Logf("preview after %s, taken over in %s", shown.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
			if n := s.count("orders"); n != 10_001 {
				t.Errorf("%d orders", n)
			}
		})
	}
}
