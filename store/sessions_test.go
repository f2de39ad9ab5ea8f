package store

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/registration"
)

// person adds somebody without the cost of a password.
func (b *books) person(role Role) Staff {
	b.t.Helper()
	st := Staff{ID: b.name("staff"), Role: role}
	st.Email = st.ID + "@example.org"
	b.exec(`INSERT INTO staff (id, email, role, event_id, password, created_at, updated_at) VALUES ($1, $2, $3, NULL, '', 0, 0)`, st.ID, st.Email, role)
	return st
}

func TestSessionKnowsTheRoleOfNow(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, st := b.t.Context(), b.person(RoleAdmin)
		token, err := b.CreateSession(ctx, st.ID, time.Hour)
		if err != nil {
			b.t.Fatal(err)
		}
		if got, err := b.Session(ctx, token); err != nil || got != st {
			b.t.Errorf("got %+v, %v", got, err)
		}
		b.exec(`UPDATE staff SET role = 'desk'`)
		if got, err := b.Session(ctx, token); err != nil || got.Role != RoleDesk {
			b.t.Errorf("after the change: %+v, %v", got, err)
		}
		b.wantText(`SELECT id FROM sessions`, Hash(token)) // the token itself is nowhere
	})
}

func TestSessionEndsByItselfAndByHand(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, st := b.t.Context(), b.person(RoleAdmin)
		var tokens []string
		for range 3 {
			token, err := b.CreateSession(ctx, st.ID, time.Hour)
			if err != nil {
				b.t.Fatal(err)
			}
			tokens = append(tokens, token)
		}
		gone := func(what, token string) {
			b.t.Helper()
			if _, err := b.Session(ctx, token); codeOf(err) != registration.CodeNotFound {
				b.t.Errorf("%s: %v", what, err)
			}
		}
		for range 2 {
			if err := b.EndSession(ctx, tokens[0]); err != nil {
				b.t.Fatal(err)
			}
		}
		gone("ended", tokens[0])
		gone("unknown", "x")
		if _, err := b.Session(ctx, tokens[1]); err != nil {
			b.t.Errorf("another session ended too: %v", err)
		}
		b.now = b.now.Add(time.Hour)
		gone("over", tokens[1])
		if n, err := b.PruneSessions(ctx); n != 2 || err != nil {
			b.t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestSignInLinkLetsInExactlyOnce(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, st := b.t.Context(), b.person(RoleOwner)
		token, err := b.CreateSignInLink(ctx, st.ID, time.Hour)
		if err != nil {
			b.t.Fatal(err)
		}
		var in atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				got, err := b.UseSignInLink(ctx, token)
				switch {
				case err == nil && got == st:
					in.Add(1)
				case codeOf(err) != registration.CodeNotFound:
					b.t.Errorf("got %+v, %v", got, err)
				}
			})
		}
		all.Wait()
		if in.Load() != 1 {
			b.t.Errorf("%d came in", in.Load())
		}
	})
}

func TestSignInLinkIsOverAfterItsTime(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, st := b.t.Context(), b.person(RoleOwner)
		token, err := b.CreateSignInLink(ctx, st.ID, time.Minute)
		if err != nil {
			b.t.Fatal(err)
		}
		b.now = b.now.Add(time.Minute)
		if _, err := b.UseSignInLink(ctx, token); codeOf(err) != registration.CodeNotFound {
			b.t.Errorf("got %v", err)
		}
	})
}
