package fn

import (
	"math/bits"

	"github.com/harrier-hunting/harrier/internal/sqlx"
)

// Whole numbers as 64 bits. An int has its sign in all upper bits.

var bitwiseRows = []Spec{{
	Name: "binary_and", Ref: "binary-and-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Bits set in both numbers.",
	Sigs:     []Sig{{Decl: "(value1: integer, value2: integer): long"}},
	Eval:     longFunc2(func(a, b int64) (int64, bool) { return a & b, true }),
	DuckDB:   SQL{Template: "CAST({0} AS BIGINT) & CAST({1} AS BIGINT)", Prec: sqlx.Other},
	Examples: []Example{{"binary_and(6, 3)", "long(2)"}, {"binary_and(-1, 255)", "long(255)"}},
}, {
	Name: "binary_or", Ref: "binary-or-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Bits set in either number.",
	Sigs:     []Sig{{Decl: "(value1: integer, value2: integer): long"}},
	Eval:     longFunc2(func(a, b int64) (int64, bool) { return a | b, true }),
	DuckDB:   SQL{Template: "CAST({0} AS BIGINT) | CAST({1} AS BIGINT)", Prec: sqlx.Other},
	Examples: []Example{{"binary_or(5, 3)", "long(7)"}, {"binary_or(0, 8)", "long(8)"}},
}, {
	Name: "binary_xor", Ref: "binary-xor-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Bits set in one number but not in both.",
	Sigs:     []Sig{{Decl: "(value1: integer, value2: integer): long"}},
	Eval:     longFunc2(func(a, b int64) (int64, bool) { return a ^ b, true }),
	DuckDB:   SQL{Template: "xor(CAST({0} AS BIGINT), CAST({1} AS BIGINT))"},
	Examples: []Example{{"binary_xor(1, 1)", "long(0)"}, {"binary_xor(6, 3)", "long(5)"}},
}, {
	Name: "binary_not", Ref: "binary-not-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Every bit turned over.",
	Sigs:     []Sig{{Decl: "(value: integer): long"}},
	Eval:     longFunc(func(a int64) int64 { return ^a }),
	DuckDB:   SQL{Template: "~CAST({0} AS BIGINT)", Prec: sqlx.Other},
	Examples: []Example{{"binary_not(100)", "long(-101)"}, {"binary_not(-1)", "long(0)"}},
}, {
	Name: "binary_shift_left", Ref: "binary-shift-left-function", Naming: NameFirstArg,
	Doc:      "Bits moved up by a count modulo 64; null for a negative count.",
	Sigs:     []Sig{{Decl: "(value: integer, shift: integer): long"}},
	Eval:     longFunc2(func(a, n int64) (int64, bool) { return a << (n & 63), n >= 0 }),
	Examples: []Example{{"binary_shift_left(1, 2)", "long(4)"}, {"binary_shift_left(1, -1)", "long(null)"}, {"binary_shift_left(3, 65)", "long(6)"}},
}, {
	Name: "binary_shift_right", Ref: "binary-shift-right-function", Naming: NameFirstArg,
	Doc:      "Bits moved down by a count modulo 64, keeping the sign; null for a negative count.",
	Sigs:     []Sig{{Decl: "(value: integer, shift: integer): long"}},
	Eval:     longFunc2(func(a, n int64) (int64, bool) { return a >> (n & 63), n >= 0 }),
	Examples: []Example{{"binary_shift_right(1, 2)", "long(0)"}, {"binary_shift_right(-8, 1)", "long(-4)"}},
}, {
	Name: "bitset_count_ones", Ref: "bitset-count-ones-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Number of bits set.",
	Sigs:     []Sig{{Decl: "(value: integer): long"}},
	Eval:     longFunc(func(a int64) int64 { return int64(bits.OnesCount64(uint64(a))) }),
	DuckDB:   SQL{Template: "CAST(bit_count(CAST({0} AS BIGINT)) AS BIGINT)"},
	Examples: []Example{{"bitset_count_ones(42)", "long(3)"}, {"bitset_count_ones(-1)", "long(64)"}},
}}

// longFunc adapts a function of one whole number or of ticks.
func longFunc(f func(int64) int64) Eval {
	return func(c *Call) {
		c.strict()
		for i, x := range c.Args[0].Ints[:c.N] {
			c.Out.Ints[i] = f(x)
		}
	}
}

// longFuncOK is longFunc for a function that has no value for some numbers.
func longFuncOK(f func(int64) (int64, bool)) Eval {
	return func(c *Call) {
		c.strict()
		for i, x := range c.Args[0].Ints[:c.N] {
			r, ok := f(x)
			if c.Out.Ints[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	}
}

// longFunc2 is longFuncOK for two arguments.
func longFunc2(f func(a, b int64) (int64, bool)) Eval {
	return func(c *Call) {
		c.strict()
		a, b, out := c.twoLongs()
		for i := range out {
			r, ok := f(a[i], b[i])
			if out[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	}
}
