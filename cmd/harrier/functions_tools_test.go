package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// TestToolsKnowFunctions: check and explain know the stored functions of the tenant in the state store, and of no other.
func TestToolsKnowFunctions(t *testing.T) {
	const tenant, other = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
	statetest.Each(t, func(t *testing.T, place string) {
		st := statetest.Open(t, place)
		if err := st.PutFunction(t.Context(), tenant, "Rare", "let Rare = (n:long = 2) { DeviceEvents | where Timestamp > ago(1d) | take n };"); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			flags knownFunctions
			want  int
		}{{knownFunctions{}, 1}, {knownFunctions{place, tenant}, 0}, {knownFunctions{place, strings.ToUpper(tenant)}, 0}, {knownFunctions{place, other}, 1}} {
			var out, summary bytes.Buffer
			cmd := checkCmd{knownFunctions: c.flags, Format: "text", FailOn: "error"}
			if got := code(cmd.run(strings.NewReader("Rare(3)\n| project DeviceId\n"), &out, &summary)); got != c.want {
				t.Errorf("%+v: status %d\n%s", c.flags, got, out.String())
			}
			explain := explainCmd{Stage: "sql", queryText: queryText{Text: "Rare(3)"}, knownFunctions: c.flags, Days: 1}
			if err := explain.Run(t.Context()); (err != nil) != (c.want == 1) {
				t.Errorf("explain %+v: %v", c.flags, err)
			}
		}
	})
	missing := filepath.Join(t.TempDir(), "state.db")
	cmd := checkCmd{knownFunctions: knownFunctions{missing, tenant}, Format: "text", FailOn: "none"}
	var out bytes.Buffer
	if err := cmd.run(strings.NewReader("print 1"), &out, &out); err == nil {
		t.Error("a state store was made")
	}
}
