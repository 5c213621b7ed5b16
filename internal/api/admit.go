package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/queue"
)

// earlyBody is how much of a body is read before there is a slot. It holds all but the strangest queries, so a client
// that drips its body holds no slot; and net/http notices that a client has gone once its body has been read, so a
// client that goes away while it waits leaves the queue.
const earlyBody = 64 << 10

// busyWait is what a client is asked to wait when the queue is full.
const busyWait = 5 * time.Second

// admit reads the request, has its call counted and waits for a slot. The quota decides first, for it costs no slot: what
// it refuses is refused for that reason however busy the service is, and what it accepts has a place in the queue. A call
// that gets no slot all the same is given back. Only a client that goes away has used it up.
func (x *exchange) admit(ctx context.Context, p auth.Principal) *failure {
	var body []byte
	var f *failure
	whole := true
	if x.route.Method != http.MethodGet {
		if body, whole, f = x.readBody(nil, earlyBody); f != nil {
			return f
		}
	}
	if whole {
		if f := x.decode(body); f != nil {
			return f
		}
	}
	if x.route.Answer == nil {
		lease, err := x.s.cfg.Hunt.Accept(p, x.contract, x.profile)
		if err != nil {
			return failed(ctx, err)
		}
		x.lease = lease
	}
	if f := x.wait(ctx, p); f != nil {
		return x.unaccepted(f)
	}
	if whole {
		return nil
	}
	_ = x.control.SetReadDeadline(time.Now().Add(x.s.cfg.BodyTimeout))
	if body, _, f = x.readBody(body, maxBodyBytes); f == nil {
		f = x.decode(body)
	}
	return x.unaccepted(f)
}

// unaccepted gives the call of a request back that goes no further, unless its client has gone.
func (x *exchange) unaccepted(f *failure) *failure {
	if f != nil && f.status != statusGone && x.lease != nil {
		x.lease.GiveBack()
	}
	return f
}

// wait waits for a slot.
func (x *exchange) wait(ctx context.Context, p auth.Principal) *failure {
	at := time.Now()
	err := x.s.queue.AcquireWith(ctx, p.Tenant, queuePrincipal(p), x.profile.CallsPerMinute)
	waited := time.Since(at)
	x.s.metrics.waited(err, waited)
	if err != nil {
		if gone := abandoned(ctx); gone != nil {
			return gone
		}
		f := tooBusy(busyWait)
		f.why = "no slot"
		if errors.Is(err, queue.ErrTimeout) {
			f.why = "no slot in time"
		}
		return f
	}
	x.slot = true
	if waited >= time.Millisecond {
		x.trace.Stages = append(x.trace.Stages, hunt.Stage{Name: "queue", Elapsed: waited})
	}
	return nil
}

// queuePrincipal is whose turn it is within a tenant: a person, whatever program they use, or an application.
func queuePrincipal(p auth.Principal) string {
	if p.App || p.ObjectID == "" && p.Subject == "" {
		return "app " + p.AppID
	}
	if p.ObjectID != "" {
		return "user " + p.ObjectID
	}
	return "user " + p.Issuer + " " + p.Subject
}

// readBody goes on reading the request's body, up to a limit and within its deadline, which is lifted at the end of the
// body.
func (x *exchange) readBody(body []byte, limit int) (_ []byte, whole bool, f *failure) {
	if x.r.ContentLength > maxBodyBytes+maxDrain {
		return nil, false, bodyTooLarge()
	}
	more, err := io.ReadAll(io.LimitReader(x.r.Body, int64(limit-len(body)+1)))
	if body == nil {
		body = more
	} else {
		body = append(body, more...)
	}
	switch {
	case err != nil:
		// A read past the deadline ends the request's context too, but that client is still there.
		if gone := abandoned(x.r.Context()); gone != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, false, gone
		}
		return nil, false, badBody("The request body is incomplete, or did not arrive in time.")
	case len(body) <= limit:
		_ = x.control.SetReadDeadline(time.Time{})
		return body, true, nil
	case len(body) <= maxBodyBytes:
		return body, false, nil
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(x.r.Body, maxDrain))
	return nil, false, bodyTooLarge()
}

// leave gives the slot back.
func (x *exchange) leave() {
	if x.slot {
		x.slot = false
		x.s.queue.Release()
	}
}
