package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTable bounds the table in which two texts are compared word by word: of two texts whose words multiply to more,
// only what they begin and end with alike is found.
const maxTable = 4 << 20

// Diff compares two texts word by word. The same and cut spans together are the old text, the same and added ones the new.
func Diff(old, now string) []DiffSpan {
	a, b := words(old), words(now)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d spans
	d.add(OpSame, a[:head]...)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(OpSame, a[len(a)-tail:]...)
	return d.out()
}

// words cuts a text into words, single signs, and the spaces between them. Together they are the text.
func words(s string) []string {
	var out []string
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		class := classOf(r)
		if class != 0 {
			for n < len(s) {
				r, size := utf8.DecodeRuneInString(s[n:])
				if classOf(r) != class {
					break
				}
				n += size
			}
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

func classOf(r rune) int {
	switch {
	case isWordRune(r):
		return 1
	case r == '\n': // a line break of its own, so that lines stay apart
		return 0
	case unicode.IsSpace(r):
		return 2
	}
	return 0
}

// spans gathers pieces, with what was cut before what was added.
type spans struct {
	list     []DiffSpan
	cut, put strings.Builder
	same     strings.Builder
}

func (d *spans) add(op Op, pieces ...string) {
	if len(pieces) == 0 {
		return
	}
	if op == OpSame {
		d.flush()
	} else if d.same.Len() > 0 {
		d.list = append(d.list, DiffSpan{OpSame, d.same.String()})
		d.same.Reset()
	}
	to := map[Op]*strings.Builder{OpSame: &d.same, OpCut: &d.cut, OpAdd: &d.put}[op]
	for _, p := range pieces {
		to.WriteString(p)
	}
}

func (d *spans) flush() {
	if d.cut.Len() > 0 {
		d.list = append(d.list, DiffSpan{OpCut, d.cut.String()})
		d.cut.Reset()
	}
	if d.put.Len() > 0 {
		d.list = append(d.list, DiffSpan{OpAdd, d.put.String()})
		d.put.Reset()
	}
}

func (d *spans) out() []DiffSpan {
	if d.same.Len() > 0 {
		d.list = append(d.list, DiffSpan{OpSame, d.same.String()})
	}
	d.flush()
	return d.list
}

// middle compares what is left between a common beginning and end, by the longest common subsequence of words.
func (d *spans) middle(a, b []string) {
	if len(a) == 0 || len(b) == 0 || (len(a)+1)*(len(b)+1) > maxTable {
		d.add(OpCut, a...)
		d.add(OpAdd, b...)
		return
	}
	w := len(b) + 1
	table := make([]int32, (len(a)+1)*w) // [i*w+j]: of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i*w+j] = table[(i+1)*w+j+1] + 1
			} else {
				table[i*w+j] = max(table[(i+1)*w+j], table[i*w+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(OpSame, a[i])
			i, j = i+1, j+1
		case table[(i+1)*w+j] >= table[i*w+j+1]:
			d.add(OpCut, a[i])
			i++
		default:
			d.add(OpAdd, b[j])
			j++
		}
	}
	d.add(OpCut, a[i:]...)
	d.add(OpAdd, b[j:]...)
}
