package kqlfmt

import (
	"testing"

	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// TestCorpus: every public hunting query that parses is formatted, and
// formatting it again changes nothing. That tokens, comments and tree stay is
// checked by Format itself.
func TestCorpus(t *testing.T) {
	n := 0
	for _, q := range testkit.Corpus(t) {
		if _, diags := syntax.Parse(q.Query); diags.Err() != nil {
			continue
		}
		n++
		once, err := Format(q.Query)
		if err != nil {
			t.Errorf("%s: %v", q.Path, err)
			continue
		}
		twice, err := Format(once)
		if err != nil || twice != once {
			t.Errorf("%s: %v\nonce\n%s\ntwice\n%s", q.Path, err, once, twice)
		}
	}
	if n < 1900 {
		t.Errorf("only %d queries formatted", n)
	}
}
