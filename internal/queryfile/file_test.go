package queryfile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
)

const markdown = "# Hunt\n\n```kusto\nT\n| take 1\n```\n\n1. Step\n\n   ~~~ KQL title\n   U\n\n   | take 2\n   ~~~\n\n```powershell\nT | take 3\n```\n" +
	"```\nlet x = 1; T | take x\n```\n```\njust text | more\n```\n````md\n```kql\nV | take 9\n```\n````\n"

const yaml = `name: a
query: |
  T
    | take 1

  | where b // c
description: "query: no"
list:
  - query: |-
      U
    x: 1
  - query: V | take 1 # comment
  - query: 'W | take 2'
  - query: "X\n| take 2"
  - query: Y
      | take 3
  - queryText: >
      Z
      // gone
      | take 4
  - kql: >-
      A
      | take 5
`

func texts(f *File) []string {
	var out []string
	for _, q := range f.Queries {
		out = append(out, q.Text)
	}
	return out
}

func TestMarkdown(t *testing.T) {
	f := Read("a.md", markdown)
	want := []string{"T\n| take 1\n", "U\n\n| take 2\n", "let x = 1; T | take x\n"}
	if got := texts(f); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestYAML(t *testing.T) {
	f := Read("a.yaml", yaml)
	want := []string{"T\n  | take 1\n\n| where b // c\n", "U\n", "V | take 1", "W | take 2", "A\n| take 5\n"}
	if got := texts(f); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if len(f.Problems) != 3 {
		t.Errorf("problems %+v", f.Problems)
	}
}

// Every character of a query is found again at its place in the file.
func TestPlaces(t *testing.T) {
	for _, f := range []*File{Read("a.md", markdown), Read("a.yaml", yaml), Read("a.kql", "T\r\n| take 1"), Read("-", "T")} {
		for _, q := range f.Queries {
			for i := range q.Text {
				if at := q.Place(diag.Span{Start: i, End: i + 1}); f.Text[at.Start:at.End] != q.Text[i:i+1] {
					t.Fatalf("%s: %q at %d is %q", f.Path, q.Text[i:i+1], i, f.Text[at.Start:at.End])
				}
			}
			if end := q.Place(diag.Span{Start: len(q.Text), End: len(q.Text)}); end.Start != q.Span.End {
				t.Errorf("%s: the end of %q is at %d of %v", f.Path, q.Text, end.Start, q.Span)
			}
		}
	}
}

// Replacing each query by itself changes nothing; a new text is indented.
func TestReplace(t *testing.T) {
	for _, f := range []*File{Read("a.md", markdown), Read("a.yaml", yaml), Read("a.kql", "T\n| take 1")} {
		if same := f.Replace(func(q *Query) (string, bool) { return q.Text, true }); same != f.Text {
			t.Errorf("%s became\n%s", f.Path, same)
		}
	}
	got := Read("a.yaml", "a:\n  query: |\n    T\n\n    | take 1\nb: 1\n").Replace(func(*Query) (string, bool) { return "U\n\n| x\n", true })
	if want := "a:\n  query: |\n    U\n\n    | x\nb: 1\n"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestLooksLikeQuery(t *testing.T) {
	for text, want := range map[string]bool{
		"// c\nDeviceEvents\n| take 1": true, "let a = 1; T": true, "union A, B": true, "search \"x\"": true,
		"": false, "let us begin": false, "MIT License": false, "requests==2.0": false, "T": false, "# a | b": false,
	} {
		if LooksLikeQuery(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}

func TestEach(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b.kql": "T", "a/c.txt": "T | take 1", "a/license.txt": "MIT License", ".git/x.kql": "U", "d.go": "package d", "e.YML": "query: T"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	seen := func(paths ...string) (got []string, err error) {
		err = Each(paths, strings.NewReader("V"), func(f *File) error {
			name, _ := filepath.Rel(dir, f.Path)
			if f.Path == Stdin {
				name = Stdin
			}
			got = append(got, filepath.ToSlash(name))
			return nil
		})
		return got, err
	}
	if got, err := seen(dir); err != nil || !slices.Equal(got, []string{"a/c.txt", "b.kql", "e.YML"}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := seen(filepath.Join(dir, "d.go"), filepath.Join(dir, "a", "license.txt")); err != nil || len(got) != 2 {
		t.Errorf("files that were named: %v, %v", got, err)
	}
	if got, err := seen(); err != nil || !slices.Equal(got, []string{Stdin}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := seen(filepath.Join(dir, "missing.kql")); err == nil {
		t.Error("a missing file is no error")
	}
}

// FuzzRead: no text of any kind makes the reader stumble, and every query
// stands where it says.
func FuzzRead(f *testing.F) {
	f.Add(markdown)
	f.Add(yaml)
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range []string{"a.md", "a.yaml", "a.kql"} {
			file := Read(path, text)
			for _, q := range file.Queries {
				for i := range len(q.Text) {
					if at := q.Place(diag.Span{Start: i, End: i + 1}); file.Text[at.Start] != q.Text[i] {
						t.Fatalf("%s: byte %d of %q", path, i, q.Text)
					}
				}
			}
			file.Replace(func(q *Query) (string, bool) { return q.Text, true })
		}
	})
}
