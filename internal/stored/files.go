package stored

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// files keeps each function in a file.
type files struct{ dir string }

// stat lists the files of functions with their stamps.
func (s files) stat() (map[string]stamp, error) {
	seen := map[string]stamp{}
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return seen, nil
	}
	if err != nil {
		return nil, fmt.Errorf("stored: %w", err)
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ext)
		if len(seen) >= MaxFunctions || e.IsDir() || !ok {
			continue
		}
		if info, err := e.Info(); err == nil {
			seen[name] = stamp{info.Size(), info.ModTime()}
		}
	}
	return seen, nil
}

// read reads a bounded file.
func (s files) read(name string) (string, error) {
	f, err := os.Open(filepath.Join(s.dir, name+ext))
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxTextBytes+1))
	return string(text), err
}

// write replaces a file as a whole: a reader sees the old text or the new.
func (s files) write(name, text string) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("stored: %w", err)
	}
	tmp, err := os.CreateTemp(s.dir, ".new-*")
	if err != nil {
		return fmt.Errorf("stored: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(s.dir, name+ext))
	}
	if err != nil {
		return fmt.Errorf("stored: %w", err)
	}
	return nil
}

func (s files) remove(name string) error {
	if err := os.Remove(filepath.Join(s.dir, name+ext)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("stored: %w", err)
	}
	return nil
}
