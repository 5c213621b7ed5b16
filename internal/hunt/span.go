package hunt

import (
	"errors"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Span is a stretch of time that a request asks for, in ISO 8601. A duration is kept as one: what it means depends on
// the clock, and months and years on the calendar. The zero Span is all time.
type Span struct {
	from, to instant
}

// instant is one end of a Span: a time, or a duration away from the other end.
type instant struct {
	kind   endKind
	ticks  int64 // of a time; of a duration what is not months
	months int64 // of a duration
}

type endKind uint8

const (
	open endKind = iota // at the start: all time before; at the end: now
	timed
	lasting
)

// errSpan says what is expected; it never quotes the text.
var errSpan = errors.New("a timespan is ISO 8601: a duration (P30D, PT5H, P1DT2H), two times (2024-03-01T00:00:00Z/2024-03-08T00:00:00Z), " +
	"a duration and its end (P7D/2024-03-08), a start and its duration (2024-03-01/P7D), or one time, from which it lasts until now")

const maxSpanBytes = 200

// ParseSpan reads a timespan in any of the forms of ISO 8601. A single duration ends now, a single time begins a span
// that ends now. Letters have no case; an end may leave out what it has in common with its start. A text of white space
// is all time.
func ParseSpan(text string) (Span, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Span{}, nil
	}
	if len(text) > maxSpanBytes {
		return Span{}, errSpan
	}
	first, second, two := strings.Cut(upper(text), "/")
	a, ok := parseEnd(first)
	if !ok {
		return Span{}, errSpan
	}
	s := Span{from: a}
	if two {
		if s.to, ok = parseEnd(second); !ok && a.kind == timed {
			s.to, ok = parseEnd(completed(first, second))
		}
		if !ok || a.kind == lasting && s.to.kind == lasting {
			return Span{}, errSpan
		}
	}
	if s.from.kind == timed && s.to.kind == timed && s.from.ticks > s.to.ticks {
		return Span{}, errors.New("the timespan ends before it begins")
	}
	return s, nil
}

func parseEnd(text string) (instant, bool) {
	if d, ok := strings.CutPrefix(text, "P"); ok {
		months, ticks, ok := parsePeriod(d)
		return instant{lasting, ticks, months}, ok
	}
	ticks, ok := parseTime(text)
	return instant{kind: timed, ticks: ticks}, ok
}

// upper leaves all but ASCII as it is: there are letters elsewhere whose upper case is one of ours.
func upper(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, text)
}

// completed is an end with what it leaves out: 2024-03-01T10:00Z/12:30 is until 12:30 of that day in that zone.
func completed(start, end string) string {
	start, zone := cutZone(start)
	end, own := cutZone(end)
	if own != "" {
		zone = own
	}
	at := len(start) - len(end)
	if at <= 0 || !strings.ContainsRune("-T: ", rune(start[at-1])) {
		return ""
	}
	return start[:at] + end + zone
}

// cutZone takes the zone off a time of day; the hyphens of a date are none.
func cutZone(text string) (rest, zone string) {
	clock := strings.IndexAny(text, "T ") + 1
	if clock == 0 && !strings.Contains(text, ":") {
		return text, ""
	}
	if at := strings.IndexAny(text[clock:], "Z+-"); at >= 0 {
		return text[:clock+at], text[clock+at:]
	}
	return text, ""
}

// Bounds are the first and the last tick of the span, as seen at a time. What lies outside the calendar is cut off at its
// ends.
func (s Span) Bounds(now int64) (from, to int64) {
	from, to = types.MinDatetime, types.MaxDatetime
	if s == (Span{}) {
		return from, to
	}
	switch s.to.kind {
	case open:
		to = now
	case timed:
		to = s.to.ticks
	}
	switch s.from.kind {
	case timed:
		from = s.from.ticks
	case lasting:
		from = away(to, s.from, -1)
	}
	if s.to.kind == lasting {
		to = away(from, s.to, 1)
	}
	return from, to
}

// away is the time a duration after (sign 1) or before (sign -1) another: months first, by the calendar.
func away(ticks int64, d instant, sign int64) int64 {
	end := types.MaxDatetime
	if sign < 0 {
		end = types.MinDatetime
	}
	at, ok := types.AddMonths(ticks, sign*d.months)
	if !ok {
		return end
	}
	if at += sign * d.ticks; !types.ValidDatetime(at) { // neither overflows: both are bounded by the calendar's length
		return end
	}
	return at
}
