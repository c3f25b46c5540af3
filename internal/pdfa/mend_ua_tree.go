package pdfa

import (
	"fmt"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// newElement makes a structure element inside a parent; it is not among the parent's kids yet.
func (u *uaMender) newElement(kind string, parent *element) *element {
	dict := types.Dict{"Type": types.Name("StructElem"), "S": types.Name(kind)}
	if parent.num != 0 {
		dict["P"] = *types.NewIndirectRef(parent.num, 0)
	} else {
		dict["P"] = parent.dict
	}
	ref := u.d.add(dict)
	e := &element{num: int(ref.ObjectNumber), dict: dict, kind: kind, std: kind, parent: parent}
	u.t.byNum[e.num] = e
	u.t.all = append(u.t.all, e)
	return e
}

func (e *element) ref() types.Object {
	if e.num != 0 {
		return *types.NewIndirectRef(e.num, 0)
	}
	return e.dict
}

// kidObjects gives K as an array, whatever form it has.
func (u *uaMender) kidObjects(e *element) types.Array {
	switch v := u.d.get(e.dict["K"]).(type) {
	case types.Array:
		return v
	case nil:
		return nil
	}
	return types.Array{e.dict["K"]}
}

// lists puts what stands in a list item beside its label into an LBody (7.2).
func (u *uaMender) lists() {
	for _, e := range slices.Clone(u.t.all) {
		if e.std != "LI" || e.num == 0 || !u.needsBody(e) {
			continue
		}
		var keep, move types.Array
		for _, o := range u.kidObjects(e) {
			k := u.t.byNum[refNum(o)]
			if k != nil && (k.std == "Lbl" || k.std == "LBody") {
				keep = append(keep, o)
				continue
			}
			move = append(move, o)
		}
		if len(move) == 0 {
			continue
		}
		body := u.newElement("LBody", e)
		if pg := e.dict["Pg"]; pg != nil {
			body.dict["Pg"] = pg
		}
		body.dict["K"] = move
		e.dict["K"] = append(keep, body.ref())
		u.adopt(body, e, move)
		u.n[changedLists]++
	}
}

func (u *uaMender) needsBody(e *element) bool {
	for _, k := range e.children() {
		if k.std != "Lbl" && k.std != "LBody" {
			return true
		}
	}
	return false
}

// adopt makes a new element the parent of kids that stood in another, in the file and in the tree read from it. Marked
// content that stood in the old parent itself now belongs to the new one.
func (u *uaMender) adopt(to, from *element, moved types.Array) {
	to.kids, from.kids = nil, slices.DeleteFunc(slices.Clone(from.kids), func(k kid) bool {
		return k.el == nil || k.el.std != "Lbl" && k.el.std != "LBody"
	})
	for _, o := range moved {
		if k := u.t.byNum[refNum(o)]; k != nil {
			k.parent = to
			k.dict["P"] = to.ref()
			to.kids = append(to.kids, kid{el: k, mcid: -1})
			continue
		}
		u.reparent(o, to, from)
	}
	from.kids = append(from.kids, kid{el: to, mcid: -1})
}

// reparent tells the parent tree who owns a marked-content sequence now. The arrays of the tree are changed in place.
func (u *uaMender) reparent(o types.Object, to, from *element) {
	holder, id := from.dict["Pg"], -1
	switch v := u.d.get(o).(type) {
	case types.Integer:
		id = int(v)
	case types.Dict:
		id, _ = u.d.integer(v["MCID"])
		if v["Pg"] != nil {
			holder = v["Pg"]
		}
		if v["Stm"] != nil {
			holder = v["Stm"]
		}
		if v["Obj"] != nil {
			to.kids = append(to.kids, kid{mcid: -1, obj: refNum(v["Obj"])})
			return
		}
	}
	to.kids = append(to.kids, kid{mcid: id})
	key, ok := u.d.integer(u.d.dict(holder)["StructParents"])
	a := u.d.array(u.t.parents[key])
	if !ok || id < 0 || id >= len(a) || refNum(a[id]) != from.num {
		return
	}
	a[id] = to.ref()
	for i, m := range u.marks[from] {
		if m.id == id && m.w.parents == key {
			u.marks[to] = append(u.marks[to], m)
			u.marks[from] = slices.Delete(u.marks[from], i, i+1)
			return
		}
	}
}

// headings lowers headings that leave out a level (7.4.2): each is at most one below the one before it.
func (u *uaMender) headings() {
	last := 0
	for _, e := range u.t.all {
		if len(e.std) != 2 || e.std[0] != 'H' || e.std[1] < '1' || e.std[1] > '6' {
			continue
		}
		level := int(e.std[1] - '0')
		if level > last+1 {
			level = last + 1
			e.std = fmt.Sprintf("H%d", level)
			e.kind = e.std
			e.dict["S"] = types.Name(e.std)
			u.n[changedHeadings]++
		}
		last = level
	}
}

// notes gives notes an ID (7.9).
func (u *uaMender) notes() {
	used := map[string]bool{}
	for _, e := range u.t.all {
		if e.std != "Note" {
			continue
		}
		id, _ := u.d.text(e.dict["ID"])
		if id != "" && !used[id] {
			used[id] = true
			continue
		}
		for i := 1; id == "" || used[id]; i++ {
			id = fmt.Sprintf("note-%d-%d", e.num, i)
		}
		used[id] = true
		e.dict["ID"] = textString(id)
		u.n[changedNotes]++
	}
}

// tables makes rows equally long and gives header cells a scope (7.2, 7.5).
func (u *uaMender) tables() {
	for _, e := range slices.Clone(u.t.all) {
		if e.std == "Table" {
			u.table(e)
		}
	}
}

func (u *uaMender) table(e *element) {
	c := &checker{d: u.d, s: u.s, t: u.t, count: map[rule]int{}}
	shape := &uaTree{checker: c}
	rows := tableRows(e)
	u.pad(shape, rows)
	g := shape.newGrid(rows)
	if g == nil || !shape.fill(e, rows, g) {
		return
	}
	for r := range g.cell {
		for col, cell := range g.cell[r] {
			if cell.std != "TH" || g.row[cell] != r || g.col[cell] != col || shape.scope(cell) != "" {
				continue
			}
			u.addScope(cell, scopeAt(g, cell))
			u.n[changedScopes]++
		}
	}
}

// scopeAt says what a header cell heads: its column when it stands on top, or only headers stand beside it; else its row.
func scopeAt(g *grid, cell *element) string {
	r, col := g.row[cell], g.col[cell]
	headers := true
	for _, c := range g.cell[r] {
		headers = headers && c.std == "TH"
	}
	switch {
	case r == 0 && col == 0 && g.rows > 1 && g.cols > 1 && !headers:
		return "Both"
	case r == 0 || headers:
		return "Column"
	case col == 0:
		return "Row"
	}
	return "Both"
}

func (u *uaMender) addScope(cell *element, scope string) {
	attr := types.Dict{"O": types.Name("Table"), "Scope": types.Name(scope)}
	switch a := u.d.get(cell.dict["A"]).(type) {
	case types.Array:
		cell.dict["A"] = append(slices.Clone(a), attr)
	case types.Dict:
		cell.dict["A"] = types.Array{cell.dict["A"], attr}
	default:
		cell.dict["A"] = attr
	}
}

// pad adds empty cells to rows that end before the longest row does.
func (u *uaMender) pad(shape *uaTree, rows []*element) {
	widths, widest := rowWidths(shape, rows)
	for i, row := range rows {
		if row.num == 0 || widths[i] == 0 {
			continue
		}
		for n := widths[i]; n < widest; n++ {
			cell := u.newElement("TD", row)
			row.dict["K"] = append(slices.Clone(u.kidObjects(row)), cell.ref())
			row.kids = append(row.kids, kid{el: cell, mcid: -1})
			u.n[changedCells]++
		}
	}
}

// rowWidths counts the columns of each row with what rows above reach down into it.
func rowWidths(shape *uaTree, rows []*element) (widths []int, widest int) {
	widths = make([]int, len(rows))
	for i, row := range rows {
		for _, c := range cells(row) {
			cols, span := shape.span(c)
			if cols > 1000 || span > len(rows) {
				return make([]int, len(rows)), 0
			}
			for j := i; j < i+span && j < len(rows); j++ {
				widths[j] += cols
			}
		}
	}
	for _, w := range widths {
		widest = max(widest, w)
	}
	return widths, widest
}
