package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
)

// MaxTries is how often a job is tried before it becomes a dead letter.
const MaxTries = 20

// ErrLeaseLost means that a job's lease ended before its work did and somebody else may have it now.
var ErrLeaseLost = errors.New("the job's lease is over")

// Job is something to be done later. It is done at least once, so doing it must be harmless twice.
type Job struct {
	ID        string // made by AddJob when empty
	Kind      string
	Key       string // when not empty, one open job of this kind has it
	Payload   []byte
	About     string    // id of the order or other thing that it is about, for showing; may be empty
	RunAt     time.Time // not before this time; zero: at once
	Tries     int       // claims so far, the present one included
	LastError string

	lease string
}

// AddJob makes a job in this write: it exists if the write commits. When an open job has the same kind and key, no
// second one is made: the open one is pulled forward to the earlier RunAt and takes the new payload. If that one is
// being worked on, it is worked on once more afterwards, at the new RunAt.
func (tx *Tx) AddJob(j Job) error {
	if j.ID == "" {
		j.ID = uuid.Must(uuid.NewV7()).String()
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.now
	}
	if j.Payload == nil {
		j.Payload = []byte{}
	}
	_, err := tx.Exec(`INSERT INTO jobs
			(id, kind, key, state, payload, about, run_at, next_at, tries, lease, lease_until, last_error, created_at, ended_at)
		VALUES ($1, $2, $3, 'open', $4, $7, $5, 0, 0, '', 0, '', $6, 0)
		ON CONFLICT (kind, key) WHERE state = 'open' AND key <> '' DO UPDATE SET
			payload = excluded.payload,
			run_at  = CASE WHEN jobs.lease = '' AND excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END,
			next_at = CASE WHEN jobs.lease = '' THEN 0
				WHEN jobs.next_at = 0 OR excluded.run_at < jobs.next_at THEN excluded.run_at ELSE jobs.next_at END`,
		j.ID, j.Kind, j.Key, j.Payload, Millis(j.RunAt), Millis(tx.now), j.About)
	if err != nil {
		return fmt.Errorf("add job %s: %w", j.Kind, err)
	}
	if !j.RunAt.After(tx.now) {
		tx.due = append(tx.due, j.Kind)
	}
	return nil
}

