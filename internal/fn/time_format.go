package fn

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Times as text by a pattern: letters stand for parts, a few delimiters for
// themselves, and anything else is an error of the query (recorded: 'T', '\',
// '%' and the one-letter standard patterns are refused).

var formatTimeRows = []Spec{{
	Name: "format_datetime", Ref: "format-datetime-function", Naming: NameFirstArg, Nulls: NeverNull,
	Doc:  "A datetime as text by a pattern; null gives the empty string.",
	Sigs: []Sig{{Decl: "(date: datetime, format: litnotempty string): string"}},
	Eval: func(c *Call) { formatRows(c, "format_datetime", datetimeLetters, appendDatetimeItem) },
	Examples: []Example{
		{"format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')", `"17-01-29 [09:00:05]"`},
		{"format_datetime(datetime(2020-06-15 13:45:09), 'M/d/yyyy h:mm:ss tt')", `"6/15/2020 1:45:09 PM"`},
		{"format_datetime(datetime(2009-06-15T13:45:30.0001150), 'FFFFFFF')", `"000115"`},
	},
}, {
	Name: "format_timespan", Ref: "format-timespan-function", Naming: NameFirstArg, Nulls: NeverNull,
	Doc:  "A timespan as text by a pattern; a negative one starts with a minus sign.",
	Sigs: []Sig{{Decl: "(timespan: timespan, format: litnotempty string): string"}},
	Eval: func(c *Call) { formatRows(c, "format_timespan", timespanLetters, appendTimespanItem) },
	Examples: []Example{
		{"format_timespan(29d + 9h + 5.12345s, 'dd.hh:mm:ss:FF')", `"29.09:00:05:12"`},
		{"format_timespan(1d, 'dddd')", `"0001"`},
		{"format_timespan(-2h - 30m, 'hh:mm')", `"-02:30"`},
	},
}}

// letters says how often each letter may stand in a row: bit n for n times.
type letters map[byte]uint16

const oneOrTwo, oneToSeven = 1<<1 | 1<<2, 1<<8 - 2

var datetimeLetters = letters{
	'd': oneOrTwo, 'f': oneToSeven, 'F': oneToSeven, 'h': oneOrTwo, 'H': oneOrTwo, 'm': oneOrTwo,
	'M': oneOrTwo, 's': oneOrTwo, 'y': oneOrTwo | 1<<4, 't': 1 << 2,
}

var timespanLetters = letters{
	'd': 1<<9 - 2, 'f': oneToSeven, 'F': oneToSeven, 'h': oneOrTwo, 'H': oneOrTwo, 'm': oneOrTwo, 's': oneOrTwo,
}

const delimiters = " /-:,._[]"

// item is a piece of a pattern: a letter n times, or a delimiter.
type item struct {
	letter byte
	n      int
}

// maxPattern bounds the text that a row makes.
const maxPattern = 200

// parsePattern takes a pattern apart.
func parsePattern(function, pattern string, known letters) ([]item, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("%s: the format is %d bytes long, more than %d; shorten it", function, len(pattern), maxPattern)
	}
	var items []item
	for i := 0; i < len(pattern); {
		n := 1
		for i+n < len(pattern) && pattern[i+n] == pattern[i] {
			n++
		}
		b := pattern[i]
		switch {
		case strings.IndexByte(delimiters, b) >= 0:
			for range n {
				items = append(items, item{b, 0})
			}
		case n < 16 && known[b]&(1<<n) != 0:
			items = append(items, item{b, n})
		default:
			return nil, fmt.Errorf("%s: %q at position %d of format %q is not supported; use the letters of the reference and the delimiters %q",
				function, pattern[i:i+n], i+1, pattern, delimiters)
		}
		i += n
	}
	return items, nil
}

