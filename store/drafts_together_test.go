package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"foyer/registration"
)

func TestDraftsAskedForTogetherAreEachTheirOwn(t *testing.T) {
	onBoth(t, func(b *books) {
		event := b.event("sample-2027", registration.Test)
		tokens := make([]string, 100)
		for i := range tokens {
			tokens[i] = TimedToken()
			life := time.Hour
			if i%10 == 0 {
				life = -time.Second
			}
			if err := b.SaveDraft(b.t.Context(), tokens[i], event, fmt.Appendf(nil, "draft %d", i), life); err != nil {
				b.t.Fatal(err)
			}
		}
		ask := func(token, want, of string) {
			e, data, eventID, err := b.DraftAndEvent(b.t.Context(), token, "sample-2027")
			if err != nil || e == nil || e.ID != event || string(data) != want || eventID != of {
				b.t.Errorf("got %v, %q, %q, %v; want %q", e, data, eventID, err, want)
			}
		}
		var wg sync.WaitGroup
		for i, token := range tokens {
			wg.Go(func() {
				if i%10 == 0 {
					ask(token, "", "") // it is over
					return
				}
				ask(token, fmt.Sprintf("draft %d", i), event)
			})
			wg.Go(func() {
				if e, _, _, err := b.DraftAndEvent(b.t.Context(), token, "autumn-2027"); e != nil || codeOf(err) != registration.CodeNotFound {
					b.t.Errorf("an unknown event is answered %v, %v", e, err)
				}
			})
		}
		wg.Go(func() { ask("unknown", "", "") })
		wg.Go(func() { ask(tokens[1], "draft 1", event) }) // twice at one time
		wg.Wait()
	})
}
