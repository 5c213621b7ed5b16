// Package statetest runs tests on both databases of the state store.
//
// PostgreSQL comes from the distribution's package (Debian: postgresql). Each test program starts a server of its own
// in a temporary directory, on a Unix socket only, and ends it in Main. Where the package is absent, the tests on
// PostgreSQL are skipped and say so.
package statetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"github.com/harrier-hunting/harrier/internal/state"
)

// errAbsent says what to install.
var errAbsent = errors.New("PostgreSQL is not installed; install the package postgresql to test on it")

// server is the one of this test program.
type server struct {
	cmd *exec.Cmd
	dir string
}

type starter struct {
	once sync.Once
	srv  *server
	err  error
}

var (
	shared    starter
	databases atomic.Int64
)

// Main runs a package's tests and ends the server that they started.
func Main(m *testing.M) {
	code := m.Run()
	shared.once.Do(func() { shared.err = errAbsent }) // none is started from now on
	if shared.srv != nil {
		shared.srv.stop()
	}
	os.Exit(code)
}

// Each runs a test on a new SQLite file and on a new PostgreSQL database. place opens it again.
func Each(t *testing.T, test func(t *testing.T, place string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, File(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// File is the place of a new SQLite database.
func File(t testing.TB) string { return filepath.Join(t.TempDir(), "state.db") }

// Open opens a store and closes it with the test.
func Open(t testing.TB, place string) *state.Store {
	t.Helper()
	s, err := state.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Postgres is the place of a new PostgreSQL database. The package's TestMain has to call Main.
func Postgres(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.srv, shared.err = start() })
	if errors.Is(shared.err, errAbsent) {
		t.Skip("SKIPPED:", shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := shared.srv.exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return shared.srv.place(name)
}

func (s *server) place(database string) string {
	return "postgres:///" + database + "?user=postgres&host=" + s.dir
}

func (s *server) exec(text string) error {
	db, err := sql.Open("pgx", s.place("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err = db.ExecContext(ctx, text)
	return err
}

// binaries finds the server's programs: on the path, or where Debian puts them.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errAbsent
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// start makes a cluster and runs its server. Nothing in it has to outlive a crash of the machine.
func start() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "harrier-pg") // the path of a socket is limited to 107 bytes
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir}
	attr, err := unprivileged(dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	data := filepath.Join(dir, "data")
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	init.SysProcAttr, init.Dir = attr, dir
	if out, err := init.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(dir))
	}
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off",
		"-c", "max_connections=100", "-c", "shared_buffers=16MB", "-c", "log_min_messages=fatal")
	s.cmd.SysProcAttr, s.cmd.Dir = attr, dir
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for range 300 {
		if err = s.exec("SELECT 1"); err == nil {
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("PostgreSQL does not start: %w", err)
}

// unprivileged lets root start a server, which refuses to run as root: as the user that the package made, or nobody.
// The server ends with the test program, however that ends.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := deathSignal()
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

// stop ends the server at once and removes its files.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGINT) // "fast": it ends its connections and itself
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = s.cmd.Process.Kill()
		<-ended
	}
	_ = os.RemoveAll(s.dir)
}
