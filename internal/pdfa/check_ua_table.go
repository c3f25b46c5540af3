package pdfa

// maxCells bounds the grid that spans can ask for.
const maxCells = 1 << 20

// grid is a table's cells by row and column; a cell with spans stands in all its places.
type grid struct {
	rows, cols int
	cell       [][]*element
	row, col   map[*element]int // where a cell begins
}

// span gives a cell's column and row span.
func (u *uaTree) span(e *element) (cols, rows int) {
	cols, rows = 1, 1
	if n, ok := u.d.integer(u.t.attribute(u.d, e, "Table", "ColSpan")); ok && n > 0 {
		cols = n
	}
	if n, ok := u.d.integer(u.t.attribute(u.d, e, "Table", "RowSpan")); ok && n > 0 {
		rows = n
	}
	return cols, rows
}

// tableRows gives the rows of a table, those in row groups included.
func tableRows(e *element) []*element {
	var rows []*element
	for _, k := range e.children() {
		switch k.std {
		case "TR":
			rows = append(rows, k)
		case "THead", "TBody", "TFoot":
			for _, r := range k.children() {
				if r.std == "TR" {
					rows = append(rows, r)
				}
			}
		}
	}
	return rows
}

func cells(row *element) []*element {
	var list []*element
	for _, k := range row.children() {
		if k.std == "TD" || k.std == "TH" {
			list = append(list, k)
		}
	}
	return list
}

// table holds a table's shape against 7.2 and its headers against 7.5.
func (u *uaTree) table(e *element) {
	rows := tableRows(e)
	g := u.newGrid(rows)
	if g == nil || !u.fill(e, rows, g) {
		return
	}
	ids, scoped := map[string]bool{}, true
	for _, row := range g.cell {
		for _, c := range row {
			if c.std != "TH" {
				continue
			}
			if id, _ := u.d.text(c.dict["ID"]); id != "" {
				ids[id] = true
			}
			scoped = scoped && u.scope(c) != ""
		}
	}
	if scoped {
		return
	}
	u.connected(g, ids)
}

// newGrid measures the table: columns from the first row, rows from the first cell of each; nil when it has none.
func (u *uaTree) newGrid(rows []*element) *grid {
	g := &grid{row: map[*element]int{}, col: map[*element]int{}}
	for i := 0; i < len(rows); i++ {
		cs := cells(rows[i])
		if len(cs) == 0 {
			continue
		}
		_, span := u.span(cs[0])
		g.rows += span
		i += span - 1
	}
	if g.rows == 0 || len(rows) == 0 {
		return nil
	}
	for _, c := range cells(rows[0]) {
		n, _ := u.span(c)
		g.cols += n
	}
	if g.rows*max(1, g.cols) > maxCells {
		return nil
	}
	g.cell = make([][]*element, g.rows)
	for i := range g.cell {
		g.cell[i] = make([]*element, g.cols)
	}
	return g
}

// fill puts the cells in their places; false when the table is not regular.
func (u *uaTree) fill(e *element, rows []*element, g *grid) bool {
	for r, row := range rows {
		col := 0
		for _, c := range cells(row) {
			cols, span := u.span(c)
			for r < g.rows && col < g.cols && g.cell[r][col] != nil {
				col++
			}
			if col+cols > g.cols {
				u.fail(ruleUAColumnsMore, e.num, "row %d", r+1)
				return false
			}
			if r+span > g.rows {
				u.fail(ruleUARows, e.num, "column %d", col+1)
				return false
			}
			if !g.put(c, r, col, span, cols) {
				u.fail(ruleUACells, c.num, "row %d, column %d", r+1, col+1)
				return false
			}
			col += cols
		}
	}
	for r := range g.cell {
		for _, c := range g.cell[r] {
			if c == nil {
				u.fail(ruleUAColumnsLess, e.num, "row %d", r+1)
				return false
			}
		}
	}
	return true
}

func (g *grid) put(c *element, row, col, rows, cols int) bool {
	g.row[c], g.col[c] = row, col
	for i := row; i < row+rows; i++ {
		for j := col; j < col+cols; j++ {
			if g.cell[i][j] != nil {
				return false
			}
			g.cell[i][j] = c
		}
	}
	return true
}

func (u *uaTree) scope(c *element) string {
	return u.d.name(u.t.attribute(u.d, c, "Table", "Scope"))
}

// connected holds each data cell against 7.5: a header above with column scope, one to the left with row scope, or Headers.
func (u *uaTree) connected(g *grid, ids map[string]bool) {
	for r := range g.cell {
		for col, c := range g.cell[r] {
			if c.std != "TD" || g.row[c] != r || g.col[c] != col {
				continue
			}
			headers := u.d.array(u.t.attribute(u.d, c, "Table", "Headers"))
			found, unknown := len(headers) > 0, false
			for _, h := range headers {
				if id, _ := u.d.text(h); !ids[id] {
					found, unknown = false, true
				}
			}
			if found || u.headed(g, c) {
				continue
			}
			if unknown {
				u.fail(ruleUAHeadersID, c.num, "row %d, column %d", r+1, col+1)
			} else {
				u.fail(ruleUAHeaders, c.num, "row %d, column %d", r+1, col+1)
			}
			return
		}
	}
}

func (u *uaTree) headed(g *grid, c *element) bool {
	row, col := g.row[c], g.col[c]
	cols, rows := u.span(c)
	for j := col; j < col+cols; j++ {
		var up []*element
		for i := row - 1; i >= 0; i-- {
			up = append(up, g.cell[i][j])
		}
		if u.headerAmong(up, "Column") {
			return true
		}
	}
	for i := row; i < row+rows; i++ {
		var left []*element
		for j := col - 1; j >= 0; j-- {
			left = append(left, g.cell[i][j])
		}
		if u.headerAmong(left, "Row") {
			return true
		}
	}
	return false
}

// headerAmong looks for a header with the scope, up to where headers that were met end.
func (u *uaTree) headerAmong(list []*element, scope string) bool {
	met := false
	for _, e := range list {
		if e.std != "TH" {
			if met {
				return false
			}
			continue
		}
		met = true
		if s := u.scope(e); s == scope || s == "Both" {
			return true
		}
	}
	return false
}
