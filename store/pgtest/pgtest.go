// Package pgtest gives tests a PostgreSQL of their own: a private cluster in a temporary folder, started once for each
// test process, with a fresh database for each test.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Environment variables that tests listen to.
const (
	envURL    = "FOYER_TEST_POSTGRES_URL" // use this server; its role must be allowed to create databases
	envNoSkip = "FOYER_TEST_NO_SKIP"      // 1: a test that cannot have PostgreSQL fails
)

var (
	once    sync.Once
	shared  *cluster
	failure error
	count   atomic.Int64
)

// Main runs a package's tests and then stops the cluster, if one was started. Call it as os.Exit(pgtest.Main(m)).
func Main(m *testing.M) int {
	code := m.Run()
	if err := dropTemplate(); err != nil {
		fmt.Fprintln(os.Stderr, "drop template:", err)
		code = max(code, 1)
	}
	if shared != nil {
		if err := shared.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
			code = max(code, 1)
		}
	}
	return code
}

// URL is the address of a fresh, empty database, which is dropped when the test ends. Without a PostgreSQL the test is
// skipped, or fails when FOYER_TEST_NO_SKIP is 1. A package that calls URL must call Main.
func URL(tb testing.TB) string {
	tb.Helper()
	return databaseURL(tb, "template0")
}

// MigratedURL is URL with every table in it. migrate, which is always the same, fills the first database; the others are copies: the
// migrations, run anew for each of hundreds of cases, would take most of the time of the whole suite.
func MigratedURL(tb testing.TB, migrate func(ctx context.Context, url string) error) string {
	tb.Helper()
	admin := adminURL(tb)
	templateOnce.Do(func() { template, templateErr = newTemplate(tb.Context(), admin, migrate) })
	if templateErr != nil {
		tb.Fatalf("migrate PostgreSQL: %v", templateErr)
	}
	return databaseURL(tb, template)
}

var (
	templateOnce sync.Once
	template     string
	templateErr  error
	dropTemplate = func() error { return nil }
)

// newTemplate makes a database with every table and gives its name.
func newTemplate(ctx context.Context, admin string, migrate func(context.Context, string) error) (string, error) {
	name := fmt.Sprintf("foyer_test_%d_template", os.Getpid())
	if err := execute(ctx, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return "", err
	}
	dropTemplate = func() error {
		return execute(context.Background(), admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}
	address, err := at(admin, name)
	if err != nil {
		return "", err
	}
	return name, migrate(ctx, address)
}

// databaseURL makes a copy of a database that nobody uses.
func databaseURL(tb testing.TB, template string) string {
	tb.Helper()
	admin := adminURL(tb)
	name := fmt.Sprintf("foyer_test_%d_%d", os.Getpid(), count.Add(1))
	if err := execute(tb.Context(), admin, "CREATE DATABASE "+name+" TEMPLATE "+template+" ENCODING 'UTF8'"); err != nil {
		tb.Fatalf("create database: %v", err)
	}
	tb.Cleanup(func() {
		if err := execute(context.Background(), admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("drop database: %v", err)
		}
	})
	url, err := at(admin, name)
	if err != nil {
		tb.Fatal(err)
	}
	return url
}

// execute runs one statement on a connection of its own.
func execute(ctx context.Context, url, statement string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

// at is the address of another database of the same server.
func at(admin, name string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("parse URL: %w", err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

func adminURL(tb testing.TB) string {
	tb.Helper()
	if u := os.Getenv(envURL); u != "" {
		return u
	}
	once.Do(func() { shared, failure = start() })
	if failure == nil {
		return shared.url
	}
	if os.Getenv(envNoSkip) == "1" {
		tb.Fatalf("PostgreSQL: %v", failure)
	}
	tb.Skipf("needs PostgreSQL: %v", failure)
	return ""
}

// cluster is a running server that belongs to this process.
type cluster struct {
	dir    string
	url    string
	server *exec.Cmd
}

// start makes a cluster in a temporary folder and runs it on a Unix socket there; nothing listens on the network.
func start() (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "foyer-pg-") // a socket's path must be short, so not below the test's own folder
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir}
	if err := c.launch(bin); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

func (c *cluster) launch(bin string) error {
	attr, err := unprivileged(c.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(c.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "foyer", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, c.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLine(out))
	}
	c.server = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", c.dir, "-h", "",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=100", "-c", "deadlock_timeout=200ms")
	c.server.SysProcAttr, c.server.Dir = attr, c.dir
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the server has a descriptor of its own
	c.server.Stdout, c.server.Stderr = log, log
	if err := c.server.Start(); err != nil {
		return err
	}
	c.url = "postgres:///postgres?" + url.Values{"host": {c.dir}, "user": {"foyer"}}.Encode()
	return c.await()
}

// await waits until the server answers.
func (c *cluster) await() error {
	db, err := sql.Open("pgx", c.url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			out, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", err, lastLine(out))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the server and deletes its folder. A second call does nothing.
func (c *cluster) stop() error {
	var err error
	if c.server != nil && c.server.Process != nil {
		err = c.server.Process.Signal(syscall.SIGQUIT) // immediate shutdown: nothing in it is worth keeping
		_ = c.server.Wait()                            // exits with a status that says it was told to
		c.server = nil
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

// binaries is the folder of the newest PostgreSQL on this machine.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	best, bestVersion := "", -1
	for _, path := range found {
		version, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		if version > bestVersion {
			best, bestVersion = filepath.Dir(path), version
		}
	}
	if best != "" {
		return best, nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("neither /usr/lib/postgresql/*/bin nor PATH has postgres (Debian package postgresql)")
	}
	return filepath.Dir(path), nil
}

// unprivileged gives dir to a user who may run PostgreSQL, which refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return sameGroup(nil), nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL cannot run as root: %w", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid), os.Chmod(dir, 0o755)); err != nil {
		return nil, err
	}
	return sameGroup(&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}), nil
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
