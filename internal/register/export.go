package register

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// guarded keeps a spreadsheet from taking a text for a formula: what begins like one gets an apostrophe in front. So does a text that
// begins with an apostrophe itself, so that unguard gives back every text as it was.
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r\n'", rune(s[1])) {
		return s[1:]
	}
	return s
}

// table gives accounts as rows under Swedish headings, one column a field, as an import reads them back.
func table(accounts []Account) [][]string {
	var head []string
	for _, c := range columns {
		if c.get != nil {
			head = append(head, c.title)
		}
	}
	rows := [][]string{head}
	for i := range accounts {
		var row []string
		for _, c := range columns {
			if c.get != nil {
				row = append(row, c.get(&accounts[i]))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// WriteCSV writes accounts as Swedish Excel opens them: UTF-8 with a mark, semicolons, CRLF. Cells are guarded against formulas.
func WriteCSV(w io.Writer, accounts []Account) error { return writeCSV(w, table(accounts)) }

func writeCSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	for _, row := range rows {
		for i := range row {
			row[i] = guarded(strings.ReplaceAll(row[i], "\r", ""))
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("writing CSV: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// WriteXLSX writes accounts as a spreadsheet of text cells, which never become formulas.
func WriteXLSX(w io.Writer, accounts []Account) error {
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Konton"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("writing spreadsheet: %w", err)
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("writing spreadsheet: %w", err)
	}
	for i, row := range table(accounts) {
		values := make([]any, len(row))
		for j, v := range row {
			values[j] = guarded(v)
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+1), values); err != nil {
			return fmt.Errorf("writing spreadsheet: %w", err)
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("writing spreadsheet: %w", err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("writing spreadsheet: %w", err)
	}
	return nil
}