// ClaimJobs takes at most n due jobs of the given kinds, for the length of lease; the kind whose first job has waited
// longest comes first, and of each kind the jobs that have waited longest, or with newest those that came last. Nobody else
// gets them until they are finished, sent back, or the lease is over.
func (s *Store) ClaimJobs(ctx context.Context, kinds []string, n int, lease time.Duration, newest bool) ([]Job, error) {
	if n <= 0 || len(kinds) == 0 {
		return nil, nil
	}
	next, err := s.nextJobs(ctx, kinds)
	if err != nil || len(next) == 0 || next[0].at.After(s.Now()) {
		return nil, err // asked without writing: an idle runner costs no disk flush
	}
	var jobs []Job
	err = s.Write(ctx, Locks{}, func(tx *Tx) (err error) {
		jobs, err = tx.claim(next, kinds, n, lease, s.pick(newest))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return jobs, nil
}

// pick is the end of the query that picks jobs.
func (s *Store) pick(newest bool) string {
	order := "run_at"
	if newest {
		order = "run_at DESC"
	}
	if s.engine == Postgres {
		return order + " LIMIT $3 FOR UPDATE SKIP LOCKED"
	}
	return order + " LIMIT $3"
}

// nextJob is when the first job of a kind is due, or, without a kind, when the first lease ends.
type nextJob struct {
	kind string
	at   time.Time
}

// nextJobs gives one nextJob for each kind that has open jobs and one for leases, earliest first. Each is the first entry
// of an index, however many jobs there are.
func (s *Store) nextJobs(ctx context.Context, kinds []string) ([]nextJob, error) {
	var q strings.Builder
	args := make([]any, len(kinds))
	q.WriteString(`SELECT -1, MIN(lease_until) FROM jobs WHERE state = 'open' AND lease <> ''`)
	for i, kind := range kinds {
		args[i] = kind
		fmt.Fprintf(&q, ` UNION ALL SELECT %d, MIN(run_at) FROM jobs WHERE state = 'open' AND lease = '' AND kind = $%d`, i, i+1)
	}
	rows, err := s.Rows(ctx, q.String(), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err tells
	var next []nextJob
	for rows.Next() {
		var i int
		var at *int64
		if err := rows.Scan(&i, &at); err != nil {
			return nil, err
		}
		if at == nil {
			continue
		}
		n := nextJob{at: time.UnixMilli(*at)}
		if i >= 0 {
			n.kind = kinds[i]
		}
		next = append(next, n)
	}
	slices.SortFunc(next, func(a, b nextJob) int { return a.at.Compare(b.at) })
	return next, rows.Err()
}

// claim takes due jobs, kind by kind in the order of next. Leases that have ended are ended first; if there were any, the
// kinds that next does not know follow.
func (tx *Tx) claim(next []nextJob, kinds []string, n int, lease time.Duration, pick string) ([]Job, error) {
	freed, err := tx.Exec(`UPDATE jobs SET lease = '', lease_until = 0
		WHERE state = 'open' AND lease <> '' AND lease_until <= $1`, Millis(tx.now))
	if err != nil {
		return nil, err
	}
	var order []string
	for _, nj := range next {
		if nj.kind != "" && !nj.at.After(tx.now) {
			order = append(order, nj.kind)
		}
	}
	if freed > 0 {
		order = append(order, kinds...)
	}
	token := Token()
	var jobs []Job
	for _, kind := range order {
		some, err := tx.claimKind(kind, token, n-len(jobs), lease, pick)
		if err != nil {
			return nil, err
		}
		if jobs = append(jobs, some...); len(jobs) == n {
			break
		}
	}
	return jobs, nil
}

func (tx *Tx) claimKind(kind, token string, n int, lease time.Duration, pick string) ([]Job, error) {
	rows, err := tx.Rows(`WITH picked AS MATERIALIZED (
			SELECT id FROM jobs WHERE state = 'open' AND lease = '' AND kind = $1 AND run_at <= $2
			ORDER BY `+pick+`)
		UPDATE jobs SET lease = $4, lease_until = $5, tries = tries + 1 WHERE id IN (SELECT id FROM picked)
		RETURNING id, kind, key, payload, run_at, tries, last_error`,
		kind, Millis(tx.now), n, token, Millis(tx.now.Add(lease)))
	if err != nil {
		return nil, err
	}
	jobs, err := scanJobs(rows)
	for i := range jobs {
		jobs[i].lease = token
	}
	slices.SortFunc(jobs, func(a, b Job) int { return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID)) })
	return jobs, err
}

// scanJobs reads id, kind, key, payload, run_at, tries and last_error of every row, and closes rows.
func scanJobs(rows *sql.Rows) (jobs []Job, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var j Job
		var runAt int64
		if err := rows.Scan(&j.ID, &j.Kind, &j.Key, &j.Payload, &runAt, &j.Tries, &j.LastError); err != nil {
			return nil, err
		}
		j.RunAt = FromMillis(runAt)
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}

// FinishJob ends a claimed job as done, or opens it again when it was asked for meanwhile. It fails with ErrLeaseLost
// when the claim is over.
func (s *Store) FinishJob(ctx context.Context, j Job) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error { return tx.FinishJob(j) })
}

// FinishJob is Store.FinishJob inside a write, so that a job and its effect are done together.
func (tx *Tx) FinishJob(j Job) error {
	n, err := tx.Exec(`UPDATE jobs SET lease = '', lease_until = 0, last_error = '',
			state    = CASE WHEN next_at = 0 THEN 'done' ELSE 'open' END,
			ended_at = CASE WHEN next_at = 0 THEN CAST($3 AS BIGINT) ELSE 0 END,
			run_at   = CASE WHEN next_at = 0 THEN run_at ELSE next_at END,
			tries    = CASE WHEN next_at = 0 THEN tries ELSE 0 END,
			next_at  = 0
		WHERE id = $1 AND lease = $2 AND state = 'open'`, j.ID, j.lease, Millis(tx.now))
	tx.due = append(tx.due, j.Kind) // if it is open again, it may be due
	return ownedJob("finish", j, n, err)
}

// RetryJob sends a claimed job back until at and keeps the cause. After MaxTries it becomes a dead letter instead. It
// fails with ErrLeaseLost when the claim is over.
func (s *Store) RetryJob(ctx context.Context, j Job, at time.Time, cause error) error {
	if j.Tries >= MaxTries {
		return s.BuryJob(ctx, j, cause)
	}
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		n, err := tx.Exec(`UPDATE jobs SET lease = '', lease_until = 0, last_error = $3,
				run_at = CASE WHEN next_at <> 0 AND next_at < $4 THEN next_at ELSE $4 END, next_at = 0
			WHERE id = $1 AND lease = $2 AND state = 'open'`, j.ID, j.lease, causeText(cause), Millis(at))
		return ownedJob("retry", j, n, err)
	})
}

