package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tampered delivers a package and gives the store, the entry and a function from path to file in the store's folder.
func tampered(t *testing.T) (*Store, Entry, func(string) string) {
	t.Helper()
	s := openStore(t, sharedOptions(t))
	deliver(t, s, writePackage(t, packageFiles(20)))
	e := find(t, s)
	return s, e, func(p string) string { return sharedFile(s, e.Prefix+p) }
}

func edit(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, change(b), 0o640); err != nil {
		t.Fatal(err)
	}
}

func flip(b []byte) []byte {
	b[len(b)/2] ^= 1
	return b
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const pdf, content, dc = "representations/pdfa/data/record.pdf", "representations/content/data/content.json", "metadata/descriptive/dc.xml"

// TestVerifyNames changes one thing at a time, directly in the store's folder, and wants it found and named, and nothing else.
func TestVerifyNames(t *testing.T) {
	t.Parallel()
	receipt := testID + receiptSuffix
	for _, c := range []struct {
		name   string
		tamper func(t *testing.T, file func(string) string)
		want   []string // code and path
	}{
		{"nothing", func(*testing.T, func(string) string) {}, nil},
		{"a byte flipped", func(t *testing.T, f func(string) string) { edit(t, f(pdf), flip) }, []string{"altered " + pdf}},
		{"a byte flipped in a small file", func(t *testing.T, f func(string) string) { edit(t, f(dc), flip) }, []string{"altered " + dc}},
		{"cut short", func(t *testing.T, f func(string) string) {
			edit(t, f(pdf), func(b []byte) []byte { return b[:len(b)-1] })
		}, []string{"altered " + pdf}},
		{"emptied", func(t *testing.T, f func(string) string) { edit(t, f(content), func([]byte) []byte { return nil }) }, []string{"altered " + content}},
		{"made longer", func(t *testing.T, f func(string) string) {
			edit(t, f(content), func(b []byte) []byte { return append(b, 0) })
		}, []string{"altered " + content}},
		{"removed", func(t *testing.T, f func(string) string) { do(t, os.Remove(f(content))) }, []string{"missing " + content}},
		{"added", func(t *testing.T, f func(string) string) {
			do(t, os.WriteFile(f("representations/content/data/more.json"), []byte("{}"), 0o640))
		}, []string{"extra representations/content/data/more.json"}},
		{"renamed", func(t *testing.T, f func(string) string) { do(t, os.Rename(f(dc), f(dc+".bak"))) }, []string{"missing " + dc, "extra " + dc + ".bak"}},
		{"two swapped", func(t *testing.T, f func(string) string) {
			do(t, os.Rename(f(pdf), f("x")))
			do(t, os.Rename(f(content), f(pdf)))
			do(t, os.Rename(f("x"), f(content)))
		}, []string{"altered " + content, "altered " + pdf}},
		{"receipt removed", func(t *testing.T, f func(string) string) {
			do(t, os.Remove(filepath.Join(filepath.Dir(f("")), receipt)))
		},
			[]string{"no-receipt " + receipt}},
		{"receipt about another sum", func(t *testing.T, f func(string) string) {
			editReceipt(t, f, func(r *Receipt) { r.Objects[slices.IndexFunc(r.Objects, isPath(pdf))].SHA256 = strings.Repeat("0", 64) })
		}, []string{"receipt-differs " + pdf}},
		{"receipt without an object", func(t *testing.T, f func(string) string) {
			editReceipt(t, f, func(r *Receipt) { r.Objects = slices.DeleteFunc(r.Objects, isPath(pdf)) })
		}, []string{"receipt-differs " + pdf}},
		{"receipt of another package", func(t *testing.T, f func(string) string) {
			editReceipt(t, f, func(r *Receipt) { r.Snapshot = "x" })
		}, []string{"receipt-differs " + receipt}},
		{"receipt is no JSON", func(t *testing.T, f func(string) string) {
			edit(t, filepath.Join(filepath.Dir(f("")), receipt), func([]byte) []byte { return []byte("{") })
		}, []string{"receipt-differs " + receipt}},
		{"METS.xml altered, still readable", func(t *testing.T, f func(string) string) {
			edit(t, f(metsName), func(b []byte) []byte { return bytes.Replace(b, []byte(" "+dc), []byte(" "+dc+"2"), 1) })
		}, []string{"mets-altered METS.xml", "extra " + dc, "missing " + dc + "2", "receipt-differs " + dc, "receipt-differs " + dc + "2"}},
		{"METS.xml unreadable", func(t *testing.T, f func(string) string) {
			edit(t, f(metsName), func([]byte) []byte { return []byte("<mets") })
		}, []string{"mets-altered METS.xml"}},
		{"METS.xml unreadable and a byte flipped", func(t *testing.T, f func(string) string) {
			edit(t, f(metsName), func([]byte) []byte { return []byte("<mets") })
			edit(t, f(pdf), flip)
		}, []string{"mets-altered METS.xml", "altered " + pdf}},
		{"METS.xml removed", func(t *testing.T, f func(string) string) { do(t, os.Remove(f(metsName))) }, []string{"missing METS.xml"}},
		{"METS.xml unreadable, no receipt", func(t *testing.T, f func(string) string) {
			edit(t, f(metsName), func([]byte) []byte { return []byte("<mets") })
			do(t, os.Remove(filepath.Join(filepath.Dir(f("")), receipt)))
		}, []string{"mets-altered METS.xml", "no-receipt " + receipt}},
		{"object and METS.xml changed to fit", func(t *testing.T, f func(string) string) {
			files := packageFiles(20)
			delete(files, metsName)
			files[dc] = flip(files[dc])
			do(t, os.WriteFile(f(dc), files[dc], 0o640))
			do(t, os.WriteFile(f(metsName), makeMETS(files), 0o640))
		}, []string{"mets-altered METS.xml", "receipt-differs " + dc}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, e, file := tampered(t)
			c.tamper(t, file)
			v, err := s.Verify(t.Context(), e, listInventory)
			if err != nil {
				t.Fatal(err)
			}
			checkFindings(t, v, c.want)
		})
	}
}

