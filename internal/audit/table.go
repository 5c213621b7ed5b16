package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Table is the hunting table that shows a tenant its part of the trail.
const Table = "HarrierAudit"

// rows collects records as rows of the table.
type rows struct {
	batch   *catalog.Batch
	columns map[string]int
}

func newRows(t *catalog.Table) *rows {
	r := &rows{catalog.NewBatch(t), map[string]int{}}
	for i, c := range t.Columns {
		r.columns[c.Name] = i
	}
	return r
}

// values lists what a record shows, by column. The tenant is left out: a tenant sees its own records only.
func (r Record) values() (map[string]types.Value, error) {
	kind := ""
	switch {
	case r.Actor.App:
		kind = "Application"
	case r.Actor != Actor{}:
		kind = "User"
	}
	out := map[string]types.Value{
		"Timestamp": types.DatetimeValue(types.TicksOf(r.Time)), "RequestId": types.StringValue(r.RequestID), "ActorType": types.StringValue(kind),
		"AppId": types.StringValue(r.Actor.AppID), "ObjectId": types.StringValue(r.Actor.ObjectID), "AccountName": types.StringValue(r.Actor.Name),
		"Subject": types.StringValue(r.Actor.Subject), "SourceAddress": types.StringValue(r.Source), "Contract": types.StringValue(r.Contract),
		"Profile": types.StringValue(r.Profile), "Query": types.StringValue(r.Query), "QueryHash": types.StringValue(r.QueryHash),
		"QueryTruncated": types.BoolValue(r.QueryTruncated), "Rows": types.LongValue(r.Rows), "DurationMs": types.RealValue(r.Millis),
		"Outcome": types.StringValue(r.Outcome), "Detail": types.StringValue(r.Detail), "Status": types.IntValue(int32(r.Status)),
	}
	stages := map[string]float64{}
	for _, s := range r.Stages {
		stages[s.Name] += s.Millis
	}
	tables := r.Tables
	if tables == nil {
		tables = []string{}
	}
	for name, v := range map[string]any{"Tables": tables, "Scope": r.Scope, "Stages": stages} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out[name] = types.DynamicValue(string(text))
	}
	return out, nil
}

func (r *rows) add(rec Record) error {
	values, err := rec.values()
	if err != nil {
		return err
	}
	row := r.batch.AddRow()
	for name, v := range values {
		at, ok := r.columns[name]
		if !ok {
			return fmt.Errorf("audit: table %s has no column %s", Table, name)
		}
		r.batch.Set(row, at, v)
	}
	return nil
}

// byTenant sorts the records of some lines. Records of nobody's tenant are in the files only. broken counts lines that
// are no records: one that was cut off by a crash, say.
func byTenant(lines string, t *catalog.Table) (out map[string]*rows, broken int, err error) {
	out = map[string]*rows{}
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		var rec Record
		if json.Unmarshal([]byte(line), &rec) != nil {
			broken++
			continue
		}
		if rec.Tenant == "" {
			continue
		}
		if out[rec.Tenant] == nil {
			out[rec.Tenant] = newRows(t)
		}
		err = errors.Join(err, out[rec.Tenant].add(rec))
	}
	return out, broken, err
}
