package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arsring/internal/archive"
	"arsring/internal/proof"
	"arsring/internal/sip"
)

// apartFolders tells the folders of packages among what was named from the IDs of snapshots. A file is a *UsageError.
func apartFolders(names []string) (folders, ids []string, err error) {
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case err == nil && !info.IsDir():
			return nil, nil, &UsageError{fmt.Sprintf("%s is a file: name snapshots or folders; what was exported as ZIP is unpacked first", name)}
		case err == nil:
			inside, err := packagesIn(name)
			if err != nil {
				return nil, nil, err
			}
			folders = append(folders, inside...)
		case strings.ContainsRune(name, filepath.Separator):
			return nil, nil, &UsageError{fmt.Sprintf("there is no folder %s", name)}
		default:
			ids = append(ids, name)
		}
	}
	return folders, ids, nil
}

// OnlyFolders reports whether nothing but folders was named: no archive is asked about them.
func OnlyFolders(names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return !isDir(n) })
}

// packagesIn gives the packages of a folder as export writes it: the folder itself, or those below it, also where only a receipt is left of one. A
// folder without any is given as it is, to be found wanting.
func packagesIn(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch receipt, is := strings.CutSuffix(name, ".receipt.json"); {
		case err != nil:
			return err
		case is && !d.IsDir() && !isDir(receipt):
			found = append(found, receipt)
		case d.IsDir() && isPackage(name):
			found = append(found, name)
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be read: %w", dir, err)
	}
	if len(found) == 0 {
		found = []string{dir}
	}
	return found, nil
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// isPackage tells a package's folder, also one that has lost its METS.xml.
func isPackage(dir string) bool {
	for _, sign := range []string{filepath.Join(dir, "METS.xml"), filepath.Join(dir, "representations"), dir + ".receipt.json"} {
		if exists(sign) {
			return true
		}
	}
	return false
}

// verifyFolder checks a package that lies in a folder, without any store.
func (a *App) verifyFolder(ctx context.Context, dir string) (Checked, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Checked{}, err
	}
	c := Checked{ID: filepath.Base(abs), Location: abs, Time: proof.TimeNone, Stamps: []proof.Stamp{}, Findings: []archive.Finding{}}
	if !isDir(dir) {
		c.Findings = append(c.Findings, archive.Finding{Code: string(sip.ProblemMissing), Path: "METS.xml", Text: archive.Text{
			SV: "Hela mappen saknas; bara kvittot finns kvar.", EN: "The whole folder is missing; only the receipt is left."}})
		return c, nil
	}
	problems, err := sip.CheckDir(ctx, dir)
	if err != nil {
		return Checked{}, err
	}
	for _, p := range problems {
		c.Findings = append(c.Findings, archive.Finding{Code: string(p.Kind), Path: p.Path, Text: archive.Text{SV: p.Text.SV, EN: p.Text.EN}})
	}
	c.OK = len(problems) == 0
	c.Objects, c.Bytes, err = sizeOf(dir)
	return c, err
}

// sizeOf counts the plain files of a folder and their bytes.
func sizeOf(dir string) (files int, bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files, bytes = files+1, bytes+info.Size()
		}
		return err
	})
	return files, bytes, err
}
