package simulate

// task is something that will happen.
type task struct {
	at  int64
	seq uint64 // tells apart what happens at the same tick: first come, first served
	run func()
}

// queue is a binary heap of tasks, the next one on top. It is written out
// because container/heap would box every task.
type queue struct {
	heap []task
	seq  uint64
}

func (q *queue) add(at int64, run func()) {
	q.seq++
	q.heap = append(q.heap, task{at, q.seq, run})
	i := len(q.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !q.less(i, up) {
			break
		}
		q.heap[i], q.heap[up] = q.heap[up], q.heap[i]
		i = up
	}
}

// next takes the earliest task.
func (q *queue) next() (task, bool) {
	if len(q.heap) == 0 {
		return task{}, false
	}
	top := q.heap[0]
	last := len(q.heap) - 1
	q.heap[0] = q.heap[last]
	q.heap[last] = task{}
	q.heap = q.heap[:last]
	i := 0
	for {
		least := i
		for _, c := range [...]int{2*i + 1, 2*i + 2} {
			if c < last && q.less(c, least) {
				least = c
			}
		}
		if least == i {
			return top, true
		}
		q.heap[i], q.heap[least] = q.heap[least], q.heap[i]
		i = least
	}
}

func (q *queue) less(i, j int) bool {
	a, b := &q.heap[i], &q.heap[j]
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}
