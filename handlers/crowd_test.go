package handlers

import (
	"context"
	"sync"
	"testing"

	"foyer/store"
)

func TestTwentyIdenticalPostsAtOnceAreOne(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	at := func(post func() answer) map[string]int {
		var mu sync.Mutex
		var wg sync.WaitGroup
		led := map[string]int{}
		for range 20 {
			wg.Go(func() {
				a := post()
				mu.Lock()
				defer mu.Unlock()
				led[a.header.Get("Location")]++
			})
		}
		wg.Wait()
		return led
	}
	action, fields := b.fill("student", nil).form("main")
	for k, v := range consents {
		fields[k] = v
	}
	led := at(func() answer { return b.post(action, fields) })
	if len(led) != 1 || s.count("orders") != 1 {
		t.Fatalf("check posts led to %v, %d orders", led, s.count("orders"))
	}
	var order string
	for order = range led {
	}
	action, fields = b.get(order).want(200).form("pay")
	fields["channel"] = []string{"korea"}
	if led = at(func() answer { return b.post(action, fields) }); len(led) != 1 || s.count("payments") != 1 {
		t.Fatalf("pay posts led to %v, %d payments", led, s.count("payments"))
	}
	var pay string
	for pay = range led {
	}
	back := b.window(pay, "kr")
	if led = at(func() answer { return b.get(back) }); len(led) != 1 || s.count("receipts") != 1 {
		t.Errorf("returns led to %v, %d receipts", led, s.count("receipts"))
	}
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("status %v", got)
	}
}

func TestPagesCanBeReadWhileTheWriterIsStuck(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	pay := b.start(order, "korea")
	b.fill("student", nil)
	stuck, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.store.Write(context.Background(), store.Locks{}, func(*store.Tx) error { close(stuck); <-free; return nil })
	}()
	<-stuck
	for _, path := range []string{"/", "/e/" + slug, "/e/" + slug + "/register/check", order, order + "/status", pay, pay + "/status", "/healthz"} {
		b.get(path).want(200)
	}
	close(free)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAnOrderThatCannotBeWrittenIsNoSuccess(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	check := b.fill("student", nil)
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	if a := b.submit(check, "main", consents); a.status < 500 {
		t.Errorf("answered %d", a.status)
	}
}
