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
// when it was good.
func (k *Keeper) Policy() *Policy {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); now.Sub(k.looked) >= lookEvery || now.Before(k.looked) {
		k.looked = now
		if s := stampOf(k.path); s != k.seen {
			k.seen = s
			_ = k.reload() // is in the log
		}
	}
	return k.policy
}

// Reload reads the file now. On an error the policy in force stays.
func (k *Keeper) Reload() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.looked, k.seen = time.Now(), stampOf(k.path)
	return k.reload()
}

func (k *Keeper) reload() error {
	p, err := read(k.path)
	if err != nil {
		k.log.Error("the policy file is broken; the last good policy stays in force until it is mended", "file", k.path, "error", err)
		return err
	}
	k.policy = p
	k.log.Info("policy read", "file", k.path)
	return nil
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
