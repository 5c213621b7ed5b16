package stored

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// lookEvery is how often the directory is looked at.
const lookEvery = time.Second

// refresh reads the directory again when it changed. The caller holds mu.
func (l *Library) refresh() {
	now := l.now()
	if !l.looked.IsZero() && now.Sub(l.looked) < lookEvery {
		return
	}
	l.looked = now
	seen, err := l.stat()
	if err != nil {
		l.log.Error("stored functions cannot be listed", "error", err)
		return
	}
	if maps.Equal(seen, l.seen) {
		return
	}
	l.seen = seen
	l.byName = map[string]catalog.Function{}
	for file := range seen {
		text, err := readFile(filepath.Join(l.dir, file))
		name := strings.TrimSuffix(file, ext)
		f := catalog.Function{Name: name, Text: text, Doc: catalog.DocOf(text)}
		if err == nil {
			err = l.valid(f, nil)
		}
		if err != nil {
			l.log.Warn("a stored function is left out", "file", file, "error", err)
			continue
		}
		l.byName[name] = f
	}
}

// stat lists the files of functions with their stamps.
func (l *Library) stat() (map[string]stamp, error) {
	seen := map[string]stamp{}
	entries, err := os.ReadDir(l.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return seen, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if len(seen) >= MaxFunctions || e.IsDir() || !strings.HasSuffix(e.Name(), ext) {
			continue
		}
		if info, err := e.Info(); err == nil {
			seen[e.Name()] = stamp{info.Size(), info.ModTime()}
		}
	}
	return seen, nil
}

// readFile reads a bounded file.
func readFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxTextBytes+1))
	return string(text), err
}

// write replaces a file as a whole: a reader sees the old text or the new.
func (l *Library) write(name, text string) error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return fmt.Errorf("stored: %w", err)
	}
	tmp, err := os.CreateTemp(l.dir, ".new-*")
	if err != nil {
		return fmt.Errorf("stored: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(l.dir, name+ext))
	}
	if err != nil {
		return fmt.Errorf("stored: %w", err)
	}
	return nil
}
