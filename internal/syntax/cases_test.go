package syntax

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the printed texts of testdata/queries.kql")

// TestQueries parses and prints every query of testdata/queries.kql.
func TestQueries(t *testing.T) {
	const path = "testdata/queries.kql"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(data), "====\n")
	for i, block := range blocks {
		head, body := comments(block)
		query, want, ok := strings.Cut(body, "-->\n")
		if !ok {
			t.Fatalf("%s: block without -->:\n%s", path, block)
		}
		q, diags := Parse(query)
		if len(diags) > 0 {
			t.Errorf("%s\n%s", query, diags.Render(query))
			continue
		}
		checkSpans(t, query, q, diags)
		checkRoundTrip(t, query, q)
		got := Print(q) + "\n"
		if got != want && !*update {
			t.Errorf("%s\ngot  %swant %s", query, got, want)
		}
		blocks[i] = head + query + "-->\n" + got
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(strings.Join(blocks, "====\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// comments splits the leading lines that are empty or start with "#" off.
func comments(block string) (head, rest string) {
	for rest = block; strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "\n"); {
		i := strings.IndexByte(rest, '\n') + 1
		head, rest = head+rest[:i], rest[i:]
	}
	return head, rest
}
