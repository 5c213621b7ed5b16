package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func open(t *testing.T, opts Options) *Writer {
	t.Helper()
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
	}
	if opts.Clock == nil {
		opts.Clock = noon
	}
	w, err := Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func write(t *testing.T, w *Writer, r Record) {
	t.Helper()
	if err := w.Write(r); err != nil {
		t.Fatal(err)
	}
}

// lines reads a day's file; every line must be a record.
func lines(t *testing.T, dir, day string) []Record {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "audit-"+day+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []Record
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var r Record
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatalf("line %q: %v", s.Text(), err)
		}
		out = append(out, r)
	}
	return out
}

// TestLine pins the form of a line: other programs read it.
func TestLine(t *testing.T) {
	full := Record{
		Time: time.Date(2026, 3, 1, 13, 0, 0, 5e6, time.FixedZone("", 3600)), RequestID: "r1", Source: "10.0.0.1:5", Tenant: "t",
		Actor:    Actor{App: true, AppID: "a", ObjectID: "o", Subject: "s", Name: "Hunter"},
		Contract: "mde", Profile: "mde-2025", Query: "DeviceInfo | where X <> \"ä\"\n| take 1",
		Scope:  Scope{DeviceGroups: []string{"g"}, From: noon().Add(-time.Hour), To: noon(), MaxRows: 10},
		Tables: []string{"DeviceInfo"}, Rows: 1, Stages: []Stage{{"parse", 0.25}, {"exec", 12}}, Millis: 13.5, Outcome: "ok", Status: 200,
	}
	const head = `{"time":"2026-03-01T12:00:00.005Z","requestId":"r1","source":"10.0.0.1:5","tenant":"t","actor":{"app":true,"appId":"a","objectId":"o","subject":"s","name":"Hunter"},"contract":"mde","profile":"mde-2025","queryHash":"8beff6f1b717d29e495cda5beda6e9db7c95e6d7058e54d6e2072a0c338319ac",`
	const tail = `"scope":{"allDevices":false,"deviceGroups":["g"],"from":"2026-03-01T11:00:00Z","to":"2026-03-01T12:00:00Z","maxRows":10},"tables":["DeviceInfo"],"rows":1,"stages":[{"name":"parse","ms":0.25},{"name":"exec","ms":12}],"ms":13.5,"outcome":"ok","status":200}` + "\n"
	for text, want := range map[bool]string{
		false: head + tail,
		true:  head + `"query":"DeviceInfo | where X <> \"ä\"\n| take 1",` + tail,
	} {
		got, err := full.line(text)
		if err != nil || string(got) != want {
			t.Errorf("error %v, got\n%s\nwant\n%s", err, got, want)
		}
	}
	refused := Record{Time: noon(), RequestID: "r2", Source: "s", Contract: "mde", Outcome: "unauthenticated", Detail: "expired", Status: 401}
	const short = `{"time":"2026-03-01T12:00:00Z","requestId":"r2","source":"s","contract":"mde","rows":0,"ms":0,"outcome":"unauthenticated","detail":"expired","status":401}` + "\n"
	if got, err := refused.line(true); err != nil || string(got) != short {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, got, short)
	}
}

func TestHostileTexts(t *testing.T) {
	evil := "x\n{\"outcome\":\"ok\"}\r\u2028\x00\xff" + strings.Repeat("é", maxQuery)
	got, err := Record{Query: evil, RequestID: evil[:20], Actor: Actor{Name: evil[:20]}}.line(true)
	if err != nil {
		t.Fatal(err)
	}
	var back Record
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if bytes.Count(got, []byte("\n")) != 1 || !back.QueryTruncated || len(back.Query) > maxQuery || back.Outcome != "" {
		t.Errorf("line of %d bytes, truncated %v", len(got), back.QueryTruncated)
	}
}

