package syntax

import (
	"math"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/types"
)

// literal writes a constant from its value.
func (w *printer) literal(x *Literal) {
	v := x.Value
	if x.Malformed != "" || x.Today {
		w.str(x.Text)
		return
	}
	if v.Null {
		w.str(v.Type.String()).str("(null)")
		return
	}
	switch v.Type {
	case types.Bool:
		w.buf = strconv.AppendBool(w.buf, v.I != 0)
	case types.Long:
		w.long(v.I)
	case types.Int:
		w.str("int(").str(strconv.FormatInt(v.I, 10)).str(")")
	case types.Real:
		w.real(v.F)
	case types.Datetime:
		w.buf = types.AppendDatetime(append(w.buf, "datetime("...), v.I)
		w.str(")")
	case types.Timespan:
		w.timespan(v.I)
	case types.String:
		if x.Hidden {
			w.str("h")
		}
		w.quote(v.S)
	default: // decimal, guid, dynamic
		w.str(v.Type.String()).str("(").str(v.S).str(")")
	}
}

// long writes a negative number as long(-5): a sign of its own would be read
// as an operator, and two signs as a mistake.
func (w *printer) long(n int64) {
	if n >= 0 {
		w.buf = strconv.AppendInt(w.buf, n, 10)
		return
	}
	w.buf = strconv.AppendInt(append(w.buf, "long("...), n, 10)
	w.str(")")
}

// timespan writes 90m rather than time(01:30:00) when one unit says it all.
func (w *printer) timespan(ticks int64) {
	if ticks > 0 {
		for _, u := range [...]struct {
			size int64
			name string
		}{
			{types.TicksPerDay, "d"}, {types.TicksPerHour, "h"}, {types.TicksPerMinute, "m"},
			{types.TicksPerSecond, "s"}, {types.TicksPerMillisecond, "ms"}, {1, "tick"},
		} {
			if n := ticks / u.size; ticks%u.size == 0 && n < 1000 {
				w.buf = strconv.AppendInt(w.buf, n, 10)
				w.str(u.name)
				return
			}
		}
	}
	w.buf = types.AppendTimespan(append(w.buf, "time("...), ticks)
	w.str(")")
}

func (w *printer) real(f float64) {
	switch {
	case math.IsNaN(f):
		w.str("real(nan)")
	case math.IsInf(f, 1):
		w.str("real(+inf)")
	case math.IsInf(f, -1):
		w.str("real(-inf)")
	case math.Signbit(f):
		w.buf = types.AppendReal(append(w.buf, "real("...), f)
		w.str(")")
	default:
		w.buf = types.AppendReal(w.buf, f)
	}
}
