package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// detail is one finding; line is 0 when it has no place in the query.
type detail struct {
	code, message string
	line, column  int
	hint          string
}

// maxMessage bounds one text: messages quote names from the query, and a name may be as long as a query.
const maxMessage = 1000

// clip cuts a text between characters.
func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}

// refusedQuery words the answer as the public service does: the first finding, and after a full stop the advice
// (contract §1.6; a finding that ends with a full stop of its own has two). Findings that have no counterpart there
// close with advice of their own: part of the language that does not run here, and limits, whose texts are recorded
// without any advice. All findings are in the details.
func refusedQuery(q *hunt.QueryError) *failure {
	first := q.First()
	f := bad(semanticError, clip(first.Message))
	switch first.Kind {
	case diag.Syntax:
		f.outcome = syntaxError
		f.message += ". Fix syntax errors in your query."
	case diag.Unsupported:
		f.outcome = unsupported
		f.message = strings.TrimSuffix(f.message, ".") + ". This service does not run this part of the language yet; remove it from your query."
	case diag.Limit:
		f.outcome = queryLimit
	default:
		f.message += ". Fix semantic errors in your query."
	}
	for _, d := range q.Diagnostics {
		if d.Kind != diag.Warning {
			f.details = append(f.details, detailOf(d, q.Text))
		}
	}
	at := diag.At(q.Text, first.Span.Start)
	f.why = fmt.Sprintf("%s at %d:%d", first.Code, at.Line, at.Column)
	return f
}

func detailOf(d diag.Diagnostic, text string) detail {
	at := diag.At(text, d.Span.Start)
	return detail{d.Code, clip(d.Message), at.Line, at.Column, clip(d.Hint)}
}

// append writes the detail as a JSON object.
func (d detail) append(dst []byte) []byte {
	dst = dynamic.AppendString(append(dst, `{"code":`...), d.code)
	dst = dynamic.AppendString(append(dst, `,"message":`...), d.message)
	if d.line > 0 {
		dst = strconv.AppendInt(append(dst, `,"line":`...), int64(d.line), 10)
		dst = strconv.AppendInt(append(dst, `,"column":`...), int64(d.column), 10)
	}
	if d.hint != "" {
		dst = dynamic.AppendString(append(dst, `,"hint":`...), d.hint)
	}
	return append(dst, '}')
}

// failEnvelope writes {"error":{"code","message","target"}}; target is the id to quote to the operator (contract
// §1.6). details is an addition that clients of the contract pass over.
func failEnvelope(dst []byte, f *failure, c *call) []byte {
	dst = dynamic.AppendString(append(dst, `{"error":{"code":`...), f.code)
	dst = dynamic.AppendString(append(dst, `,"message":`...), f.message)
	dst = dynamic.AppendString(append(dst, `,"target":`...), c.id)
	return append(appendDetails(dst, f.details), "}}"...)
}

// appendDetails writes the findings as a member of an error.
func appendDetails(dst []byte, list []detail) []byte {
	for i, d := range list {
		if i == 0 {
			dst = append(dst, `,"details":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = d.append(dst)
	}
	if len(list) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

// Warnings travel in headers, for the body has the contract's shape. Their number and size are bounded: clients and
// proxies refuse answers with large headers.
const (
	warningHeader   = "X-Harrier-Warning"
	truncatedHeader = "X-Harrier-Truncated"
	maxWarnings     = 8
	maxWarningText  = 300
)

// warningValue writes a warning as a JSON object in ASCII, which is safe in a header whatever the query contains.
func warningValue(w diag.Diagnostic, text string) string {
	d := detailOf(w, text)
	d.message, d.hint = short(d.message), short(d.hint)
	var ascii strings.Builder
	for _, r := range string(d.append(nil)) {
		switch {
		case r < 0x7f:
			ascii.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return ascii.String()
}

func short(s string) string {
	if len(s) <= maxWarningText {
		return s
	}
	return strings.ToValidUTF8(s[:maxWarningText], "") + "…"
}
