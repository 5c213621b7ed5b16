package api

import (
	"net/http"

	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
)

// signedIn keeps what the embedded issuer tells of sign-ins and requests for tokens in the audit trail: of a tenant that is
// served they are in its table too. The actor is who was proved; a failure names in its detail whose account was tried.
func (s *Server) signedIn(w http.ResponseWriter, r *http.Request, e issuer.Event) error {
	rec := audit.Record{Time: e.Start, RequestID: w.Header().Get("Request-Id"), Source: sourceAddress(r), Contract: "identity", Tenant: e.Tenant,
		Detail: e.Kind, Status: e.Status, Millis: millis(s.cfg.Clock().Sub(e.Start)), Outcome: string(okay)}
	if e.Failure == "" {
		rec.Actor = audit.Actor{App: e.App, AppID: e.ClientID, ObjectID: e.ObjectID, Subject: e.ObjectID, Name: e.Name}
	} else {
		rec.Outcome, rec.Detail = string(failedSignIn(e)), e.Kind+": "+e.Failure
		if e.ClientID != "" {
			rec.Detail += "; client " + e.ClientID
		}
		if e.Name != "" {
			rec.Detail += "; account " + e.Name
		}
	}
	err := s.cfg.Audit(rec)
	if err != nil {
		s.metrics.auditErrors.Inc()
		s.cfg.Log.Error("the audit record of a sign-in cannot be written", "id", rec.RequestID, "error", err)
	}
	return err
}

func failedSignIn(e issuer.Event) outcome {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return busy
	case e.Status >= http.StatusInternalServerError:
		return unavailable
	case e.Failure == "access_denied":
		return cancelled
	case e.Status == http.StatusOK, e.Failure == "invalid_client", e.Failure == "invalid_grant":
		return unauthenticated
	case e.Failure == "unauthorized_client":
		return forbidden
	}
	return badRequest
}
