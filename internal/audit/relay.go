package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/state"
)

// Sink is a tenant's store of hunting tables.
type Sink interface {
	// Write stores batches once per id.
	Write(ctx context.Context, id string, batches []*catalog.Batch) (bool, error)
	// DropTable removes the days of a table before a time.
	DropTable(ctx context.Context, table string, before int64) (int64, error)
}

// RelayOptions configures a Relay. All but Clock is required.
type RelayOptions struct {
	Dir     string // of the trail
	State   *state.Store
	Catalog *catalog.Catalog
	Sinks   map[string]Sink // by tenant
	Keep    time.Duration   // how long records are kept, in files and in the table
	Log     *slog.Logger
	Clock   func() time.Time
}

// Relay makes the trail a hunting table, behind the requests' backs: every second it takes the new lines of the trail's
// files into the state store, in the same transaction as its position in the files, as numbered batches; and it writes
// the batches that this node does not have yet, its own and those of other nodes, into the tenants' stores, under the
// batch's number as id. Whatever is interrupted is taken up again: no line is lost, none is there twice. It removes what
// is older than Keep.
type Relay struct {
	o      RelayOptions
	table  *catalog.Table
	origin string
	at     state.Position
	unsure bool // whether the last change of the position was stored
	stop   chan struct{}
	done   chan struct{}
}

const (
	relayEvery  = time.Second
	tidyEvery   = time.Hour
	maxBatch    = 4 << 20            // bytes of lines in one batch
	relayKeep   = 7 * 24 * time.Hour // how long batches wait for nodes that are away
	closeWithin = 5 * time.Second
	originFile  = "origin"
	filePrefix  = "audit-"
	fileSuffix  = ".jsonl"
)

// StartRelay starts a relay. It must be closed before the stores and the state store are.
func StartRelay(ctx context.Context, o RelayOptions) (*Relay, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	r := &Relay{o: o, table: o.Catalog.Table(Table), stop: make(chan struct{}), done: make(chan struct{})}
	if r.table == nil {
		return nil, fmt.Errorf("audit: the catalog has no table %s", Table)
	}
	var err error
	if r.origin, err = nameOf(o.Dir); err != nil {
		return nil, err
	}
	if r.at, err = o.State.TrailPosition(ctx, r.origin); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if r.at.Batch == 0 {
		if err := r.anew(ctx); err != nil {
			return nil, err
		}
	}
	go r.run()
	return r, nil
}

// anew begins with a trail that the state store does not know: what the tables hold of it would come a second time.
// Numbers of batches begin with the time, so that none was ever used before.
func (r *Relay) anew(ctx context.Context) error {
	for tenant, sink := range r.o.Sinks {
		if _, err := sink.DropTable(ctx, Table, maxTicks); err != nil {
			return fmt.Errorf("audit: tenant %s: %w", tenant, err)
		}
	}
	r.at.Batch = r.o.Clock().UnixMilli()
	return nil
}

