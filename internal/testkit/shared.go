// Package testkit is what tests of several packages share. It is imported by
// tests only.
package testkit

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Shared finds the folder of recorded facts that lies beside the repository:
// vectors, public hunting queries, telemetry. It is not part of the project;
// a stranger's clone has none, and tests that need it skip, saying so.
func Shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(Root(t), "..", "shared", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: needs ../shared/%s, which is not part of the repository", name)
	}
	return path
}

// CorpusQuery is one public hunting query with the verdict of Microsoft's own
// parser and binder.
type CorpusQuery struct {
	ID            string `json:"id"`
	Path          string `json:"path"`
	Query         string `json:"query"`
	ParseOK       bool   `json:"parse_ok"`
	BindOK        bool   `json:"bind_ok"`
	Compat        bool   `json:"bind_ok_compat"`
	TimeGenerated bool   `json:"bind_ok_timegenerated"`
	External      bool   `json:"uses_externaldata"`
	Result        struct {
		Columns [][2]string `json:"columns"`
		Open    bool        `json:"open"` // there are more, which depend on the data
	} `json:"result"`
}

// Corpus reads the public hunting queries.
func Corpus(t testing.TB) []CorpusQuery {
	t.Helper()
	f, err := os.Open(Shared(t, "corpus/visible.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []CorpusQuery
	s := bufio.NewScanner(f)
	s.Buffer(make([]byte, 1<<16), 16<<20)
	for s.Scan() {
		var q CorpusQuery
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		out = append(out, q)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
