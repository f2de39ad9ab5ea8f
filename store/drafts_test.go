package store

import (
	"testing"
	"time"

	"foyer/registration"
)

func TestDraftComesBackUntilItIsOver(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, event := b.t.Context(), b.event("sample-2027", registration.Test)
		save := func(data string) {
			b.t.Helper()
			if err := b.SaveDraft(ctx, "token", event, []byte(data), DraftLife); err != nil {
				b.t.Fatal(err)
			}
		}
		save(`{"name":"홍"}`)
		b.now = b.now.Add(DraftLife - time.Minute)
		save(`{"name":"홍길동"}`)
		b.now = b.now.Add(DraftLife - time.Minute)
		data, of, err := b.Draft(ctx, "token")
		if err != nil || string(data) != `{"name":"홍길동"}` || of != event {
			b.t.Errorf("got %s of %s, %v", data, of, err)
		}
		b.wantText(`SELECT id FROM drafts`, Hash("token"))
		b.now = b.now.Add(time.Minute)
		if _, _, err := b.Draft(ctx, "token"); codeOf(err) != registration.CodeNotFound {
			b.t.Errorf("a draft that is over: %v", err)
		}
		if n, err := b.PruneDrafts(ctx); n != 1 || err != nil {
			b.t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestDroppedDraftIsGone(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx, event := b.t.Context(), b.event("sample-2027", registration.Test)
		if err := b.SaveDraft(ctx, "token", event, []byte(`{}`), DraftLife); err != nil {
			b.t.Fatal(err)
		}
		for range 2 {
			if err := b.DropDraft(ctx, "token"); err != nil {
				b.t.Fatal(err)
			}
		}
		if _, _, err := b.Draft(ctx, "token"); codeOf(err) != registration.CodeNotFound {
			b.t.Errorf("got %v", err)
		}
	})
}
