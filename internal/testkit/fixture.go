package testkit

import (
	"fmt"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Now is the clock of tests; a look-back window of 30 days begins at
// 2026-10-02T12:00:00Z.
func Now() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }

// Outside marks the rows of Fixture that lie before the window: it is in
// their text columns and in no row inside the window.
const Outside = "outside-the-window"

// OutsideNumber is the same for whole numbers.
const OutsideNumber = 666_666

// record is one row of a fixture table, by column name; absent columns are null.
type record map[string]any

// Fixture is a small set of telemetry: four devices, thirty process events,
// connections, logons, files, alerts and an inventory without times.
func Fixture(c *catalog.Catalog) ([]*catalog.Batch, error) {
	tables := []struct {
		name string
		rows []record
	}{
		{"DeviceProcessEvents", processEvents()},
		{"DeviceNetworkEvents", networkEvents()},
		{"DeviceLogonEvents", logonEvents()},
		{"DeviceFileEvents", fileEvents()},
		{"DeviceInfo", deviceInfo()},
		{"AlertEvidence", alertEvidence()},
		{"CloudAppEvents", cloudEvents()},
		{"DeviceTvmSoftwareInventory", inventory()},
	}
	var out []*catalog.Batch
	for _, x := range tables {
		b, err := batch(c.Table(x.name), x.rows)
		if err != nil {
			return nil, fmt.Errorf("fixture of %s: %w", x.name, err)
		}
		out = append(out, b)
	}
	return out, nil
}

// batch turns records into columns; a name or value that does not fit is a
// mistake of the fixture.
func batch(table *catalog.Table, rows []record) (*catalog.Batch, error) {
	if table == nil {
		return nil, fmt.Errorf("no such table")
	}
	b := catalog.NewBatch(table)
	for _, r := range rows {
		i := b.AddRow()
		for name, x := range r {
			k := table.Ordinal(name)
			if k < 0 {
				return nil, fmt.Errorf("no column %s", name)
			}
			v, err := valueOf(x, table.Columns[k].Type)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			b.Set(i, k, v)
		}
	}
	return b, nil
}

func valueOf(x any, t types.Type) (types.Value, error) {
	switch x := x.(type) {
	case nil:
		return types.Null(t), nil
	case bool:
		return types.BoolValue(x), nil
	case int:
		return types.Value{Type: t, I: int64(x)}, nil
	case string:
		switch t {
		case types.String:
			return types.StringValue(x), nil
		case types.Dynamic:
			return types.DynamicValue(x), nil
		case types.Datetime:
			if ticks, ok := types.ParseDatetime(x); ok {
				return types.DatetimeValue(ticks), nil
			}
		}
	}
	return types.Value{}, fmt.Errorf("%v is no %s", x, t)
}

// with adds common members to records that lack them.
func with(rows []record, common record) []record {
	for _, r := range rows {
		for k, v := range common {
			if _, ok := r[k]; !ok {
				r[k] = v
			}
		}
	}
	return rows
}
