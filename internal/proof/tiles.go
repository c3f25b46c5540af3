package proof

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
)

// tileHeight is that of tiles everywhere: 256 hashes.
const tileHeight = 8

const tileWidth = 1 << tileHeight

// readAtOnce is how many small objects are asked for at the same time.
const readAtOnce = 8

// reader gives hashes of a tree, each proven against the tree's root.
func (l *Log) reader(ctx context.Context, t tlog.Tree) tlog.HashReader {
	return tlog.TileHashReader(t, &tileReader{ctx: ctx, l: l})
}

// tileReader reads finished tiles from the bucket and makes the unfinished ones from the entries.
type tileReader struct {
	ctx context.Context //nolint:containedctx // the library's interface takes none
	l   *Log
}

// Height is that of all tiles.
func (r *tileReader) Height() int { return tileHeight }

// SaveTiles keeps finished tiles that were proven.
func (r *tileReader) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, t := range tiles {
		if t.W == tileWidth {
			r.l.tiles[t.Path()] = data[i]
		}
	}
}

// ReadTiles gives the tiles' hashes.
func (r *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if out[i], err = r.tile(t); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *tileReader) tile(t tlog.Tile) ([]byte, error) {
	if data, ok := r.l.tiles[t.Path()]; ok {
		return data, nil
	}
	if stored(t) && !r.l.entriesOnly {
		data, _, err := r.l.o.Store.Get(r.ctx, tileKey(r.l.o.Tenant, t))
		if err == nil && len(data) == t.W*tlog.HashSize {
			return data, nil
		}
		if err != nil && !isMissing(err) {
			return nil, err
		}
	}
	if t.L == 0 {
		return r.fromEntries(t)
	}
	return r.fromBelow(t)
}

// stored says which tiles stand in the bucket: finished ones, and of the levels above the first also unfinished ones, which change every 256 entries.
func stored(t tlog.Tile) bool { return t.W == tileWidth || t.L > 0 }

// fromEntries hashes the entries of a tile of the lowest level.
func (r *tileReader) fromEntries(t tlog.Tile) ([]byte, error) {
	hashes := make([]tlog.Hash, t.W)
	g, ctx := errgroup.WithContext(r.ctx)
	g.SetLimit(readAtOnce)
	for i := range hashes {
		n := t.N*tileWidth + int64(i)
		if h, ok := r.l.leaves[n]; ok {
			hashes[i] = h
			continue
		}
		g.Go(func() error {
			key := entryKey(r.l.o.Tenant, n)
			data, _, err := r.l.o.Store.Get(ctx, key)
			if isMissing(err) {
				return r.l.tampered(FoundEntryMissing, key, err)
			}
			if err != nil {
				return err
			}
			if hashes[i], err = r.l.readEntry(n, data); err != nil {
				return r.l.tampered(FoundEntryAltered, key, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for i := range hashes {
		r.l.leaves[t.N*tileWidth+int64(i)] = hashes[i]
		b.Write(hashes[i][:])
	}
	return b.Bytes(), nil
}

// fromBelow makes a tile of a higher level from the finished tiles below it.
func (r *tileReader) fromBelow(t tlog.Tile) ([]byte, error) {
	var b bytes.Buffer
	for i := range t.W {
		data, err := r.tile(tlog.Tile{H: tileHeight, L: t.L - 1, N: t.N*tileWidth + int64(i), W: tileWidth})
		if err != nil {
			return nil, err
		}
		root := tileRoot(data)
		b.Write(root[:])
	}
	return b.Bytes(), nil
}

// tileRoot is the hash over a whole tile.
func tileRoot(data []byte) tlog.Hash {
	level := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range level {
		copy(level[i][:], data[i*tlog.HashSize:])
	}
	for len(level) > 1 {
		for i := range len(level) / 2 {
			level[i] = tlog.NodeHash(level[2*i], level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return level[0]
}

// writeTiles writes what became whole between two sizes. Tiles follow from the entries, so that several writers write the same bytes.
func (l *Log) writeTiles(ctx context.Context, from, to int64, r tlog.HashReader) error {
	for _, t := range tlog.NewTiles(tileHeight, from, to) {
		if !stored(t) {
			continue
		}
		data, err := tlog.ReadTileData(t, r)
		if err != nil {
			return fmt.Errorf("tile %s of the log: %w", t.Path(), err)
		}
		_, err = l.o.Store.Put(ctx, tileKey(l.o.Tenant, t), data, archive.PutOptions{CreateOnly: true, Lock: true})
		if isConflict(err) { // what follows from the entries is right, what stands there is not
			_, err = l.o.Store.Put(ctx, tileKey(l.o.Tenant, t), data, archive.PutOptions{Lock: true})
		}
		if err != nil {
			return err
		}
		if t.W == tileWidth {
			l.tiles[t.Path()] = data
		}
	}
	return nil
}