// nameOf is the name of a directory's trail, made at its first use.
func nameOf(dir string) (string, error) {
	path := filepath.Join(dir, originFile)
	text, err := os.ReadFile(path)
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("audit: %w", err)
	}
	name := rand.Text()
	if err := os.WriteFile(path, []byte(name+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	return name, nil
}

func (r *Relay) run() {
	defer close(r.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ticks := time.NewTicker(relayEvery)
	defer ticks.Stop()
	var tidied time.Time
	for {
		if err := r.Catch(ctx); err != nil {
			r.o.Log.Error("the audit table is behind the trail; it is tried again", "error", err)
		}
		if now := r.o.Clock(); now.Sub(tidied) >= tidyEvery {
			tidied = now
			if err := r.tidy(ctx); err != nil {
				r.o.Log.Error("old audit records cannot be removed", "error", err)
			}
		}
		select {
		case <-r.stop:
			return
		case <-ticks.C:
		}
	}
}

// Close lets the table catch up, if that does not take long, and stops.
func (r *Relay) Close() error {
	close(r.stop)
	<-r.done
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	return r.Catch(ctx)
}

// Catch brings the table up to the trail as it is now. It must not run twice at a time.
func (r *Relay) Catch(ctx context.Context) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	for {
		b, err := r.o.State.NextTrailBatch(ctx, r.origin)
		if b == nil || err != nil {
			return err
		}
		if err := r.load(ctx, b); err != nil {
			return err
		}
	}
}

// load writes one batch into the stores of its tenants.
func (r *Relay) load(ctx context.Context, b *state.TrailBatch) error {
	tenants, broken, err := byTenant(b.Lines, r.table)
	if err != nil {
		return err
	}
	if broken > 0 {
		r.o.Log.Warn("lines of the audit trail are no records; they stay in the files only", "origin", b.Origin, "batch", b.Batch, "lines", broken)
	}
	for tenant, rows := range tenants {
		if sink := r.o.Sinks[tenant]; sink != nil {
			if _, err := sink.Write(ctx, fmt.Sprintf("audit/%s/%d", b.Origin, b.Batch), []*catalog.Batch{rows.batch}); err != nil {
				return fmt.Errorf("audit: tenant %s: %w", tenant, err)
			}
		}
	}
	return r.o.State.TrailLoaded(ctx, r.origin, b)
}

// take takes over the lines that are new in the files.
func (r *Relay) take(ctx context.Context) error {
	if r.unsure { // a connection that breaks at the commit does not tell
		at, err := r.o.State.TrailPosition(ctx, r.origin)
		if err != nil {
			return fmt.Errorf("audit: %w", err)
		}
		if at.Batch != 0 { // else nothing was ever stored
			r.at = at
		}
		r.unsure = false
	}
	files, err := trailFiles(r.o.Dir)
	if err != nil {
		return err
	}
	for i, name := range files {
		if name < r.at.File {
			continue
		}
		to := r.at
		if name != to.File {
			to.File, to.Offset = name, 0
		}
		if info, err := os.Stat(filepath.Join(r.o.Dir, name)); err == nil && info.Size() < to.Offset {
			r.o.Log.Warn("a file of the audit trail was replaced or cut; it is read from its start", "file", name)
			to.Offset = 0
		}
		for {
			lines, n, err := readLines(filepath.Join(r.o.Dir, name), to.Offset, i < len(files)-1)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
			to.Offset += n
			to.Batch++
			if err := r.o.State.TakeTrail(ctx, r.origin, to, strings.ToValidUTF8(lines, "\uFFFD")); err != nil {
				r.unsure = true
				return err
			}
			r.at = to
		}
	}
	return nil
}

// trailFiles lists the files of a trail, oldest first.
func trailFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	var out []string
	for _, e := range entries {
		if _, ok := dayOfFile(e.Name()); ok && !e.IsDir() {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, nil
}

func dayOfFile(name string) (time.Time, bool) {
	day, ok := strings.CutPrefix(name, filePrefix)
	day, end := strings.CutSuffix(day, fileSuffix)
	t, err := time.Parse(time.DateOnly, day)
	return t, ok && end && err == nil
}

// readLines reads whole lines from an offset, maxBatch bytes at most, and tells how many bytes they are. What is cut off
// at the end of the file is still being written, unless the file is finished: then it is taken as it is. Zero bytes,
// which a crash of the machine can leave, are no text; the database would refuse them.
func readLines(path string, offset int64, finished bool) (lines string, n int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("audit: %w", err)
	}
	defer f.Close()
	buf, err := io.ReadAll(io.NewSectionReader(f, offset, maxBatch))
	if err != nil {
		return "", 0, fmt.Errorf("audit: %w", err)
	}
	whole := bytes.LastIndexByte(buf, '\n') + 1
	if whole == 0 && (finished || len(buf) == maxBatch) {
		whole = len(buf)
	}
	return string(bytes.ReplaceAll(buf[:whole], []byte{0}, []byte{' '})), int64(whole), nil
}