// formatRows writes all rows into one buffer; the strings of the result are
// pieces of it.
func formatRows(c *Call, function string, known letters, appendItem func(dst []byte, it item, p *timeParts) []byte) {
	var items []item
	pattern := ""
	buf := make([]byte, 0, 32*c.N)
	ends := make([]int, c.N)
	var p timeParts
	for i := range c.N {
		if f := c.Args[1].Strings[i]; i == 0 || f != pattern {
			pattern = f
			if items, c.Err = parsePattern(function, f, known); c.Err != nil {
				return
			}
		}
		if !c.Args[0].IsNull(i) {
			p.set(c.Args[0].Ints[i])
			if p.negative {
				buf = append(buf, '-')
			}
			for _, it := range items {
				if it.n == 0 {
					buf = append(buf, it.letter)
				} else {
					buf = appendItem(buf, it, &p)
				}
			}
		}
		ends[i] = len(buf)
	}
	text, from := string(buf), 0
	for i, to := range ends {
		c.Out.Strings[i] = text[from:to]
		from = to
	}
}

// timeParts is a time taken apart; the date only when a pattern asks for it.
type timeParts struct {
	negative             bool
	days                 uint64
	hour, minute, second uint64
	fraction             uint64 // ticks of the second
	date                 types.CivilDay
	dateKnown            bool
}

func (p *timeParts) set(ticks int64) {
	n := uint64(ticks)
	if p.negative = ticks < 0; p.negative {
		n = -n // also right for the smallest value
	}
	p.fraction = n % uint64(types.TicksPerSecond)
	n /= uint64(types.TicksPerSecond)
	p.second = n % 60
	p.minute = n / 60 % 60
	p.hour = n / 3600 % 24
	p.days = n / 86400
	p.dateKnown = false
}

func (p *timeParts) civil() types.CivilDay {
	if !p.dateKnown {
		p.date, p.dateKnown = types.SplitDay(int64(p.days)), true
	}
	return p.date
}

func appendDatetimeItem(dst []byte, it item, p *timeParts) []byte {
	switch it.letter {
	case 'd':
		return appendPadded(dst, uint64(p.civil().Day), it.n)
	case 'M':
		return appendPadded(dst, uint64(p.civil().Month), it.n)
	case 'y':
		if it.n == 4 {
			return appendPadded(dst, uint64(p.civil().Year), 4)
		}
		return appendPadded(dst, uint64(p.civil().Year%100), it.n)
	case 'h':
		return appendPadded(dst, (p.hour+11)%12+1, it.n)
	case 't':
		if p.hour < 12 {
			return append(dst, "AM"...)
		}
		return append(dst, "PM"...)
	}
	return appendClockItem(dst, it, p)
}

func appendTimespanItem(dst []byte, it item, p *timeParts) []byte {
	switch it.letter {
	case 'd':
		return appendPadded(dst, p.days, it.n)
	case 'h':
		return appendPadded(dst, p.hour, it.n)
	}
	return appendClockItem(dst, it, p)
}

// appendClockItem writes the letters that mean the same in both.
func appendClockItem(dst []byte, it item, p *timeParts) []byte {
	switch it.letter {
	case 'H':
		return appendPadded(dst, p.hour, it.n)
	case 'm':
		return appendPadded(dst, p.minute, it.n)
	case 's':
		return appendPadded(dst, p.second, it.n)
	}
	// f: that many digits of the fraction; F: without the zeros at its end.
	digits := appendPadded(dst, p.fraction, 7)[:len(dst)+it.n]
	if it.letter == 'F' {
		for len(digits) > len(dst) && digits[len(digits)-1] == '0' {
			digits = digits[:len(digits)-1]
		}
	}
	return digits
}

// appendPadded appends n in at least width digits.
func appendPadded(dst []byte, n uint64, width int) []byte {
	switch {
	case width == 2 && n < 100:
		return append(dst, byte('0'+n/10), byte('0'+n%10))
	case width == 4 && n < 10000:
		return append(dst, byte('0'+n/1000), byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
	}
	var buf [20]byte
	at := len(buf)
	for n > 0 || len(buf)-at < width {
		at--
		buf[at] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, buf[at:]...)
}
