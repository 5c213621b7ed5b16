package fn

import "github.com/harrier-hunting/harrier/internal/types"

// The adapters below turn a Go function over plain values into an Eval over
// vectors. A null argument gives a null result without a call (strict); a
// string result is then "". Functions whose null behaviour differs write
// their Eval over vectors themselves.

// elem is what a vector's slices hold: bool; int64 for int, long, datetime
// and timespan; float64 for real; string for string, dynamic, guid, decimal.
type elem interface {
	bool | int64 | float64 | string
}

// Column returns the slice of v that carries values of Go type E. The slice
// is nil when E does not fit the vector's type, which is a mistake in a row
// that the examples test finds.
func Column[E elem](v *types.Vector) []E {
	var p any
	switch any(*new(E)).(type) {
	case bool:
		p = v.Bools
	case int64:
		p = v.Ints
	case float64:
		p = v.Floats
	case string:
		p = v.Strings
	}
	return p.([]E)
}

// Map1 adapts f; its bool result reports whether there is a value.
func Map1[A, R elem](f func(A) (R, bool)) Eval {
	return func(c *Call) {
		a, out := Column[A](c.Args[0]), Column[R](c.Out)
		for i := range c.N {
			if c.Args[0].IsNull(i) {
				c.Out.SetNull(i)
			} else if r, ok := f(a[i]); ok {
				out[i] = r
			} else {
				c.Out.SetNull(i)
			}
		}
	}
}

// Map2 adapts a function of two arguments.
func Map2[A, B, R elem](f func(A, B) (R, bool)) Eval {
	return func(c *Call) {
		a, b, out := Column[A](c.Args[0]), Column[B](c.Args[1]), Column[R](c.Out)
		for i := range c.N {
			if c.Args[0].IsNull(i) || c.Args[1].IsNull(i) {
				c.Out.SetNull(i)
			} else if r, ok := f(a[i], b[i]); ok {
				out[i] = r
			} else {
				c.Out.SetNull(i)
			}
		}
	}
}

// Map3 adapts a function of three arguments.
func Map3[A, B, C, R elem](f func(A, B, C) (R, bool)) Eval {
	return func(c *Call) {
		x, y, z, out := Column[A](c.Args[0]), Column[B](c.Args[1]), Column[C](c.Args[2]), Column[R](c.Out)
		for i := range c.N {
			if c.Args[0].IsNull(i) || c.Args[1].IsNull(i) || c.Args[2].IsNull(i) {
				c.Out.SetNull(i)
			} else if r, ok := f(x[i], y[i], z[i]); ok {
				out[i] = r
			} else {
				c.Out.SetNull(i)
			}
		}
	}
}

// Always turns a total function into the two-result form the adapters take.
func Always[A, R elem](f func(A) R) func(A) (R, bool) {
	return func(a A) (R, bool) { return f(a), true }
}

// Always2 is Always for two arguments.
func Always2[A, B, R elem](f func(A, B) R) func(A, B) (R, bool) {
	return func(a A, b B) (R, bool) { return f(a, b), true }
}

// anyNull reports a null among the arguments of row i.
func (c *Call) anyNull(i int) bool {
	for _, a := range c.Args {
		if a.IsNull(i) {
			return true
		}
	}
	return false
}

// Apply evaluates a row's Eval on single values: constant folding, examples
// and property tests. A panic is returned as an error.
func Apply(e Eval, now int64, result types.Type, args ...types.Value) (v types.Value, err error) {
	c := Call{N: 1, Now: now, Out: types.NewVector(result, 1)}
	for _, a := range args {
		x := types.NewVector(a.Type, 1)
		x.Set(0, a)
		c.Args = append(c.Args, x)
	}
	defer func() {
		if r := recover(); r != nil {
			err = errPanic
		}
	}()
	e(&c)
	if c.Err != nil {
		return types.Null(result), c.Err
	}
	return c.Out.Value(0), nil
}
