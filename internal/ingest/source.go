package ingest

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Limits bound what one file may make the process do. Zero means the default.
type Limits struct {
	Record   int   // bytes of one record or line (16 MB)
	Members  int   // files in one archive (10,000)
	Unpacked int64 // bytes unpacked from one archive (64 GB)
	Ratio    int64 // unpacked to packed bytes, past the first 64 MB (250)
}

// ratioFrom is how much may be unpacked before the ratio counts: a small
// archive of repeated lines is no bomb.
const ratioFrom = 64 << 20

func (l Limits) withDefaults() Limits {
	if l.Record <= 0 {
		l.Record = 16 << 20
	}
	if l.Members <= 0 {
		l.Members = 10_000
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 64 << 30
	}
	if l.Ratio <= 0 {
		l.Ratio = 250
	}
	return l
}

// errBomb is an archive past its bounds: nothing of it is taken.
var errBomb = errors.New("the archive is refused")

// expand lists the files behind the paths: a file as it is, a folder as the
// files below it in order of their names, without hidden ones.
func expand(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		// A link given by name is followed; those met on the way are not.
		root, err := filepath.EvalSymlinks(p)
		if err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		before := len(out)
		err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case name != root && ignored(d.Name()):
				if d.IsDir() {
					return fs.SkipDir
				}
			case d.Type().IsRegular():
				out = append(out, name)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		if len(out) == before {
			return nil, fmt.Errorf("ingest: %s is no regular file and no folder with one in it", p)
		}
	}
	return out, nil
}

// ignored names what macOS and editors leave beside data.
func ignored(base string) bool { return base == "__MACOSX" || strings.HasPrefix(base, ".") }

// ignoredMember is ignored for a path inside an archive.
func ignoredMember(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if part == "__MACOSX" || (strings.HasPrefix(part, ".") && part != "." && part != "..") {
			return true
		}
	}
	return false
}

// source is one file on disk, which may be an archive of several.
type source struct {
	path   string
	limits Limits
	count  func(n int) // told of bytes read from disk
}

// visit is called for each member: the file itself, or one in the archive.
// name is what the report calls it.
type visit func(name string, r io.Reader) error

// members visits the members in the order of the archive. An error of visit
// ends the walk and is returned; so is errBomb. Damage to the archive itself
// is returned as a *damage after what could be read was visited.
func (s source) members(ctx context.Context, do visit) error {
	f, err := os.Open(s.path)
	if err != nil {
		return &damage{err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return &damage{err}
	}
	if !info.Mode().IsRegular() {
		return &damage{errors.New("not a regular file")}
	}
	var head [4]byte
	n, _ := f.ReadAt(head[:], 0)
	b := &budget{ctx: ctx, limits: s.limits, packed: info.Size()}
	if bytes.HasPrefix(head[:n], []byte("PK\x03\x04")) || bytes.HasPrefix(head[:n], []byte("PK\x05\x06")) {
		return s.zip(f, info.Size(), b, do)
	}
	in := bufio.NewReaderSize(&counted{r: f, ctx: ctx, count: s.count}, 256<<10)
	if bytes.HasPrefix(head[:n], []byte("\x1F\x8B")) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return &damage{err}
		}
		return s.plainOrTar(bufio.NewReaderSize(b.reader(z), 256<<10), b, do)
	}
	return s.plainOrTar(in, b, do)
}

// plainOrTar visits the files of a tar, or the stream itself.
func (s source) plainOrTar(in *bufio.Reader, b *budget, do visit) error {
	head, _ := in.Peek(512)
	if len(head) < 512 || string(head[257:262]) != "ustar" {
		return do(s.path, in)
	}
	t := tar.NewReader(in)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if errors.Is(err, errBomb) || b.ctx.Err() != nil {
			return err
		}
		if err != nil {
			return &damage{err}
		}
		if err := b.member(); err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || ignoredMember(h.Name) {
			continue
		}
		if err := do(s.path+"!"+path.Clean(h.Name), t); err != nil {
			return err
		}
	}
}

func (s source) zip(f *os.File, size int64, b *budget, do visit) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return &damage{err}
	}
	for _, m := range z.File {
		if err := b.member(); err != nil {
			return err
		}
		if m.Mode().IsDir() || !m.Mode().IsRegular() || ignoredMember(m.Name) {
			continue
		}
		if err := s.zipMember(m, b, do); err != nil {
			return err
		}
		s.count(int(min(m.CompressedSize64, uint64(size))))
	}
	return nil
}

func (s source) zipMember(m *zip.File, b *budget, do visit) error {
	name := s.path + "!" + path.Clean(m.Name)
	r, err := m.Open()
	if err != nil {
		// Encryption and unknown methods show here; the next member may do.
		return do(name, &failing{err})
	}
	defer r.Close()
	return do(name, b.reader(r))
}

// damage is a fault of a file, as opposed to one of the sink or the caller.
type damage struct{ err error }

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// counted tells how far the reading of a file is, and stops with the context.
type counted struct {
	r     io.Reader
	ctx   context.Context
	count func(int)
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.count(n)
	return n, err
}

// budget is what is left of an archive's bounds.
type budget struct {
	ctx      context.Context
	limits   Limits
	packed   int64
	unpacked int64
	members  int
}

func (b *budget) member() error {
	if b.members++; b.members > b.limits.Members {
		return fmt.Errorf("%w: more than %d files in it", errBomb, b.limits.Members)
	}
	return nil
}

func (b *budget) reader(r io.Reader) io.Reader { return &budgeted{r, b} }

type budgeted struct {
	r io.Reader
	b *budget
}

func (r *budgeted) Read(p []byte) (int, error) {
	if err := r.b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(p)
	r.b.unpacked += int64(n)
	switch {
	case r.b.unpacked > r.b.limits.Unpacked:
		return 0, fmt.Errorf("%w: it unpacks to more than %d bytes", errBomb, r.b.limits.Unpacked)
	case r.b.unpacked > ratioFrom && r.b.unpacked/r.b.limits.Ratio > r.b.packed:
		return 0, fmt.Errorf("%w: it unpacks to more than %d times its size", errBomb, r.b.limits.Ratio)
	}
	return n, err
}
