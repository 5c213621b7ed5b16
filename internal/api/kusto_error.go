package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// kustoFault is a request that this contract refuses before it is a query.
type kustoFault struct {
	code    string // "" for a plain bad request
	message string
}

func kustoBad(message string) *kustoFault { return &kustoFault{message: message} }

// codeNoEntity is the code of a database or table that does not exist.
const codeNoEntity = "BadRequest_EntityNotFound"

func noEntity(kind, name string) *kustoFault {
	return &kustoFault{code: codeNoEntity, message: fmt.Sprintf("Entity ID '%s' of kind '%s' was not found.", short(name), kind)}
}

func noDatabase(name string) *kustoFault {
	f := noEntity("Database", name)
	f.message += " The database of this service is " + kustoDatabase + "."
	return f
}

// Error is the text for the client.
func (e *kustoFault) Error() string { return e.message }

func (e *kustoFault) failure() *failure {
	f := bad(badRequest, e.message)
	if e.code != "" {
		f.code, f.why = e.code, e.code
	}
	return f
}

// kustoKind is how this contract names a sort of failure.
type kustoKind struct {
	status    int // 0 leaves it as it is
	code      string
	message   string
	exception string // in the namespace Kusto.Data.Exceptions
	permanent bool
}

// The texts of Kusto's own answers; where none is published, the name of the exception says it.
func kustoKindOf(f *failure) kustoKind {
	const invalid = "Request is invalid and cannot be executed."
	switch f.outcome {
	case forbidden:
		return kustoKind{0, "Forbidden", "Caller is not authorized to perform this action.", "KustoRequestDeniedException", true}
	case busy, overQuota:
		return kustoKind{0, "TooManyRequests", "Request is denied due to throttling.", "KustoRequestThrottledException", false}
	case timedOut:
		return kustoKind{http.StatusGatewayTimeout, "Timeout", "Request has timed out.", "KustoServiceTimeoutException", false}
	case outOfMemory, tooLarge:
		return kustoKind{0, "LimitsExceeded", invalid, "KustoServicePartialQueryFailureLowMemoryConditionException", false}
	case stopping, unavailable:
		return kustoKind{0, "ServiceUnavailable", "The service cannot process the request at the moment.", "KustoServiceException", false}
	case internalFault:
		return kustoKind{statusServiceError, "ServiceError", "The service found an error while it processed the request.", "KustoServiceException", false}
	}
	if f.code == codeNoEntity {
		return kustoKind{0, codeNoEntity, invalid, "EntityNotFoundException", true}
	}
	return kustoKind{0, "General_BadRequest", invalid, "KustoBadRequestException", true}
}

// statusServiceError is this contract's status for a fault of the service.
const statusServiceError = 520

// refuseKusto gives a failure the status that this contract has for it.
func refuseKusto(f *failure) {
	if status := kustoKindOf(f).status; status != 0 {
		f.status = status
	}
	if f.message == bodyTooLarge().message {
		f.status = http.StatusRequestEntityTooLarge
	}
}

// maxEcho bounds how much of a query its error repeats.
const maxEcho = 32 << 10

// failKusto writes an error as OneApi has it (contract §6.4). A 401 has no body.
func failKusto(dst []byte, f *failure, c *call) []byte {
	if f.status == http.StatusUnauthorized {
		return nil
	}
	k := kustoKindOf(f)
	text, database := "", kustoDatabase
	if c.kusto != nil {
		text = c.kusto.text
	}
	var inner *detail
	message := f.message
	if f.retry > 0 {
		message += fmt.Sprintf(" Try again in %d seconds.", int(f.retry.Seconds()))
	}
	if f.outcome == badRequest && len(f.details) > 0 {
		message += ": " + f.details[0].message
	}
	if (f.outcome == syntaxError || f.outcome == semanticError || f.outcome == unsupported || f.outcome == queryLimit) && len(f.details) > 0 {
		d := f.details[0]
		inner = &d
		message = "Request is invalid and cannot be processed: " + innerMessage(f.outcome, inner, text)
	}
	dst = oneAPI(append(dst, `{"error":`...), k, message, c)
	if len(text) > maxEcho {
		text = strings.ToValidUTF8(text[:maxEcho], "") + "…"
	}
	dst = dynamic.AppendString(append(dst, `,"@text":`...), text)
	dst = dynamic.AppendString(append(dst, `,"@database":`...), database)
	dst = append(dst, `,"@ClientRequestLogger":""`...)
	if inner != nil {
		dst = appendInner(append(dst, `,"innererror":`...), f, inner, text, c)
	}
	return append(dst, `}}`...)
}

