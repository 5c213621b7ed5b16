package syntax

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// isTimeOfDay reports hours and minutes alone: datetime(8:00), datetime(23:59:59.5).
func isTimeOfDay(inner string) bool {
	hours, rest, ok := strings.Cut(inner, ":")
	if !ok || len(hours) == 0 || len(hours) > 2 || !digits(hours) || len(rest) < 2 || !digits(rest[:2]) {
		return false
	}
	t, ok := types.ParseTimespan(inner)
	return ok && t >= 0 && t < types.TicksPerDay
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// timeOfDay is a time without a date (the table printed in
// functions-library/time-window-rolling-avg-fl.md).
func timeOfDay(at At, inner, text string) Expr {
	t, _ := types.ParseTimespan(inner)
	return &Literal{At: at, Value: types.DatetimeValue(t), Text: text, Today: true}
}
