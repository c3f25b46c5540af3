package register

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
)

// The bounds of a list to import. A municipality has tens of accounts, the shared archive ten thousand.
const (
	maxListBytes = 16 << 20
	maxRows      = 20_000
	maxColumns   = 200
	maxUnzipped  = 256 << 20
)

// Table is a municipality's own list as rows of cells, the heading somewhere among the first.
type Table struct {
	Name   string // the file, for problems
	Rows   [][]string
	serial func(float64) time.Time // what a bare number means as a date; nil in CSV
}

// ReadTable reads a list by the extension of its name: .xlsx, else CSV. The error is Problems.
func ReadTable(name string, r io.Reader) (*Table, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxListBytes+1))
	if err != nil {
		return nil, Problems{unreadable(name, err)}
	}
	if len(b) > maxListBytes {
		return nil, Problems{listProblem(name, "too-large", fmt.Sprintf("är större än %d MiB", maxListBytes>>20), fmt.Sprintf("is larger than %d MiB", maxListBytes>>20))}
	}
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case ext == ".xlsx" || ext == ".xlsm" || bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return readXLSX(name, b)
	case ext == ".xls" || ext == ".ods" || bytes.HasPrefix(b, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return nil, Problems{listProblem(name, "old-format", "är i ett format som inte stöds: spara om listan som .xlsx eller .csv", "is in a format that is not supported: save the list as .xlsx or .csv")}
	}
	return readCSV(name, b)
}

func listProblem(name, code, sv, en string) Problem {
	return Problem{File: name, Code: code, Severity: SeverityError, SV: sv, EN: en}
}

func readCSV(name string, b []byte) (*Table, error) {
	text := decodeText(b)
	if strings.ContainsRune(text, 0) {
		return nil, Problems{listProblem(name, "not-text", "är ingen textfil: spara listan som .csv eller .xlsx", "is no text file: save the list as .csv or .xlsx")}
	}
	t := &Table{Name: name}
	if first, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(first, "sep=") { // Excel's own hint, a row of its own
		text, t.Rows = rest, [][]string{nil}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	line, offset := 1, 0 // where the next record would begin
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			p := listProblem(name, "bad-csv", "går inte att läsa härifrån: kontrollera citattecknen", "cannot be read from here: check the quotation marks")
			p.Line = len(t.Rows) + 1
			return nil, Problems{p}
		}
		begins, _ := r.FieldPos(0)
		for range begins - line { // the reader skips blank lines; a spreadsheet counts them
			if err := t.add(nil); err != nil {
				return nil, err
			}
		}
		if err := t.add(row); err != nil {
			return nil, err
		}
		end := int(r.InputOffset())
		line += strings.Count(text[offset:end], "\n")
		offset = end
	}
}

func (t *Table) add(row []string) error {
	if len(t.Rows) == maxRows {
		return Problems{listProblem(t.Name, "too-large", fmt.Sprintf("har fler än %d rader", maxRows), fmt.Sprintf("has more than %d rows", maxRows))}
	}
	if len(row) > maxColumns {
		row = row[:maxColumns]
	}
	t.Rows = append(t.Rows, row)
	return nil
}

// decodeText brings what Swedish spreadsheets save to UTF-8: UTF-8 with or without mark, UTF-16 with one, else Windows-1252.
func decodeText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xef, 0xbb, 0xbf}):
		return string(b[3:])
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return decodeUTF16(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return decodeUTF16(b[2:], binary.BigEndian)
	case utf8.Valid(b):
		return string(b)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return string(bytes.ToValidUTF8(b, []byte("\ufffd")))
	}
	return string(out)
}

func decodeUTF16(b []byte, order binary.ByteOrder) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}

// separator is the one of ; , and tab that the first line with any has most of, outside quotation marks.
func separator(text string) rune {
	for line := range strings.SplitSeq(text, "\n") {
		n, quoted := map[rune]int{}, false
		for _, c := range line {
			switch {
			case c == '"':
				quoted = !quoted
			case !quoted:
				n[c]++
			}
		}
		best := ';'
		for _, c := range ",\t" {
			if n[c] > n[best] {
				best = c
			}
		}
		if n[best] > 0 {
			return best
		}
	}
	return ';'
}

// readXLSX takes the sheet called Konton or Register, else the first. It reads stored values, never formulas.
func readXLSX(name string, b []byte) (t *Table, err error) {
	broken := Problems{listProblem(name, "bad-xlsx", "går inte att läsa som Excel-fil: öppna den i kalkylprogrammet och spara om den som .xlsx", "cannot be read as a spreadsheet: open it and save it again as .xlsx")}
	defer func() {
		if recover() != nil { // the library indexes into what a hostile file says
			t, err = nil, broken
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return nil, broken
	}
	defer f.Close()
	date1904 := false
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		date1904 = *p.Date1904
	}
	t = &Table{Name: name, serial: func(n float64) time.Time {
		d, _ := excelize.ExcelDateToTime(n, date1904)
		return d
	}}
	rows, err := f.Rows(sheetOf(f.GetSheetList()))
	if err != nil {
		return nil, broken
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		row, err := rows.Columns()
		if err != nil {
			return nil, broken
		}
		if err := t.add(row); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func sheetOf(names []string) string {
	for _, n := range names {
		switch strings.ToLower(strings.TrimSpace(n)) {
		case "konton", "register", "accounts":
			return n
		}
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}
