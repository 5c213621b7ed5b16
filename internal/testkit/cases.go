package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// CaseFile is a file of cases: text, then sections that begin with a line
//
//	-- kind argument --
//
// A section "query" begins a case; its argument is the case's name. The
// sections after it belong to the case. What kinds there are is up to the
// test that reads the file; an unknown kind must be an error there.
type CaseFile struct {
	Path    string
	Comment string // what stands before the first case
	Cases   []*Case
}

// Case is one query and what is said of it.
type Case struct {
	Name     string
	Query    string
	Sections []*Section
}

// Section is one part of a case.
type Section struct {
	Kind, Arg string
	Text      string // with a newline at its end, or ""
	Line      int
}

// Section returns the case's section of a kind, or nil.
func (c *Case) Section(kind string) *Section {
	for _, s := range c.Sections {
		if s.Kind == kind {
			return s
		}
	}
	return nil
}

// CaseFiles reads the files of a folder under testdata.
func CaseFiles(t testing.TB, folder string) []*CaseFile {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Root(t), "testdata", folder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no case files in testdata/%s: %v", folder, err)
	}
	var files []*CaseFile
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		f, err := ParseCases(string(text))
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		f.Path = p
		files = append(files, f)
	}
	return files
}

// ParseCases reads the text of a case file.
func ParseCases(text string) (*CaseFile, error) {
	f := &CaseFile{}
	var at *Section
	names := []string{}
	line := 0
	for l := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		line++
		head, ok := sectionHead(l)
		switch {
		case ok && head.Kind == "query":
			if head.Arg == "" || slices.Contains(names, head.Arg) {
				return nil, fmt.Errorf("line %d: a case needs a name of its own: -- query name --", line)
			}
			names = append(names, head.Arg)
			f.Cases = append(f.Cases, &Case{Name: head.Arg})
			at = head
			at.Line = line
		case ok && len(f.Cases) == 0:
			return nil, fmt.Errorf("line %d: section %s stands before the first query", line, head.Kind)
		case ok:
			c := f.Cases[len(f.Cases)-1]
			if c.Section(head.Kind) != nil {
				return nil, fmt.Errorf("line %d: case %s has two sections %s", line, c.Name, head.Kind)
			}
			head.Line = line
			at = head
			c.Sections = append(c.Sections, head)
		case at == nil:
			f.Comment += l
		case at.Kind == "query":
			f.Cases[len(f.Cases)-1].Query += l
		default:
			at.Text += l
		}
	}
	for _, c := range f.Cases {
		c.Query = strings.TrimRight(c.Query, "\n")
		for _, s := range c.Sections {
			s.Text = ending(s.Text)
		}
	}
	return f, nil
}

// ending drops blank lines at the end and gives the last line its newline.
func ending(text string) string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return ""
	}
	return text + "\n"
}

func sectionHead(line string) (*Section, bool) {
	inner, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
	if !ok {
		return nil, false
	}
	inner, ok = strings.CutSuffix(inner, " --")
	if !ok {
		return nil, false
	}
	kind, arg, _ := strings.Cut(inner, " ")
	return &Section{Kind: kind, Arg: arg}, true
}

// Text is the file's text again.
func (f *CaseFile) Text() string {
	var b strings.Builder
	b.WriteString(f.Comment)
	for i, c := range f.Cases {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "-- query %s --\n%s\n", c.Name, c.Query)
		for _, s := range c.Sections {
			b.WriteString("-- " + strings.TrimSpace(s.Kind+" "+s.Arg) + " --\n" + s.Text)
		}
	}
	return b.String()
}

// Root is the folder of the repository.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
