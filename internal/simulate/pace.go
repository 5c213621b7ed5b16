package simulate

// pace meets the number of rows asked for. The window is cut into slots; each
// gets its part of the rows that are still to be made, by how busy the fleet
// is expected to be, and the devices act so often in the slot as the rows per
// act of the last hours suggest. What comes too much or too little in one slot
// is made up for in the next ones.
type pace struct {
	weight []int64 // of each slot
	rest   int64   // the sum of those to come
	acts   int64   // of late, the older ones fading away
	rows   int64   // that came of them, and by themselves
	made   int64   // rows at the start of the last slot
}

const slot = 15 * minute

// newPace adds up what is expected of the devices.
func (w *world) newPace() *pace {
	n := (w.end - w.start + slot - 1) / slot
	p := &pace{weight: make([]int64, n)}
	for i := range p.weight {
		t := w.start + int64(i)*slot + slot/2
		for _, d := range w.devices {
			p.weight[i] += int64(d.weightAt(t))
		}
		p.weight[i] += 1
		p.rest += p.weight[i]
	}
	p.made = w.out.made
	return p
}

// slotTask spreads the acts of a slot over devices and time, and comes again
// with the next slot.
func (w *world) slotTask(i int) {
	p := w.pace
	if i >= len(p.weight) {
		return
	}
	left := w.o.Events - w.out.made
	rows := max(0, left) * p.weight[i] / p.rest
	p.rest -= p.weight[i]
	p.acts, p.rows = p.acts*15/16, (p.rows+w.out.made-p.made)*15/16
	p.made = w.out.made
	// 60 acts of 4 rows are what is assumed before experience counts.
	acts := rows * (p.acts + 60) / (p.rows + 240)
	w.at(w.now+slot, func() { w.slotTask(i + 1) })
	total := int64(0)
	for _, d := range w.devices {
		total += int64(d.weightNow())
	}
	if total == 0 || acts == 0 {
		return
	}
	length := min(slot, w.end-w.now)
	for _, d := range w.devices {
		share := acts * int64(d.weightNow()) * 1000 / total
		n := share / 1000
		if d.dice.chance(int(share % 1000)) {
			n++
		}
		p.acts += n
		for range n {
			w.at(w.now+d.dice.between(1, length-1), d.act)
		}
	}
}
