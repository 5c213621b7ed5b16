package stored

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// clock is moved by hand.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func openDir(t *testing.T, dir string, c *clock, log *strings.Builder) *Library {
	t.Helper()
	return Open(dir, testCheck, slog.New(slog.NewTextHandler(log, nil)), c.now)
}

func testCheck(f catalog.Function, others Finder) error {
	if strings.Contains(f.Text, "broken") {
		return errors.New("it is broken")
	}
	if name, ok := strings.CutPrefix(f.Text, "calls "); ok && others != nil {
		if _, ok := others(name); !ok {
			return fmt.Errorf("no function %s", name)
		}
	}
	return nil
}

func names(l *Library) string {
	var out []string
	for _, f := range l.List() {
		out = append(out, f.Name)
	}
	return strings.Join(out, " ")
}

func TestLibrary(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "functions")
	c, log := &clock{time.Unix(1000, 0)}, &strings.Builder{}
	l := openDir(t, dir, c, log)
	if names(l) != "" {
		t.Errorf("a new library holds %s", names(l))
	}
	if _, err := l.Put("b", "// Doc of b.\nlet b"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Put("a", "calls b"); err != nil {
		t.Fatal(err)
	}
	if f, ok := l.Find("b"); !ok || f.Doc != "Doc of b." || names(l) != "a b" {
		t.Errorf("found %v, %v; all: %s", f, ok, names(l))
	}
	for name, text := range map[string]string{
		"": "x", "1a": "x", "a/b": "x", "../a": "x", "a b": "x", strings.Repeat("n", 200): "x",
		"B": "differs in case", "c": "broken", "d": "calls nobody", "e": strings.Repeat("x", MaxTextBytes+1),
	} {
		if _, err := l.Put(name, text); !errors.Is(err, ErrInvalid) {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	if _, err := l.Put("a", "new text"); err != nil {
		t.Fatal(err)
	}
	again := openDir(t, dir, c, log)
	if f, _ := again.Find("a"); f.Text != "new text" {
		t.Errorf("read again it is %q", f.Text)
	}
	if err := l.Delete("a"); err != nil || l.Delete("a") != ErrNotFound {
		t.Error("deleting does not work once and once only")
	}
	if names(again) != "a b" { // not looked at again yet
		t.Errorf("within a second it changed to %s", names(again))
	}
	c.t = c.t.Add(2 * time.Second)
	if names(again) != "b" {
		t.Errorf("after that it is %s", names(again))
	}
}

// TestFilesByHand: what stands in the directory counts, but for what is broken.
func TestFilesByHand(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		"good.kql": "calls later", "bad.kql": "broken", "notes.txt": "x", "bad name.kql": "x", ".new-1": "x", "huge.kql": strings.Repeat("x", MaxTextBytes+1),
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := &strings.Builder{}
	l := openDir(t, dir, &clock{time.Unix(1, 0)}, log)
	if names(l) != "good" {
		t.Errorf("it holds %s", names(l))
	}
	if n := strings.Count(log.String(), "left out"); n != 3 {
		t.Errorf("%d files are reported:\n%s", n, log)
	}
}

func TestConcurrent(t *testing.T) {
	log := &strings.Builder{}
	l := openDir(t, t.TempDir(), &clock{time.Unix(1, 0)}, log)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 20 {
				name := fmt.Sprintf("f%d", (i+k)%5)
				if _, err := l.Put(name, "x"); err != nil {
					t.Error(err)
				}
				l.Find(name)
				l.List()
				l.Delete(name)
			}
		})
	}
	wg.Wait()
}

func TestMain(m *testing.M) { statetest.Main(m) }

// TestInState: functions in the state store, with files as where they come from.
func TestInState(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		dir := t.TempDir()
		file := func(name, text string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		file("fromfile.kql", "one")
		file("bad.kql", "broken")
		file("no name.kql", "x")
		file("nul.kql", "a\x00b")
		c, log := &clock{time.Unix(1000, 0)}, &strings.Builder{}
		openIn := func(tenant, dir string) *Library {
			return OpenIn(statetest.Open(t, place), tenant, dir, testCheck, slog.New(slog.NewTextHandler(log, nil)), c.now)
		}
		l, other, stranger := openIn("t", dir), openIn("t", t.TempDir()), openIn("u", t.TempDir())
		if names(l) != "fromfile" {
			t.Errorf("imported: %s\n%s", names(l), log)
		}
		if _, err := l.Put("b", "text"); err != nil {
			t.Fatal(err)
		}
		if err := l.Delete("fromfile"); err != nil {
			t.Fatal(err)
		}
		c.t = c.t.Add(2 * time.Second)
		if names(l) != "b" || names(other) != "b" || names(stranger) != "" {
			t.Errorf("%s, on another node %s, of another tenant %s", names(l), names(other), names(stranger))
		}
		file("fromfile.kql", "longer text")
		c.t = c.t.Add(2 * time.Second)
		if f, ok := l.Find("fromfile"); !ok || f.Text != "longer text" {
			t.Errorf("after the file changed: %+v", f)
		}
		if again := openIn("t", dir); names(again) != "b fromfile" {
			t.Errorf("after a restart: %s", names(again))
		}
	})
}
