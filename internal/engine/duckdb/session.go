package duckdb

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// session is one connection within one transaction: its statements see the
// rows of one moment, and rolling back drops its temporary tables.
type session struct {
	s    *Store
	c    *conn
	ctx  context.Context
	rows *rows // of the last statement
	keep bool  // nothing is left running on the connection
}

// Session starts the statements of one query. Functions are registered before
// its transaction begins: what a transaction registers goes with its end.
func (s *Store) Session(ctx context.Context, natives []fn.Native) (engine.Session, error) {
	if ctx.Err() != nil {
		return nil, contextFault(ctx)
	}
	c, err := s.acquire()
	if err != nil {
		return nil, s.fault(err)
	}
	x := &session{s: s, c: c, ctx: ctx, keep: true}
	err = s.natives.provide(c, natives, s.log)
	if err == nil { // what a transaction sees is fixed when it first looks at the database
		err = c.exec("BEGIN TRANSACTION; FROM manifest.meta LIMIT 0")
	}
	if err != nil {
		s.release(c, false)
		return nil, s.fault(err, ctx)
	}
	return x, nil
}

// Stage is the name of a session's temporary table.
func (s *Store) Stage(table string) string { return "temp.main." + table }

// Query runs a statement after closing the one before.
func (x *session) Query(ctx context.Context, q lower.Query) (engine.Rows, error) {
	x.closeRows()
	if !x.keep {
		return nil, x.s.internal("a statement follows one that was not read to its end", errClosed)
	}
	r, err := x.s.run(ctx, x.c, q, func(finished bool) { x.keep = x.keep && finished })
	if err != nil {
		return nil, err
	}
	x.rows = r
	return r, nil
}

func (x *session) closeRows() {
	if x.rows != nil {
		x.rows.Close()
		x.rows = nil
	}
}

// Load makes a temporary table and fills it.
func (x *session) Load(ctx context.Context, table string, columns []plan.Column, b *engine.Batch) error {
	x.closeRows()
	stop := x.c.interruptOn(ctx)
	defer stop()
	if err := x.load(ctx, table, columns, b); err != nil {
		x.keep = false
		return x.s.fault(err, ctx, x.ctx)
	}
	return nil
}

func (x *session) load(ctx context.Context, table string, columns []plan.Column, b *engine.Batch) error {
	defs := make([]string, 0, len(columns)+1)
	for i, c := range columns {
		if b.Cols[i].Type != c.Type || c.Type.IsList() {
			return fmt.Errorf("stage %s: column %d (%s) should be %s, not %s", table, i, c.Name, c.Type, b.Cols[i].Type)
		}
		defs = append(defs, "c"+strconv.Itoa(i)+" "+sqlx.DuckDB.TypeName(c.Type))
	}
	defs = append(defs, "o BIGINT")
	if err := x.c.exec("CREATE TEMP TABLE " + table + " (" + strings.Join(defs, ", ") + ")"); err != nil {
		return err
	}
	number := types.NewVector(types.Long, b.N)
	rows := make([]int32, b.N)
	for i := range rows {
		number.Ints[i], rows[i] = int64(i), int32(i)
	}
	var app mapping.Appender
	if mapping.AppenderCreateExt(x.c.raw, "temp", "main", table, &app) == mapping.StateError {
		err := appenderError(app)
		mapping.AppenderDestroy(&app)
		return err
	}
	if err := appendTo(app, append(b.Cols[:len(b.Cols):len(b.Cols)], number), rows); err != nil {
		return err
	}
	return ctx.Err()
}

// Close ends the transaction and gives the connection back; one on which
// something may still run is closed.
func (x *session) Close() {
	if x.c == nil {
		return
	}
	x.closeRows()
	if x.keep && x.c.exec("ROLLBACK") != nil {
		x.keep = false
	}
	x.s.release(x.c, x.keep)
	x.c = nil
}
