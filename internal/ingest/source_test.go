package ingest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// logon is a Windows event as JSON, one line.
func logon(user string) string {
	return `{"EventID":4624,"Channel":"Security","Hostname":"PC","TimeCreated":"2024-01-02T03:04:05Z","TargetUserName":"` + user + `"}` + "\n"
}

type entry struct{ name, text string }

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err == nil {
			_, err = io.WriteString(w, e.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.text)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if strings.HasSuffix(e.name, "/") {
			h.Typeflag, h.Size = tar.TypeDir, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// users lists whose logons were stored.
func users(m *memory) string {
	var out []string
	for _, r := range m.all["DeviceLogonEvents"] {
		out = append(out, r["AccountName"].S)
	}
	return strings.Join(out, " ")
}

func TestContainers(t *testing.T) {
	plain := []byte(logon("a") + logon("b"))
	mac := entry{"__MACOSX/._x.json", "\x00\x05\x16"}
	entries := []entry{mac, {"dir/", ""}, {"dir/one.json", logon("a")}, {".DS_Store", "x"}, {"dir/two.json", logon("b")}}
	for name, data := range map[string][]byte{
		"plain.json": plain, "plain.gz": gzipOf(t, plain), "a.zip": zipOf(t, entries...), "a.tar": tarOf(t, entries...),
		"a.tar.gz": gzipOf(t, tarOf(t, entries...)), "named.wrongly": zipOf(t, entries...),
	} {
		m, rep := ingestPaths(t, Options{}, write(t, name, data))
		if users(m) != "a b" || rep.ProblemsAll != 0 || rep.BrokenTotal != 0 {
			t.Errorf("%s: %q\n%s", name, users(m), rep)
		}
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b/2.json": logon("b"), "a.json": logon("a"), "__MACOSX/x.json": logon("no"),
		".git/x.json": logon("no"), "c/README.md": "# no data", "c/empty.json": ""} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, rep := ingestPaths(t, Options{}, dir)
	if users(m) != "a b" || rep.ProblemsAll != 2 || rep.Files != 2 {
		t.Errorf("%q\n%s", users(m), rep)
	}
	if _, err := Files(context.Background(), Options{Catalog: builtin1(t)}, m, filepath.Join(dir, "absent")); err == nil {
		t.Error("a path that does not exist is no error")
	}
	if _, err := Files(context.Background(), Options{Catalog: builtin1(t)}, m, "/dev/null"); err == nil {
		t.Error("a device file is no error")
	}
}

// TestDamage checks that damage is reported and that what came before counts.
func TestDamage(t *testing.T) {
	many := strings.Repeat(logon("a"), 5000)
	noise := make([]byte, 300_000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	whole := gzipOf(t, []byte(many+string(noise)))
	for _, x := range []struct {
		name, reason string
		data         []byte
		rows         bool
	}{
		{"cut.gz", "unexpected EOF", whole[:len(whole)-1000], true},
		{"cut.tar.gz", "unexpected EOF", func() []byte {
			b := gzipOf(t, tarOf(t, entry{"a.json", many}, entry{"b.json", string(noise)}))
			return b[:len(b)-1000]
		}(), true},
		{"header.gz", "EOF", whole[:5], false},
		{"broken.zip", "zip", append([]byte("PK\x03\x04"), noise[:100]...), false},
		{"log.evtx", "evtx", []byte("ElfFile\x00\x00"), false},
		{"u16.json", "UTF-16", []byte("\xFF\xFE{\x00"), false},
		{"x.json.zst", "zstd", []byte("\x28\xB5\x2F\xFD...."), false},
		{"nested.zip", "another archive", zipOf(t, entry{"in.zip", string(zipOf(t, entry{"a.json", many}))}), false},
		{"notes.txt", "no JSON", []byte("hello\nworld\n"), false},
	} {
		m, rep := ingestPaths(t, Options{}, write(t, x.name, x.data))
		if rep.ProblemsAll == 0 || !strings.Contains(rep.String(), x.reason) || (m.rows["DeviceLogonEvents"] == 5000) != x.rows {
			t.Errorf("%s: %d rows\n%.600s", x.name, m.rows["DeviceLogonEvents"], rep)
		}
	}
}

func TestBombs(t *testing.T) {
	zeros := logon("a") + strings.Repeat("\n", ratioFrom+1<<20)
	for _, x := range []struct {
		name, reason string
		data         []byte
		limits       Limits
	}{
		{"ratio.gz", "times its size", gzipOf(t, []byte(zeros)), Limits{Ratio: 100}},
		{"ratio.zip", "times its size", zipOf(t, entry{"ok.json", logon("a")}, entry{"b.json", zeros}), Limits{Ratio: 100}},
		{"size.zip", "more than 1000 bytes", zipOf(t, entry{"a.json", strings.Repeat(logon("a"), 20)}), Limits{Unpacked: 1000}},
		{"many.zip", "more than 3 files", zipOf(t, entry{"a", logon("a")}, entry{"b", ""}, entry{"c", ""}, entry{"d", ""}), Limits{Members: 3}},
		{"many.tar", "more than 3 files", tarOf(t, entry{"a", logon("a")}, entry{"b", ""}, entry{"c", ""}, entry{"d", ""}), Limits{Members: 3}},
	} {
		m, rep := ingestPaths(t, Options{Limits: x.limits}, write(t, x.name, x.data))
		if len(m.rows) != 0 || rep.ProblemsAll == 0 || !strings.Contains(rep.String(), x.reason) {
			t.Errorf("%s: %v\n%.600s", x.name, m.rows, rep)
		}
	}
}

func TestSinkAndContext(t *testing.T) {
	path := write(t, "a.json", []byte(logon("a")))
	m := newMemory(false)
	m.fail = errors.New("disk full")
	if _, err := Files(context.Background(), Options{Catalog: builtin1(t)}, m, path); !errors.Is(err, m.fail) || !strings.Contains(err.Error(), path) {
		t.Errorf("a failing sink: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m = newMemory(false)
	for _, data := range [][]byte{[]byte(logon("a")), gzipOf(t, []byte(logon("a"))), zipOf(t, entry{"a", logon("a")})} {
		if _, err := Files(ctx, Options{Catalog: builtin1(t)}, m, write(t, "a", data)); !errors.Is(err, context.Canceled) || len(m.rows) != 0 {
			t.Errorf("a cancelled context: %v, %v", err, m.rows)
		}
	}
	if _, err := Files(context.Background(), Options{}, m, path); err == nil {
		t.Error("no catalog is no error")
	}
}

// TestProgress checks that progress rises to the end.
func TestProgress(t *testing.T) {
	path := write(t, "a.json", []byte(strings.Repeat(logon("a"), 30_000)))
	last, calls, end := int64(-1), 0, int64(0)
	m, _ := ingestPaths(t, Options{Progress: func(done, total int64) {
		if done < last || done > total {
			t.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		last, end = done, total
		calls++
	}}, path)
	if last != end || end == 0 || calls < 3 {
		t.Errorf("%d calls, %d of %d", calls, last, end)
	}
	// 30,000 rows are two batches.
	if len(m.ids) != 2 || m.rows["DeviceLogonEvents"] != 30_000 {
		t.Errorf("%d batches of %v", len(m.ids), m.rows)
	}
}
