// Package stored keeps a tenant's stored functions: KQL functions that every
// query of the tenant may call as if it had defined them with let.
//
// A function is one file, <Name>.kql, that holds comments and one statement
// "let Name = (parameters) { body };": the same text that works inside a query,
// so files can be written, formatted, checked and kept under version control
// with the tools for queries. Files are looked at again at most once a second,
// so that those put there by hand or by a deployment count without a restart.
//
// With a state store (OpenIn) the functions are in it, for all nodes, and the
// files are where functions come from: each text of a file is imported once.
//
// A function is checked when it comes in through Put. A broken one is left
// out and reported; the others still work.
package stored

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/state"
)

// Limits of a library.
const (
	MaxFunctions = 1000
	MaxTextBytes = 256 << 10
	maxNameBytes = 128
)

// ext is how the files are called.
const ext = ".kql"

// Errors that callers tell apart; ErrInvalid wraps what is wrong.
var (
	ErrNotFound = errors.New("stored: no such function")
	ErrInvalid  = errors.New("stored: not a valid function")
	ErrFull     = fmt.Errorf("stored: there are %d functions already", MaxFunctions)
)

// Finder finds a function by its exact name.
type Finder func(name string) (catalog.Function, bool)

// Check says what is wrong with a function, beyond its name and size. others
// are the functions that it may call; nil asks for a look at the text alone,
// because not all of them are known yet.
type Check func(f catalog.Function, others Finder) error

// Library is the functions of one tenant. It is safe for concurrent use.
type Library struct {
	shelf shelf
	check Check
	log   *slog.Logger
	now   func() time.Time

	mu     sync.Mutex
	looked time.Time
	seen   map[string]stamp // functions as last read
	byName map[string]catalog.Function
}

// shelf is where the texts are: files, or the state store.
type shelf interface {
	// stat lists the functions with their stamps.
	stat() (map[string]stamp, error)
	read(name string) (string, error)
	write(name, text string) error
	// remove may find that it is gone.
	remove(name string) error
}

// stamp tells whether a text changed.
type stamp struct {
	size int64
	mod  time.Time
}

// Open reads the functions in dir, which need not exist. The clock may be nil.
func Open(dir string, check Check, log *slog.Logger, now func() time.Time) *Library {
	return open(files{dir}, check, log, now)
}

// OpenIn reads a tenant's functions in a state store, and imports those in dir.
func OpenIn(store *state.Store, tenant, dir string, check Check, log *slog.Logger, now func() time.Time) *Library {
	return open(&database{store: store, tenant: tenant, files: files{dir}, log: log}, check, log, now)
}

func open(s shelf, check Check, log *slog.Logger, now func() time.Time) *Library {
	if now == nil {
		now = time.Now
	}
	l := &Library{shelf: s, check: check, log: log, now: now, seen: map[string]stamp{}, byName: map[string]catalog.Function{}}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	return l
}

// Find returns a function by its exact name.
func (l *Library) Find(name string) (catalog.Function, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	f, ok := l.byName[name]
	return f, ok
}

// List returns all functions by name.
func (l *Library) List() []catalog.Function {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	out := make([]catalog.Function, 0, len(l.byName))
	for _, f := range l.byName {
		out = append(out, f)
	}
	sort.Slice(out, func(i, k int) bool { return out[i].Name < out[k].Name })
	return out
}

// Put stores a function, in place of one of the same name. It is on the disk
// when Put returns.
func (l *Library) Put(name, text string) (catalog.Function, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	f := catalog.Function{Name: name, Text: text, Doc: catalog.DocOf(text)}
	others := func(name string) (catalog.Function, bool) {
		f, ok := l.byName[name]
		return f, ok
	}
	if err := l.valid(f, others); err != nil {
		return f, err
	}
	if _, ok := l.byName[name]; !ok && len(l.byName) >= MaxFunctions {
		return f, ErrFull
	}
	if err := l.shelf.write(name, text); err != nil {
		return f, err
	}
	l.looked = time.Time{}
	l.refresh()
	return f, nil
}

// Delete removes a function.
func (l *Library) Delete(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	if _, ok := l.byName[name]; !ok {
		return ErrNotFound
	}
	if err := l.shelf.remove(name); err != nil {
		return err
	}
	l.looked = time.Time{}
	l.refresh()
	return nil
}

// lookEvery is how often the functions are looked at.
const lookEvery = time.Second

// refresh reads the functions again when they changed. The caller holds mu.
func (l *Library) refresh() {
	now := l.now()
	if !l.looked.IsZero() && now.Sub(l.looked) < lookEvery {
		return
	}
	l.looked = now
	seen, err := l.shelf.stat()
	if err != nil {
		l.log.Error("stored functions cannot be listed", "error", err)
		return
	}
	if maps.Equal(seen, l.seen) {
		return
	}
	before := l.byName
	l.seen = seen
	l.byName = map[string]catalog.Function{}
	for name := range seen {
		text, err := l.shelf.read(name)
		if err != nil { // it is as it was until it can be read
			l.log.Error("a stored function cannot be read; it is tried again", "function", name, "error", err)
			if f, ok := before[name]; ok {
				l.byName[name] = f
			}
			l.seen = maps.Clone(l.seen)
			delete(l.seen, name)
			continue
		}
		f := catalog.Function{Name: name, Text: text, Doc: catalog.DocOf(text)}
		if err := l.valid(f, nil); err != nil {
			l.log.Warn("a stored function is left out", "function", name, "error", err)
			continue
		}
		l.byName[name] = f
	}
}

// valid refuses what could not be called or would hide something else.
func (l *Library) valid(f catalog.Function, others Finder) error {
	if !validName(f.Name) {
		return fmt.Errorf("%w: %q is no name: letters, digits and _ only, beginning with a letter or _", ErrInvalid, f.Name)
	}
	if len(f.Text) > MaxTextBytes {
		return fmt.Errorf("%w: its text is longer than %d bytes", ErrInvalid, MaxTextBytes)
	}
	for other := range l.byName {
		if other != f.Name && strings.EqualFold(other, f.Name) {
			return fmt.Errorf("%w: there is a function %s, which differs in case only", ErrInvalid, other)
		}
	}
	if err := l.check(f, others); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

func validName(name string) bool {
	if name == "" || len(name) > maxNameBytes || name[0] >= '0' && name[0] <= '9' {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
	})
}
