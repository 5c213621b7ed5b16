package stored

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/state"
)

// database keeps functions in the state store. Files are looked at beside it: a text that is new in them replaces what
// the store has, once; what is changed or deleted in the store afterwards stays so until the file changes again.
type database struct {
	store  *state.Store
	tenant string
	files  files
	log    *slog.Logger
	seen   map[string]stamp // files as last imported
}

// patience bounds a statement: functions are looked at while a query waits.
const patience = 5 * time.Second

func (s *database) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

func (s *database) stat() (map[string]stamp, error) {
	s.importFiles()
	ctx, cancel := s.context()
	defer cancel()
	list, err := s.store.Functions(ctx, s.tenant)
	if err != nil {
		return nil, err
	}
	out := make(map[string]stamp, len(list))
	for _, f := range list {
		out[f.Name] = stamp{size: f.Version}
	}
	return out, nil
}

// importFiles takes over the files that changed.
func (s *database) importFiles() {
	found, err := s.files.stat()
	if err != nil {
		s.log.Error("files of stored functions cannot be listed", "error", err)
		return
	}
	if maps.Equal(found, s.seen) {
		return
	}
	for name, at := range found {
		if s.seen[name] == at {
			continue
		}
		if err := s.importFile(name); err != nil {
			s.log.Error("a stored function cannot be imported", "function", name, "error", err)
			delete(found, name) // again next time
		}
	}
	s.seen = found
}

func (s *database) importFile(name string) error {
	text, err := s.files.read(name)
	if err != nil {
		return err
	}
	if !validName(name) || len(text) > MaxTextBytes || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		s.log.Warn("a file is no stored function: its name or its text cannot be stored", "file", name+ext)
		return nil
	}
	sum := sha256.Sum256([]byte(text))
	ctx, cancel := s.context()
	defer cancel()
	imported, err := s.store.ImportFunction(ctx, s.tenant, name, text, hex.EncodeToString(sum[:]))
	if imported {
		s.log.Info("stored function imported", "tenant", s.tenant, "function", name)
	}
	return err
}

func (s *database) read(name string) (string, error) {
	ctx, cancel := s.context()
	defer cancel()
	return s.store.FunctionText(ctx, s.tenant, name)
}

func (s *database) write(name, text string) error {
	ctx, cancel := s.context()
	defer cancel()
	return s.store.PutFunction(ctx, s.tenant, name, text)
}

func (s *database) remove(name string) error {
	ctx, cancel := s.context()
	defer cancel()
	_, err := s.store.DeleteFunction(ctx, s.tenant, name)
	return err
}
