package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// maxBatch bounds the functions that share one commit, and with it the wait of the first for the last.
const maxBatch = 256

// The stages of a request. Whoever moves it out of waiting decides whether it runs.
const (
	waiting int32 = iota
	started
	dropped
)

// request is one call of Write in the queue.
type request struct {
	locks Locks
	order *orderRow // what fn does, for an order that may be made together with others; else nil
	fn    func(*Tx) error
	stage atomic.Int32
	err   error
	due   []string // kinds of jobs that fn has added and are due at once
	done  chan struct{}
}

// batchWriter is SQLite's one writer: a goroutine that runs what is waiting in one transaction, commits once and then
// answers everybody.
//
// A savepoint for each function costs a fifth of the speed, so a batch first runs without. A function that fails before it
// has changed anything (sold out, state moved on) is simply refused; when one fails after a change, everything is rolled
// back and the batch runs again with savepoints, as do the next ones for a while.
type batchWriter struct {
	s     *Store
	queue chan *request
	ended chan struct{} // closed when the goroutine has ended

	mu     sync.RWMutex // guards closed against sending on a closed queue
	closed bool

	// The rest belongs to the goroutine.
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt  // questions
	execs map[string]directStmt // and what changes something, by text
	bound []driver.NamedValue   // parameters, used again
	gone  bool                  // SQLite has rolled the transaction back by itself
	wary  int                   // batches that will still run with savepoints

	placing placing    // the orders of the batch
	others  []*request // and what else is in it
}

func newBatchWriter(ctx context.Context, s *Store) (*batchWriter, error) {
	db, err := sqlitePool(s.path, false, 1)
	if err != nil {
		return nil, err
	}
	w := &batchWriter{s: s, db: db, queue: make(chan *request, s.cfg.Queue), ended: make(chan struct{})}
	if err := w.connect(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go w.loop()
	return w, nil
}

// submit queues fn and waits for its answer. A caller whose ctx ends while fn is queued leaves; fn is then not run.
// order, if there is one, says what fn does.
func (w *batchWriter) submit(ctx context.Context, locks Locks, order *orderRow, fn func(*Tx) error) error {
	r := &request{locks: locks, order: order, fn: fn, done: make(chan struct{})}
	if err := w.enqueue(r); err != nil {
		return err
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
	}
	if r.stage.CompareAndSwap(waiting, dropped) {
		return ctx.Err()
	}
	<-r.done
	return r.err
}

func (w *batchWriter) enqueue(r *request) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- r:
		return nil
	default:
		return busy(errors.New("the write queue is full"))
	}
}

// close runs what is queued and ends the goroutine.
func (w *batchWriter) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.ended
	return errors.Join(w.disconnect(), w.db.Close())
}

// loop takes batches until the queue is closed and empty.
func (w *batchWriter) loop() {
	var batch []*request
	finished := false
	defer func() {
		if finished {
			close(w.ended)
			return
		}
		// A function ended the goroutine (runtime.Goexit): answer its batch and go on in another.
		w.undo()
		w.answer(batch, fmt.Errorf("%w: it ended its goroutine", ErrPanic))
		go w.loop()
	}()
	for r := range w.queue {
		batch = w.fill(append(batch[:0], r))
		if len(batch) > 0 {
			w.run(batch)
			w.answer(batch, nil)
		}
		clear(batch)
	}
	finished = true
}

// courtesy is how often others are let run without anybody asking before a batch begins.
const courtesy = 3

// fill adds what is waiting to the batch, and keeps those whose callers are still there. It waits for nobody, but lets those run who
// are about to ask: what a commit costs is then shared by more of them.
func (w *batchWriter) fill(batch []*request) []*request {
	for quiet := 0; quiet < courtesy && len(batch) < maxBatch; quiet++ {
		before := len(batch)
		runtime.Gosched()
		if batch = w.drain(batch); len(batch) > before {
			quiet = -1
		}
	}
	live := batch[:0]
	for _, r := range batch {
		if r.stage.CompareAndSwap(waiting, started) {
			live = append(live, r)
		}
	}
	return live
}

