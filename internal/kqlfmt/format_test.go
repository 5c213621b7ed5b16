package kqlfmt

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

var update = flag.Bool("update", false, "rewrite the results in testdata/queries.kql")

const cases = "testdata/queries.kql"

// TestCases formats the queries of testdata; "!" stands for a refusal that
// says this.
func TestCases(t *testing.T) {
	data, err := os.ReadFile(cases)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(data), "====\n")
	for i, block := range blocks {
		head, body, _ := strings.Cut(block, "\n")
		query, want, ok := strings.Cut(body, "-->\n")
		if !ok {
			t.Fatalf("block without -->:\n%s", block)
		}
		got, err := Format(query)
		var refused *Error
		if errors.As(err, &refused) {
			if _, says, ok := strings.Cut(strings.TrimSpace(want), "! "); !ok || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v", head, err)
			}
			continue
		}
		if err != nil || got != want && !*update {
			t.Errorf("%s %v\ngot\n%swant\n%s", head, err, got, want)
		}
		if again, err := Format(got); err != nil || again != got {
			t.Errorf("%s: no fixpoint: %v\n%s", head, err, again)
		}
		blocks[i] = head + "\n" + query + "-->\n" + got
	}
	if *update {
		if err := os.WriteFile(cases, []byte(strings.Join(blocks, "====\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLineEnds: a text from Windows comes out with plain line ends, its
// strings as they were.
func TestLineEnds(t *testing.T) {
	got, err := Format("\ufeffT // a\r\n| where x == ```a\r\nb```\r\n\r\n\r\n")
	if want := "T // a\n| where x == ```a\r\nb```\n"; err != nil || got != want {
		t.Errorf("%v, got %q, want %q", err, got, want)
	}
}

// TestVerify: a layout that loses something would be caught.
func TestVerify(t *testing.T) {
	const text = "T // a\n| take 1"
	query, _ := syntax.Parse(text)
	toks, _ := syntax.Tokens(text)
	f := &file{text: text, toks: toks}
	for _, bad := range []string{"T\n| take 1\n", "T | take 1 // a\n", "T // a\n| take 2\n", "T // a\n| take 1 1\n", "T // a\n"} {
		if verify(f, query, bad) == nil {
			t.Errorf("%q passes for %q", bad, text)
		}
	}
	if err := verify(f, query, "T // a\n| take 1\n"); err != nil {
		t.Error(err)
	}
}

// FuzzFormat: whatever parses is formatted, and formatting it again changes
// nothing.
func FuzzFormat(f *testing.F) {
	for _, name := range []string{cases, "../syntax/testdata/queries.kql"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for block := range strings.SplitSeq(string(data), "====\n") {
			query, _, _ := strings.Cut(block, "-->\n")
			for strings.HasPrefix(query, "#") {
				_, query, _ = strings.Cut(query, "\n")
			}
			f.Add(query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, err := Format(text)
		var refused *Error
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := Format(once); err != nil || twice != once {
			t.Fatalf("%v\nonce\n%s\ntwice\n%s", err, once, twice)
		}
	})
}

func BenchmarkFormat(b *testing.B) {
	data, err := os.ReadFile(cases)
	if err != nil {
		b.Fatal(err)
	}
	block, _, _ := strings.Cut(string(data), "-->\n")
	_, query, _ := strings.Cut(block, "\n")
	b.SetBytes(int64(len(query)))
	for b.Loop() {
		if _, err := Format(query); err != nil {
			b.Fatal(err)
		}
	}
}
