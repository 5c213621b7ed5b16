package external

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// source is externaldata as an operator without input.
type source struct {
	f       *Fetcher
	req     Request
	files   []file
	refusal string
}

// Name is the operator's name in KQL.
func (s *source) Name() string { return s.req.Operator }

// Ordered: there is no input.
func (*source) Ordered(int) bool { return false }

// Refusal says why this one does not run, or "".
func (s *source) Refusal() string { return s.refusal }

// Run fetches file after file and writes their rows.
func (s *source) Run(ctx context.Context, _ []plan.RowReader, out plan.RowWriter) error {
	if s.refusal != "" {
		return &plan.OpError{Message: s.req.Operator + ": " + s.refusal}
	}
	for _, fl := range s.files {
		parts, _, err := s.f.parts(ctx, s.req.Operator, fl)
		if err != nil {
			return err
		}
		for _, part := range parts {
			w := &writer{ctx: ctx, out: out, cols: s.req.Columns}
			if err := read(readers[fl.format], part, s.req, w); err != nil {
				var op *plan.OpError
				if errors.As(err, &op) || w.failed {
					return err
				}
				return failed(ctx, s.req.Operator, fl.url, reasonOf(err))
			}
		}
	}
	return nil
}

func reasonOf(err error) string {
	if errors.Is(err, errTooLarge) {
		return "it unpacks to more than may be read"
	}
	return err.Error()
}

// read runs a reader; a library that panics on a broken file is a broken file.
func read(r reader, data []byte, req Request, w *writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("it is not in the declared format")
		}
	}()
	if err := r(data, req, w); err != nil {
		return err
	}
	return w.flush()
}

// parts are the unpacked files at an address, and when they were written.
func (f *Fetcher) parts(ctx context.Context, operator string, fl file) ([][]byte, time.Time, error) {
	got, err := f.get(ctx, operator, fl.url)
	if err != nil {
		return nil, time.Time{}, err
	}
	parts, err := f.unpack(fl, got.body)
	if err != nil {
		err = failed(ctx, operator, fl.url, reasonOf(err))
	}
	return parts, got.modified, err
}

// unpack undoes gzip and zip, which go by the file's name or first bytes.
func (f *Fetcher) unpack(fl file, body []byte) ([][]byte, error) {
	switch {
	case fl.zip == ".gz" || bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, errors.New("it is not a gzip file")
		}
		data, err := readBounded(z, f.cfg.MaxUnpacked)
		if err != nil && !errors.Is(err, errTooLarge) {
			err = errors.New("its gzip data is broken")
		}
		return [][]byte{data}, err
	case fl.zip == ".zip" || bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return f.unzip(body)
	}
	return [][]byte{body}, nil
}

// maxZipFiles bounds the files of one archive.
const maxZipFiles = 1000

func (f *Fetcher) unzip(body []byte) ([][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, errors.New("it is not a zip file")
	}
	if len(z.File) > maxZipFiles {
		return nil, fmt.Errorf("it holds more than %d files", maxZipFiles)
	}
	var parts [][]byte
	left := f.cfg.MaxUnpacked
	for _, member := range z.File {
		if strings.HasSuffix(member.Name, "/") {
			continue
		}
		r, err := member.Open()
		if err != nil {
			return nil, errors.New("its zip data is broken or encrypted")
		}
		data, err := readBounded(r, left)
		r.Close()
		if err != nil {
			if !errors.Is(err, errTooLarge) {
				err = errors.New("its zip data is broken")
			}
			return nil, err
		}
		left -= int64(len(data))
		parts = append(parts, data)
	}
	return parts, nil
}

// batchRows is how many rows are handed on at once.
const batchRows = 4096

// writer gathers rows and hands them on.
type writer struct {
	ctx    context.Context
	out    plan.RowWriter
	cols   []plan.Column
	batch  *types.Batch
	failed bool // the error is the output's, not the file's
}

// row starts a row of nulls and empty strings and tells its number.
func (w *writer) row() (int, error) {
	if w.batch != nil && w.batch.N >= batchRows {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	if w.batch == nil {
		w.batch = types.NewBatch(len(w.cols))
		for i, c := range w.cols {
			w.batch.Cols[i] = types.NewVector(c.Type, 0)
		}
	}
	i := w.batch.N
	w.batch.N++
	for _, v := range w.batch.Cols {
		v.Grow(w.batch.N)
		if v.Type != types.String {
			v.SetNull(i)
		}
	}
	return i, nil
}

// set stores a value that is not null.
func (w *writer) set(row, col int, v types.Value) {
	if !v.Null {
		w.batch.Cols[col].SetValid(row)
		w.batch.Cols[col].Set(row, v)
	}
}

func (w *writer) flush() error {
	if w.batch == nil || w.batch.N == 0 {
		return nil
	}
	b := w.batch
	w.batch = nil
	if err := w.out.Write(w.ctx, b); err != nil {
		w.failed = true
		return err
	}
	return nil
}
