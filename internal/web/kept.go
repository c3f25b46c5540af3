package web

import "arsring/internal/sip"

// kept is a snapshot with its manifest.
type kept struct {
	Snapshot
	M sip.Manifest
}

// kept finds the snapshot that a path names, when the asker may see it, with its manifest.
func (q *ask) kept() (kept, error) {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return kept{}, err
	}
	return q.withManifest(s)
}

func (q *ask) withManifest(s Snapshot) (kept, error) {
	m, err := q.o.Archive.Manifest(q.ctx(), s.ID)
	return kept{s, m}, err
}