func TestConcurrentWrites(t *testing.T) {
	w := open(t, Options{Sync: -1, QueryText: true})
	const writers, each = 20, 50
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprint(n, "-", i)
				if err := w.Write(Record{RequestID: id, Query: strings.Repeat(id, 500)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{} // read while the writer is open: nothing is held back
	for _, r := range lines(t, w.opts.Dir, "2026-03-01") {
		seen[r.RequestID] = true
	}
	if len(seen) != writers*each {
		t.Errorf("%d records, want %d", len(seen), writers*each)
	}
}

// TestKilled writes in another process that is killed without warning: what was acknowledged is there.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("AUDIT_TEST_DIR"); dir != "" {
		w, err := Open(Options{Dir: dir, Clock: noon, Sync: time.Hour})
		for i := 0; err == nil; i++ {
			if err = w.Write(Record{RequestID: fmt.Sprint(i)}); err == nil {
				fmt.Println("acknowledged", i)
			}
		}
		fmt.Println(err)
		os.Exit(1)
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "AUDIT_TEST_DIR="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	for s := bufio.NewScanner(out); s.Scan(); {
		if _, err := fmt.Sscanf(s.Text(), "acknowledged %d", &last); err != nil {
			t.Fatal(s.Text())
		}
		if last == 500 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // killed
	cutTorn(t, dir, "2026-03-01")
	got := lines(t, dir, "2026-03-01")
	if last < 500 || len(got) <= last {
		t.Fatalf("acknowledged up to %d, %d records found", last, len(got))
	}
	for i, r := range got {
		if r.RequestID != fmt.Sprint(i) {
			t.Fatalf("record %d is %q", i, r.RequestID)
		}
	}
}

// cutTorn removes a last line without its end: the record that was being written, which nobody was told is kept.
func cutTorn(t *testing.T, dir, day string) {
	t.Helper()
	path := filepath.Join(dir, "audit-"+day+".jsonl")
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, text[:bytes.LastIndexByte(text, '\n')+1], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestRotation(t *testing.T) {
	now := time.Date(2026, 3, 1, 23, 59, 59, 0, time.UTC)
	w := open(t, Options{Clock: func() time.Time { return now }})
	write(t, w, Record{RequestID: "1"})
	now = now.Add(time.Second)
	write(t, w, Record{RequestID: "2"})
	now = now.Add(-time.Hour) // a clock set back does not reopen yesterday
	write(t, w, Record{RequestID: "3"})
	if a, b := lines(t, w.opts.Dir, "2026-03-01"), lines(t, w.opts.Dir, "2026-03-02"); len(a) != 1 || len(b) != 2 {
		t.Errorf("%d and %d records", len(a), len(b))
	}
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(w.path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
}

// TestMovedFile: somebody else's log rotation must not make records disappear.
func TestMovedFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not move open files")
	}
	w := open(t, Options{})
	write(t, w, Record{RequestID: "1"})
	if err := os.Rename(w.path, w.path+".1"); err != nil {
		t.Fatal(err)
	}
	write(t, w, Record{RequestID: "2"})
	if got := lines(t, w.opts.Dir, "2026-03-01"); len(got) != 1 || got[0].RequestID != "2" {
		t.Errorf("%+v", got)
	}
}

// TestTornLine: a line cut off by a crash does not take the next one with it.
func TestTornLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "audit-2026-03-01.jsonl")
	if err := os.WriteFile(path, []byte(`{"requestId":"1"}`+"\n"+`{"reque`), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, Options{Dir: dir})
	write(t, w, Record{RequestID: "3"})
	write(t, w, Record{RequestID: "4"})
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(string(data), "\n")
	if len(got) != 5 || got[1] != `{"reque` || !strings.Contains(got[2], `"3"`) || !strings.Contains(got[3], `"4"`) {
		t.Errorf("%q", got)
	}
}

// TestFullDisk: a write that fails is reported, and the trail is good again afterwards.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no /dev/full here: %v", err)
	}
	defer full.Close()
	w := open(t, Options{Sync: -1})
	write(t, w, Record{RequestID: "1"})
	good := w.file
	w.file = full
	if err := w.append([]byte("{}\n")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk was not reported: %v", err)
	}
	w.file = good
	write(t, w, Record{RequestID: "2"})
	if got := lines(t, w.opts.Dir, "2026-03-01"); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

// TestHealth: after a record that could not be written the trail is unhealthy until a probe can be, without another record.
func TestHealth(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "audit")
	w := open(t, Options{Dir: dir, Sync: -1})
	write(t, w, Record{RequestID: "1"})
	healthy := func(want bool) {
		t.Helper()
		if err := w.Health(); (err == nil) != want {
			t.Errorf("healthy is to be %v: %v", want, err)
		}
	}
	healthy(true)
	away := dir + ".away"
	if err := os.Rename(dir, away); err != nil {
		t.Fatal(err)
	}
	if w.Write(Record{RequestID: "2"}) == nil {
		t.Fatal("written to a directory that is gone")
	}
	healthy(false)
	healthy(false)
	if err := os.Rename(away, dir); err != nil {
		t.Fatal(err)
	}
	healthy(true)
	write(t, w, Record{RequestID: "3"})
	healthy(true)
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Errorf("the probe left %v, error %v", names, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	healthy(false)
}

func TestErrors(t *testing.T) {
	if _, err := Open(Options{}); err == nil || !strings.Contains(err.Error(), "name the directory") {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: file}); err == nil {
		t.Error("a file was taken for a directory")
	}
	w := open(t, Options{})
	if err := w.file.Close(); err != nil { // as if the descriptor had been lost
		t.Fatal(err)
	}
	w.opts.Dir = filepath.Join(file, "gone")
	if err := w.Write(Record{}); err == nil {
		t.Error("a lost file was not reported")
	}
	ok := open(t, Options{})
	if err := ok.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ok.Close(); err != nil {
		t.Error(err)
	}
	if err := ok.Write(Record{}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// TestBackgroundSync: a sync that fails later is reported by the next Write, once, though that line is written.
func TestBackgroundSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, Options{Sync: time.Second})
		write(t, w, Record{RequestID: "1"})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if due := dueNow(w); due {
			t.Fatal("a sync is still due")
		}
		write(t, w, Record{RequestID: "2"})
		r, pipe, err := os.Pipe() // cannot be synced
		if err != nil {
			t.Fatal(err)
		}
		good := swap(w, pipe)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		swap(w, good)
		_, _ = r.Close(), pipe.Close()
		if err := w.Write(Record{RequestID: "3"}); err == nil || !strings.Contains(err.Error(), "earlier lines") {
			t.Errorf("a failed sync was not reported: %v", err)
		}
		write(t, w, Record{RequestID: "4"})
		if got := lines(t, w.opts.Dir, "2026-03-01"); len(got) != 4 {
			t.Errorf("%d records", len(got))
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}

// swap replaces the open file.
func swap(w *Writer, f *os.File) *os.File {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, w.file = w.file, f
	return f
}

func dueNow(w *Writer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.due != nil
}

func BenchmarkWrite(b *testing.B) {
	w, err := Open(Options{Dir: b.TempDir(), Sync: -1})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	r := Record{Time: noon(), RequestID: "r", Query: strings.Repeat("x", 500), Tables: []string{"DeviceInfo"}, Stages: make([]Stage, 6)}
	for b.Loop() {
		if err := w.Write(r); err != nil {
			b.Fatal(err)
		}
	}
}