func isPath(p string) func(ReceiptObject) bool {
	return func(o ReceiptObject) bool { return o.Path == p }
}

func editReceipt(t *testing.T, file func(string) string, change func(*Receipt)) {
	t.Helper()
	edit(t, filepath.Join(filepath.Dir(file("")), testID+receiptSuffix), func(b []byte) []byte {
		var r Receipt
		do(t, json.Unmarshal(b, &r))
		change(&r)
		b, err := json.Marshal(r)
		do(t, err)
		return b
	})
}

func checkFindings(t *testing.T, v Findings, want []string) {
	t.Helper()
	var got []string
	for _, f := range v.Found {
		got = append(got, f.Code+" "+f.Path)
		if !strings.Contains(f.Text.SV, f.Key) || !strings.Contains(f.Text.EN, f.Key) || !strings.HasSuffix(f.Key, f.Path) {
			t.Errorf("finding does not name its object: %+v", f)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found:\n %s\nwant:\n %s", strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

// TestInventoryOfRepresentations: the inventory reads more METS files than the root one, and one of those is what is broken.
func TestInventoryOfRepresentations(t *testing.T) {
	t.Parallel()
	const rep = "representations/pdfa/METS.xml"
	inventory := func(open func(string) (io.ReadCloser, error)) ([]Want, error) {
		list, err := listInventory(open)
		if err != nil {
			return nil, err
		}
		in, err := open(rep)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", rep, err)
		}
		defer in.Close()
		if b, err := io.ReadAll(in); err != nil || !bytes.Equal(b, packageFiles(20)[rep]) {
			return nil, errors.New("not what it was")
		}
		return list, nil
	}
	s, e, file := tampered(t)
	edit(t, file(rep), flip)
	v, err := s.Verify(t.Context(), e, inventory)
	if err != nil {
		t.Fatal(err)
	}
	checkFindings(t, v, []string{"altered " + rep})
	do(t, os.Remove(file(rep)))
	if v, err = s.Verify(t.Context(), e, inventory); err != nil {
		t.Fatal(err)
	}
	checkFindings(t, v, []string{"missing " + rep})
}

// TestExportRefuses: what is not as the receipt says does not leave the archive as if it were.
func TestExportRefuses(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(f func(string) string){
		"flipped": func(f func(string) string) { edit(t, f(pdf), flip) },
		"removed": func(f func(string) string) { do(t, os.Remove(f(pdf))) },
		"added":   func(f func(string) string) { do(t, os.WriteFile(f("more"), nil, 0o640)) },
	} {
		s, e, file := tampered(t)
		tamper(file)
		dir := t.TempDir()
		_, err := s.Export(t.Context(), e, dir)
		var c *ConflictError
		if !errors.As(err, &c) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s left %v behind", name, left)
		}
	}
}

func TestExportToBadPlaces(t *testing.T) {
	t.Parallel()
	s, e, _ := tampered(t)
	file := filepath.Join(t.TempDir(), "file")
	do(t, os.WriteFile(file, nil, 0o600))
	_, err := s.Export(t.Context(), e, filepath.Join(file, "below"))
	var input *InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), file) {
		t.Errorf("a folder below a file: %v", err)
	}
	e.ID = "../x"
	if _, err := s.Export(t.Context(), e, t.TempDir()); !errors.As(err, &input) {
		t.Errorf("an id that climbs: %v", err)
	}
}

