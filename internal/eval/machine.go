package eval

import (
	"fmt"
	"runtime/debug"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Machine runs a Prog. It belongs to one goroutine.
type Machine struct {
	p    *Prog
	regs []*types.Vector
	// constants are filled for rows rows; a longer or shorter run fills them
	// anew.
	constants []types.Vector
	rows      int
	calls     []fn.Call
	// store keeps the memory of results, out is what a call sees of it: a
	// meaning may put other slices into its result.
	store, out []types.Vector
	// heads are copies of the arguments' headers: a meaning may set the null
	// mask of an argument when the result shares it.
	heads []types.Vector
}

// Machine makes a runner.
func (p *Prog) Machine() *Machine {
	m := &Machine{
		p: p, rows: -1, regs: make([]*types.Vector, p.regs), constants: make([]types.Vector, len(p.consts)),
		calls: make([]fn.Call, len(p.code)), store: make([]types.Vector, len(p.code)), out: make([]types.Vector, len(p.code)),
		heads: make([]types.Vector, p.args),
	}
	for i, c := range p.consts {
		m.regs[c.reg] = &m.constants[i]
	}
	head := 0
	for i, k := range p.code {
		c := fn.Call{Out: &m.out[i], Now: p.now}
		for range k.args {
			c.Args = append(c.Args, &m.heads[head])
			head++
		}
		m.calls[i] = c
		m.regs[k.out] = &m.out[i]
	}
	return m
}

// Run computes the expression for n rows; cols[i] is column i, those that the
// expression does not read may be nil. The result is good until the next run
// and may share memory with the columns. An error for the user (a bad pattern,
// a part that is none) is an *plan.OpError.
func (m *Machine) Run(n int, cols []*types.Vector) (v *types.Vector, err error) {
	at := -1
	defer func() {
		if p := recover(); p != nil {
			name := "an expression"
			if at >= 0 {
				name = m.p.code[at].name
			}
			err = fmt.Errorf("eval: %s panics: %v\n%s", name, p, debug.Stack())
		}
	}()
	for _, c := range m.p.cols {
		m.regs[c.reg] = cols[c.col]
	}
	if n != m.rows {
		m.fill(n)
	}
	for i := range m.p.code {
		at = i
		k, c := &m.p.code[i], &m.calls[i]
		for j, a := range k.args {
			*c.Args[j] = *m.regs[a]
		}
		m.store[i].Reset(k.t, n)
		m.out[i] = m.store[i]
		c.N, c.Err = n, nil
		k.eval(c)
		if c.Err != nil {
			return nil, &plan.OpError{Message: k.name + ": " + c.Err.Error()}
		}
	}
	return m.regs[m.p.result], nil
}

// fill writes the constants n times.
func (m *Machine) fill(n int) {
	for i, c := range m.p.consts {
		v := &m.constants[i]
		v.Reset(c.value.Type, n)
		for k := range n {
			v.Set(k, c.value)
		}
	}
	m.rows = n
}

// Bool computes a condition for one row; null is false.
func (m *Machine) Bool(r *Row) (bool, error) {
	v, err := m.Run(1, r.Cols)
	if err != nil {
		return false, err
	}
	return !v.IsNull(0) && v.Bools[0], nil
}

// Chunk is how many rows Filter and Each compute at a time; a multiple of 64,
// so that a part of a null mask is a slice of it.
const Chunk = 2048

// Each computes the expression over n rows in parts and hands them to f with
// the number of their first row.
func (p *Prog) Each(n int, cols []*types.Vector, f func(from int, v *types.Vector) error) error {
	m := p.Machine()
	part := make([]*types.Vector, len(cols))
	heads := make([]types.Vector, len(cols))
	for from := 0; from < n; from += Chunk {
		count := min(Chunk, n-from)
		for _, c := range p.cols {
			heads[c.col] = slice(cols[c.col], from, count)
			part[c.col] = &heads[c.col]
		}
		v, err := m.Run(count, part)
		if err != nil {
			return err
		}
		if err := f(from, v); err != nil {
			return err
		}
	}
	return nil
}

// Filter tells for which of n rows a condition is true.
func (p *Prog) Filter(n int, cols []*types.Vector) ([]bool, error) {
	out := make([]bool, n)
	err := p.Each(n, cols, func(from int, v *types.Vector) error {
		for i := range v.Len {
			out[from+i] = !v.IsNull(i) && v.Bools[i]
		}
		return nil
	})
	return out, err
}

// slice is a view of count values from the given one, a multiple of 64.
func slice(v *types.Vector, from, count int) types.Vector {
	s := types.Vector{Type: v.Type, Len: count}
	if v.Valid != nil {
		s.Valid = v.Valid[from/64 : (from+count+63)/64]
	}
	switch v.Type.Storage() {
	case types.StoreBools:
		s.Bools = v.Bools[from : from+count]
	case types.StoreFloats:
		s.Floats = v.Floats[from : from+count]
	case types.StoreStrings:
		s.Strings = v.Strings[from : from+count]
	default:
		s.Ints = v.Ints[from : from+count]
	}
	return s
}
