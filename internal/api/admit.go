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

// admit reads the body and waits for a slot.
func (x *exchange) admit(ctx context.Context, p auth.Principal) (body []byte, f *failure) {
	whole := true
	if x.route.Method != http.MethodGet {
		if body, whole, f = x.readBody(nil, earlyBody); f != nil {
			return nil, f
		}
	}
	at := time.Now()
	err := x.s.queue.Acquire(ctx, p.Tenant, queuePrincipal(p))
	waited := time.Since(at)
	x.s.metrics.waited(err, waited)
	if err != nil {
		if gone := abandoned(ctx); gone != nil {
			return nil, gone
		}
		f := tooBusy(busyWait)
		f.why = "no slot"
		if errors.Is(err, queue.ErrTimeout) {
			f.why = "no slot in time"
		}
		return nil, f
	}
	x.slot = true
	if waited >= time.Millisecond {
		x.trace.Stages = append(x.trace.Stages, hunt.Stage{Name: "queue", Elapsed: waited})
	}
	if !whole {
		_ = x.control.SetReadDeadline(time.Now().Add(x.s.cfg.BodyTimeout))
		body, _, f = x.readBody(body, maxBodyBytes)
	}
	return body, f
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
