package hunt

import (
	"time"

	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/types"
)

// earliest tells what became of the start of the profile's window: who asks for older rows in vain is warned, but not
// who narrowed the window on purpose and whose query names older times.
type earliest struct {
	window int64 // where the profile's window starts
	bound  bool  // the scope starts there
	asked  bool  // the request itself asks for an earlier time
}

// scope is the profile's window, narrowed by the request: of two starts the later one counts, of two ends the earlier.
func (s *Service) scope(q Request) (guard.Scope, earliest) {
	scope := s.Scope(q.Profile)
	e := earliest{window: scope.From}
	from, to := q.Span.Bounds(types.TicksOf(s.Clock()))
	if !q.From.IsZero() {
		from = max(from, types.TicksOf(q.From))
	}
	if !q.To.IsZero() {
		to = min(to, types.TicksOf(q.To))
	}
	e.asked = from > types.MinDatetime && from < scope.From
	e.bound = from <= scope.From
	scope.From, scope.To = max(scope.From, from), min(scope.To, to)
	if scope.From > scope.To { // nothing lies in both: the last tick of the calendar, at which nothing happened yet
		scope.From, scope.To = types.MaxDatetime, types.MaxDatetime
	}
	return scope, e
}

func (s *Service) processUsed() Usage {
	if s.Used != nil {
		return s.Used()
	}
	return processUsage()
}

// Usage is what the query has used so far.
func (r *Result) Usage() Usage { return r.used() }

// Elapsed is the time since the query began, which its quota is charged with.
func (r *Result) Elapsed() time.Duration { return r.lasted() }
