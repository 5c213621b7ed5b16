package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Options configures a Writer. Dir is required.
type Options struct {
	Dir       string
	QueryText bool // keep the texts of queries, not only their hashes
	// Sync is how long a line may stay in the operating system's memory before it is forced to disk: 0 forces it before
	// Write returns, a negative value leaves it to the system. A crash of this program loses nothing in any case; a crash
	// of the machine loses what was not on disk.
	Sync  time.Duration
	Clock func() time.Time
}

// Writer appends records. It is safe for concurrent use.
type Writer struct {
	opts Options

	mu     sync.Mutex
	file   *os.File
	path   string
	day    string
	torn   bool        // the last line is incomplete
	due    *time.Timer // a sync is due; nil when everything is on disk
	late   error       // of a sync in the background, not yet reported
	doubt  bool        // the last record could not be written
	closed bool
}

// ErrClosed is returned by Write after Close.
var ErrClosed = errors.New("audit: the trail is closed")

// Open creates the directory if need be (mode 0700) and opens the file of the day (mode 0600), so that a directory that
// cannot be written is noticed at the start of the program.
func Open(opts Options) (*Writer, error) {
	if opts.Dir == "" {
		return nil, errors.New("audit: name the directory of the trail")
	}
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	w := &Writer{opts: opts}
	// A clock that was set back reopens no past day: what is behind the newest file is taken to be complete.
	files, err := trailFiles(opts.Dir)
	if err != nil {
		return nil, err
	}
	if n := len(files); n > 0 {
		day, _ := dayOfFile(files[n-1])
		w.day = day.Format(time.DateOnly)
	}
	if err := w.rotate(); err != nil {
		return nil, err
	}
	return w, nil
}

// Write appends one record. When it returns nil, the line is with the operating system or, with Sync 0, on disk. An error
// about this line means that it may be missing; an error of an earlier background sync is reported by the next Write.
func (w *Writer) Write(r Record) error {
	line, err := r.line(w.opts.QueryText)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	err = w.write(line)
	w.doubt = err != nil
	return err
}

func (w *Writer) write(line []byte) error {
	if w.closed {
		return ErrClosed
	}
	if err := w.rotate(); err != nil {
		return err
	}
	if err := w.append(line); err != nil {
		return err
	}
	return errors.Join(w.flush(), w.takeLate())
}

// Health reports whether a record could be written now. After one that could not it tries in a file beside the trail, so
// that a server which a load balancer has left out because of it comes back.
func (w *Writer) Health() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrClosed
	}
	if !w.doubt {
		return nil
	}
	if err := w.rotate(); err != nil {
		return err
	}
	f, err := os.CreateTemp(w.opts.Dir, "probe-*")
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	_, err = f.Write(make([]byte, probeBytes))
	if err = errors.Join(err, finish(f), os.Remove(f.Name())); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	w.doubt = false
	return nil
}

// probeBytes is more than most records take.
const probeBytes = 64 << 10

// append writes a line, after a line break if the last one was cut off.
func (w *Writer) append(line []byte) error {
	if w.torn {
		line = slices.Concat([]byte{'\n'}, line)
	}
	n, err := w.file.Write(line)
	if err != nil {
		w.torn = w.torn || n > 0
		return fmt.Errorf("audit: %w", err)
	}
	w.torn = false
	return nil
}

// rotate makes sure that the open file is today's and still the one with that name: a file that was moved or deleted
// would swallow lines that nobody finds.
func (w *Writer) rotate() error {
	day := w.opts.Clock().UTC().Format(time.DateOnly)
	if w.file != nil && day <= w.day && w.inPlace() { // a clock set back does not reopen a past day
		return nil
	}
	day = max(day, w.day)
	path := filepath.Join(w.opts.Dir, "audit-"+day+".jsonl")
	file, torn, err := openTrail(path)
	if err != nil {
		return err
	}
	old := w.file
	w.file, w.path, w.day, w.torn = file, path, day, torn
	if old != nil {
		w.late = errors.Join(w.late, finish(old))
	}
	return nil
}

func (w *Writer) inPlace() bool {
	named, err := os.Stat(w.path)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	open, err := w.file.Stat()
	return err == nil && os.SameFile(named, open)
}

// openTrail opens a file for appending and reports whether its last line is incomplete.
func openTrail(path string) (f *os.File, torn bool, err error) {
	f, err = os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("audit: %w", err)
	}
	size, err := f.Seek(0, 2)
	if err == nil && size > 0 {
		last := make([]byte, 1)
		_, err = f.ReadAt(last, size-1)
		torn = last[0] != '\n'
	}
	if err == nil && size == 0 {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, false, fmt.Errorf("audit: %s: %w", path, errors.Join(err, f.Close()))
	}
	return f, torn, nil
}

// syncDir makes the name of a new file durable. Windows has no such operation.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// flush applies the sync policy after a line has been written.
func (w *Writer) flush() error {
	switch {
	case w.opts.Sync == 0:
		if err := w.file.Sync(); err != nil {
			return fmt.Errorf("audit: %w", err)
		}
	case w.opts.Sync > 0 && w.due == nil:
		w.due = time.AfterFunc(w.opts.Sync, w.syncLater)
	}
	return nil
}

// syncLater runs when a sync is due.
func (w *Writer) syncLater() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due = nil
	if !w.closed {
		w.late = errors.Join(w.late, w.file.Sync())
	}
}

func (w *Writer) takeLate() error {
	err := w.late
	w.late = nil
	if err != nil {
		return fmt.Errorf("audit: earlier lines may not be on disk: %w", err)
	}
	return nil
}

// Close forces everything to disk and closes the file. Later calls do nothing.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	if w.due != nil {
		w.due.Stop()
	}
	w.late = errors.Join(w.late, finish(w.file))
	return w.takeLate()
}

func finish(f *os.File) error { return errors.Join(f.Sync(), f.Close()) }
