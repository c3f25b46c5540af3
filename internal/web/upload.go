package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"arsring/internal/capture"
)

// The limits of one upload.
const (
	uploadBytes = 512 << 20
	uploadFiles = 100
	uploadNotes = 64 << 10 // bytes of the form's other fields
)

// kinds are the beginnings of files that are taken in; everything else is looked at again, in full, where it is made into a package.
var kinds = []struct{ ext, magic string }{{".pdf", "%PDF-"}, {".png", "\x89PNG\r\n\x1a\n"}, {".jpg", "\xff\xd8\xff"}, {".jpeg", "\xff\xd8\xff"}, {".zip", "PK\x03\x04"}}

// upload takes in files that were made by hand. They are streamed to a folder of their own, never into memory.
func (q *ask) upload() error {
	form, err := q.r.MultipartReader()
	if err != nil {
		return &Refusal{Field: "files", SV: "Formuläret kom inte fram helt.", EN: "The form did not arrive whole."}
	}
	if err := os.MkdirAll(q.o.Uploads, 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(q.o.Uploads, "in-")
	if err != nil {
		return err
	}
	handed := false
	defer func() {
		if !handed {
			_ = os.RemoveAll(dir)
		}
	}()
	v, files, err := q.receive(form, dir)
	errs := map[string]string{}
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		errs["files"] = q.t(refusal.SV, refusal.EN)
	case err != nil:
		return err
	case len(files) == 0:
		errs["files"] = q.t("Välj minst en fil: PDF, PNG, JPEG eller plattformens egen ZIP.", "Choose at least one file: PDF, PNG, JPEG or the platform’s own ZIP.")
	}
	a := q.chosen(v, errs)
	o := Order{Tenant: a.Tenant, Account: a.ID, Trigger: capture.TriggerIngest, By: q.actor.Who(), Files: files, Reason: q.sentence(v, "reason", "Skriv vad filerna är och när de gjordes.", "Write what the files are and when they were made.", errs)}
	handed = len(errs) == 0
	if err := q.place("upload", "ingest", o, v, errs); err != nil {
		handed = false
		return err
	}
	return nil
}

// receive reads the form part by part.
func (q *ask) receive(form *multipart.Reader, dir string) (url.Values, []string, error) {
	v := url.Values{}
	var files []string
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return v, files, nil
		}
		if err != nil {
			return v, files, tooMuch(err)
		}
		if part.FileName() == "" {
			b, err := io.ReadAll(io.LimitReader(part, uploadNotes))
			if err != nil {
				return v, files, tooMuch(err)
			}
			if part.FormName() != "files" {
				v.Set(part.FormName(), string(b))
			}
			continue
		}
		if len(files) == uploadFiles {
			return v, files, &Refusal{SV: fmt.Sprintf("Högst %d filer på en gång.", uploadFiles), EN: fmt.Sprintf("At most %d files at a time.", uploadFiles)}
		}
		path, err := take(part, dir, len(files)+1)
		if err != nil {
			return v, files, err
		}
		files = append(files, path)
	}
}

// tooMuch says of a body over its limit what a person can do.
func tooMuch(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &Refusal{SV: fmt.Sprintf("Filerna är större än %s tillsammans.", size(uploadBytes)), EN: fmt.Sprintf("The files are larger than %s together.", size(uploadBytes))}
	}
	return &Refusal{SV: "Uppladdningen bröts. Försök igen.", EN: "The upload was cut. Try again."}
}

// take writes one file under a name of its own number and a safe form of the name that it came with, and looks at how it begins.
func take(part *multipart.Part, dir string, n int) (string, error) {
	name := safeName(part.FileName())
	ext := strings.ToLower(filepath.Ext(name))
	path := filepath.Join(dir, name)
	if _, err := os.Lstat(path); err == nil {
		path = filepath.Join(dir, fmt.Sprintf("%d-%s", n, name))
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, 16)
	k, err := io.ReadFull(part, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", tooMuch(err)
	}
	known := false
	for _, kind := range kinds {
		known = known || ext == kind.ext && strings.HasPrefix(string(head[:k]), kind.magic)
	}
	if !known {
		return "", &Refusal{SV: fmt.Sprintf("%s är varken PDF, PNG, JPEG eller ZIP, eller så stämmer inte namnet med innehållet.", name), EN: fmt.Sprintf("%s is neither PDF, PNG, JPEG nor ZIP, or its name does not fit what it holds.", name)}
	}
	if _, err := f.Write(head[:k]); err != nil {
		return "", err
	}
	if _, err := io.Copy(f, part); err != nil {
		return "", tooMuch(err)
	}
	return path, f.Close()
}

// safeName makes a name that can be a file's, from one that a stranger chose.
func safeName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._- ", r) {
			return r
		}
		return '_'
	}, s)
	s = strings.TrimLeft(strings.TrimSpace(s), ".")
	for len(s) > 100 {
		ext := filepath.Ext(s)
		r := []rune(strings.TrimSuffix(s, ext))
		if len(ext) > 10 || len(r) == 0 {
			return "fil"
		}
		s = string(r[:len(r)-1]) + ext
	}
	if s == "" {
		return "fil"
	}
	return s
}
