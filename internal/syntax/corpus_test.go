package syntax

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// record is one line of the shared query collections.
type record struct {
	ID      string `json:"id"`
	Query   string `json:"query"`
	ParseOK bool   `json:"parse_ok"`
	Expect  struct {
		Error bool `json:"error"`
	} `json:"expect"`
}

func corpus(t testing.TB) []record { return records(t, "../../../shared/corpus/visible.jsonl") }

func records(t testing.TB, path string) []record {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs ../shared beside the checkout: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []record
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: line %d: %v", path, len(out)+1, err)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", path)
	}
	return out
}

// syntaxErrors are the diagnostics that say the text is not KQL. What else
// Parse reports (a constant that is no date, say) Microsoft's parser leaves
// to the engine.
func syntaxErrors(l diag.List) diag.List {
	var out diag.List
	for _, d := range l {
		if d.Kind != diag.Semantic {
			out = append(out, d)
		}
	}
	return out
}

// Microsoft's parser accepted or rejected every query of the corpus: so must
// Parse.
func TestCorpusVerdicts(t *testing.T) {
	for _, r := range corpus(t) {
		q, diags := Parse(r.Query)
		if errs := syntaxErrors(diags); (len(errs) == 0) != r.ParseOK {
			t.Errorf("%s: want accepted = %v\n%s", r.ID, r.ParseOK, errs.Render(r.Query))
		}
		if r.ParseOK && len(diags) > 0 {
			t.Errorf("%s: unexpected diagnostics\n%s", r.ID, diags.Render(r.Query))
		}
		checkSpans(t, r.Query, q, diags)
		if len(diags) == 0 {
			checkRoundTrip(t, r.Query, q)
		}
	}
}

// The recorded queries of the conformance vectors parse unless the engine
// rejected them.
func TestConformanceParses(t *testing.T) {
	for _, r := range records(t, "../../../shared/conformance/visible.jsonl") {
		q, diags := Parse(r.Query)
		if errs := syntaxErrors(diags); len(errs) > 0 && !r.Expect.Error {
			t.Errorf("%s:\n%s", r.ID, errs.Render(r.Query))
		}
		checkSpans(t, r.Query, q, diags)
		if len(diags) == 0 {
			checkRoundTrip(t, r.Query, q)
		}
	}
}

// checkRoundTrip: the printed text parses, and prints as itself.
func checkRoundTrip(t *testing.T, text string, q *Query) {
	t.Helper()
	once := Print(q)
	again, diags := Parse(once)
	if len(diags) > 0 {
		t.Errorf("printed text does not parse\n%s\nof %s\nprinted %s", diags.Render(once), text, once)
		return
	}
	if twice := Print(again); twice != once {
		t.Errorf("printing is no fixpoint\nof %s\nonce  %s\ntwice %s", text, once, twice)
	}
}
