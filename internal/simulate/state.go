package simulate

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/types"
)

// put sets a column of a state row by its name. A column that the table does
// not have, or has with another type, ends the simulation: the rows would not
// be what this package says they are.
func (r row) put(name string, v types.Value) {
	if r.sheet == nil {
		return
	}
	t := r.sheet.table
	i, ok := r.sheet.ordinal[name]
	switch {
	case !ok:
		r.sheet.out.fail(fmt.Errorf("simulate: the catalog's table %s has no column %s", t.Name, name))
	case t.Columns[i].Type != v.Type:
		r.sheet.out.fail(fmt.Errorf("simulate: the catalog's column %s.%s has type %s, not %s", t.Name, name, t.Columns[i].Type, v.Type))
	case v.Type != types.String || v.S != "":
		r.batch.Set(r.n, i, v)
	}
}

// state begins a row of a table that describes a state.
func (w *world) state(table string) row {
	s := w.out.byName[table]
	if s == nil {
		w.out.fail(fmt.Errorf("simulate: table %s is not among those to fill", table))
		return row{}
	}
	return s.add()
}

// about sets the device of a state row.
func (r row) about(d *device) {
	r.put("DeviceId", text(d.id))
	r.put("DeviceName", text(d.name))
}

// system sets the operating system of a state row.
func (r row) system(d *device) {
	r.put("OSPlatform", text(d.os.os))
	r.put("OSVersion", text(d.os.version))
}
