package api

import (
	"context"
	"net/http"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/wire"
)

const (
	// maxBodyBytes lets a query of the greatest length arrive with every character escaped (\u0041).
	maxBodyBytes = 8 << 20
	// maxDrain is how much of a body that is too large is read all the same: a client that is still sending when the
	// answer comes sees a broken connection instead of it.
	maxDrain = 16 << 20
)

// exchange is one hunting request of one contract.
type exchange struct {
	*call
	route     *route
	profile   quota.Profile
	principal *auth.Principal // nil until the token has been verified
	query     hunt.Request
	trace     hunt.Trace
	warnings  diag.List
	truncated bool
	body      *buffer // the encoded answer
	lease     *quota.Lease
	slot      bool
}

// hunt answers a hunting request. The audit record is written before the first byte of the answer: rows that cannot be
// accounted for do not leave.
func (s *Server) hunt(c *call, rt *route) {
	x := &exchange{call: c, route: rt, profile: s.cfg.Profiles[rt.Contract]}
	c.contract = rt.Contract
	if rt.Head != nil {
		rt.Head(c)
	}
	_ = c.control.SetWriteDeadline(time.Time{}) // the last request's on this connection
	running := s.metrics.inFlight.WithLabelValues(rt.Contract)
	running.Inc()
	defer running.Dec()
	defer x.release()
	f := x.work(c.r.Context())
	x.refuse(f)
	if err := s.cfg.Audit(x.record(f)); err != nil {
		s.metrics.auditErrors.Inc()
		s.cfg.Log.Error("the audit record cannot be written; the request is refused", "id", c.id, "error", err)
		f = internal(err)
		x.refuse(f)
	}
	x.outcome = outcomeOf(f)
	s.metrics.observe(x)
	defer s.observe(x, s.cfg.Clock())
	if x.body == nil || x.body.len() <= chunkBytes {
		x.leave() // a small answer may wait for its reader without keeping others from running
	}
	x.answer(f)
}

// work does everything that needs no network, up to the encoded answer. A panic in it is an internal fault of this
// request only.
func (x *exchange) work(ctx context.Context) (f *failure) {
	defer func() {
		if p := recover(); p != nil {
			f = x.panicked(p)
		}
	}()
	p, err := x.s.cfg.Verifier.AuthenticateRequest(ctx, x.r)
	if err != nil {
		return x.logged(failed(ctx, err))
	}
	x.principal, x.tenant, x.app = &p, p.Tenant, p.AppID
	if err := x.route.authorize(p); err != nil {
		return failed(ctx, err)
	}
	if choose := x.s.cfg.Ops.ProfileFor; choose != nil {
		if profile, ok := choose(p.Tenant, x.route.Contract); ok {
			x.profile = profile
		}
	}
	if x.route.Check != nil {
		if f := x.route.Check(x); f != nil {
			return f
		}
	}
	if f := x.admit(ctx, p); f != nil {
		return x.logged(f)
	}
	if x.route.Answer != nil {
		x.body = newBuffer(&x.s.chunks, x.limit())
		if err := x.route.Answer(x, x.body); err != nil {
			return x.logged(failed(ctx, err))
		}
		return nil
	}
	if err := x.run(ctx, p); err != nil {
		return x.logged(failed(ctx, err))
	}
	return nil
}

// run runs the query and encodes its answer. The query's running time ends with its last row.
func (x *exchange) run(ctx context.Context, p auth.Principal) error {
	q := x.query
	q.Profile, q.Contract, q.Lease, q.Trace = x.profile, x.contract, x.lease, &x.trace
	run := x.s.cfg.Hunt.Run
	if x.route.Run != nil {
		run = x.runAs
	}
	res, err := run(ctx, p, q)
	if err != nil {
		return err
	}
	defer res.Close()
	x.body = newBuffer(&x.s.chunks, x.limit())
	at := time.Now()
	a := &answer{Result: res, style: x.style(), x: x}
	err = x.route.Encode(x.body, a)
	x.trace.Stages = append(x.trace.Stages, hunt.Stage{Name: "read", Elapsed: time.Since(at)})
	x.rows, x.truncated, x.warnings = res.Count()-a.dropped, res.Truncated() || x.truncated, res.Warnings
	return err
}

func (x *exchange) runAs(ctx context.Context, p auth.Principal, q hunt.Request) (*hunt.Result, error) {
	return x.route.Run(ctx, x, p, q)
}

func (x *exchange) decode(body []byte) (f *failure) {
	switch {
	case x.route.Answer != nil: // its body, if any, means nothing
		return nil
	case x.route.Open != nil:
		f = x.route.Open(x, body)
	default:
		x.query, f = x.route.Decode(x.r, body)
	}
	if x.s.cfg.Ops.LogQueries {
		x.text = x.query.Query
	}
	return f
}

// refuse gives a failure the status that the contract has for it.
func (x *exchange) refuse(f *failure) {
	if f != nil && x.route.Refuse != nil {
		x.route.Refuse(f)
	}
}

// limit is the size of an answer.
func (x *exchange) limit() int64 {
	if n := x.profile.ResultBytes; n > 0 {
		return n
	}
	return x.s.cfg.MaxResultBytes
}

func (x *exchange) style() wire.TimeStyle {
	if x.route.Times != nil {
		return x.route.Times(x.profile)
	}
	return wire.TimeTrimmed
}

// logged tells the log what the client is not told.
func (x *exchange) logged(f *failure) *failure {
	if f.cause != nil {
		x.s.cfg.Log.Error("request failed", "id", x.id, "outcome", string(f.outcome), "error", f.cause)
	}
	return f
}

func (x *exchange) release() {
	if x.body != nil {
		x.body.release()
	}
	x.leave()
}

func outcomeOf(f *failure) outcome {
	if f == nil {
		return okay
	}
	return f.outcome
}

// answer sends the rows or the failure. To a client that has gone nothing is sent.
func (x *exchange) answer(f *failure) {
	switch {
	case f == nil:
		h := x.out.Header()
		for i, w := range x.warnings {
			if i == maxWarnings {
				break
			}
			h.Add(warningHeader, warningValue(w, x.query.Query))
		}
		if x.truncated {
			h.Set(truncatedHeader, "true")
		}
		x.send(http.StatusOK, x.body)
	case f.status == statusGone:
		panic(http.ErrAbortHandler)
	default:
		x.rows = 0
		x.head(f)
		x.send(f.status, bytesBody(x.route.Fail(nil, f, x.call)))
	}
}
