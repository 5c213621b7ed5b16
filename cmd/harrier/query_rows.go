package main

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// column is a column of an answer; Type is the contract's name of its type.
type column struct{ Name, Type string }

// cursor walks over the rows of an answer. It has two implementations: rows of
// the store in this process, and rows that a server sends.
type cursor interface {
	columns() []column
	next() (bool, error)
	object(dst []byte) []byte      // the row as a JSON object
	text(dst []byte, i int) []byte // one value for people and CSV
	warnings() diag.List
	truncated() bool // known at the end
	close()
}

// localRows are rows of the data directory.
type localRows struct {
	store *duckdb.Store
	res   *hunt.Result
	row   *wire.Object
	batch *engine.Batch
	at    int
}

func askStore(ctx context.Context, f storeFlags, profileName, text string) (cursor, error) {
	profile, err := lookupProfile(profileName)
	if err != nil {
		return nil, err
	}
	log, err := logger("error")
	if err != nil {
		return nil, err
	}
	store, err := f.open(log, true)
	if err != nil {
		return nil, err
	}
	svc, err := service(store, f.Tenant, log)
	if err != nil {
		store.Close()
		return nil, err
	}
	if err := f.locate(svc); err != nil {
		store.Close()
		return nil, err
	}
	st, err := f.findState(ctx)
	if err != nil {
		store.Close()
		return nil, err
	}
	if st != nil {
		defer st.Close() // functions are read before the first row
	}
	f.extend(svc, []string{auth.CanonicalID(f.Tenant)}, st, log)
	res, err := local(svc, f.Tenant, profile)(ctx, text)
	if err != nil {
		store.Close()
		return nil, err
	}
	return &localRows{store: store, res: res, row: wire.NewObject(res.Columns, wire.TimeTrimmed)}, nil
}

func (r *localRows) columns() []column {
	out := make([]column, len(r.res.Columns))
	for i, c := range r.res.Columns {
		out[i] = column{c.Name, c.Type.NetName()}
	}
	return out
}

func (r *localRows) next() (bool, error) {
	if r.at++; r.batch != nil && r.at < r.batch.N {
		return true, nil
	}
	var err error
	r.batch, err = r.res.Next()
	r.at = 0
	return r.batch != nil, err
}

func (r *localRows) object(dst []byte) []byte { return r.row.Append(dst, r.batch, r.at) }

func (r *localRows) text(dst []byte, i int) []byte {
	return wire.AppendText(dst, r.batch.Cols[i], r.at)
}

func (r *localRows) warnings() diag.List { return r.res.Warnings }
func (r *localRows) truncated() bool     { return r.res.Rows.Truncated() }

func (r *localRows) close() {
	r.res.Close()
	r.store.Close()
}
