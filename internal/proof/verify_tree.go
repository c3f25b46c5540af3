package proof

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// grow adds a leaf to the tree: whole subtrees are joined, so that only their roots are held. Tiles that become whole are kept for comparison.
func (r *logReading) grow(n int64, h tlog.Hash) {
	r.addToTile(0, n, h)
	now := node{0, h}
	for len(r.range_) > 0 && r.range_[len(r.range_)-1].level == now.level {
		last := r.range_[len(r.range_)-1]
		r.range_ = r.range_[:len(r.range_)-1]
		now = node{now.level + 1, tlog.NodeHash(last.hash, now.hash)}
		if now.level%tileHeight == 0 {
			r.addToTile(now.level/tileHeight, n>>now.level, now.hash)
		}
	}
	r.range_ = append(r.range_, now)
}

func (r *logReading) addToTile(level int, n int64, h tlog.Hash) {
	t := tlog.Tile{H: tileHeight, L: level, N: n / tileWidth, W: int(n%tileWidth) + 1}
	name := fmt.Sprintf("%d/%d", t.L, t.N)
	r.want[name] = append(r.want[name], h[:]...)
}

func (r *logReading) root() tlog.Hash {
	h := r.range_[len(r.range_)-1].hash
	for i := len(r.range_) - 2; i >= 0; i-- {
		h = tlog.NodeHash(r.range_[i].hash, h)
	}
	return h
}

// compare holds the tree against every checkpoint that is known.
func (r *logReading) compare(context.Context) error {
	key := checkpointKey(r.tenant)
	if got, ok := r.roots[r.cp.Size]; ok && got != r.cp.Root {
		r.say(FoundRollback, key)
		r.st.damaged = true
		return nil
	}
	for _, c := range r.known {
		got, read := r.roots[c.Size]
		switch {
		case c.Size > r.cp.Size && r.cp.Size > 0, read && got != c.Root, !read && c.Size > r.size && !r.st.damaged:
			r.say(FoundRollback, key)
			r.st.damaged = r.st.damaged || !read || got != c.Root
			return nil
		}
	}
	return nil
}

// checkTiles compares the stored hashes with those that the entries give.
func (r *logReading) checkTiles(ctx context.Context) error {
	there := map[string]bool{}
	for _, name := range r.tiles {
		there[name] = true
		t, err := tlog.ParseTilePath(name)
		if err != nil || t.H != tileHeight || t.L < 0 || !stored(t) {
			r.say(FoundStray, logFolder(r.tenant)+name)
			continue
		}
		want := r.want[fmt.Sprintf("%d/%d", t.L, t.N)]
		if len(want) < t.W*tlog.HashSize {
			if !r.st.damaged {
				r.say(FoundStray, logFolder(r.tenant)+name)
			}
			continue
		}
		data, _, err := r.v.o.Archive.Get(ctx, logFolder(r.tenant)+name)
		if err != nil && !isMissing(err) {
			return err
		}
		if !bytes.Equal(data, want[:t.W*tlog.HashSize]) {
			r.say(FoundTile, logFolder(r.tenant)+name)
		}
	}
	for _, t := range tlog.NewTiles(tileHeight, 0, min(r.size, r.cp.Size)) {
		if t.W == tileWidth && !there[t.Path()] {
			r.say(FoundTile, tileKey(r.tenant, t))
		}
	}
	r.want = nil
	return nil
}
