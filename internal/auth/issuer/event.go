package issuer

import (
	"errors"
	"net/http"
	"time"
)

// Event is one request for a token, or one sign-in of a person, for the audit trail. It holds no secret, and no name or id
// but those of accounts that exist: what somebody types into the wrong field may be a password.
type Event struct {
	Start    time.Time
	Kind     string // "sign-in", or "token" with the grant
	Tenant   string // "" when it is not served here
	ClientID string // who asks, whether or not that was proved
	ObjectID string // whom a token was made for; of a failure, whom it was asked for
	Name     string
	App      bool   // an application for itself
	Status   int    // of the answer
	Failure  string // why there is no token; "" for success
}

// Tell keeps an event. When it cannot, nothing is granted.
type Tell func(w http.ResponseWriter, r *http.Request, e Event) error

// begin is the event of a request, before anything is known of it.
func (i *Issuer) begin(r *http.Request, kind string) *Event {
	e := &Event{Start: i.opts.Clock(), Kind: kind}
	if i.checkTenant(r) == nil {
		e.Tenant = tenantOf(r)
	}
	return e
}

// of notes the client, which is known here.
func (e *Event) of(c Client) { e.ClientID = c.ID }

// whom notes a person, who is known here.
func (e *Event) whom(u User) { e.ObjectID, e.Name, e.App = u.ObjectID, u.Name, false }

// granted tells of a success before its answer leaves.
func (i *Issuer) granted(w http.ResponseWriter, r *http.Request, e *Event, status int) error {
	e.Status = status
	return i.tell(w, r, *e)
}

// denied tells of a failure, which is answered whether or not it can be kept. How many are kept is bounded: failing takes
// no secret.
func (i *Issuer) denied(w http.ResponseWriter, r *http.Request, e *Event, status int, why string) {
	e.Status, e.Failure = status, why
	keep, last := i.refusals.tells(peerOf(r))
	if last {
		i.opts.Log.Warn("too many refused sign-ins: for some minutes more of them are in the log only", "source", r.RemoteAddr, "tenant", e.Tenant)
	}
	if !keep {
		return
	}
	if err := i.tell(w, r, *e); err != nil {
		i.opts.Log.Error("a refused sign-in could not be recorded", "tenant", e.Tenant, "error", err)
	}
}

// statusOf is the status that a refusal of a token request has, with its word.
func statusOf(err error) (int, string) {
	var e *oauthError
	var busy *tooMany
	var page *pageError
	switch {
	case errors.As(err, &e):
		return e.status, e.Code
	case errors.As(err, &busy):
		return http.StatusTooManyRequests, "too many failures"
	case errors.As(err, &page):
		return http.StatusBadRequest, page.text
	}
	return http.StatusServiceUnavailable, "temporarily_unavailable"
}
