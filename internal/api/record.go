package api

import (
	"net"
	"net/http"

	"github.com/harrier-hunting/harrier/internal/audit"
)

// record is what the audit trail keeps of the exchange. The time does not include sending the answer, for the record
// comes first.
func (x *exchange) record(f *failure) audit.Record {
	source, _, err := net.SplitHostPort(x.r.RemoteAddr)
	if err != nil {
		source = x.r.RemoteAddr
	}
	rec := audit.Record{
		Time: x.start, RequestID: x.id, Source: source, Contract: x.route.Contract, Profile: x.profile.Name,
		Query: x.query.Query, Tables: x.trace.Tables, Millis: millis(x.s.cfg.Clock().Sub(x.start)), Outcome: string(outcomeOf(f)),
		Status: http.StatusOK,
	}
	if f == nil {
		rec.Rows = int64(x.rows)
	} else {
		rec.Status, rec.Detail = f.status, f.why
	}
	if p := x.principal; p != nil {
		rec.Tenant = p.Tenant
		rec.Actor = audit.Actor{App: p.App, AppID: p.AppID, ObjectID: p.ObjectID, Subject: p.Subject, Name: p.Name}
	}
	if !x.trace.To.IsZero() { // the scope was applied
		rec.Scope = audit.Scope{AllDevices: x.trace.AllDevices, DeviceGroups: x.trace.DeviceGroups, From: x.trace.From, To: x.trace.To, MaxRows: x.trace.MaxRows}
	}
	for _, s := range x.trace.Stages {
		rec.Stages = append(rec.Stages, audit.Stage{Name: s.Name, Millis: millis(s.Elapsed)})
	}
	return rec
}
