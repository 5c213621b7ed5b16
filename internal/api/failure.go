package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// ErrStopping is the cause to cancel the server's base context with: requests that are still running are then answered
// with 503 instead of being taken for abandoned by their clients.
var ErrStopping = errors.New("api: the service is stopping")

// statusGone is recorded, never sent: the client closed the connection before its answer.
const statusGone = 499

// outcome classifies a request for the metrics, the log and the audit trail. The set is closed.
type outcome string

const (
	okay            outcome = "ok"
	unauthenticated outcome = "unauthenticated"
	forbidden       outcome = "forbidden"
	unavailable     outcome = "unavailable"
	busy            outcome = "busy"
	badRequest      outcome = "bad request"
	syntaxError     outcome = "syntax"
	semanticError   outcome = "semantic"
	unsupported     outcome = "unsupported"
	queryLimit      outcome = "query limit"
	invalidData     outcome = "invalid data"
	overQuota       outcome = "quota"
	timedOut        outcome = "timeout"
	outOfMemory     outcome = "memory"
	tooLarge        outcome = "result size"
	cancelled       outcome = "cancelled"
	stopping        outcome = "stopping"
	internalFault   outcome = "internal"
)

// failure is an error as the client will see it, and what the operator gets to know.
type failure struct {
	status    int
	code      string
	message   string
	details   []detail
	retry     time.Duration // Retry-After, when not zero
	challenge string        // WWW-Authenticate
	allow     string        // Allow

	outcome outcome
	why     string // for the audit trail: no text of the query
	cause   error  // for the log
}

// Texts of the public service (contract §1.6, §1.7).
const (
	textPreempted = "Query execution has exceeded the allowed limits. The query execution was preempted. This could possibly be due to " +
		"high CPU and/or memory resource consumption. Optimize your query by following best practices and try again."
	textTooLarge = "Query execution has exceeded the allowed result size. Optimize your query by limiting the number of results and try again"
	textTimeout  = "Query exceeded the timeout period."
	textInternal = "An unexpected error occurred during query execution. Please try again in a few minutes."
	textBadBody  = "Request body is incorrect"
)

// retryState is what a client waits when the state store does not answer.
const retryState = 5 * time.Second

func bad(o outcome, message string) *failure {
	return &failure{status: http.StatusBadRequest, code: "BadRequest", message: message, outcome: o}
}

// badBody refuses a body that cannot be read; the recorded text says no more, so the reason is in the details.
func badBody(why string) *failure {
	return &failure{status: http.StatusBadRequest, code: "InvalidRequestBody", message: textBadBody, outcome: badRequest, why: why,
		details: []detail{{code: "InvalidRequestBody", message: why}}}
}

func missingParameter() *failure {
	return &failure{status: http.StatusBadRequest, code: "MissingRequiredParameter", outcome: badRequest, why: "no query",
		message: "The request body must contain the parameter 'Query', a text that is not empty. Names are case-sensitive."}
}

// bodyTooLarge is a 400: the documented list of statuses has no 413.
func bodyTooLarge() *failure {
	return bad(badRequest, "The request body is larger than the allowed "+strconv.Itoa(maxBodyBytes)+" bytes.")
}

func addressTooLong() *failure {
	return &failure{status: http.StatusRequestURITooLong, code: "BadRequest", outcome: badRequest,
		message: "The address is longer than the allowed " + strconv.Itoa(maxURL) + " bytes. Send the query in the body of a POST."}
}

func notFound() *failure {
	return &failure{status: http.StatusNotFound, code: "ResourceNotFound", outcome: badRequest, message: "The requested resource was not found."}
}

func methodNotAllowed(allow string) *failure {
	return &failure{status: http.StatusMethodNotAllowed, code: "BadRequest", outcome: badRequest, allow: allow,
		message: "The requested resource does not support this HTTP method. Use " + allow + "."}
}

// tooBusy is a 429 rather than a 503: clients of this API know it and wait for what Retry-After says.
func tooBusy(wait time.Duration) *failure {
	return &failure{status: http.StatusTooManyRequests, code: "TooManyRequests", outcome: busy, retry: wait,
		message: "Too many requests are being answered at the same time. You can send requests again in " + strconv.Itoa(int(wait.Seconds())) + " seconds."}
}

