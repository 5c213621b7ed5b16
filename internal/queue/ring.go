package queue

import "slices"

// ring gives its items their turns. Their number is bounded by the length of the queue.
type ring[T comparable] struct {
	items []T
	at    int // whose turn it is
}

// add puts an item last: everybody who is there already comes before it.
func (r *ring[T]) add(item T) {
	r.items = slices.Insert(r.items, r.at, item)
	r.at++
	if r.at == len(r.items) {
		r.at = 0
	}
}

// turn returns the item whose turn it is; the next one is next.
func (r *ring[T]) turn() T {
	item := r.items[r.at]
	r.at = (r.at + 1) % len(r.items)
	return item
}

// remove takes an item out without changing the order of the others.
func (r *ring[T]) remove(item T) {
	i := slices.Index(r.items, item)
	if i < 0 {
		return
	}
	r.items = slices.Delete(r.items, i, i+1)
	if i < r.at {
		r.at--
	}
	if r.at >= len(r.items) {
		r.at = 0
	}
}
