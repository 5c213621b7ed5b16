package hunt

import (
	"sync"
	"time"
)

// Usage is processor time and memory.
//
// No engine here tells what one query used: DuckDB's threads serve all queries at once, and its profiler, which could
// tell, is a setting of a connection while the store's settings are locked. What the process used while a query ran is
// wrong as soon as there are two. So the processor time of each moment is divided equally among the queries that run at
// that moment: a query alone has exactly what the process used (compiling, engine, encoding, the collector), and the
// figures of all queries add up to what was used while any ran.
//
// Peak is the largest resident size of the process so far: "per node", not per query.
type Usage struct {
	User, Kernel time.Duration
	Peak         int64 // bytes
}

func (u Usage) minus(v Usage) Usage {
	return Usage{u.User - v.User, u.Kernel - v.Kernel, u.Peak}
}

// meter divides what is used among those that run. What one that runs from the start would have got so far is kept as
// one sum; everybody's part is the difference between its values at their end and at their start.
type meter struct {
	mu      sync.Mutex
	running time.Duration // how many, as a divisor
	last    Usage         // of the process
	part    Usage
}

// turn brings the sum up to date.
func (m *meter) turn(now Usage) {
	if m.running > 0 {
		used := now.minus(m.last)
		m.part.User += max(0, used.User) / m.running
		m.part.Kernel += max(0, used.Kernel) / m.running
	}
	m.part.Peak, m.last = now.Peak, now
}

// enter begins a query.
func (m *meter) enter(now func() Usage) (mark Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now())
	m.running++
	return m.part
}

// since is what a query has used.
func (m *meter) since(mark Usage, now func() Usage) Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now())
	return m.part.minus(mark)
}

// leave ends a query.
func (m *meter) leave(now func() Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now())
	m.running--
}
