package ingest

import (
	"bytes"
	"strings"
)

// event is one parsed record. It points into the line it was parsed from and
// is reused for the next one.
type event struct {
	vals    [fieldCount]value
	set     []field
	escaped bool // texts are XML-escaped, see recording.escaped
}

// parse reads a record's members. An event is kept as far as it could be
// read, which is of use to nobody but the caller that reports the error.
func (e *event) parse(line []byte) error {
	for _, f := range e.set {
		e.vals[f] = value{}
	}
	e.set = e.set[:0]
	e.escaped = false
	if len(line) == 0 || line[0] != '{' {
		return errJSONSyntax
	}
	return e.members(line, place{})
}

// place is where in a record a member stands.
type place struct {
	data  bool  // inside the event's own data rather than the header
	inner field // what a nameless inner text belongs to
}

func (e *event) members(raw []byte, in place) error {
	it := items(raw)
	for it.next() {
		var f field
		if it.key.plain {
			f = fieldOf[string(it.key.raw)]
		} else {
			f = fieldOf[it.key.text()]
		}
		if f == fNone {
			continue
		}
		e.member(f, it.key.raw, it.val, in)
	}
	return it.close()
}

func (e *event) member(f field, key []byte, v value, in place) {
	if v.kind == jsonObject {
		// The line was checked as a whole, so inner objects have no faults.
		switch f {
		case fNested:
			_ = e.members(v.raw, in)
		case fData:
			_ = e.members(v.raw, place{data: true})
		case fProviderPart:
			_ = e.members(v.raw, place{inner: fProvider})
		case fEventID, fTimeCreated:
			_ = e.members(v.raw, place{inner: f})
		case fProperties:
			e.put(f, v)
		}
		return
	}
	switch {
	case f == fInner:
		f = in.inner
	case f == fProcessID && v.kind == jsonNumber && !in.data && string(key) == "ProcessID":
		// In a flat record a number under this spelling is the header's: the
		// process that logged. Event data of flat records is always text.
		f = fHeaderPID
	}
	if f != fNone && v.kind != jsonNull && (v.kind != jsonArray || f == fRecords) {
		e.put(f, v)
	}
}

func (e *event) put(f field, v value) {
	if e.vals[f].kind == jsonNone {
		e.set = append(e.set, f)
	}
	e.vals[f] = v
}

func (e *event) has(f field) bool { return e.vals[f].kind != jsonNone }

// text is a field's text; Windows writes "-" for nothing.
func (e *event) text(f field) string {
	v := &e.vals[f]
	switch v.kind {
	case jsonString:
		if len(v.raw) == 0 || len(v.raw) == 1 && v.raw[0] == '-' {
			return ""
		}
		if s := v.text(); !e.escaped {
			return s
		} else {
			return unescapeXML(s)
		}
	case jsonNumber, jsonTrue, jsonFalse:
		return string(v.raw)
	}
	return ""
}

// is compares a field with a text that needs no escapes.
func (e *event) is(f field, s string) bool { return string(e.vals[f].raw) == s }

// num reads a decimal or 0x number, written as a number or as a text.
func (e *event) num(f field) (int64, bool) { return parseInt(e.vals[f].raw) }

// time reads a datetime field; 0 when there is none.
func (e *event) time(f field) int64 {
	t, _, ok := parseTime(e.vals[f].raw)
	if !ok {
		return 0
	}
	return t
}

// parseInt reads a decimal or hexadecimal integer that fits.
func parseInt(b []byte) (int64, bool) {
	negative := len(b) > 1 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	base := uint64(10)
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		base, b = 16, b[2:]
	}
	if len(b) == 0 || len(b) > 19 {
		return 0, false
	}
	var x uint64
	for _, c := range b {
		if !isDigit(c) && (base == 10 || !isHex(c)) {
			return 0, false
		}
		if x > (1<<63-1)/base {
			return 0, false
		}
		x = x*base + uint64(hexVal(c))
	}
	if x > 1<<63-1 {
		return 0, false
	}
	if negative {
		return -int64(x), true
	}
	return int64(x), true
}

// fromMessage finds "label: text" at the start of a line of the rendered
// message, for exporters that lose event data whose name clashes with one of
// their own header fields.
func (e *event) fromMessage(label string) string {
	v := e.vals[fMessage]
	if v.kind != jsonString || !bytes.Contains(v.raw, []byte(label)) {
		return ""
	}
	msg := v.text()
	for from := 0; ; {
		at := strings.Index(msg[from:], label)
		if at < 0 {
			return ""
		}
		at += from
		from = at + len(label)
		if (at == 0 || strings.IndexByte("\n\t", msg[at-1]) >= 0) && strings.HasPrefix(msg[from:], ":") {
			rest, _, _ := strings.Cut(msg[from+1:], "\n")
			return strings.TrimSpace(rest)
		}
	}
}

// unescapeXML undoes the five escapes of XML text.
func unescapeXML(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return xmlEscapes.Replace(s)
}

var xmlEscapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&quot;", `"`, "&apos;", "'")

// origin is who wrote an event, as far as the mapping cares.
type origin uint8

const (
	fromNobody origin = iota
	fromSysmon
	fromSecurity
	fromSystem
	fromPowerShell
)

// origins maps channels, and providers for records without a channel. The
// names differ in case between exporters.
var origins = []struct {
	name   string
	origin origin
}{
	{"Microsoft-Windows-Sysmon/Operational", fromSysmon},
	{"Security", fromSecurity},
	{"Microsoft-Windows-PowerShell/Operational", fromPowerShell},
	{"System", fromSystem},
	{"Microsoft-Windows-Sysmon", fromSysmon},
	{"Microsoft-Windows-Security-Auditing", fromSecurity},
	{"Microsoft-Windows-PowerShell", fromPowerShell},
	{"Service Control Manager", fromSystem},
}

// origin tells who wrote the event.
func (e *event) origin() origin {
	name := e.vals[fChannel].raw
	if len(name) == 0 || string(name) == "ForwardedEvents" {
		name = e.vals[fProvider].raw
	}
	for i := range origins {
		if o := &origins[i]; len(o.name) == len(name) && strings.EqualFold(o.name, string(name)) {
			return o.origin
		}
	}
	return fromNobody
}

// kindName names an event's kind for the report: channel and event.
func (e *event) kindName(buf []byte) []byte {
	name := e.vals[fChannel].raw
	if len(name) == 0 {
		name = e.vals[fProvider].raw
	}
	if bytes.EqualFold(name, []byte("security")) {
		name = []byte("Security")
	}
	buf = append(append(buf[:0], name...), ' ')
	return append(buf, e.vals[fEventID].raw...)
}
