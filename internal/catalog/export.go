package catalog

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
)

// exported is one line of Export.
type exported struct {
	Snapshot
	Documents []exportedDoc `json:"documents"`
}

type exportedDoc struct {
	Kind      Kind   `json:"kind"`
	Origin    string `json:"origin"`
	Published *int64 `json:"published"`
	Sheet     int    `json:"sheet"`
	ID        string `json:"id"`
	Parent    string `json:"parent"`
	Permalink string `json:"permalink"`
	Author    string `json:"author"`
	Text      string `json:"text"`
}

// Export writes everything that the catalogue holds, one snapshot a line as JSON, in the order of IDs. Two catalogues of the same archive
// write the same bytes, however they came about.
func (c *Catalog) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	list, keys, err := c.snapshots(ctx, "ORDER BY id")
	if err != nil {
		return err
	}
	for i, s := range list {
		line := exported{Snapshot: s}
		if line.Documents, err = c.documents(ctx, keys[i]); err != nil {
			return err
		}
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("the catalogue could not be exported: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("the catalogue could not be exported: %w", err)
	}
	return nil
}

func (c *Catalog) documents(ctx context.Context, n int64) ([]exportedDoc, error) {
	return listed(ctx, c, scanDocument, `SELECT kind, origin, published, sheet, pid, parent, permalink, author, body FROM doc
		WHERE n BETWEEN ? AND ? ORDER BY n DESC`, n<<docBits, n<<docBits|maxDocs)
}

func scanDocument(rows *sql.Rows) (d exportedDoc, err error) {
	var kind, origin int
	var published sql.NullInt64
	err = rows.Scan(&kind, &origin, &published, &d.Sheet, &d.ID, &d.Parent, &d.Permalink, &d.Author, &d.Text)
	d.Kind, d.Origin = kindNames[kind], string(originNames[origin])
	if published.Valid {
		d.Published = &published.Int64
	}
	return d, err
}