// oneAPI begins an error object; the caller may add members and closes it.
func oneAPI(dst []byte, k kustoKind, message string, c *call) []byte {
	dst = dynamic.AppendString(append(dst, `{"code":`...), k.code)
	dst = dynamic.AppendString(append(dst, `,"message":`...), k.message)
	dst = dynamic.AppendString(append(dst, `,"@type":`...), "Kusto.Data.Exceptions."+k.exception)
	dst = dynamic.AppendString(append(dst, `,"@message":`...), message)
	dst = c.kustoContext(append(dst, `,"@context":`...))
	return strconv.AppendBool(append(dst, `,"@permanent":`...), k.permanent)
}

// kustoContext writes what names the request in the service's log. The machine is not the client's business.
func (c *call) kustoContext(dst []byte) []byte {
	client := c.clientID()
	for i, m := range []string{
		"timestamp", types.FormatDatetime(types.TicksOf(c.s.cfg.Clock())), "serviceAlias", "HARRIER", "machineName", "", "processName", "harrier",
		"processId", "", "threadId", "", "clientRequestId", client, "activityId", c.id, "subActivityId", c.id, "activityType", "Http.CallContext",
		"parentActivityId", c.id, "activityStack", "(Activity stack: CRID=" + client + " ARID=" + c.id + " > Http.CallContext/" + c.id + ")",
	} {
		switch {
		case i == 0:
			dst = append(dst, '{')
		case i%2 == 0:
			dst = append(dst, ',')
		default:
			dst = append(dst, ':')
		}
		if i == 9 || i == 11 { // clients read numbers here
			dst = append(dst, '0')
		} else {
			dst = dynamic.AppendString(dst, m)
		}
	}
	return append(dst, '}')
}

// kustoCode is the code of a finding: Kusto has one for what its parser does not take.
func kustoCode(o outcome, d *detail) string {
	if o == syntaxError {
		return "SYN0002"
	}
	return d.code
}

func innerMessage(o outcome, d *detail, text string) string {
	family := "Semantic error: "
	if o == syntaxError {
		family = "Syntax error: "
	}
	message := family + kustoCode(o, d) + ": " + d.message
	if o == syntaxError && d.line > 0 {
		message += fmt.Sprintf(" [line:position=%d:%d]", d.line, d.column-1)
	}
	return message
}

// appendInner writes what is wrong with the query, and for syntax errors where.
func appendInner(dst []byte, f *failure, d *detail, text string, c *call) []byte {
	k := kustoKind{code: kustoCode(f.outcome, d), message: d.message, exception: "SemanticException", permanent: true}
	if f.outcome == syntaxError {
		k.exception = "SyntaxException"
	}
	dst = oneAPI(dst, k, innerMessage(f.outcome, d, text), c)
	dst = dynamic.AppendString(append(dst, `,"@errorCode":`...), k.code)
	dst = dynamic.AppendString(append(dst, `,"@errorMessage":`...), d.message)
	if f.outcome == syntaxError {
		dst = strconv.AppendInt(append(dst, `,"@line":`...), int64(d.line), 10)
		dst = strconv.AppendInt(append(dst, `,"@pos":`...), int64(max(d.column-1, 0)), 10)
		dst = dynamic.AppendString(append(dst, `,"@token":`...), tokenAt(text, d.line, d.column))
	}
	if d.hint != "" {
		dst = dynamic.AppendString(append(dst, `,"@hint":`...), d.hint)
	}
	return append(dst, '}')
}

// tokenAt is the word, or the one sign, at a place of the text.
func tokenAt(text string, line, column int) string {
	for ; line > 1; line-- {
		_, rest, found := strings.Cut(text, "\n")
		if !found {
			return ""
		}
		text = rest
	}
	for ; column > 1 && text != ""; column-- {
		_, n := utf8.DecodeRuneInString(text)
		text = text[n:]
	}
	end := strings.IndexFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case text == "":
		return ""
	case end < 0:
		return short(text)
	case end == 0:
		_, end = utf8.DecodeRuneInString(text)
	}
	return short(text[:end])
}