func internal(cause error) *failure {
	return &failure{status: http.StatusInternalServerError, code: "InternalServerError", message: textInternal, outcome: internalFault, cause: cause}
}

// failed turns any error of authentication, authorisation or the query into its failure.
func failed(ctx context.Context, err error) *failure {
	var (
		unauth   *auth.Unauthenticated
		noKeys   *auth.Unavailable
		denied   *auth.Forbidden
		exceeded *quota.Exceeded
		slow     *quota.TimedOut
		noQuota  *quota.Unavailable
		query    *hunt.QueryError
		kusto    *kustoFault
	)
	switch {
	case errors.As(err, &kusto):
		return kusto.failure()
	case errors.As(err, &unauth):
		return &failure{status: http.StatusUnauthorized, code: "Unauthorized", message: unauth.Message, challenge: unauth.Challenge(),
			outcome: unauthenticated, why: string(unauth.Reason)}
	case errors.As(err, &denied):
		return &failure{status: http.StatusForbidden, code: "Forbidden", message: denied.Message, challenge: denied.Challenge(), outcome: forbidden}
	case errors.As(err, &noKeys):
		return &failure{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", message: noKeys.Error(), retry: max(noKeys.RetryAfter, time.Second),
			outcome: unavailable, cause: err}
	case errors.Is(err, hunt.ErrUnknownTenant):
		// The verifier refuses tenants that are not configured; this one is, but its store is not open here. To its caller
		// that is the same, so the answer is the same: nobody learns which tenants are configured. A tenant that is
		// served and has no rows yet is not unknown: its answers are empty.
		return &failure{status: http.StatusUnauthorized, code: "Unauthorized", message: "Access token validation failure. Invalid tenant.",
			challenge: `Bearer error="invalid_token"`, outcome: unauthenticated, why: "tenant without a store"}
	case errors.As(err, &exceeded):
		return &failure{status: http.StatusTooManyRequests, code: exceeded.Code(), message: exceeded.Message(), outcome: overQuota,
			why: string(exceeded.Limit), retry: time.Duration(exceeded.RetryAfterSeconds()) * time.Second}
	case errors.As(err, &noQuota):
		return &failure{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", message: noQuota.Error(), retry: retryState,
			outcome: unavailable, cause: noQuota.Unwrap()}
	case errors.As(err, &slow):
		return bad(timedOut, slow.Error())
	case errors.As(err, &query):
		return refusedQuery(query)
	case errors.Is(err, errTooLarge):
		return bad(tooLarge, textTooLarge)
	}
	return faulty(ctx, err)
}

// faulty maps the kinds of engine errors.
//
// No answer of the public service is recorded for a query that ran too long. It is a 400 here, as the recorded answer
// for too much memory or CPU is: a 504 would make gateways and clients repeat, unasked, a query that uses up minutes
// of the tenant's running time each time, and clients that know no 504 lose the text.
func faulty(ctx context.Context, err error) *failure {
	kind := engine.KindOf(err)
	if gone := abandoned(ctx); gone != nil && (kind == engine.Cancelled || kind == engine.Timeout) {
		return gone
	}
	var e *engine.Error
	switch {
	case kind == engine.Timeout:
		return bad(timedOut, textTimeout)
	case kind == engine.Memory:
		return bad(outOfMemory, textPreempted)
	case kind == engine.Invalid && errors.As(err, &e):
		return bad(invalidData, clip(e.Message))
	case kind == engine.Cancelled: // not by its client: the engine is being closed
		return stopped()
	}
	return internal(err)
}

// abandoned tells why a request's context ended, or nil when it did not.
func abandoned(ctx context.Context) *failure {
	switch {
	case ctx.Err() == nil:
		return nil
	case errors.Is(context.Cause(ctx), ErrStopping):
		return stopped()
	}
	return &failure{status: statusGone, outcome: cancelled}
}

func stopped() *failure {
	return &failure{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", message: "The service is stopping. Try again later.",
		outcome: stopping, retry: 5 * time.Second}
}
