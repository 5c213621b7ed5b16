package hunt

import (
	"errors"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/engine"
)

// Bounds of what is remembered: sets of one store, and ids of one set.
const (
	maxSets   = 64
	maxSetIDs = 1_000_000
)

// versioned is a store that tells whether the rows of a table changed. A
// session of it sees the rows of the moment at which it was opened.
type versioned interface {
	Version(table string) (version uint64, settled bool)
}

// fleets remembers which devices callers may see, for as long as DeviceInfo of
// the store stays as it was. What it hands out is never of other rows than the
// query's:
//
// The version of DeviceInfo is read before a query is compiled, which is where
// its day tables are listed, and again by the set's operator, within the
// query's session. If both are the same and no change is being committed, then
// the session sees the rows of that version, and so does a set that was
// computed in such a session. A store counts a change before it is committed,
// so there is no moment at which a session sees rows of which the version does
// not tell. The grant is part of the key with the very rules that it came
// from, so those of another policy are never found.
type fleets struct {
	mu     sync.Mutex
	stores map[engine.Engine]*fleet
}

// fleet is what is remembered of one store, for one version.
type fleet struct {
	mu      sync.Mutex
	version uint64
	sets    map[access.Key][]string
}

// known is what attempt number i of a query, compiled from now on, may use; nil
// without anything to go by. The last attempt goes on with what it finds.
func (f *fleets) known(store engine.Engine, g access.Grant, i int) *known {
	v, ok := store.(versioned)
	if !ok || g.AllDevices {
		return nil
	}
	k := &known{fleet: f.of(store), store: v, again: i < attempts-1}
	if k.version, k.settled = v.Version("DeviceInfo"); !k.settled && k.again {
		time.Sleep(time.Duration(i+1) * time.Millisecond)
		k.version, k.settled = v.Version("DeviceInfo")
	}
	return k
}

func (f *fleets) of(store engine.Engine) *fleet {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stores == nil {
		f.stores = map[engine.Engine]*fleet{}
	}
	x := f.stores[store]
	if x == nil {
		x = &fleet{}
		f.stores[store] = x
	}
	return x
}

// attempts bounds how often a query is compiled because DeviceInfo changes.
const attempts = 5

// known is what is known of the devices to one query.
type known struct {
	fleet   *fleet
	store   versioned
	version uint64 // before the query was compiled
	settled bool
	again   bool // the query may be compiled once more
}

// errDevicesChanged ends a statement that was compiled before DeviceInfo
// changed and runs after it: it would miss reports in a new day table.
var errDevicesChanged = errors.New("hunt: reports of devices came in while the query was compiled")

// get finds a set; it must not be changed. valid tells that a set computed now
// may be put.
func (k *known) get(key access.Key) (ids []string, valid bool, err error) {
	if k == nil {
		return nil, false, nil
	}
	now, settled := k.store.Version("DeviceInfo")
	if !settled || !k.settled || now != k.version {
		if k.again {
			return nil, false, errDevicesChanged
		}
		return nil, false, nil
	}
	k.fleet.mu.Lock()
	defer k.fleet.mu.Unlock()
	if k.fleet.version != k.version {
		return nil, true, nil
	}
	return k.fleet.sets[key], true, nil
}

// put remembers a set. The older of two versions is forgotten.
func (k *known) put(key access.Key, ids []string) {
	if len(ids) > maxSetIDs {
		return
	}
	k.fleet.mu.Lock()
	defer k.fleet.mu.Unlock()
	if k.version < k.fleet.version {
		return
	}
	if k.version > k.fleet.version || len(k.fleet.sets) >= maxSets || k.fleet.sets == nil {
		k.fleet.version, k.fleet.sets = k.version, map[access.Key][]string{}
	}
	k.fleet.sets[key] = ids
}
