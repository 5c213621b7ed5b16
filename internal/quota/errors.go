package quota

import (
	"fmt"
	"strconv"
	"time"
)

// Limit names one of a profile's limits.
type Limit string

// The limits over a window.
const (
	CallsPerMinute Limit = "calls per minute"
	CallsPerHour   Limit = "calls per hour"
	RunPerHour     Limit = "running time per hour"
	RunPerDay      Limit = "running time per day"
)

// Exceeded is HTTP 429: a limit is used up. It is also the cause of the cancelled context of a query that was running
// when the pool of running time became empty.
type Exceeded struct {
	Limit      Limit
	Calls      int           // the maximum, for the limits of calls
	Run        time.Duration // the maximum, for the limits of running time
	Window     time.Duration
	RetryAfter time.Duration // until a request would be accepted, if nothing else is sent meanwhile
}

// Maximum is the limit as the message writes it: a number of calls, or a time such as 00:15:00.
func (e *Exceeded) Maximum() string {
	if e.ofCalls() {
		return strconv.Itoa(e.Calls)
	}
	return timespan(e.Run)
}

func (e *Exceeded) ofCalls() bool { return e.Limit == CallsPerMinute || e.Limit == CallsPerHour }

// Code is the error code of the answer. For calls the service sends the digits 429 as a string; no answer is recorded
// for running time, so that has the documented code.
func (e *Exceeded) Code() string {
	if e.ofCalls() {
		return "429"
	}
	return "TooManyRequests"
}

// Message is the text of the answer: for calls as the service words it, for running time in the same style, with the
// time of renewal that its documentation promises.
func (e *Exceeded) Message() string {
	if e.ofCalls() {
		return fmt.Sprintf("API calls quota exceeded! maximum allowed %s per %s", e.Maximum(), timespan(e.Window))
	}
	return fmt.Sprintf("Query running time quota exceeded! maximum allowed %s per %s. You can send requests again in %d seconds.",
		e.Maximum(), timespan(e.Window), e.RetryAfterSeconds())
}

// Error returns Message.
func (e *Exceeded) Error() string { return e.Message() }

// RetryAfterSeconds is the value of the Retry-After header: whole seconds, rounded up, at least one.
func (e *Exceeded) RetryAfterSeconds() int {
	return max(1, int((e.RetryAfter+time.Second-1)/time.Second))
}

// TimedOut is the cause of the cancelled context of a query that ran as long as its profile lets one query run.
type TimedOut struct{ Limit time.Duration }

// Error returns the text for the client.
func (e *TimedOut) Error() string {
	return "Query exceeded the timeout period. One query may run for " + timespan(e.Limit) + "."
}

// timespan writes a time as .NET's constant format does: [d.]hh:mm:ss[.fffffff].
func timespan(d time.Duration) string {
	s := int64(d / time.Second)
	text := fmt.Sprintf("%02d:%02d:%02d", s/3600%24, s/60%60, s%60)
	if fraction := d % time.Second / 100; fraction > 0 { // of ticks
		text += fmt.Sprintf(".%07d", fraction)
	}
	if days := s / 86400; days > 0 {
		return strconv.FormatInt(days, 10) + "." + text
	}
	return text
}