// drain adds what is waiting now.
func (w *batchWriter) drain(batch []*request) []*request {
	for len(batch) < maxBatch {
		select {
		case r, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// answer tells every caller how it went; err, if there is one, replaces their own answers. It rings first: a caller who has the
// answer can rely on the runners having heard of its jobs.
func (w *batchWriter) answer(batch []*request, err error) {
	var due []string
	for _, r := range batch {
		if err != nil {
			r.err = err
		}
		if r.err == nil {
			due = append(due, r.due...)
		}
	}
	w.s.due.ring(due)
	for _, r := range batch {
		close(r.done)
	}
}

// waryBatches is how long savepoints stay after a function has failed with changes to undo.
const waryBatches = 32

// run executes the batch in one transaction; when that fails as a whole, each function in a transaction of its own.
func (w *batchWriter) run(batch []*request) {
	if len(batch) > 1 {
		if w.wary == 0 && w.together(batch, true) {
			return
		}
		w.wary = max(w.wary-1, 0)
		if w.together(batch, false) {
			return
		}
	}
	for _, r := range batch {
		w.alone(r)
	}
}

// together reports whether the batch is settled; if not, nothing of it has happened. With trust, orders are made together and the
// other functions run without savepoints.
func (w *batchWriter) together(batch []*request, trust bool) bool {
	if err := w.beginTx(); err != nil {
		for _, r := range batch {
			r.err = err
		}
		return true
	}
	if !w.runAll(batch, trust) {
		w.undo()
		return false
	}
	if _, err := w.exec("COMMIT", nil); err != nil {
		w.s.cfg.Log.Warn("batch did not commit, running its writes one by one", "writes", len(batch), "err", err)
		w.undo()
		return false
	}
	return true
}

// runAll runs each function and reports whether the transaction may go on.
func (w *batchWriter) runAll(batch []*request, trust bool) bool {
	one := (*batchWriter).guarded
	if trust {
		one = (*batchWriter).trusting
		var ok bool
		if batch, ok = w.placeTogether(batch); !ok {
			return false
		}
	}
	for _, r := range batch {
		if !one(w, r) {
			return false
		}
	}
	return true
}

// trusting runs one function without a savepoint; a failure that leaves something to undo is one too many.
func (w *batchWriter) trusting(r *request) bool {
	tx := w.call(r)
	if r.err != nil && tx.dirty {
		w.wary = waryBatches
		return false
	}
	return !w.gone
}

// guarded runs one function in a savepoint.
func (w *batchWriter) guarded(r *request) bool {
	if _, err := w.exec("SAVEPOINT fn", nil); err != nil {
		return false
	}
	w.call(r)
	if r.err != nil && !w.gone {
		if _, err := w.exec("ROLLBACK TO fn", nil); err != nil {
			return false
		}
	}
	if w.gone {
		return false
	}
	_, err := w.exec("RELEASE fn", nil)
	return err == nil
}

// alone runs one function in a transaction of its own.
func (w *batchWriter) alone(r *request) {
	if r.err = w.beginTx(); r.err != nil {
		return
	}
	w.call(r)
	if r.err == nil && w.gone {
		r.err = busy(fmt.Errorf("%w: the transaction was rolled back", ErrStorage))
	}
	if r.err == nil {
		_, err := w.exec("COMMIT", nil)
		r.err = honest(err)
	}
	if r.err != nil {
		w.undo()
	}
}

// call runs the function of r once and keeps its answer.
func (w *batchWriter) call(r *request) *Tx {
	tx := w.s.begin(w, r.locks)
	err := tx.run(w.s.cfg.Log, func(tx *Tx) error {
		if err := tx.createSeries(); err != nil {
			return err
		}
		return r.fn(tx)
	})
	r.err, r.due = honest(err), tx.due
	return tx
}
