//go:build unix

package duckdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A fileLock keeps others out of a store's directory. The engine locks its
// file too, but its lock belongs to the process: a second store on the same
// file within one process would pass it and ruin the file. This one belongs to
// the open file, so it holds within a process as well.
type fileLock struct{ f *os.File }

func lockDir(dir string, shared bool) (*fileLock, error) {
	name := filepath.Join(dir, "harrier.lock")
	flags, how := os.O_RDWR|os.O_CREATE, syscall.LOCK_EX
	if shared {
		flags, how = os.O_RDONLY, syscall.LOCK_SH
	}
	f, err := os.OpenFile(name, flags, 0o600)
	if shared && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
		return nil, nil // a copy on read-only media: the engine's own lock must do
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: lock: %w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		owner := make([]byte, 32)
		n, _ := f.ReadAt(owner, 0)
		f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("store %s: lock: %w", dir, err)
		}
		return nil, inUse(dir, strings.TrimSpace(string(owner[:n])))
	}
	if !shared {
		// Who holds it is for the message above only, so failing is fine.
		if f.Truncate(0) == nil {
			_, _ = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
		}
	}
	return &fileLock{f}, nil
}

func (l *fileLock) release() {
	if l != nil {
		l.f.Close()
	}
}
