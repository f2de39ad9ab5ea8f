package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/pprof"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"foyer/handlers"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

var postsProfile = flag.String("postsprofile", "", "write a CPU profile of the posts alone, without what prepares them, to this file")

// BenchmarkCheck is the post that makes an order with server and load in one process, for profiles:
//
//	go test ./bench -run '^$' -bench Check/64 -benchtime 50000x -postsprofile cpu.out
//	go tool pprof -top -cum bench/cpu.out
func BenchmarkCheck(b *testing.B) {
	for _, conns := range connections {
		b.Run(fmt.Sprint(conns), func(b *testing.B) {
			s, addr := serveHere(b)
			people, err := meet(b.Context(), s, "http://"+addr, 20)
			if err != nil {
				b.Fatal(err)
			}
			drafts, err := prepare(b.Context(), s, people, b.N)
			if err != nil {
				b.Fatal(err)
			}
			lines, closeAll, err := connect(b.Context(), addr, conns)
			if err != nil {
				b.Fatal(err)
			}
			defer closeAll()
			var taken atomic.Int64
			calls := postDrafts(lines, requestHead(addr), people, func() (ready, bool) {
				i := taken.Add(1) - 1
				if i >= int64(len(drafts)) {
					return ready{}, false
				}
				return drafts[i], true
			})
			stop := profile(b)
			b.ResetTimer()
			before := used()
			l := press(b.Context(), time.Hour, calls)
			b.ReportMetric(float64((used()-before).Microseconds())/float64(b.N), "cpu-µs/post")
			b.StopTimer()
			stop()
			if l.wrong > 0 || len(l.times) != b.N {
				b.Fatalf("%d of %d posts, %d wrong: %v", len(l.times), b.N, l.wrong, l.first)
			}
			b.ReportMetric(l.rate(), "posts/s")
		})
	}
}

// used is the processor time that this process has used. It is steadier than the time that passed while other programs run.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// profile begins a profile if one is asked for; the benchmark framework's own would show the preparations too.
func profile(b *testing.B) (stop func()) {
	b.Helper()
	if *postsProfile == "" {
		return func() {}
	}
	f, err := os.Create(*postsProfile)
	if err != nil {
		b.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		b.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlace is the store's part of it alone.
func BenchmarkPlace(b *testing.B) {
	s := storeHere(b)
	w := &writer{store: s, event: applied(b, s)}
	var taken atomic.Int64
	var calls []func() (bool, error)
	for range requesters {
		calls = append(calls, func() (bool, error) {
			if taken.Add(1) > int64(b.N) {
				return false, nil
			}
			return true, w.place(b.Context())
		})
	}
	b.ResetTimer()
	before := used()
	l := press(b.Context(), time.Hour, calls)
	b.ReportMetric(float64((used()-before).Microseconds())/float64(b.N), "cpu-µs/order")
	if l.wrong > 0 {
		b.Fatal(l.first)
	}
	b.ReportMetric(l.rate(), "orders/s")
}

func storeHere(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Config{URL: "sqlite:" + filepath.Join(b.TempDir(), "foyer.db")})
	if err != nil {
		b.Fatal(err)
	}
	keys, err := store.ParseKeys("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
	if err != nil {
		b.Fatal(err)
	}
	s.UseKeys(keys)
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// applied stores the event, without its channels: nobody pays here.
func applied(b *testing.B, s *store.Store) *registration.Event {
	b.Helper()
	file, err := registration.ParseEventFile("event.yaml", eventFile, func(string) (string, bool) { return "", false })
	if err != nil {
		b.Fatal(err)
	}
	file.Event.Channels = nil
	if err := s.Apply(b.Context(), store.Applied{Event: file.Event, Actor: payments.ActorSystem, Merchants: map[string]string{}}); err != nil {
		b.Fatal(err)
	}
	e, err := s.Event(b.Context(), slug)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// serveHere serves the event on a loopback address of this process.
func serveHere(b *testing.B) (s *store.Store, addr string) {
	b.Helper()
	s = storeHere(b)
	applied(b, s)
	unstarted := httptest.NewUnstartedServer(nil)
	base := "http://" + unstarted.Listener.Addr().String()
	cashier := payments.NewCashier(s, payments.Config{Links: handlers.Links{Base: base}, Transport: payments.NewTransport(time.Second)})
	web, err := handlers.New(handlers.Config{BaseURL: base, Store: s, Cashier: cashier, Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	unstarted.Config.Handler = web.Handler()
	unstarted.Start()
	b.Cleanup(unstarted.Close)
	return s, unstarted.Listener.Addr().String()
}