func TestDeliverBadInput(t *testing.T) {
	t.Parallel()
	s := openStore(t, sharedOptions(t))
	noMETS := packageFiles(21)
	delete(noMETS, metsName)
	link := writePackage(t, packageFiles(21))
	do(t, os.Symlink("/etc/passwd", filepath.Join(link, "link")))
	good := writePackage(t, packageFiles(21))
	for _, c := range []struct{ name, tenant, account, id, dir string }{
		{"no METS.xml", "default", "x", testID, writePackage(t, noMETS)},
		{"a link", "default", "x", testID, link},
		{"no folder", "default", "x", testID, filepath.Join(good, "none")},
		{"tenant", "", "x", testID, good},
		{"tenant of our own", "_log", "x", testID, good},
		{"account", "default", "a/b", testID, good},
		{"id", "default", "x", "..", good},
		{"id like a receipt", "default", "x", testID + receiptSuffix, good},
	} {
		_, err := s.Deliver(t.Context(), c.tenant, c.account, c.id, c.dir, nil)
		var input *InputError
		if !errors.As(err, &input) || input.Text.SV == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if got := stored(t, s); len(got) != 0 {
		t.Errorf("something was written: %d", len(got))
	}
}

func TestFindAndList(t *testing.T) {
	t.Parallel()
	s := openStore(t, sharedOptions(t))
	dir := writePackage(t, smallPackage(22))
	ids := []string{"a-20250101T000000Z-scheduled-aaaa", "a-20260101T000000Z-manual-aaaa", "b-c-20240101T000000Z-closure-aaaa", "odd-id"}
	for i, at := range []struct{ tenant, account string }{{"default", "a"}, {"default", "a"}, {"other", "b-c"}, {"other", "z"}} {
		if _, err := s.Deliver(t.Context(), at.tenant, at.account, ids[i], dir, nil); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.List(t.Context(), ListFilter{})
	do(t, err)
	var order []string
	for _, e := range got {
		order = append(order, e.ID)
	}
	if !slices.Equal(order, []string{ids[3], ids[1], ids[0], ids[2]}) { // the odd one counts by its storing, now
		t.Errorf("newest first: %q", order)
	}
	for f, n := range map[ListFilter]int{{Tenant: "default"}: 2, {Tenant: "other", Account: "z"}: 1, {Account: "a"}: 2, {Tenant: "none"}: 0, {Tenant: "../"}: 0, {Account: "_log"}: 0} {
		if got, err := s.List(t.Context(), f); err != nil || len(got) != n {
			t.Errorf("%+v: %d, %v", f, len(got), err)
		}
	}
	for _, id := range ids {
		if e, err := s.Find(t.Context(), id); err != nil || e.ID != id {
			t.Errorf("find %s: %+v, %v", id, e, err)
		}
	}
	for _, id := range []string{"a-20250101T000000Z-scheduled-aaab", "a-20250101T000000Z", "", "../a", "none"} {
		if _, err := s.Find(t.Context(), id); !isNotFound(err) {
			t.Errorf("find %q: %v", id, err)
		}
	}
}
