package fn

import "testing"

// Every row can be found, read, evaluated and shown.
func TestRowsAreComplete(t *testing.T) {
	table, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range table.Specs() {
		if table.Lookup(s.Kind, s.Name) != s {
			t.Errorf("%s: another row has this name", s.Name)
		}
		if s.Doc == "" {
			t.Errorf("%s: no Doc", s.Name)
		}
		if !s.Hidden && (s.Ref == "" || len(s.Examples) == 0) {
			t.Errorf("%s: no Ref or no Examples", s.Name)
		}
		if len(s.Sigs) == 0 {
			t.Errorf("%s: no signature", s.Name)
		}
		for i := range s.Sigs {
			sig := &s.Sigs[i]
			if sig.Eval == nil && s.Kind != Plugin {
				t.Errorf("%s %s: no Eval", s.Name, sig.Decl)
			}
			if sig.Signature().Returns == RetCustom && sig.Result == nil {
				t.Errorf("%s %s: no Result for a custom result", s.Name, sig.Decl)
			}
		}
	}
}
