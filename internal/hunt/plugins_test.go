package hunt

import (
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// TestPluginExamples runs the examples of every plugin that is not refused.
func TestPluginExamples(t *testing.T) {
	table, err := plugin.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(t)
	store := fixtureStore(t)
	scope := testScope(env)
	for _, s := range table.Specs() {
		if s.Refused != "" {
			continue
		}
		if len(s.Examples) == 0 {
			t.Errorf("%s has no example", s.Name)
		}
		for _, x := range s.Examples {
			c := &testkit.Case{Query: x.KQL, Sections: []*testkit.Section{{Kind: "rows"}}}
			got := sectionsOf(c, env, scope, store)
			lines := strings.Split(strings.TrimSuffix(got["rows"], "\n"), "\n")
			want := strings.Split(x.Rows, "\n")
			slices.Sort(lines)
			slices.Sort(want)
			if got["error"] != "" || !slices.Equal(lines, want) {
				t.Errorf("%s\n%sgives\n%s\nwant\n%s", x.KQL, got["error"], strings.Join(lines, "\n"), x.Rows)
			}
		}
	}
}
