package fn

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Table is the function table, indexed.
type Table struct {
	specs []*Spec
	index [Plugin + 1]map[string]*Spec
}

// Builtin is the table of every row in this package.
var Builtin = sync.OnceValues(func() (*Table, error) { return NewTable(families()...) })

// NewTable indexes rows and parses their signatures. It refuses a name given
// twice and a signature it cannot read.
func NewTable(families ...[]Spec) (*Table, error) {
	t := &Table{}
	for k := range t.index {
		t.index[k] = map[string]*Spec{}
	}
	for _, rows := range families {
		for i := range rows {
			s := rows[i]
			s.Sigs = slices.Clone(s.Sigs)
			for j := range s.Sigs {
				parsed, err := ParseSignature(s.Sigs[j].Decl)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", s.Name, err)
				}
				s.Sigs[j].parsed = parsed
				if s.Sigs[j].Eval == nil {
					s.Sigs[j].Eval = s.Eval
				}
				if s.Sigs[j].DuckDB.Empty() && s.Sigs[j].DuckDB.WhyNot == "" {
					s.Sigs[j].DuckDB = s.DuckDB
				}
			}
			for _, n := range append([]string{s.Name}, s.Aliases...) {
				if t.index[s.Kind][n] != nil {
					return nil, fmt.Errorf("%s: two rows have this name", n)
				}
				t.index[s.Kind][n] = &s
			}
			t.specs = append(t.specs, &s)
		}
	}
	return t, nil
}

// Lookup finds a row by kind and exact name (KQL is case-sensitive).
func (t *Table) Lookup(k Kind, name string) *Spec { return t.index[k][name] }

// Specs lists all rows in table order.
func (t *Table) Specs() []*Spec { return t.specs }

// Names lists every name of a kind, sorted, for "did you mean".
func (t *Table) Names(k Kind) []string {
	names := make([]string, 0, len(t.index[k]))
	for n := range t.index[k] {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Native is one function as an engine must provide it: a row's Eval for given
// argument types.
type Native struct {
	Name   string // unique per row and types: kql_strcat_ss_s
	Spec   *Spec
	Eval   Eval
	Args   []types.Type
	Result types.Type
}

// MaxNativeArgs bounds the arguments of one native function.
const MaxNativeArgs = 256

// NativeOf names the native form of a signature for the given types.
func NativeOf(s *Spec, sig *Sig, args []types.Type, result types.Type) Native {
	var b strings.Builder
	b.WriteString("kql_")
	for _, r := range s.Name {
		if r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "x%02x", r)
		}
	}
	b.WriteString([...]string{"", "_op", "_agg", "_win", "_plg"}[s.Kind])
	b.WriteByte('_')
	for _, a := range args {
		b.WriteString(typeCode(a))
	}
	b.WriteByte('_')
	b.WriteString(typeCode(result))
	return Native{Name: b.String(), Spec: s, Eval: sig.Eval, Args: args, Result: result}
}

func typeCode(t types.Type) string {
	if t.IsList() {
		return "l" + typeCode(t.Elem())
	}
	return string("ubinrmdtgsy"[t])
}
