package duckdb

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// FileName is the name of the database file in a store's directory.
const FileName = "harrier.duckdb"

// storageVersion is the file format asked for. The engine's default is an
// older one that needs 17 % more space for the same rows.
const storageVersion = "v1.5.0"

// Config says where a store is and how much it may use.
type Config struct {
	// Dir is the store's directory; "" keeps everything in memory.
	Dir string
	// Catalog lists the tables that the store's contents must fit.
	Catalog  *catalog.Catalog
	ReadOnly bool
	// Threads of the engine; 0 leaves the engine's own choice.
	Threads int
	// MemoryLimit, e.g. "4GB"; "" leaves the engine's own choice.
	MemoryLimit string
	// TempDir takes what does not fit into memory; "" is a directory beside
	// the file, or none for a store in memory. MaxTemp, e.g. "20GB", caps it.
	TempDir string
	MaxTemp string
	// Log receives the engine's own error texts; nil discards them.
	Log *slog.Logger
	// Now is the clock for the age of batch ids; nil is the system's.
	Now func() time.Time
}

// options lists the engine's settings in the order they are made.
func (c Config) options() [][2]string {
	o := [][2]string{
		{"access_mode", "READ_WRITE"},
		{"autoinstall_known_extensions", "false"},
		{"autoload_known_extensions", "false"},
		{"allow_community_extensions", "false"},
		{"allow_unsigned_extensions", "false"},
		{"preserve_insertion_order", "true"},
		{"temp_directory", c.TempDir},
		// Fails with an internal error on some plans with a limit below a
		// semi-join (1.5.6); nothing here needs it.
		{"disabled_optimizers", "top_n_window_elimination"},
	}
	if c.ReadOnly {
		o[0][1] = "READ_ONLY"
	}
	if c.Dir != "" && !c.ReadOnly {
		o = append(o, [2]string{"storage_compatibility_version", storageVersion})
	}
	if c.Threads > 0 {
		o = append(o, [2]string{"threads", strconv.Itoa(c.Threads)})
	}
	if c.MemoryLimit != "" {
		o = append(o, [2]string{"memory_limit", c.MemoryLimit})
	}
	if c.MaxTemp != "" {
		o = append(o, [2]string{"max_temp_directory_size", c.MaxTemp})
	}
	// Last: after the first, the engine refuses to set directories.
	return append(o, [2]string{"enable_external_access", "false"}, [2]string{"lock_configuration", "true"})
}

// prepare fills in the defaults and makes the directory. It returns the
// database's path, which is "" for a store in memory.
func (c *Config) prepare() (string, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Dir == "" {
		if c.ReadOnly {
			return "", fmt.Errorf("store: a store in memory cannot be read-only; set a directory")
		}
		return "", nil
	}
	path := filepath.Join(c.Dir, FileName)
	if c.TempDir == "" {
		c.TempDir = filepath.Join(c.Dir, "tmp")
	}
	if c.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("store %s: open read-only: %w", path, err)
		}
		return path, nil
	}
	// Telemetry of every device of a tenant: for the owner's eyes only.
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return "", fmt.Errorf("store %s: make the directory: %w", path, err)
	}
	return path, nil
}

// openDatabase opens the file (or memory) with the locked-down settings.
func openDatabase(path string, c Config) (mapping.Database, error) {
	var settings mapping.Config
	if mapping.CreateConfig(&settings) == mapping.StateError {
		return mapping.Database{}, fmt.Errorf("store %s: the engine made no configuration", path)
	}
	defer mapping.DestroyConfig(&settings)
	for _, o := range c.options() {
		if mapping.SetConfig(settings, o[0], o[1]) == mapping.StateError {
			return mapping.Database{}, fmt.Errorf("store %s: the engine refuses setting %s=%q; correct it", path, o[0], o[1])
		}
	}
	var db mapping.Database
	var text string
	if mapping.OpenExt(path, &db, settings, &text) == mapping.StateError {
		mapping.Close(&db)
		return mapping.Database{}, fmt.Errorf("store %s: cannot open: %s", path, text)
	}
	return db, nil
}
