package calendar

// filler finds the snapshot that fills the i-th slot, a complete one before a partial.
//
// A scheduled one fills the slot it was taken for, also when partial: taking the same wall again each minute helps nobody, and it is reported.
// A complete manual or closure snapshot fills the slot in whose window, or late time after it, it was taken. Evidence and ingest fill none.
func (a *account) filler(i int) *Kept {
	var best *Kept
	for n := range a.Kept {
		k := &a.Kept[n]
		if i > 0 && k.At.Before(a.slots.opens[i-1]) { // older than the opening before: cannot be for this one
			continue
		}
		if !a.fills(k, i) {
			continue
		}
		if best == nil || k.Complete && !best.Complete || k.Complete == best.Complete && k.At.Before(best.At) {
			best = k
		}
	}
	return best
}

func (a *account) fills(k *Kept, i int) bool {
	switch k.Trigger {
	case TriggerScheduled:
		if k.Slot == a.slots.names[i] {
			return true
		}
		return a.indexAt(k.Slot) < 0 && a.nearest(k) == i
	case "manual", TriggerClosure:
		if !k.Complete {
			return false
		}
		d := on(k.At, a.loc)
		return a.slots.days[i] <= d && (i+1 == len(a.slots.days) || d < a.slots.days[i+1])
	}
	return false
}

// nearest gives the opening nearest to a scheduled snapshot whose own slot is no opening any more: when opening days are
// moved in the settings, what has been taken counts for the moved ones, and nothing is taken twice.
func (a *account) nearest(k *Kept) int {
	d, ok := parseDay(k.Slot)
	if !ok {
		d = on(k.At, a.loc)
	}
	best, distance := -1, never
	for i, open := range a.slots.days {
		if x := max(open-d, d-open); x < distance {
			best, distance = i, x
		}
	}
	return best
}