// BuryJob makes a claimed job a dead letter: it stays as a row that people see and is not tried again. It fails with
// ErrLeaseLost when the claim is over.
func (s *Store) BuryJob(ctx context.Context, j Job, cause error) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		n, err := tx.Exec(`UPDATE jobs SET lease = '', lease_until = 0, last_error = $3, state = 'dead', ended_at = $4
			WHERE id = $1 AND lease = $2 AND state = 'open'`, j.ID, j.lease, causeText(cause), Millis(tx.now))
		return ownedJob("bury", j, n, err)
	})
}

func ownedJob(what string, j Job, n int64, err error) error {
	if err == nil && n == 0 {
		err = ErrLeaseLost
	}
	if err != nil {
		return fmt.Errorf("%s job %s: %w", what, j.Kind, err)
	}
	return nil
}

// causeText keeps an error short enough for a row.
func causeText(cause error) string {
	if cause == nil {
		return ""
	}
	text := strings.ToValidUTF8(cause.Error(), "?")
	if len(text) > 1000 {
		text = strings.ToValidUTF8(text[:1000], "")
	}
	return strings.ReplaceAll(text, "\x00", "")
}

// NeglectedJobs gives those of the kinds of which a job has been due for age, while nobody does any job of that kind. One that
// waits behind many others is not neglected.
func (s *Store) NeglectedJobs(ctx context.Context, age time.Duration, kinds []string) ([]string, error) {
	now := s.Now()
	var neglected []string
	for _, kind := range kinds {
		var is bool
		err := s.Row(ctx, `SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'open' AND lease = '' AND kind = $1 AND run_at <= $2)
			AND NOT EXISTS (SELECT 1 FROM jobs WHERE state = 'open' AND lease <> '' AND kind = $1 AND lease_until > $3)`,
			kind, Millis(now.Add(-age)), Millis(now)).Scan(&is)
		if err != nil {
			return nil, fmt.Errorf("look for neglected jobs: %w", err)
		}
		if is {
			neglected = append(neglected, kind)
		}
	}
	return neglected, nil
}

// DeadJobs lists the newest dead letters, at most n.
func (s *Store) DeadJobs(ctx context.Context, n int) ([]Job, error) {
	rows, err := s.Rows(ctx, `SELECT id, kind, key, payload, run_at, tries, last_error FROM jobs
		WHERE state = 'dead' ORDER BY ended_at DESC LIMIT $1`, n)
	if err != nil {
		return nil, fmt.Errorf("list dead jobs: %w", err)
	}
	return scanJobs(rows)
}

// PruneJobs deletes the jobs that were done before t, a thousand at most, and says how many. Dead letters stay.
func (s *Store) PruneJobs(ctx context.Context, t time.Time) (n int64, err error) {
	err = s.Write(ctx, Locks{}, func(tx *Tx) (err error) {
		n, err = tx.Exec(`DELETE FROM jobs WHERE id IN
			(SELECT id FROM jobs WHERE state = 'done' AND ended_at < $1 LIMIT 1000)`, Millis(t))
		return err
	})
	return n, err
}

// workerDuty is this process's claim to be one that works on leased things.
type workerDuty struct {
	mu   sync.Mutex
	lock fileLock
	done bool
	sole bool
}

// StartWorking says that this process works on leased things (jobs, payments) from now on, and reports whether no other
// process does: leases that are in the database then belong to processes that have ended, and may be ended too.
// It ends those of jobs itself. On PostgreSQL the answer is always false. Later calls repeat the first answer.
func (s *Store) StartWorking(ctx context.Context) (sole bool, err error) {
	d := &s.duty
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done || s.engine == Postgres {
		return d.sole, nil
	}
	path := s.path + ".worker.lock"
	if d.lock, err = lockExclusive(path); err == nil {
		d.sole = true
		err = errors.Join(s.endLeases(ctx), d.lock.share())
	} else if errors.Is(err, ErrInUse) {
		d.lock, err = lockFile(path, os.O_CREATE|os.O_RDWR, syscall.LOCK_SH) // waits while the other one begins
	}
	d.done = err == nil
	return d.sole, err
}

func (s *Store) endLeases(ctx context.Context) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE jobs SET lease = '', lease_until = 0 WHERE state = 'open' AND lease <> ''`)
		return err
	})
}
