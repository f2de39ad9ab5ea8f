package store_test

import (
	"reflect"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/store/storetest"
)

func TestAChannelComesBackAsItWasApplied(t *testing.T) {
	s := openStore(t, storetest.MigratedURL(t), time.Now)
	keys, err := store.ParseKeys("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
	if err != nil {
		t.Fatal(err)
	}
	s.UseKeys(keys)
	day := registration.Date{Year: 2027, Month: 7, Day: 22}
	want := payments.Channel{
		Key: "korea", Gateway: "portonev1", Mode: registration.Test, Currency: registration.KRW, Cards: "any", Methods: []string{"card", "virtual_account"},
		PG: "html5_inicis", PayMethod: "vbank", Account: payments.Account{Bank: "예시은행", Number: "000-0000-0000", Holder: "예시학회"}, DepositTerm: 72 * time.Hour,
		Credentials: map[string]string{"imp_key": "clear"}, Refs: map[string]string{"imp_key": "${IMP_KEY}"}, ConfirmWindow: 5 * time.Second,
	}
	err = s.Apply(t.Context(), store.Applied{
		Event: registration.Event{Slug: "e", Timezone: "UTC", Starts: day, Ends: day}, Actor: "system",
		Channels: []payments.Channel{want, {Key: "bare", Methods: []string{"card"}}}, Merchants: map[string]string{"korea": "m", "bare": "m"},
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Event(t.Context(), "e")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Channel(t.Context(), e.ID+"/korea")
	want.ID, want.EventID, want.Version = e.ID+"/korea", e.ID, 1
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("channel %+v (%v), want %+v", got, err, want)
	}
	if bare, err := s.Channel(t.Context(), e.ID+"/bare"); err != nil || bare.Account != (payments.Account{}) || len(bare.Refs) != 0 {
		t.Errorf("a channel without them: %+v (%v)", bare, err)
	}
}
