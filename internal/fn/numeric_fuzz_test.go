package fn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// numericRows are the families of arithmetic, mathematics and time.
func numericRows(t testing.TB) []*Spec {
	table, err := NewTable(arithRows, binRows, mathRows, trigRows, bitwiseRows, specialRows, unitRows,
		datePartRows, boundRows, dateAddRows, makeTimeRows, formatTimeRows, zoneRows, clockRows)
	if err != nil {
		t.Fatal(err)
	}
	return table.Specs()
}

// anyValue makes a value of a type, often an extreme one.
func anyValue(r *rand.Rand, t types.Type) types.Value {
	longs := []int64{0, 1, -1, 7, -7, 60, math.MaxInt64, math.MinInt64, 1 << 62, types.TicksPerDay, types.MaxDatetime, int64(r.Uint64()), int64(r.Uint64N(2000)) - 1000}
	reals := []float64{0, math.Copysign(0, -1), 1, -1.5, 2.5, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, 5e-324, r.NormFloat64() * 1000, math.Float64frombits(r.Uint64())}
	decimals := []string{"0", "1", "-1.5", "0.000000000000000000000000000001", "9999999999999999999999999999999999", "123.456"}
	texts := []string{"", "day", "Week", "year", "nanosecond", "UTC", "Europe/Paris", "yyyy-MM-dd", "d.hh:mm", "FFF", "Degree", "Kelvin", "\x00\xff", "2020-01-01"}
	jsons := []string{"0", "-5", "1.5", `"7"`, `"1d"`, `"2020-01-01T00:00:00Z"`, "true", "[1]", `{"a":1}`, "9223372036854775807"}
	if r.IntN(6) == 0 {
		return types.Null(t)
	}
	v := types.Value{Type: t}
	switch t {
	case types.Bool:
		v.I = int64(r.IntN(2))
	case types.Int:
		v.I = int64(int32(longs[r.IntN(len(longs))]))
	case types.Datetime:
		v.I = int64(uint64(longs[r.IntN(len(longs))]) % uint64(types.MaxDatetime+1))
	case types.Real:
		v.F = reals[r.IntN(len(reals))]
	case types.Decimal:
		v.S = decimals[r.IntN(len(decimals))]
	case types.String:
		v.S = texts[r.IntN(len(texts))]
	case types.Dynamic:
		v.S = jsons[r.IntN(len(jsons))]
	case types.Guid:
		v.S = "74be27de-1e4e-49d9-b579-fe0b331d3642"
	default:
		v.I = longs[r.IntN(len(longs))]
	}
	return v
}

// anyCall chooses argument types that a signature takes, as the binder would
// deliver them, and the type of the result.
func anyCall(r *rand.Rand, sig *Sig) (args []types.Type, result types.Type) {
	s := sig.Signature()
	wide := []types.Type{types.Long, types.Real, types.Decimal}[r.IntN(3)]
	for _, p := range s.Params {
		if p.Min == 0 && r.IntN(2) == 0 {
			break
		}
		t := types.Unknown
		for !p.Types.Has(t) || t == types.Unknown {
			t = types.Scalars()[r.IntN(len(types.Scalars()))]
		}
		if s.Returns == RetWidest {
			t = wide
		}
		args = append(args, t)
	}
	switch s.Returns {
	case RetArg:
		return args, args[s.Index]
	case RetWidest:
		return args, wide
	case RetCustom:
		info := make([]ArgInfo, len(args))
		for i, t := range args {
			info[i].Type = t
		}
		return args, sig.Result(info)
	}
	return args, s.Type
}

// A batch gives every row what the row alone gives; no call panics; every
// datetime is inside the calendar; NullIfArg and NeverNull keep their word.
func FuzzNumericRows(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		specs := numericRows(t)
		spec := specs[r.IntN(len(specs))]
		sig := &spec.Sigs[r.IntN(len(spec.Sigs))]
		argTypes, result := anyCall(r, sig)
		const n = 70
		c := Call{N: n, Now: 638000000000000000, Out: types.NewVector(result, n)}
		rows := make([][]types.Value, n)
		for i := range rows {
			for k, at := range argTypes {
				if i == 0 {
					c.Args = append(c.Args, types.NewVector(at, n))
				}
				v := anyValue(r, at)
				if at == types.String && i > 0 && r.IntN(8) > 0 {
					v = rows[0][k] // patterns and names are constant as a rule
				}
				rows[i] = append(rows[i], v)
				c.Args[k].Set(i, v)
			}
		}
		sig.Eval(&c)
		if c.Err != nil || spec.Vol == PerRow {
			return
		}
		for i, args := range rows {
			one, err := Apply(sig.Eval, c.Now, result, args...)
			got := c.Out.Value(i)
			if err != nil || !sameAs(got, one) {
				t.Fatalf("%s%v: %+v in a batch, %+v, %v alone", spec.Name, args, got, one, err)
			}
			if !got.Null && result == types.Datetime && !types.ValidDatetime(got.I) {
				t.Fatalf("%s%v: %d ticks are no datetime", spec.Name, args, got.I)
			}
			anyNull := false
			for _, a := range args {
				anyNull = anyNull || a.Null
			}
			if spec.Nulls == NeverNull && got.Null || spec.Nulls == NullIfArg && got.Null != anyNull {
				t.Fatalf("%s%v = %+v against the row's null rule", spec.Name, args, got)
			}
		}
	})
}

func BenchmarkAddLong(b *testing.B) {
	const n = 2048
	c := Call{N: n, Args: []*types.Vector{types.NewVector(types.Long, n), types.NewVector(types.Long, n)}, Out: types.NewVector(types.Long, n)}
	c.Args[0].SetNull(5)
	for b.Loop() {
		evalAdd(&c)
	}
	if !c.Out.IsNull(5) || c.Out.IsNull(6) {
		b.Fatal("nulls are not where they should be")
	}
}
