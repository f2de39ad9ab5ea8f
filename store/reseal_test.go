package store_test

import (
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/store/storetest"
)

func TestAfterResealingTheOldKeyIsNotNeeded(t *testing.T) {
	const older, newer = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
	s := openStore(t, storetest.MigratedURL(t), time.Now)
	use := func(text string) *store.Keys {
		t.Helper()
		keys, err := store.ParseKeys(text)
		if err != nil {
			t.Fatal(err)
		}
		s.UseKeys(keys)
		return keys
	}
	if err := s.CheckKeys(t.Context(), use(older)); err != nil {
		t.Fatal(err)
	}
	day := registration.Date{Year: 2027, Month: 7, Day: 22}
	err := s.Apply(t.Context(), store.Applied{
		Event: registration.Event{Slug: "e", Timezone: "UTC", Starts: day, Ends: day}, Merchants: map[string]string{}, Actor: "system",
		Channels: []payments.Channel{{Key: "korea", Credentials: map[string]string{"secret_key": "clear"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	use(newer + "," + older)
	for want := range []int{1, 0} {
		if n, err := s.Reseal(t.Context()); n != 1-want || err != nil {
			t.Errorf("resealed %d (%v), want %d", n, err, 1-want)
		}
	}
	if err := s.CheckKeys(t.Context(), use(newer)); err != nil {
		t.Errorf("the new key alone: %v", err)
	}
	e, err := s.Event(t.Context(), "e")
	if err != nil {
		t.Fatal(err)
	}
	ch, err := s.Channel(t.Context(), e.ID+"/korea")
	if err != nil || ch.Credentials["secret_key"] != "clear" {
		t.Errorf("credential %q (%v)", ch.Credentials["secret_key"], err)
	}
}
