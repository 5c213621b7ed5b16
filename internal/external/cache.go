package external

import (
	"container/list"
	"sync"
	"time"
)

// cache keeps answers with their ETag, the least recently used leaving first.
type cache struct {
	mu    sync.Mutex
	limit int64
	size  int64
	order *list.List // of keyed, most recent first
	at    map[string]*list.Element
}

type entry struct {
	etag     string
	body     []byte
	modified time.Time // zero when the host does not tell
}

type keyed struct {
	key string
	entry
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), at: map[string]*list.Element{}}
}

func (c *cache) get(key string) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[key]
	if !ok {
		return entry{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(keyed).entry, true
}

func (c *cache) put(key string, x entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.at[key]; ok {
		c.drop(e)
	}
	if int64(len(x.body)) > c.limit {
		return
	}
	c.at[key] = c.order.PushFront(keyed{key, x})
	for c.size += int64(len(x.body)); c.size > c.limit; {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	k := c.order.Remove(e).(keyed)
	delete(c.at, k.key)
	c.size -= int64(len(k.body))
}
