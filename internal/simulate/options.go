package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// edition is part of the batch ids. Raise it whenever the same options make
// other rows, or a data directory filled by an older edition would count as
// filled already.
const edition = 1

// The bounds of the options. The least number of rows is what the machines do
// by themselves: they start, people log on, agents report.
const (
	MinDevices = 10
	MaxDevices = 20_000
	MaxDays    = 3650
	MaxEvents  = 1_000_000_000

	rowsPerDevice    = 190
	rowsPerDeviceDay = 55
	rowsOfAttacks    = 1900
)

// Options say what to simulate. Equal options make equal rows, to the byte.
type Options struct {
	// Catalog has the tables; required.
	Catalog *catalog.Catalog
	// Seed chooses one of many histories.
	Seed uint64
	// Devices is the size of the fleet.
	Devices int
	// Days is the length of the window that ends at End.
	Days int
	// Events is the number of rows over all tables, met within a few per cent.
	Events int64
	// End is the end of the window; required, for this package has no clock.
	End time.Time
	// Progress is told how many rows of how many were made; nil is fine.
	Progress func(done, total int64)
}

// MinEvents is the least number of rows that a fleet makes.
func MinEvents(devices, days int) int64 {
	return rowsOfAttacks + int64(devices)*(rowsPerDevice+rowsPerDeviceDay*int64(days))
}

// Check tells what is wrong with the options, if anything.
func (o Options) Check() error {
	least := MinEvents(o.Devices, o.Days)
	switch {
	case o.Catalog == nil:
		return errors.New("simulate: no catalog given")
	case o.Devices < MinDevices || o.Devices > MaxDevices:
		return fmt.Errorf("simulate: %d devices: give %d to %d (the attacks need workstations and servers)",
			o.Devices, MinDevices, MaxDevices)
	case o.Days < 1 || o.Days > MaxDays:
		return fmt.Errorf("simulate: %d days: give 1 to %d", o.Days, MaxDays)
	case o.Events < least || o.Events > MaxEvents:
		return fmt.Errorf("simulate: %d events: %d devices over %d days make at least %d and at most %d; "+
			"ask for another number, fewer devices or fewer days", o.Events, o.Devices, o.Days, least, int64(MaxEvents))
	case o.End.Year() < 1990 || o.End.Year() > 9000:
		return fmt.Errorf("simulate: the window ends at %s: give a time between the years 1990 and 9000",
			o.End.Format(time.RFC3339))
	}
	return nil
}

// window is the time span of the rows in ticks: start <= Timestamp < end.
func (o Options) window() (start, end int64) {
	end = types.TicksOf(o.End)
	return end - int64(o.Days)*day, end
}

// id names the rows these options make.
func (o Options) id() string {
	h := sha256.Sum256(fmt.Appendf(nil, "simulate %d seed %d devices %d days %d events %d end %d",
		edition, o.Seed, o.Devices, o.Days, o.Events, types.TicksOf(o.End)))
	return "simulate-" + hex.EncodeToString(h[:16])
}
