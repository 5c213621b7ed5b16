package access

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookEvery is how often the file is looked at.
const lookEvery = time.Second

// Keeper holds the policy of a file and reads it again when the file changes.
// It is safe for concurrent use.
type Keeper struct {
	path string
	log  *slog.Logger

	mu     sync.Mutex
	policy *Policy
	looked time.Time
	seen   stamp
}

// stamp tells whether a file is the one read before.
type stamp struct {
	size     int64
	modified time.Time
	missing  bool
}

// Open reads the policy for the first time; without a good one there is no
// Keeper.
func Open(path string, log *slog.Logger) (*Keeper, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	k := &Keeper{path: path, log: log, looked: time.Now(), seen: stampOf(path)}
	p, err := read(path)
	if err != nil {
		return nil, err
	}
	k.policy = p
	return k, nil
}

// Policy is the policy in force: of the file as it is now, or as it last was
// when it was good. A policy is another one, by address, after every change.
func (k *Keeper) Policy() *Policy {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); now.Sub(k.looked) >= lookEvery || now.Before(k.looked) {
		k.looked = now
		k.look()
	}
	return k.policy
}

// Prepare reads the file now; commit puts what it read in force. Until then, and
// on an error, the policy in force stays.
func (k *Keeper) Prepare() (commit func(), err error) {
	s := stampOf(k.path)
	p, err := read(k.path)
	if err != nil {
		return nil, err
	}
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.put(p, s)
		k.looked = time.Time{} // it may have changed since: the next caller looks
	}, nil
}

// look takes over a file that has changed. The caller holds mu.
func (k *Keeper) look() {
	s := stampOf(k.path)
	if s == k.seen {
		return
	}
	p, err := read(k.path)
	if err != nil {
		k.seen = s
		k.log.Error("the policy file is broken; the last good policy stays in force until it is mended", "file", k.path, "error", err)
		return
	}
	k.put(p, s)
}

// put makes p the policy in force. A file that changed while it was read has
// another stamp than s, and is read again at the next look.
func (k *Keeper) put(p *Policy, s stamp) {
	k.policy, k.seen = p, s
	k.log.Info("policy read", "file", k.path)
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{missing: true}
	}
	return stamp{size: info.Size(), modified: info.ModTime()}
}

func read(path string) (*Policy, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("policy %s: %w", path, err)
	}
	p, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
