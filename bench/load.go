package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// load is what one side did in its turn.
type load struct {
	took  time.Duration
	times []time.Duration // of each good answer, sorted
	wrong int             // answers that were not as they should be
	first error           // why the first of them was wrong
}

func (l load) rate() float64 { return float64(len(l.times)) / l.took.Seconds() }

// quantile is the time within which a part q of the answers came.
func (l load) quantile(q float64) time.Duration {
	if len(l.times) == 0 {
		return 0
	}
	return l.times[min(int(q*float64(len(l.times))), len(l.times)-1)]
}

// press calls from n goroutines at once until span is over or a call says that nothing is left; each goroutine has a call of its own.
// Calls that are under way at the end are waited for and counted.
func press(ctx context.Context, span time.Duration, calls []func() (more bool, err error)) load {
	var mu sync.Mutex
	var all load
	var wg sync.WaitGroup
	start := time.Now()
	for _, call := range calls {
		wg.Go(func() {
			mine := one(ctx, start, span, call)
			mu.Lock()
			defer mu.Unlock()
			all.times = append(all.times, mine.times...)
			all.wrong += mine.wrong
			all.first = errors.Join(all.first, mine.first)
			all.took = max(all.took, mine.took)
		})
	}
	wg.Wait()
	slices.Sort(all.times)
	return all
}

// one is a single goroutine's part. It stops at the first wrong answer: what its connection says after that means nothing.
func one(ctx context.Context, start time.Time, span time.Duration, call func() (bool, error)) (mine load) {
	mine.times = make([]time.Duration, 0, 4096)
	for now := start; now.Sub(start) < span && ctx.Err() == nil; {
		more, err := call()
		if err != nil {
			mine.wrong, mine.first = 1, err
			return mine
		}
		if !more {
			return mine
		}
		then := time.Now()
		mine.times = append(mine.times, then.Sub(now))
		mine.took, now = then.Sub(start), then
	}
	return mine
}

// line is one keep-alive connection. The client of net/http costs several times what the servers that are measured here do, and would
// take their processors away; this one knows no more of HTTP/1.1 than their answers need.
type line struct {
	conn    net.Conn
	answer  *bufio.Reader
	request []byte // used again
}

// patience is how long an answer may take.
const patience = 15 * time.Second

// connect opens n connections to addr. Its close ends them all.
func connect(ctx context.Context, addr string, n int) (lines []*line, closeAll func(), err error) {
	closeAll = func() {
		for _, l := range lines {
			_ = l.conn.Close() // nothing was left unread
		}
	}
	var d net.Dialer
	for range n {
		conn, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		lines = append(lines, &line{conn: conn, answer: bufio.NewReaderSize(conn, 4096)})
	}
	return lines, closeAll, nil
}

// post sends a whole request and reads the whole answer, which must be a 303 to an order.
func (l *line) post(request []byte) error {
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := l.conn.Write(request); err != nil {
		return err
	}
	status, location, err := l.read()
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if status != 303 || !location {
		return fmt.Errorf("the answer is %d and leads to an order: %t", status, location)
	}
	return nil
}

var (
	lengthName   = []byte("Content-Length: ")
	locationName = []byte("Location: /o/")
	chunkedName  = []byte("Transfer-Encoding: ")
)

// read reads one answer whose body has a length. toOrder tells that its Location is an order's address.
func (l *line) read() (status int, toOrder bool, err error) {
	first, err := l.answer.ReadSlice('\n')
	if err != nil || len(first) < 12 {
		return 0, false, errors.Join(errors.New("no status line"), err)
	}
	if status, err = strconv.Atoi(string(first[9:12])); err != nil {
		return 0, false, err
	}
	length := 0
	for {
		header, err := l.answer.ReadSlice('\n')
		switch {
		case err != nil:
			return 0, false, err
		case len(header) <= 2:
			_, err := l.answer.Discard(length)
			return status, toOrder, err
		case bytes.HasPrefix(header, lengthName):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(header[len(lengthName):]))); err != nil {
				return 0, false, err
			}
		case bytes.HasPrefix(header, locationName):
			toOrder = true
		case bytes.HasPrefix(header, chunkedName):
			return 0, false, errors.New("the answer comes in chunks")
		}
	}
}
